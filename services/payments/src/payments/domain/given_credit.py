"""Credit of an invoice that money was given for: it settles that invoice once it asks for more (`PAY-22`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation import Share, Wish
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.payment import Payment

SETTLED_AGAIN: Final = "given_for_invoice"
"""Why credit was applied that nobody asked to be: the money was given for the invoice."""


def left_over(amount: Money, wishes: Sequence[Wish], shares: Sequence[Share]) -> dict[UUID, int]:
    """What of a payment is given for each invoice that it names beyond what the invoice takes, in minor units.

    A wish for an amount is given that much; what is beyond all of them belongs to those without one, to any of them.
    """
    taken = {share.invoice.invoice_id: share.minor for share in shares}
    fixed = sum(wish.amount_minor or 0 for wish in wishes)
    rest = amount.minor - fixed - sum(taken.get(wish.invoice_id, 0) for wish in wishes if wish.amount_minor is None)
    left = {
        wish.invoice_id: rest if wish.amount_minor is None else wish.amount_minor - taken.get(wish.invoice_id, 0)
        for wish in wishes
    }
    return {invoice_id: minor for invoice_id, minor in left.items() if minor > 0}


def settle_again(
    invoice: InvoiceBalance, person: UUID, given: Sequence[tuple[Payment, int]]
) -> Mapping[UUID, Movement]:
    """Settle what an invoice asks for from what was given for it, in the order of the payments; by whose credit it is.

    `given` says how much of each payment at most. The invoice's patient (`person`) goes first, as what was set free is
    theirs; then whom the payment was for. Whoever else holds some of it was handed it for something else.
    """
    parts: dict[UUID, list[tuple[Settlement, CreditChange]]] = {}
    for payment, minor in given:
        left = minor
        for holder in dict.fromkeys((person, payment.own_person)):
            taken = min(left, invoice.outstanding_minor, payment.held.get(holder, 0))
            if taken:
                parts.setdefault(holder, []).append(payment.apply(holder, invoice, taken))
                left -= taken
    return {
        holder: Movement(tuple(settlement for settlement, _ in both), tuple(change for _, change in both))
        for holder, both in parts.items()
    }


@dataclass(frozen=True, slots=True)
class GivenCredit:
    """How much of a payment's credit an invoice may take at most; `person` is the record its patient goes on in."""

    invoice_id: UUID
    payment_id: UUID
    clinic_id: UUID
    minor: int
    person: UUID
