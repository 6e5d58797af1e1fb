"""What a payment settles moved to another invoice, another installment or credit, and that undone (`PAY-13`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation_errors import MoreThanOutstanding
from payments.domain.allocation_history import Place, Settled, place_of
from payments.domain.cancelled_credit import require_no_refund
from payments.domain.errors import AmountNotPositive, InvoiceIsVoid
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.move_errors import MoreThanIsThere, MovedToItself, MoveSpent, NothingThere
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.payment import Place as Spot
from payments.domain.transaction import Transaction

Invoices = Mapping[UUID, InvoiceBalance]
T = TypeVar("T")


def move_allocation(
    payment: Payment, source: Spot, target: Spot | None, amount: Money | None, invoices: Invoices
) -> Movement:
    """Move an amount, or all that is there, of what settled last first; without a target it becomes credit again.

    It is then the credit of whoever's it was before it settled an invoice (`PAY-21`). Raises MovedToItself,
    PaymentReversed, AmountNotPositive, NothingThere, MoreThanIsThere, InvoiceIsVoid, MoreThanOutstanding.
    """
    payment.require_recorded()
    parts = _taken(payment, source, target, amount)
    if target is not None:
        stays = sum(minor for spot, minor in parts if spot[0] == target[0])
        _require_room(invoices[target[0]], sum(minor for _, minor in parts) - stays)
        moved = [payment.move(spot, target, minor, invoices) for spot, minor in parts]
        return Movement(tuple(settlement for both in moved for settlement in both))
    freed = [one for spot, minor in parts for one in payment.set_free(spot, minor, invoices[spot[0]])]
    return Movement(tuple(settlement for settlement, _ in freed), tuple(change for _, change in freed))


def take_back_move(
    move: Transaction, moved: Movement, payment: Payment, invoices: Invoices, settled: Mapping[Place, Settled]
) -> Movement:
    """Put what a move still settles, or the credit it made, back where it was taken from (`PAY-5`, `PAY-21`).

    Raises PaymentReversed, RefundStanding, NothingThere, MoveSpent, InvoiceIsVoid, MoreThanOutstanding.
    """
    payment.require_recorded()
    if moved.credits:
        return _from_credit(move, moved, payment, invoices)
    (target,) = {place_of(part) for part in moved.settlements if part.change_minor > 0}
    require_no_refund(move.transaction_id, payment, settled[target])
    left = settled[target].parts.get(move.transaction_id, 0)
    if not left:
        raise NothingThere(payment.payment_id, target[1])
    back = list(_back(moved, [(target[1:], left)]))
    _require_room_for(back, invoices)
    put = [payment.move(there, spot, minor, invoices) for spot, there, minor in back]
    return Movement(tuple(settlement for both in put for settlement in both))


def _from_credit(move: Transaction, moved: Movement, payment: Payment, invoices: Invoices) -> Movement:
    left = sum(min(part.change_minor, payment.held.get(part.patient_id, 0)) for part in moved.credits)
    if left < move.amount.minor:
        raise MoveSpent(move.transaction_id, move.amount, Money(left, move.amount.currency))
    back = list(_back(moved, [(part.patient_id, part.change_minor) for part in moved.credits]))
    _require_room_for([(spot, None, minor) for spot, _, minor in back], invoices)
    put = [payment.apply(holder, invoices[spot[0]], minor, spot[1]) for spot, holder, minor in back]
    return Movement(tuple(settlement for settlement, _ in put), tuple(change for _, change in put))


def _back(moved: Movement, there: Sequence[tuple[T, int]]) -> Iterator[tuple[Spot, T, int]]:
    """Where how much of what is there goes back to, the place that was taken from last first."""
    left = list(there)
    for part in reversed(moved.settlements):
        wanted = -part.change_minor
        while wanted > 0 and left:
            what, minor = left.pop()
            if minor > wanted:
                left.append((what, minor - wanted))
            yield (part.invoice_id, part.installment_id), what, min(wanted, minor)
            wanted -= min(wanted, minor)


def _require_room_for(back: Sequence[tuple[Spot, Spot | None, int]], invoices: Invoices) -> None:
    """See that every invoice asks for what it gets, less what leaves it."""
    gets: Counter[UUID] = Counter()
    for spot, there, minor in back:
        gets[spot[0]] += minor
        if there is not None:
            gets[there[0]] -= minor
    for invoice_id, minor in gets.items():
        _require_room(invoices[invoice_id], minor)


def _require_room(invoice: InvoiceBalance, minor: int) -> None:
    if minor > 0 and invoice.void:
        raise InvoiceIsVoid(invoice.invoice_id, invoice.number)
    if minor > invoice.outstanding_minor:
        beyond = Money(minor - invoice.outstanding_minor, invoice.currency)
        named = [(invoice.invoice_id, invoice.number, invoice.outstanding)]
        raise MoreThanOutstanding("amount", beyond, named, "move less, or move it to credit")


def _taken(payment: Payment, source: Spot, target: Spot | None, amount: Money | None) -> list[tuple[Spot, int]]:
    """From which places how much leaves; an invoice named without an installment is all of its places."""
    there = [
        (spot, minor)
        for spot, minor in reversed(list(payment.parts.items()))
        if spot != target and spot[0] == source[0] and source[1] in (None, spot[1])
    ]
    whole = Money(sum(minor for _, minor in there), payment.amount.currency)
    if whole.minor == 0 and target == source:
        raise MovedToItself(source[0])
    if whole.minor == 0:
        raise NothingThere(payment.payment_id, source[0])
    wanted = whole if amount is None else amount
    if wanted.minor <= 0:
        raise AmountNotPositive
    if wanted.minor > whole.minor:
        raise MoreThanIsThere(payment.payment_id, wanted, whole)
    left, parts = wanted.minor, []
    for spot, minor in there:
        if taken := min(left, minor):
            parts.append((spot, taken))
            left -= taken
    return parts
