"""What of a booked transfer settles nothing, as its insurer had paid its part before or it is beyond it (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from remittances.identity import name_key
from remittances.payments import Payments
from remittances.posting import Posting
from remittances.problems import Unreachable

Json = dict[str, Any]
NAMED_MAX = 50
"""Invoices whose money became credit are named one by one up to so many; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Credited:
    """What an invoice did not take of a payment: it is the insurer's credit."""

    payment: Json
    invoice_id: UUID
    amount: Decimal


async def say_credited(
    posting: Posting, booked: Sequence[Json], payments: Payments, numbers: Mapping[UUID, str]
) -> tuple[str, ...]:
    """In words, which invoices did not take what the file pays on them, and by which payments they had it already.

    `booked` are the transfer's payments as payments shows them, `numbers` those of invoices that are known by them.
    """
    found = find_credited(posting, booked)
    lines: list[str] = []
    of_patients: dict[str, list[Json]] = {}
    own = {one["id"] for one in booked if "id" in one}
    for one in found[:NAMED_MAX]:
        patient_id = one.payment["patient_id"]
        if patient_id not in of_patients:
            of_patients[patient_id] = await _of_patient(payments, patient_id)
        before = [each for each in of_patients[patient_id] if each["id"] not in own and _paid_it(each, one)]
        lines.append(_line(one, before, posting, numbers))
    if len(found) > NAMED_MAX:
        lines.append(
            f"and {len(found) - NAMED_MAX} more: see GET /v1/payments?external_reference={posting.remittance.reference}"
        )
    return tuple(lines)


def find_credited(posting: Posting, booked: Iterable[Json]) -> list[Credited]:
    """By payment and invoice, as far as a payment still has credit."""
    found: list[Credited] = []
    wanted = posting.by_patient
    for payment in booked:
        left = Decimal(payment.get("unallocated", {"amount": "0"})["amount"])
        taken = {UUID(part["invoice_id"]): Decimal(part["amount"]["amount"]) for part in payment.get("allocations", ())}
        for invoice_id, amount in wanted.get(UUID(payment["patient_id"]), {}).items():
            credit = min(left, amount - taken.get(invoice_id, Decimal(0)))
            if credit > 0:
                found.append(Credited(payment, invoice_id, credit))
                left -= credit
    return found


async def _of_patient(payments: Payments, patient_id: str) -> list[Json]:
    """What is booked is booked: that payments answers no more now is no reason to say that it is not."""
    try:
        return await payments.of_patient(patient_id)
    except Unreachable:
        return []


def _paid_it(payment: Json, one: Credited) -> bool:
    """Whether a payment of the same insurer settles some of the invoice."""
    theirs, own = payment["payer"], one.payment["payer"]
    is_same = theirs["kind"] == "insurer" and (
        theirs["payer_id"] == own["payer_id"]
        if theirs["payer_id"] and own["payer_id"]
        else name_key(theirs["name"] or "") == name_key(own["name"] or "")
    )
    return is_same and any(UUID(part["invoice_id"]) == one.invoice_id for part in payment["allocations"])


def _line(one: Credited, before: Sequence[Json], posting: Posting, numbers: Mapping[UUID, str]) -> str:
    amount = posting.writing.of(one.amount)["amount"]
    number = numbers.get(one.invoice_id) or _number_in(before, one.invoice_id) or one.invoice_id
    why = "it asks this insurer for no more"
    if before:
        named = ", ".join(f"{each['id']} of {each['booked_on']}{_referring(each)}" for each in before)
        why = f"its part was paid before, by payment{'s' * (len(before) > 1)} {named}"
    return f"{amount} of {one.payment['payer']['name']} for invoice {number} is credit: {why}"


def _number_in(payments: Iterable[Json], invoice_id: UUID) -> str | None:
    parts = (part for each in payments for part in each["allocations"] if UUID(part["invoice_id"]) == invoice_id)
    return next((part.get("invoice_number") for part in parts), None)


def _referring(payment: Json) -> str:
    return f" ({payment['external_reference']})" if payment.get("external_reference") else ""
