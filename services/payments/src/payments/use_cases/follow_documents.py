"""Follow credit notes, debit notes and voids; what is settled beyond that becomes credit (`INV-9`, `PAY-11`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money
from sqlalchemy import text

from payments.announcements import Cause, Posted, announce_release
from payments.domain.errors import InvoiceUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import Entry, entries_of_credit, entries_of_issue, entries_of_void
from payments.domain.movement import Movement
from payments.domain.patient_credit import release_surplus
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, Transaction
from payments.persistence import clinics, documents, invoices, ledger, payments
from payments.persistence.documents import InvoiceDocument
from payments.persistence.ledger import DocumentPosting, Posting

LOCKING_ATTEMPTS_MAX = 10

_SAVEPOINT = text("SAVEPOINT before_locking")
_LET_GO = text("ROLLBACK TO SAVEPOINT before_locking")


class LockingUnlucky(TimeoutError):
    """New payments kept settling these invoices while we locked; the batch is tried again."""


async def follow_documents(work: Work, followed: Sequence[InvoiceDocument]) -> None:
    """Apply documents to their invoices, in order, each once. Raises InvoiceUnknown, ClinicNotConfigured."""
    wanted = sorted({one.invoice_id for one in followed})
    await _require_known(work, wanted)
    new = await documents.add(work.connection, followed, work.now)
    unique = {one.document_id: one for one in followed}.values()
    counted = [one for one in unique if one.document_id in new and one.refund_id is None]
    if not counted:
        return
    locked, settling = await _lock(work, sorted({one.invoice_id for one in counted}))
    postings = [_apply(one, locked[one.invoice_id]) for one in counted]
    await ledger.append(work.connection, postings)
    await _release(work, counted, locked, settling)


async def _require_known(work: Work, wanted: Sequence[UUID]) -> None:
    known = await invoices.known(work.connection, wanted)
    for invoice_id in wanted:
        if invoice_id not in known:
            raise InvoiceUnknown(invoice_id)


async def _lock(work: Work, wanted: Sequence[UUID]) -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]]:
    """Lock the payments that settle these invoices, then the invoices, in the order that everybody keeps (`PAY-11`).

    A payment recorded in between is seen once the invoices are locked; then all is let go and locked anew.
    """
    for _ in range(LOCKING_ATTEMPTS_MAX):
        await work.connection.execute(_SAVEPOINT)
        settling = await payments.lock(work.connection, await payments.settling(work.connection, wanted))
        locked = await invoices.lock(work.connection, wanted)
        settled = [invoice_id for invoice_id, balance in locked.items() if balance.settled_minor]
        if not settled or await payments.settling(work.connection, settled) <= settling.keys():
            return locked, settling
        await work.connection.execute(_LET_GO)
    raise LockingUnlucky


def _apply(document: InvoiceDocument, invoice: InvoiceBalance) -> DocumentPosting:
    return DocumentPosting(document.clinic_id, document.document_id, _entries(document, invoice))


def _entries(document: InvoiceDocument, invoice: InvoiceBalance) -> tuple[Entry, ...]:
    if document.kind == "debit_note":
        invoice.debited_minor += document.total_minor
        return entries_of_issue(invoice.invoice_id, invoice.patient_id, document.total_minor)
    if document.kind == "credit_note":
        invoice.credited_minor += document.total_minor
        return entries_of_credit(invoice.invoice_id, invoice.patient_id, document.total_minor)
    asked = invoice.asked_minor
    invoice.become_void()
    return entries_of_void(invoice.invoice_id, invoice.patient_id, asked)


async def _release(
    work: Work,
    counted: Sequence[InvoiceDocument],
    locked: Mapping[UUID, InvoiceBalance],
    settling: Mapping[UUID, Payment],
) -> None:
    postings: list[Posting] = []
    changed: dict[UUID, Payment] = {}
    for document in {one.invoice_id: one for one in counted}.values():
        invoice = locked[document.invoice_id]
        if invoice.surplus_minor:
            movement = release_surplus(list(settling.values()), invoice)
            changed |= {part.payment_id: settling[part.payment_id] for part in movement.settlements}
            postings.append(await _posting(work, document, invoice, movement))
    for payment in changed.values():
        payment.version += 1
    balances = await ledger.post(work.connection, postings, changed.values(), locked.values())
    causes = {one.invoice_id: one.kind for one in counted}
    for posting in postings:
        _announce(work, posting, balances, "invoice_voided" if _is_void(posting, causes) else "invoice_credited")


async def _posting(work: Work, document: InvoiceDocument, invoice: InvoiceBalance, movement: Movement) -> Posting:
    clinic = await clinics.clinic_of(work.connection, document.clinic_id)
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
    )
    return Posting(document.clinic_id, transaction, movement)


def _is_void(posting: Posting, causes: Mapping[UUID, str]) -> bool:
    return any(causes[part.invoice_id] == "void" for part in posting.movement.settlements)


def _announce(work: Work, posting: Posting, balances: Mapping[UUID, int], cause: Cause) -> None:
    patient_id = posting.transaction.patient_id
    change = posting.movement.credit_change_of(patient_id)
    posted = Posted(posting.clinic_id, posting.transaction, posting.movement, change, balances[patient_id])
    announce_release(work, posted, cause)
