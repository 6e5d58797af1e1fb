"""Show what a credit note or a debit note would come to, and change nothing (`MON-5`, `INV-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.note import NoteAmounts
from invoicing.persistence import clinics, invoices
from invoicing.use_cases.credit_invoice import CreditInvoice, credited_amounts
from invoicing.use_cases.debit_invoice import DebitInvoice, debited_amounts


@dataclass(frozen=True, slots=True)
class NotePreview:
    """The note's amounts, and what the invoice would ask for after it; amounts are minor units of `currency`."""

    amounts: NoteAmounts
    currency: str
    outstanding_before: int
    outstanding_after: int
    to_patient_credit: int
    """What was paid already, and so would become the patient's credit."""


async def preview_note(
    connection: AsyncConnection, clinic_id: UUID, now: datetime, command: CreditInvoice | DebitInvoice
) -> NotePreview:
    """What the note would be, and what the invoice would ask for after it. Raises what making it would."""
    settings = await clinics.find_settings(connection, clinic_id)
    invoice = await invoices.find(connection, command.invoice_id, notes=True)
    on = settings.today(now)
    settings.check_books(on)
    before, asked = invoice.outstanding, invoice.totals.total + invoice.debited - invoice.credited - invoice.settled
    if isinstance(command, DebitInvoice):
        amounts = debited_amounts(invoice, settings, command, on)
        return NotePreview(amounts, invoice.pricing.currency, before, max(0, asked + amounts.total), 0)
    amounts = credited_amounts(invoice, settings, command)
    surplus = max(0, amounts.total - before)
    return NotePreview(amounts, invoice.pricing.currency, before, max(0, before - amounts.total), surplus)
