"""What is written down at once: a transaction or a document, with its double entry (`PAY-12`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from payments.domain.journal import Entry, entries_of_movement
from payments.domain.movement import Movement
from payments.domain.transaction import Transaction

Holder = tuple[UUID, UUID]
"""A clinic, and a patient of it who has credit there: another clinic may know the patient by the same id."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a patient has in credit, in minor units, under all records; `person` is the one that goes on (`ALL-10`)."""

    person: UUID
    minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A transaction and its whole effect."""

    clinic_id: UUID
    transaction: Transaction
    movement: Movement

    @property
    def posting_id(self) -> UUID:
        """The posting is the transaction's."""
        return self.transaction.transaction_id

    @property
    def payment_ids(self) -> set[UUID]:
        """The payments that it is about."""
        moved = {part.payment_id for part in self.movement.settlements}
        moved |= {part.payment_id for part in self.movement.credits}
        return moved | ({self.transaction.payment_id} if self.transaction.payment_id else set())

    @property
    def booked_on(self) -> date:
        """The day of its entries."""
        return self.transaction.booked_on

    def entries(self, payer_kinds: Mapping[UUID, str]) -> tuple[Entry, ...]:
        """Its double entry (`PAY-12`), with the kind of payer of each payment in it."""
        return entries_of_movement(self.movement, self.transaction.payment_id, self.transaction.method, payer_kinds)


@dataclass(frozen=True, slots=True)
class DocumentPosting:
    """The double entry of an invoice document."""

    clinic_id: UUID
    posting_id: UUID
    booked_on: date
    entries: tuple[Entry, ...]
