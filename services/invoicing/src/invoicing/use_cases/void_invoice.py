"""Void an issued invoice with nothing paid on it; its procedures are free again (`INV-8`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing import announcements
from invoicing.domain.invoice import VoidInvoice
from invoicing.persistence import billable_procedures, clinics, drafts, invoices, settlements, treatment_plans
from invoicing.use_cases.cancel_installment_plan import end_plan
from invoicing.use_cases.compare_with_credit_limit import compare_with_credit_limit
from invoicing.use_cases.reserve_sources import lock_sources


async def void_invoice(work: Work, invoice_id: UUID, reason: str, *, approved: bool = False) -> VoidInvoice:
    """Void an invoice.

    Raises NotFound, WrongState, InvoiceHasPayments naming them, BooksClosed, and CreditNeedsApproval where it is above
    the limit and nobody approved it (`PAY-15`).

    A payment that is on its way meanwhile becomes patient credit: payments sees to that (`PAY-11`).
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    await lock_sources(work, invoice_id)
    issued = (await invoices.find(work.connection, invoice_id, lock=True)).require_issued("voided")
    on = settings.today(work.now)
    standing = [row for row in await settlements.payments_of(work.connection, invoice_id) if row.settled_minor]
    invoice = issued.void(on, work.actor, reason, [row.payment_id for row in standing])
    settings.check_books(on)
    if not approved:
        await compare_with_credit_limit(work, settings, invoice, invoice.asked, on)
    await invoices.void(work.connection, invoice, work.now)
    await billable_procedures.release(work.connection, [invoice_id])
    await treatment_plans.release(work.connection, [invoice_id])
    causes = ["procedure_reverted", "price_missing", "fee_in_other_currency", "prices_changed"]
    await drafts.close_marks(work.connection, invoice_id, causes, work.now, work.actor, f"void: {reason}")
    announcements.announce_invoice_voided(work, invoice)
    await end_plan(work, invoice, "invoice_voided", reason)
    return invoice
