"""Parts of events as the domain knows them, and which messages of a batch a missing fact is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from chassis.messaging import Message, NotYet, Permanent
from chassis.money import Money
from contracts.addresses import PostalAddress
from contracts.event import Amount

from receipts.domain.errors import FactsMissing, TransactionDoesNotAddUp
from receipts.domain.people import Address


def money(amount: Amount) -> Money:
    """An exact amount. Raises MoneyError."""
    return Money.parse(amount.amount, amount.currency)


def address(given: PostalAddress | None) -> Address | None:
    """A postal address."""
    if given is None:
        return None
    return Address(
        lines=given.lines,
        city=given.city,
        region=given.region,
        postal_code=given.postal_code,
        country=given.country,
    )


@contextmanager
def naming(messages: Mapping[UUID, Message]) -> Iterator[None]:
    """Name the messages at fault, by the id of what each is about, so that the others of the batch go on."""
    try:
        yield
    except FactsMissing as error:
        named = {messages[one]: why for one, why in error.missing.items() if one in messages}
        raise NotYet(str(error), list(named), {message.id: why for message, why in named.items()}) from error
    except TransactionDoesNotAddUp as error:
        raise Permanent(str(error), [messages[error.transaction_id]]) from error
