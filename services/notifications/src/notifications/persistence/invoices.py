"""Invoices: what each still asks for, as a sum that does not care for the order of events (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from chassis.database import Work
from sqlalchemy import func, or_
from sqlalchemy.dialects.postgresql import insert

from notifications.persistence.tables import invoices


@dataclass(frozen=True)
class InvoiceChange:
    """What one event says of an invoice: its total, a change of what it asks for, or that it is void."""

    clinic_id: UUID
    invoice_id: UUID
    total_minor: int | None = None
    change_minor: int = 0
    is_void: bool = False


async def note(work: Work, changes: Sequence[InvoiceChange]) -> None:
    """Add what events say to what is known."""
    if not changes:
        return
    statement = insert(invoices)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["clinic_id", "invoice_id"],
        set_={
            "total_minor": func.coalesce(invoices.c.total_minor, new.total_minor),
            "change_minor": invoices.c.change_minor + new.change_minor,
            "is_void": or_(invoices.c.is_void, new.is_void),
        },
    )
    # Always in the same order, so that two batches never wait for each other in a circle.
    rows = sorted((asdict(change) for change in changes), key=lambda row: (row["clinic_id"], row["invoice_id"]))
    await work.connection.execute(statement, rows)
