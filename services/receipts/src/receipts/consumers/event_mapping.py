"""Parts of events as the domain knows them, and which messages of a batch a missing fact is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from chassis.messaging import Message, NotYet, Permanent
from contracts.addresses import PostalAddress

from receipts.domain.errors import FactsMissing, TransactionDoesNotAddUp
from receipts.domain.people import PATIENT_AWAITED, Address, PatientKey


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


class AboutPatient(Protocol):
    """What an event brings of a clinic's patient."""

    @property
    def clinic_id(self) -> UUID:
        """Whose patient it is."""

    @property
    def patient_id(self) -> UUID:
        """The patient's record in the register."""


def waited_for(messages: Sequence[Message], about: Iterable[AboutPatient]) -> set[PatientKey]:
    """The patients for whom messages have waited long enough (`ALL-11`); `about` is what each brings."""
    return {
        (one.clinic_id, one.patient_id)
        for message, one in zip(messages, about, strict=True)
        if message.waited >= PATIENT_AWAITED
    }


@contextmanager
def attribute_failures(messages: Mapping[UUID, Message]) -> Iterator[None]:
    """Name the messages at fault, by the id of what each is about, so that the others of the batch go on."""
    try:
        yield
    except FactsMissing as error:
        named = {messages[one]: why for one, why in error.missing.items() if one in messages}
        raise NotYet(str(error), list(named), {message.id: why for message, why in named.items()}) from error
    except TransactionDoesNotAddUp as error:
        raise Permanent(str(error), [messages[error.transaction_id]]) from error
