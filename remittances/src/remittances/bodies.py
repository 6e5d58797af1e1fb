"""A transfer as payments takes it: one request, or several where it is for more patients than one takes (`INS-5`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
"""Payments of one request, and what is less by it: what it locks, and for how long, is bounded."""
TakenBack = tuple[UUID, Decimal, str | None]
Payer = tuple[UUID | None, str]
"""The insurer as the invoices know it: its id, where they do, and its name."""
OfPatient = tuple[UUID, dict[UUID, Decimal]]
Item = tuple[str, Any]
"""What is booked, by the part's member that it is of."""


@dataclass(slots=True)
class Part:
    """What one request books of a transfer, all of one payer."""

    number: int
    payer: Payer
    taken_back: list[TakenBack] = field(default_factory=list)
    adjusted: list[ProviderAdjustment] = field(default_factory=list)
    paid: list[OfPatient] = field(default_factory=list)
    taken_back_here: list[TakenBack] = field(default_factory=list)
    """Of what this part itself pays."""

    @property
    def amount(self) -> Decimal:
        """What arrives by it."""
        taken = sum((amount for _, amount, _ in (*self.taken_back, *self.taken_back_here)), Decimal(0))
        withheld = sum((adjustment.amount for adjustment in self.adjusted), Decimal(0))
        return sum((_sum(parts) for _, parts in self.paid), Decimal(0)) - taken - withheld


def in_parts(posting: Posting, whole: Payer) -> list[Part]:
    """The parts of a transfer: what is taken back and what is adjusted with the first, the patients in all of them.

    Which patients are of which part, and all that is recovered is of the first, whatever of it was booked meanwhile.
    Where the payments of one part stand in the books, so does every part before it. Where the invoices know the insurer
    as several, the money is of whoever decided (`INS-4`), and what concerns the transfer as a whole is of `whole`.
    """
    parts: list[Part] = []
    for payer, less, paid in _by_payer(posting, whole):
        of_less, of_paid = _at_once(less), _at_once(paid)
        own = [Part(len(parts) + place, payer) for place in range(max(len(of_less), len(of_paid)))]
        for part, items in (*zip(own, of_less, strict=False), *zip(own[-len(of_paid) :], of_paid, strict=False)):
            for kind, one in items:
                getattr(part, kind).append(one)
        parts += own
    for part in parts:
        paid_here = {invoice_id for _, of in part.paid for invoice_id in of}
        part.taken_back_here = [one for one in posting.taken_back_here if one[0] in paid_here]
    return parts


def _at_once(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[place : place + AT_ONCE] for place in range(0, len(items), AT_ONCE)]


def _by_payer(posting: Posting, whole: Payer) -> list[tuple[Payer, list[Item], list[Item]]]:
    """What is booked, payer by payer, less and paid: of several, all that is no payment goes before all payments."""
    if len(posting.payers) <= 1:
        return [(whole, _less(posting, posting.adjusted), _paid(posting))]
    less: list[tuple[Payer, list[Item], list[Item]]] = []
    paid: list[tuple[Payer, list[Item], list[Item]]] = []
    for payer in sorted(posting.payers.items()):
        is_whole = payer[0] == whole[0]
        own = posting.of(payer[0], recoveries=is_whole)
        less.append((payer, _less(own, posting.adjusted if is_whole else ()), []))
        paid.append((payer, [], _paid(own)))
    return less + paid


def _less(posting: Posting, adjusted: Iterable[ProviderAdjustment]) -> list[Item]:
    return [("taken_back", one) for one in posting.taken_back] + [("adjusted", adjustment) for adjustment in adjusted]


def _paid(posting: Posting) -> list[Item]:
    """Patients of whose invoices something is recovered first: what that is changes once it is booked."""
    by_patient = posting.by_patient.items()
    return [("paid", one) for one in sorted(by_patient, key=lambda one: (not one[1].keys() & posting.named, one[0]))]


def body_of(posting: Posting, part: Part, now: datetime, *, is_another: bool) -> Json:
    """A part as `POST /v1/remittances` takes it; every part but the first says that its reference was used before."""
    head, money = posting.remittance, posting.writing
    payer_id, payer_name = part.payer
    body: Json = {
        "insurer": {"payer_id": str(payer_id) if payer_id else None, "name": payer_name[:200]},
        "amount": money.of(part.amount),
        "external_reference": head.reference[:REFERENCE_MAX],
        "received_at": min(head.decided_at + NOON, now).isoformat(),
        "payments": [_payment(one, money) for one in part.paid],
        "allow_overpayment": True,
    }
    if part.taken_back or part.taken_back_here:
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
    here: Json = {"of_this_transfer": True}
    for more, some in (({}, part.taken_back), (here, part.taken_back_here)):
        for invoice_id, amount, named in some:
            reason = {"reason": named} if named else {}
            yield {"invoice_id": str(invoice_id), "amount": money.of(amount)} | reason | more


def _adjusted(part: Part, money: Writing) -> Iterator[Json]:
    for adjustment in part.adjusted:
        reference = {"reference": adjustment.reference[:ADJUSTMENT_REFERENCE_MAX]} if adjustment.reference else {}
        yield {"code": adjustment.reason_code, "amount": money.of(adjustment.amount)} | reference


def _sum(parts: dict[UUID, Decimal]) -> Decimal:
    return sum(parts.values(), Decimal(0))
