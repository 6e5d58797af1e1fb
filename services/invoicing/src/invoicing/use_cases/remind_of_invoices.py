"""Announce invoices that have become overdue by their clinic's calendar, each once (`INV-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.clock import today
from chassis.database import Work

from invoicing import announcements
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.persistence import reminders


async def remind_of_invoices(work: Work, settings: Mapping[UUID, ClinicSettings], most: int) -> int:
    """Announce up to `most` overdue invoices of these clinics; returns how many there were.

    One with a live installment plan is left out: its installments are announced instead.
    """
    days = {clinic_id: today(work.now, one.time_zone) for clinic_id, one in settings.items()}
    overdue = await reminders.take_overdue(work.connection, days, work.now, most) if days else []
    for invoice in overdue:
        announcements.announce_invoice_overdue(work, invoice)
    await reminders.keep_said(work.connection, overdue, work.now)
    return len(overdue)
