"""Forget patients: what they are found by, reached at and insured by, and what was noted on drafts (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.database import Work

from invoicing.persistence import drafts, patients


async def forget_patients(work: Work, who: Collection[tuple[UUID, UUID]]) -> None:
    """Forget these patients (clinic, patient) for good. Their invoices stay, by their ids, as they were issued."""
    in_order = sorted(who)
    await patients.forget(work.connection, in_order, work.now)
    await drafts.forget_notes(work.connection, in_order)
