"""The fees that the practice's events name."""

from __future__ import annotations

from chassis.messaging import Message, Permanent
from chassis.money import Money, MoneyError

from contracts import Amount


def fee_of(amount: Amount, message: Message) -> Money:
    """A fee that an invoice can ask for. Raises Permanent, naming what is wrong with it (`MON-1`)."""
    try:
        fee = Money.of(amount)
    except MoneyError as error:
        raise Permanent(f"the fee is no amount of money: {type(error).__name__}", [message]) from error
    if fee.minor < 0:
        raise Permanent("the fee is below zero", [message])
    if fee > Money.largest(fee.currency):
        raise Permanent("the fee is more than any invoice asks for", [message])
    return fee
