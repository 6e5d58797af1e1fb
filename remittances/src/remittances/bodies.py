"""A transfer as payments takes it: one request, or several where it is for more patients than one takes (`INS-5`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from remittances.posting import Posting, Writing
from remittances.remittance import ProviderAdjustment

Json = dict[str, Any]
NOON = timedelta(hours=12)
"""Of a day in UTC: it is that day almost everywhere."""
REFERENCE_MAX, ADJUSTMENT_REFERENCE_MAX = 200, 80
AT_ONCE = 200
"""Payments, take-backs and adjustments of one request: what it locks, and for how long, is bounded."""
TakenBack = tuple[UUID, Decimal, str | None]
OfPatient = tuple[UUID, dict[UUID, Decimal]]


@dataclass(slots=True)
class Part:
    """What one request books of a transfer."""

    number: int
    taken_back: list[TakenBack] = field(default_factory=list)
    adjusted: list[ProviderAdjustment] = field(default_factory=list)
    paid: list[OfPatient] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """What arrives by it."""
        taken = sum((amount for _, amount, _ in self.taken_back), Decimal(0))
        withheld = sum((one.amount for one in self.adjusted), Decimal(0))
        return sum((_sum(parts) for _, parts in self.paid), Decimal(0)) - taken - withheld


def in_parts(posting: Posting) -> list[Part]:
    """The parts of a transfer, the same whenever it is read: what is taken back, what is adjusted, then the patients.

    Where the payments of one part stand in the books, so does every part before it.
    """
    items: list[tuple[str, Any]] = [("taken_back", one) for one in posting.taken_back]
    items += [("adjusted", one) for one in posting.adjusted]
    items += [("paid", one) for one in sorted(posting.by_patient.items())]
    parts: list[Part] = []
    for place, (kind, one) in enumerate(items):
        if place % AT_ONCE == 0:
            parts.append(Part(len(parts)))
        getattr(parts[-1], kind).append(one)
    return parts


def body_of(
    posting: Posting, part: Part, payer_id: UUID | None, payer_name: str, now: datetime, *, is_another: bool
) -> Json:
    """A part as `POST /v1/remittances` takes it; every part but the first says that its reference was used before."""
    head, money = posting.remittance, posting.writing
    body: Json = {
        "insurer": {"payer_id": str(payer_id) if payer_id else None, "name": payer_name[:200]},
        "amount": money.of(part.amount),
        "external_reference": head.reference[:REFERENCE_MAX],
        "received_at": min(head.decided_at + NOON, now).isoformat(),
        "payments": [_payment(one, money) for one in part.paid],
        "allow_overpayment": True,
    }
    if part.taken_back:
        body["take_backs"] = list(_taken_back(part, money))
    if part.adjusted:
        body["adjustments"] = list(_adjusted(part, money))
    if is_another or part.number:
        body["confirm_duplicate_reference"] = True
    return body


def _payment(one: OfPatient, money: Writing) -> Json:
    patient_id, parts = one
    return {
        "patient_id": str(patient_id),
        "amount": money.of(_sum(parts)),
        "allocations": [{"invoice_id": str(id_), "amount": money.of(amount)} for id_, amount in parts.items()],
    }


def _taken_back(part: Part, money: Writing) -> Iterator[Json]:
    for invoice_id, amount, named in part.taken_back:
        yield {"invoice_id": str(invoice_id), "amount": money.of(amount)} | ({"reason": named} if named else {})


def _adjusted(part: Part, money: Writing) -> Iterator[Json]:
    for one in part.adjusted:
        reference = {"reference": one.reference[:ADJUSTMENT_REFERENCE_MAX]} if one.reference else {}
        yield {"code": one.reason_code, "amount": money.of(one.amount)} | reference


def _sum(parts: dict[UUID, Decimal]) -> Decimal:
    return sum(parts.values(), Decimal(0))
