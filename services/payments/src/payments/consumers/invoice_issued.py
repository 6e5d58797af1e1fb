"""An invoice was issued: it is owed, and can be paid."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import Money, minor_of
from contracts.invoicing import InvoiceIssued

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import DocumentAmount
from payments.domain.refundable_lines import RefundableLines
from payments.persistence.invoices import IssuedInvoice
from payments.use_cases.register_invoices import register_invoices


async def on_invoice_issued(work: Work, messages: Sequence[Message]) -> None:
    """Register invoices."""
    await register_invoices(work, [_issued(InvoiceIssued.model_validate_json(m.data)) for m in messages])


def _issued(event: InvoiceIssued) -> IssuedInvoice:
    total = Money.of(event.totals.total)
    balance = InvoiceBalance(
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.number,
        currency=total.currency,
        due_date=event.due_date,
        total_minor=total.minor,
        treatment_plan_ids=frozenset(line.treatment_plan_id for line in event.lines if line.treatment_plan_id),
    )
    amount = DocumentAmount(total.minor, minor_of(event.totals.tax), minor_of(event.totals.cash_rounding))
    return IssuedInvoice(event.clinic_id, event.issue_date, balance, amount, _lines(event, amount))


def _lines(event: InvoiceIssued, amount: DocumentAmount) -> RefundableLines | None:
    """What can be credited of each line; rounding goes with them where nothing else is in the total."""
    told = {line.line_id: minor_of(line.creditable) for line in event.lines if line.creditable is not None}
    if len(told) < len(event.lines) or not told:
        return None
    rounding = 0 if event.document_charges else amount.total_minor - sum(told.values())
    return RefundableLines(event.invoice_id, event.totals.total.currency, told, rounding)
