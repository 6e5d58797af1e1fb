"""Announce invoices that have become overdue by their clinic's calendar, each once (`INV-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import today
from chassis.database import Work

from invoicing import announcements
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.invoice_reminder import OverdueInvoice
from invoicing.persistence import reminders


async def remind_of_invoices(work: Work, settings: Mapping[UUID, ClinicSettings], most: int) -> int:
    """Announce up to `most` overdue invoices of these clinics; returns how many there were.

    One with a live installment plan is left out: its installments are announced instead.
    """
    days = {clinic_id: today(work.now, one.time_zone) for clinic_id, one in settings.items()}
    rows = await reminders.take_overdue(work.connection, days, work.now, most) if days else []
    said = [_overdue(row) for row in rows]
    for one in said:
        announcements.announce_invoice_overdue(work, one)
    await reminders.keep_said(work.connection, said, work.now)
    return len(rows)


def _overdue(row: Any) -> OverdueInvoice:
    return OverdueInvoice(
        clinic_id=row.clinic_id,
        invoice_id=row.id,
        patient_id=row.patient_id,
        number=row.number,
        currency=row.currency,
        due_date=row.due_date,
        on=row.overdue_announced_on,
        total=row.total_minor,
        outstanding=row.outstanding,
        version=row.version,
    )
