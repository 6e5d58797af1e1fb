"""Follow credit notes, debit notes and voids; what is settled beyond that becomes credit (`INV-9`, `PAY-11`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_release
from payments.domain.errors import InvoiceUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import (
    AccountChange,
    Entry,
    account_changes,
    account_of_credit,
    entries_of_allowed_tax,
    entries_of_credit,
    entries_of_issue,
    given_up,
    opposite,
)
from payments.domain.movement import Movement
from payments.domain.patient_credit import release_surplus
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, Transaction
from payments.domain.why import Why
from payments.domain.written import Written
from payments.persistence import clinics, documents, invoices, ledger
from payments.persistence.clinics import Clinic
from payments.persistence.documents import InvoiceDocument, line_of
from payments.persistence.ledger import DocumentPosting, Posting
from payments.use_cases.booking import with_balances
from payments.use_cases.lock_settled import lock_settled

NOTES_NAMED_MAX = 5
"""How many of the notes that released something together are named, the latest; a reason has 500 characters."""


async def follow_documents(work: Work, followed: Sequence[InvoiceDocument]) -> None:
    """Apply documents to their invoices, in order, each once. Raises InvoiceUnknown, ClinicNotConfigured."""
    wanted = sorted({one.invoice_id for one in followed})
    patients = await _require_known(work, wanted)
    new = await documents.add(work.connection, followed, work.now)
    entered = [one for one in {one.document_id: one for one in followed}.values() if one.document_id in new]
    booked = [one for one in entered if one.refund_id is None or one.tax_minor]
    if not entered:
        return
    locked, settling = await lock_settled(work, sorted({one.invoice_id for one in booked}))
    written = await _written(work, booked)
    postings = {one.document_id: _apply(one, locked[one.invoice_id], written) for one in booked}
    lines = [
        line_of(one, patients[one.invoice_id], work.now, _change(postings.get(one.document_id))) for one in entered
    ]
    await ledger.append(work.connection, list(postings.values()), lines)
    await _release(work, [one for one in booked if one.refund_id is None], locked, settling)


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


async def _written(work: Work, booked: Sequence[InvoiceDocument]) -> Written:
    """What was written before on the invoices of which something is taken back."""
    wanted = {one.invoice_id for one in booked if one.kind == "void" or one.undoes_id is not None}
    return await ledger.written(work.connection, sorted(wanted)) if wanted else Written()


def _apply(document: InvoiceDocument, invoice: InvoiceBalance, written: Written) -> DocumentPosting:
    entries = _entries(document, invoice, written)
    written.add(document.document_id, entries)
    if document.kind != "void":
        invoice.write_off(given_up(entries) * document.total_minor, by_contract=document.follows_contract)
    return DocumentPosting(document.clinic_id, document.document_id, document.issue_date, entries)


def _entries(document: InvoiceDocument, invoice: InvoiceBalance, written: Written) -> tuple[Entry, ...]:
    where = (invoice.invoice_id, invoice.patient_id)
    if document.refund_id is not None:
        return _tax_of_allowance(document, invoice)
    if document.kind == "void":
        invoice.become_void()
        return opposite(written.of_invoice[invoice.invoice_id], *where, invoice.refund_adjusted_minor)
    if document.kind == "debit_note":
        invoice.debited_minor += document.total_minor
    else:
        invoice.credited_minor += document.total_minor
    if undone := written.by(document.undoes_id):
        return opposite(undone, *where)
    if document.takes_back_write_off:
        return entries_of_credit(*where, -document.amount, "write_offs")
    if document.kind == "debit_note":
        return entries_of_issue(*where, document.amount)
    return entries_of_credit(*where, document.amount, account_of_credit(document.note_kind))


def _tax_of_allowance(document: InvoiceDocument, invoice: InvoiceBalance) -> tuple[Entry, ...]:
    """A void took back every account of the invoice; a note that comes after it moves nothing between them."""
    sign = 0 if invoice.void else 1 if document.kind == "credit_note" else -1
    return entries_of_allowed_tax(invoice.invoice_id, sign * document.tax_minor)


async def _release(
    work: Work,
    counted: Sequence[InvoiceDocument],
    locked: Mapping[UUID, InvoiceBalance],
    settling: Mapping[UUID, Payment],
) -> None:
    postings: list[Posting] = []
    changed: dict[UUID, Payment] = {}
    latest = {one.invoice_id: one for one in counted}.values()
    beyond = [document for document in latest if locked[document.invoice_id].surplus_minor]
    of_clinic = await clinics.clinics_of(work.connection, {document.clinic_id for document in beyond}) if beyond else {}
    for document in beyond:
        invoice = locked[document.invoice_id]
        by_contract = document.note_kind == "contractual_write_off"
        movement = release_surplus(list(settling.values()), invoice, insurers_last=by_contract)
        changed |= {part.payment_id: settling[part.payment_id] for part in movement.settlements}
        why = _why([one for one in counted if one.invoice_id == document.invoice_id])
        postings.append(_posting(work, of_clinic[document.clinic_id], document, invoice, movement, why))
    for payment in changed.values():
        payment.version += 1
    balances = await ledger.post(work.connection, postings, changed.values(), locked.values())
    for one in with_balances(postings, balances, {}):
        announce_release(work, one)


def _why(documents: Sequence[InvoiceDocument]) -> Why:
    """What an invoice's release follows from, by the numbers that the clinic knows (`ALL-5`)."""
    if documents[-1].kind == "void":
        return Why("invoice_voided", f"invoice {documents[-1].number} voided")
    others = "" if len(documents) <= NOTES_NAMED_MAX else " and others"
    return Why(
        "invoice_credited", "credit note " + ", ".join(one.number for one in documents[-NOTES_NAMED_MAX:]) + others
    )


def _posting(
    work: Work, clinic: Clinic, document: InvoiceDocument, invoice: InvoiceBalance, movement: Movement, why: Why
) -> Posting:
    released = sum(part.change_minor for part in movement.credits)
    transaction = Transaction(
        transaction_id=new_id(),
        kind="release",
        patient_id=invoice.patient_id,
        amount=Money(released, invoice.currency),
        method="other",
        method_label="patient credit",
        payer=Payer(),
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        linked_id=document.document_id,
        reason_code=why.code,
        reason=why.words,
    )
    return Posting(document.clinic_id, transaction, movement)
