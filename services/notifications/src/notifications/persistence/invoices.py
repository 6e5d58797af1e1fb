"""Invoices: what each still asks for, as a sum that does not care for the order of events (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from chassis.database import Work
from sqlalchemy import case, func, or_
from sqlalchemy.dialects.postgresql import insert

from notifications.persistence import installment_plans
from notifications.persistence.tables import invoices


@dataclass(frozen=True)
class InvoiceChange:
    """What one event says of an invoice: its total, a change of what it asks for, or that it is void."""

    clinic_id: UUID
    invoice_id: UUID
    total_minor: int | None = None
    change_minor: int = 0
    is_void: bool = False
    insurers_estimated_minor: int = 0
    insurers_decided_minor: int | None = None
    insurers_decided_version: int = 0
    """The invoice's version as of which insurers' decisions come to this: an older one changes nothing."""
    insurers_paid_minor: int = 0
    installment_id: UUID | None = None
    settled_minor: int = 0
    """What it settled, of the installment that it names."""


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
            "insurers_estimated_minor": invoices.c.insurers_estimated_minor + new.insurers_estimated_minor,
            "insurers_paid_minor": invoices.c.insurers_paid_minor + new.insurers_paid_minor,
            "insurers_decided_minor": case(
                (new.insurers_decided_version > invoices.c.insurers_decided_version, new.insurers_decided_minor),
                else_=invoices.c.insurers_decided_minor,
            ),
            "insurers_decided_version": func.greatest(
                invoices.c.insurers_decided_version, new.insurers_decided_version
            ),
        },
    )
    # Always in the same order, so that two batches never wait for each other in a circle.
    rows = sorted((_row(change) for change in changes), key=lambda row: (row["clinic_id"], row["invoice_id"]))
    await work.connection.execute(statement, rows)
    await installment_plans.add_named(work, _named(changes))


def _row(change: InvoiceChange) -> dict[str, Any]:
    row = asdict(change)
    del row["installment_id"], row["settled_minor"]
    return row


def _named(changes: Sequence[InvoiceChange]) -> dict[tuple[UUID, UUID], dict[UUID, int]]:
    named: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
    for one in changes:
        if one.installment_id is not None:
            of_invoice = named.setdefault((one.clinic_id, one.invoice_id), {})
            of_invoice[one.installment_id] = of_invoice.get(one.installment_id, 0) + one.settled_minor
    return named
