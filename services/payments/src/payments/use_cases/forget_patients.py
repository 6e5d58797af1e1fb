"""Forget patients: the notes of their payments (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.database import Work

from payments.persistence import notes


async def forget_patients(work: Work, who: Collection[tuple[UUID, UUID]]) -> None:
    """Forget these patients (clinic, patient). Transactions, with who paid and why, are the books and stay."""
    await notes.forget(work.connection, sorted(who))
