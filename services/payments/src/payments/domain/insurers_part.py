"""The part of an invoice that insurers decided to pay, and room for it where others paid more than theirs (`INS-4`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from payments.domain.allocation import Wish
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.payment import Payment


def due_minor(part_minor: int, payments: Iterable[Payment], invoice: InvoiceBalance) -> int:
    """What insurers decided to pay of an invoice and have not paid on it."""
    came = sum(one.allocations.get(invoice.invoice_id, 0) for one in payments if one.payer.kind == "insurer")
    return max(0, part_minor - came)


def room_minor(part_minor: int, payments: Sequence[Payment], invoice: InvoiceBalance) -> int:
    """What of an invoice others settled although insurers pay it."""
    others = sum(one.allocations.get(invoice.invoice_id, 0) for one in payments if one.payer.kind != "insurer")
    return max(0, min(others, due_minor(part_minor, payments, invoice) - invoice.outstanding_minor))


def takes_minor(part_minor: int, payments: Sequence[Payment], invoice: InvoiceBalance) -> int:
    """What an invoice takes of insurers' money that came before: what it still asks for, and what others settled."""
    room = room_minor(part_minor, payments, invoice)
    return min(due_minor(part_minor, payments, invoice), invoice.outstanding_minor + room)


def make_room(payments: Sequence[Payment], invoice: InvoiceBalance, wanted_minor: int) -> Movement:
    """Turn what others settled of an invoice into their credit, the latest payment first, by as much as is wanted."""
    settlements: list[Settlement] = []
    credit_changes: list[CreditChange] = []
    for payment in reversed([one for one in payments if one.payer.kind != "insurer"]):
        minor = min(wanted_minor, payment.allocations.get(invoice.invoice_id, 0))
        if minor > 0:
            released, change = payment.release(invoice, minor)
            settlements.extend(released)
            credit_changes.append(change)
            wanted_minor -= minor
    return Movement(tuple(settlements), tuple(credit_changes))


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
