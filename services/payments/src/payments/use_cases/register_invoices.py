"""Take issued invoices into the projection and the journal; from now on they can be paid."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from payments.domain.invoice_document import InvoiceDocument, RegisteredInvoice, line_of
from payments.domain.journal import AccountChange, entries_of_issue
from payments.domain.posting import DocumentPosting
from payments.persistence import documents, invoices, ledger, refundable_lines


async def register_invoices(work: Work, issued: Sequence[RegisteredInvoice]) -> None:
    """Register invoices, each once however often it is announced."""
    entered = [_document(invoice) for invoice in issued]
    new = await documents.add(work.connection, entered, work.now)
    unique = {invoice.balance.invoice_id: invoice for invoice in issued}.values()
    fresh = [invoice for invoice in unique if invoice.balance.invoice_id in new]
    if not fresh:
        return
    await invoices.add(work.connection, fresh)
    await refundable_lines.add(
        work.connection, [(invoice.clinic_id, invoice.lines) for invoice in fresh if invoice.lines]
    )
    work.ring(invoices.BELL)
    lines = [
        line_of(_document(invoice), invoice.balance.patient_id, work.now, AccountChange(invoice.balance.total_minor))
        for invoice in fresh
    ]
    await ledger.append(work.connection, [_posting(invoice) for invoice in fresh], lines)


def _document(invoice: RegisteredInvoice) -> InvoiceDocument:
    balance = invoice.balance
    return InvoiceDocument(
        clinic_id=invoice.clinic_id,
        document_id=balance.invoice_id,
        kind="invoice",
        invoice_id=balance.invoice_id,
        patient_id=balance.patient_id,
        number=balance.number,
        total_minor=balance.total_minor,
        issue_date=invoice.issue_date,
    )


def _posting(invoice: RegisteredInvoice) -> DocumentPosting:
    balance = invoice.balance
    entries = entries_of_issue(balance.invoice_id, balance.patient_id, invoice.amount)
    return DocumentPosting(invoice.clinic_id, balance.invoice_id, invoice.issue_date, entries)
