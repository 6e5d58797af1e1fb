"""What the calendar brings: installments due soon, due, overdue are announced, and overdue invoices (`PLN-4`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from chassis.database import Database, Work
from chassis.messaging.jobs import each_set
from chassis.resources import Resources

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.persistence import clinics
from invoicing.use_cases.note_unpaid import note_unknown_unpaid
from invoicing.use_cases.remind_of_installments import remind_of_installments
from invoicing.use_cases.remind_of_invoices import remind_of_invoices

AT_ONCE = 1_000

Remind = Callable[[Work, Mapping[UUID, ClinicSettings], int], Awaitable[int]]


async def announce_due_installments(resources: Resources) -> None:
    """Installments of all clinics (`PLN-4`)."""
    await _go_through(resources.database, remind_of_installments, "job:announce_due_installments")


async def announce_overdue_invoices(resources: Resources) -> None:
    """Invoices of all clinics (`INV-9`)."""
    await _go_through(resources.database, remind_of_invoices, "job:announce_overdue_invoices")


async def note_unpaid_installments(resources: Resources) -> None:
    """What is unpaid of installments that are older than its being kept: those of plans made before (`INV-15`)."""
    await _go_through(resources.database, note_unknown_unpaid, "job:note_unpaid_installments")


async def _go_through(database: Database, remind: Remind, actor: str) -> None:
    async def some(work: Work, listed: Sequence[UUID]) -> bool:
        return await remind(work, await clinics.find_many(work.connection, listed), AT_ONCE) == AT_ONCE

    await each_set(database, actor, some)
