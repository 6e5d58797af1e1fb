"""Invoices: what each still asks for, as a sum that does not care for the order of events (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows
from sqlalchemy import text

from notifications.domain.invoice_change import InvoiceChange
from notifications.persistence import installment_plans
from notifications.persistence.tables import INVOICES

_ROWS = Rows(INVOICES, [column.name for column in INVOICES.columns])
# Always in the same order, so that two batches never wait for each other in a circle.
_ADD_CHANGES = text(
    f"""
    INSERT INTO invoices AS i ({_ROWS.names})
    SELECT clinic_id, invoice_id, max(total_minor), sum(change_minor), bool_or(is_void), sum(insurers_estimated_minor),
           (array_agg(insurers_decided_minor ORDER BY insurers_decided_version DESC))[1],
           max(insurers_decided_version), sum(insurers_paid_minor),
           (array_agg(asked_of_lines_minor ORDER BY asked_of_lines_version DESC))[1], max(asked_of_lines_version)
      FROM {_ROWS.given()} GROUP BY clinic_id, invoice_id ORDER BY clinic_id, invoice_id
    ON CONFLICT (clinic_id, invoice_id) DO UPDATE
       SET total_minor = coalesce(i.total_minor, excluded.total_minor),
           change_minor = i.change_minor + excluded.change_minor,
           is_void = i.is_void OR excluded.is_void,
           insurers_estimated_minor = i.insurers_estimated_minor + excluded.insurers_estimated_minor,
           insurers_decided_minor = CASE WHEN excluded.insurers_decided_version > i.insurers_decided_version
                                         THEN excluded.insurers_decided_minor ELSE i.insurers_decided_minor END,
           insurers_decided_version = greatest(i.insurers_decided_version, excluded.insurers_decided_version),
           insurers_paid_minor = i.insurers_paid_minor + excluded.insurers_paid_minor,
           asked_of_lines_minor = CASE WHEN excluded.asked_of_lines_version > i.asked_of_lines_version
                                       THEN excluded.asked_of_lines_minor ELSE i.asked_of_lines_minor END,
           asked_of_lines_version = greatest(i.asked_of_lines_version, excluded.asked_of_lines_version)
    """  # noqa: S608 - constants
)


async def add_changes(work: Work, changes: Sequence[InvoiceChange]) -> None:
    """Add what events say to what is known."""
    if changes:
        await work.connection.execute(_ADD_CHANGES, _ROWS.arrays(asdict(change) for change in changes))
        await installment_plans.add_named(work, _named(changes))


def _named(changes: Sequence[InvoiceChange]) -> dict[tuple[UUID, UUID], dict[UUID, int]]:
    named: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
    for change in changes:
        if change.installment_id is not None:
            of_invoice = named.setdefault((change.clinic_id, change.invoice_id), {})
            of_invoice[change.installment_id] = of_invoice.get(change.installment_id, 0) + change.settled_minor
    return named
