"""The part of an invoice that insurers decided to pay, and room for it where others paid more than theirs (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.typed import alike

from payments.domain.allocation import Wish
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.payment import Payment
from payments.domain.transaction import Payer


@dataclass(frozen=True, slots=True)
class InsurersPart:
    """What insurers decided to pay of an invoice, in minor units; by insurer, where that was told."""

    minor: int = 0
    payers: tuple[tuple[Payer, int], ...] | None = None

    def of(self, payer: Payer) -> int | None:
        """What one insurer decided to pay; None where nothing stands of it, or nobody said whose the part is."""
        own = [minor for one, minor in self.payers or () if is_same(one, payer)]
        return sum(own) if own else None


NOTHING = InsurersPart()


def is_same(one: Payer, other: Payer) -> bool:
    """Whether two insurers are one: by their ids, where both have one, else by their names."""
    if one.payer_id is not None and other.payer_id is not None:
        return one.payer_id == other.payer_id
    return alike(one.name or "") == alike(other.name or "")


def due_minor(part: InsurersPart, payer: Payer, payments: Iterable[Payment], invoice: InvoiceBalance) -> int:
    """What an insurer decided to pay of an invoice and has not paid on it; of all of them, where nobody says whose."""
    own = part.of(payer)
    if own is None:
        own = 0 if part.payers is not None else part.minor
    came = sum(
        one.allocations.get(invoice.invoice_id, 0)
        for one in payments
        if one.payer.kind == "insurer" and (part.payers is None or is_same(one.payer, payer))
    )
    return max(0, own - came)


def room_minor(part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance) -> int:
    """What of an invoice others settled although this insurer pays it."""
    others = sum(minor for _, minor in _giving(part, payer, payments, invoice))
    return max(0, min(others, due_minor(part, payer, payments, invoice) - invoice.outstanding_minor))


def takes_minor(part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance) -> int:
    """What an invoice takes of an insurer's money that came before: what it asks for, and what others settled."""
    room = room_minor(part, payer, payments, invoice)
    return min(due_minor(part, payer, payments, invoice), invoice.outstanding_minor + room)


def make_room(
    part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance, wanted_minor: int
) -> Movement:
    """Turn what others settled of an invoice into their credit, by as much as is wanted."""
    settlements: list[Settlement] = []
    credit_changes: list[CreditChange] = []
    for payment, there in list(_giving(part, payer, payments, invoice)):
        minor = min(wanted_minor, there)
        if minor > 0:
            released, change = payment.release(invoice, minor)
            settlements.extend(released)
            credit_changes.append(change)
            wanted_minor -= minor
    return Movement(tuple(settlements), tuple(credit_changes))


def _giving(
    part: InsurersPart, payer: Payer, payments: Sequence[Payment], invoice: InvoiceBalance
) -> Iterator[tuple[Payment, int]]:
    """What makes way, the latest first: what other insurers paid beyond their part, then what no insurer paid."""
    latest = [one for one in reversed(payments) if one.allocations.get(invoice.invoice_id, 0) > 0]
    beyond: list[tuple[Payer, int]] = []
    for other, decided in part.payers or ():
        came = sum(one.allocations[invoice.invoice_id] for one in latest if _is_of(one, other))
        if not is_same(other, payer) and came > decided:
            beyond.append((other, came - decided))
    for other, surplus in beyond:
        left = surplus
        for one in latest:
            if left and _is_of(one, other):
                minor = min(left, one.allocations[invoice.invoice_id])
                left -= minor
                yield one, minor
    for one in latest:
        if one.payer.kind != "insurer":
            yield one, one.allocations[invoice.invoice_id]


def _is_of(payment: Payment, insurer: Payer) -> bool:
    return payment.payer.kind == "insurer" and is_same(payment.payer, insurer)


def wanted_by(amount_minor: int, wishes: Sequence[Wish], takes: Mapping[UUID, int]) -> dict[UUID, int]:
    """What an insurer's payment brings to each invoice, where each takes so much: as `spread` goes about it."""
    left = amount_minor - sum(wish.amount_minor or 0 for wish in wishes)
    wanted: dict[UUID, int] = {}
    for wish in wishes:
        given = wish.amount_minor
        if given is None:
            given = max(0, min(left, takes.get(wish.invoice_id, 0)))
            left -= given
        wanted[wish.invoice_id] = given
    return wanted
