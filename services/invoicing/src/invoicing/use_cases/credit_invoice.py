"""Credit an issued invoice: all that is left, a total, or single lines (`INV-6`, `MON-5`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.credit_note import LineCredit
from invoicing.domain.errors import CreditExceedsInvoice, Invalid, NothingOutstanding
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import BAD_DEBT, Note, NoteAmounts
from invoicing.persistence import clinics, invoices
from invoicing.use_cases.compare_with_credit_limit import compare_with_credit_limit
from invoicing.use_cases.save_notes import save_notes


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """So much of one line or of one debit note, as priced; without an amount, all that is left of it."""

    line_id: UUID
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class CreditInvoice:
    """A credit note wanted: of `amount` with tax, or of `lines`; with neither, of all that is left."""

    invoice_id: UUID
    kind: Literal["courtesy", "price_correction", "write_off", "bad_debt"]
    reason: str
    amount: Money | None = None
    lines: tuple[CreditedLine, ...] = ()
    approved: bool = False
    """Whether a second person has approved it (`PAY-15`)."""


async def credit_invoice(work: Work, command: CreditInvoice) -> tuple[Invoice, Note]:
    """Make a credit note.

    Raises NotFound, WrongState, CreditExceedsInvoice, NothingOutstanding, WrongCurrency, BooksClosed, Invalid, and
    CreditNeedsApproval where it is above the limit and nobody approved it.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    found = await invoices.find(work.connection, command.invoice_id, lock=True, notes=True)
    on = settings.today(work.now)
    settings.check_books(on)
    invoice = found.require_issued("credited")
    note = Note(
        id=new_id(),
        clinic_id=work.clinic_id,
        invoice_id=invoice.id,
        side="credit",
        kind=command.kind,
        reason=command.reason,
        author=work.actor,
        amounts=credited_amounts(invoice, settings, command),
        issue_date=on,
        created_at=work.now,
    )
    if not command.approved:
        await compare_with_credit_limit(work, settings, invoice, note.amounts.total, on)
    invoice.add_note(note)
    await save_notes(work, [(settings, invoice, note)])
    return invoice, note


def credited_amounts(invoice: Invoice, settings: ClinicSettings, command: CreditInvoice) -> NoteAmounts:
    """What the credit note says, given the invoice with its notes.

    Raises WrongState, CreditExceedsInvoice, NothingOutstanding, Invalid.
    """
    if command.kind == BAD_DEBT:
        return _bad_debt(invoice, _amounts(invoice, settings, _of_outstanding(invoice, command)), command)
    return _amounts(invoice, settings, command)


def _of_outstanding(invoice: Invoice, command: CreditInvoice) -> CreditInvoice:
    """Bad debt is what is outstanding, where neither an amount nor lines say less. Raises NothingOutstanding."""
    if command.amount is not None or command.lines:
        return command
    if invoice.outstanding <= 0:
        raise NothingOutstanding(invoice.id)
    return replace(command, amount=Money(invoice.outstanding, invoice.pricing.currency))


def _bad_debt(invoice: Invoice, amounts: NoteAmounts, command: CreditInvoice) -> NoteAmounts:
    """What is paid is no bad debt. Raises CreditExceedsInvoice."""
    if amounts.total > invoice.outstanding:
        asked, left = (Money(minor, invoice.pricing.currency) for minor in (amounts.total, invoice.outstanding))
        raise CreditExceedsInvoice("lines" if command.lines else "amount", asked, left)
    return amounts


def _amounts(invoice: Invoice, settings: ClinicSettings, command: CreditInvoice) -> NoteAmounts:
    creditable = invoice.creditable()
    if command.amount is not None and command.lines:
        raise Invalid("lines", "a credit is of an amount or of lines, not of both")
    if command.amount is not None:
        return creditable.credit_total(settings.money(command.amount, "amount"), command.reason)
    if not command.lines:
        return creditable.credit_everything(command.reason)
    credits_ = [
        LineCredit(one.line_id, settings.money(one.amount, f"lines[{n}].amount") if one.amount is not None else None)
        for n, one in enumerate(command.lines)
    ]
    return creditable.credit_lines(credits_)
