"""Follow credit notes, debit notes, voids and answers to refunds; surplus becomes credit (`INV-9`, `PAY-11`).

Where an invoice asks for more, insurers' credit settles their parts of it (`INS-4`), and then credit of the money that
was given for it the rest (`PAY-22`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from payments.domain.errors import InvoiceUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.invoice_document import InvoiceDocument, line_of
from payments.domain.journal import (
    AccountChange,
    Entry,
    account_changes,
    account_of_credit,
    bad_debt,
    entries_of_allowed_tax,
    entries_of_answer,
    entries_of_credit,
    entries_of_issue,
    given_up,
    opposite,
)
from payments.domain.posted_totals import PostedTotals
from payments.domain.posting import DocumentPosting
from payments.domain.refund_adjustment import RefundAdjustment
from payments.persistence import documents, invoices, ledger, refund_adjustments, refundable_lines
from payments.persistence.refund_adjustments import Of
from payments.use_cases.lock_with_credit import lock_with_parts, settle_parts
from payments.use_cases.release_surplus import release_surplus
from payments.use_cases.settle_from_given import lock_given, settle_from_given


@dataclass(frozen=True, slots=True)
class _Before:
    """What documents had written before, and what refunds wanted and were answered; it changes as they are followed."""

    posted: PostedTotals
    adjustments: dict[Of, RefundAdjustment]


async def follow_documents(work: Work, followed: Sequence[InvoiceDocument]) -> None:
    """Apply documents to their invoices, in order, each once. Raises InvoiceUnknown, ClinicNotConfigured."""
    wanted = sorted({document.invoice_id for document in followed})
    patients = await _require_known(work, wanted)
    new = await documents.add(work.connection, followed, work.now)
    entered = [
        document
        for document in {document.document_id: document for document in followed}.values()
        if document.document_id in new
    ]
    if not entered:
        return
    of_clinic = {document.invoice_id: document.clinic_id for document in entered}
    raised = {document.invoice_id for document in entered if document.raises}
    found = await lock_with_parts(work, sorted(of_clinic), raised)
    locked, settling = found.invoices, found.payments
    before = await _before(work, entered)
    postings = {document.document_id: _apply(document, locked[document.invoice_id], before) for document in entered}
    lines = [
        line_of(document, patients[document.invoice_id], work.now, _change(postings.get(document.document_id)))
        for document in entered
    ]
    await ledger.append(work.connection, list(postings.values()), lines)
    await refundable_lines.follow(work.connection, entered)
    await invoices.keep_what_lines_ask(work.connection, entered)
    making_room = {credit.invoice_id for credit in found.credit}
    freeing = {id_: of_clinic[id_] for id_, one in locked.items() if one.surplus_minor or id_ in making_room}
    await lock_given(work, locked, settling, freeing=freeing, others=found.holders)
    await release_surplus(work, entered, locked, settling)
    await settle_parts(work, found.credit, locked, settling, of_clinic)
    await settle_from_given(work, locked, settling)


async def _require_known(work: Work, wanted: Sequence[UUID]) -> dict[UUID, UUID]:
    """The patients of these invoices."""
    known = await invoices.known(work.connection, wanted)
    for invoice_id in wanted:
        if invoice_id not in known:
            raise InvoiceUnknown(invoice_id)
    return known


def _change(posting: DocumentPosting | None) -> AccountChange:
    """How its patient's account changes by a document; one that follows a refund was counted with it."""
    return sum(account_changes(posting.entries if posting else ()).values(), AccountChange())


async def _before(work: Work, entered: Sequence[InvoiceDocument]) -> _Before:
    taking_back = {
        document.invoice_id for document in entered if document.kind == "void" or document.undoes_id is not None
    }
    posted = await ledger.posted_totals(work.connection, sorted(taking_back)) if taking_back else PostedTotals()
    refunds = {document.refund_id for document in entered if document.refund_id is not None}
    adjustments = await refund_adjustments.of_refunds(
        work.connection, refunds, apart_from=[document.document_id for document in entered]
    )
    return _Before(posted, adjustments)


def _apply(document: InvoiceDocument, invoice: InvoiceBalance, before: _Before) -> DocumentPosting:
    invoice.version += 1
    if document.refund_id is not None:
        entries = _follow_refund(document, document.refund_id, invoice, before.adjustments)
    else:
        entries = _entries(document, invoice, before.posted)
    before.posted.add(document.document_id, entries)
    if document.kind != "void":
        invoice.write_off(given_up(entries) * document.total_minor, by_contract=document.follows_contract)
        invoice.count_bad_debt(bad_debt(entries) * document.total_minor)
    return DocumentPosting(document.clinic_id, document.document_id, document.issue_date, entries)


def _entries(document: InvoiceDocument, invoice: InvoiceBalance, posted: PostedTotals) -> tuple[Entry, ...]:
    where = (invoice.invoice_id, invoice.patient_id)
    if document.kind == "void":
        invoice.become_void()
        return opposite(posted.of_invoice[invoice.invoice_id], *where, invoice.refund_adjusted_minor)
    if document.kind == "debit_note":
        invoice.debited_minor += document.total_minor
    else:
        invoice.credited_minor += document.total_minor
    if undone := posted.by(document.undoes_id):
        return opposite(undone, *where)
    if document.takes_back_write_off:
        return entries_of_credit(*where, -document.amount, "write_offs")
    if document.note_kind == "bad_debt_recovery":
        return entries_of_credit(*where, -document.amount, "bad_debts")
    if document.kind == "debit_note":
        return entries_of_issue(*where, document.amount)
    return entries_of_credit(*where, document.amount, account_of_credit(document.note_kind))


def _follow_refund(
    document: InvoiceDocument, refund_id: UUID, invoice: InvoiceBalance, adjustments: dict[Of, RefundAdjustment]
) -> tuple[Entry, ...]:
    """A note that goes with a refund, or the answer that less of it is credited than was wanted (`PAY-20`)."""
    adjustment = adjustments.get((refund_id, invoice.invoice_id))
    answers = adjustment is not None and adjustment.open
    if document.kind == "refund_adjustment":
        if adjustment is None or not answers:
            return ()
        uncredited = invoice.answer(adjustment, adjustment.wanted_minor - document.total_minor)
        _answered(adjustments, adjustment, adjustment.wanted_minor - uncredited)
        return entries_of_answer(adjustment, invoice.patient_id, uncredited, void=invoice.void)
    if document.kind == "credit_note" and answers and adjustment and document.total_minor == adjustment.wanted_minor:
        invoice.answer(adjustment, document.total_minor)
        _answered(adjustments, adjustment, document.total_minor)
    # A void took back every account of the invoice; a note that comes after it moves nothing between them.
    sign = 0 if invoice.void else 1 if document.kind == "credit_note" else -1
    return entries_of_allowed_tax(invoice.invoice_id, sign * document.tax_minor)


def _answered(adjustments: dict[Of, RefundAdjustment], adjustment: RefundAdjustment, credited_minor: int) -> None:
    of = (adjustment.refund_id, adjustment.invoice_id)
    adjustments[of] = replace(adjustment, credited_minor=credited_minor)
