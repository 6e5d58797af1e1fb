"""Credit of an invoice that money was given for: it settles that invoice once it asks for more (`PAY-22`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation import Share, Wish
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Freed, Movement, by_holder
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


@dataclass(frozen=True, slots=True)
class GivenCredit:
    """How much of a payment's credit an invoice may take at most, and of that whose (`holders`), in minor units.

    `person` and the holders are the records that they go on in; the invoice's patient comes first.
    """

    invoice_id: UUID
    payment_id: UUID
    clinic_id: UUID
    minor: int
    person: UUID
    holders: dict[UUID, int]


@dataclass(frozen=True, slots=True)
class Given:
    """How much of a payment's credit an invoice may take at most, and of that whose credit, in this order."""

    payment: Payment
    minor: int
    holders: Mapping[UUID, int]


def settle_again(invoice: InvoiceBalance, given: Sequence[Given]) -> dict[UUID, Movement]:
    """Settle what an invoice asks for from what was given for it, in the order of the payments; by whose credit it is.

    Whoever else holds some of a payment was handed it for something else.
    """
    settled: list[Freed] = []
    for one in given:
        left = one.minor
        for holder, most in one.holders.items():
            taken = min(left, most, invoice.outstanding_minor, one.payment.held.get(holder, 0))
            if taken:
                settled.append(one.payment.apply(holder, invoice, taken))
                left -= taken
    return by_holder(settled)
