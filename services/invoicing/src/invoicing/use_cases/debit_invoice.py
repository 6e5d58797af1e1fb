"""Debit an issued invoice: a late fee or a correction (`INV-6`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.debit_note import debit
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import Note, NoteAmounts
from invoicing.persistence import clinics, invoices
from invoicing.use_cases.save_notes import save_notes


@dataclass(frozen=True, slots=True)
class DebitInvoice:
    """A debit note wanted: an amount as the clinic prices (net or gross), and its tax category."""

    invoice_id: UUID
    kind: Literal["late_fee", "correction"]
    reason: str
    amount: Money
    tax_code: str | None = None
    with_tax: bool = False
    """Whether the amount is what is owed, its tax within it, however the clinic prices (`PAY-6`)."""


async def debit_invoice(work: Work, command: DebitInvoice) -> tuple[Invoice, Note]:
    """Make a debit note. Raises NotFound, WrongState, WrongCurrency, UnknownTaxCategory, BooksClosed, Invalid."""
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    found = await invoices.find(work.connection, command.invoice_id, lock=True, notes=True)
    on = settings.today(work.now)
    settings.check_books(on)
    invoice = found.require_issued("debited")
    note = Note(
        id=new_id(),
        clinic_id=work.clinic_id,
        invoice_id=invoice.id,
        side="debit",
        kind=command.kind,
        reason=command.reason,
        author=work.actor,
        amounts=debited_amounts(invoice, settings, command, on),
        issue_date=on,
        created_at=work.now,
    )
    invoice.add_note(note)
    await save_notes(work, [(settings, invoice, note)])
    return invoice, note


def debited_amounts(invoice: Invoice, settings: ClinicSettings, command: DebitInvoice, on: date) -> NoteAmounts:
    """What the debit note says. Raises WrongState, WrongCurrency, UnknownTaxCategory, AmountTooLarge, Invalid."""
    invoice.require_issued("debited")
    tax = settings.tax_of(command.tax_code, "custom", "tax_category", on)
    minor = settings.money(command.amount, "amount")
    amounts = debit(minor, command.reason, tax, invoice.pricing, with_tax=command.with_tax)
    invoice.require_room(amounts.total, "amount")
    return amounts
