"""What the practice's staff do over HTTP: set a clinic up, and enter what was paid."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from local_stack.practice.api import Answer, Api
from local_stack.practice.events import CURRENCY, ZONE
from local_stack.practice.ledger import Clinic, LedgerPayment, Payer, Visit, as_amount, derived_id
from local_stack.practice.problems import Refused

NOT_FOUND = 404

TAX_CATEGORIES = [
    {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Exempt from tax: medical and dental care"},
    {"code": "MA", "category": "S", "rate": "6.25", "exemption_reason": None},
]
"""Procedures are exempt; products bear the sales tax of Massachusetts, where all of the data is (`MON-4`)."""


def money(cents: int) -> dict[str, str]:
    """An amount as the APIs take it (`MON-1`)."""
    return {"amount": as_amount(cents), "currency": CURRENCY}


async def configure(api: Api, clinic: Clinic) -> None:
    """Have the clinic bill each visit when it is over (`INV-2`); nothing is written where it is set up so already."""
    wanted = settings_of(clinic)
    try:
        found = await api.get("invoicing", clinic.id, "/v1/clinic")
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        found = Answer({}, None, replayed=False)
    if any(found.body.get(name) != value for name, value in wanted.items()):
        await api.put("invoicing", clinic.id, "/v1/clinic", wanted | {"reason": "as the extract says"}, found.etag)


def settings_of(clinic: Clinic) -> dict[str, Any]:
    """The settings that the player gives a clinic (`INV-11`)."""
    return {
        "name": clinic.name,
        "address": _address(clinic) if clinic.city else None,
        "phone": clinic.phone or None,
        "currency": CURRENCY,
        "time_zone": ZONE.key,
        "language": "en-US",
        "paper": "Letter",
        "billing_policy": "per_appointment",
        "auto_issue": True,
        "tax_categories": TAX_CATEGORIES,
        "product_tax_category": "MA",
    }


def _address(clinic: Clinic) -> dict[str, Any]:
    return {
        "lines": [clinic.address] if clinic.address else [],
        "city": clinic.city,
        "region": clinic.state or None,
        "postal_code": clinic.zip or None,
        "country": "US",
    }


FIRST_MONEY = datetime(1990, 1, 1, tzinfo=UTC)
"""What a ledger has from before is recorded without its day (`PAY-18`)."""


async def record(api: Api, visit: Visit, invoice_id: UUID, payment: LedgerPayment) -> Answer:
    """Enter one payment of the ledger against the visit's invoice (`PAY-1`)."""
    body = {
        "patient_id": str(visit.patient_id),
        "payer": payer_of(payment.payer),
        "amount": money(payment.amount),
        "method": payment.method,
        "external_reference": payment.reference,
        "allocations": [{"invoice_id": str(invoice_id)}],
    }
    if FIRST_MONEY <= payment.received_at < datetime.now(UTC):
        body["received_at"] = payment.received_at.isoformat()
    key = derived_id("payment", visit.clinic_id, payment.reference)
    return await api.post("payments", visit.clinic_id, "/v1/payments", body, key)


def payer_of(payer: Payer) -> dict[str, Any]:
    """Who pays, as payments takes it."""
    return {"kind": payer.kind, "payer_id": str(payer.id) if payer.id else None, "name": payer.name}
