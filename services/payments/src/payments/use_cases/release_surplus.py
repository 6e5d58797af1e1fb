"""Turn into credit what is settled beyond what documents ask for, and say what it follows from (`INV-9`, `PAY-11`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_release
from payments.domain.clinic import Clinic
from payments.domain.insurers_part import NOTHING
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.invoice_document import InvoiceDocument
from payments.domain.movement import Movement
from payments.domain.patient_credit import release_surplus as release_from_payments
from payments.domain.payment import Payment
from payments.domain.posting import Posting
from payments.domain.reason_codes import Reason
from payments.domain.transaction import Payer, Release
from payments.persistence import clinics, insurers_parts, ledger
from payments.use_cases.posting import with_balances

NOTES_NAMED_MAX = 5
"""How many of the notes that released something together are named, the latest; a reason has 500 characters."""


async def release_surplus(
    work: Work,
    counted: Sequence[InvoiceDocument],
    locked: Mapping[UUID, InvoiceBalance],
    settling: Mapping[UUID, Payment],
) -> None:
    """Release what these documents left as surplus, of whoever paid beyond their part; what is locked is written back.

    What insurers decided is read here, after the invoices are locked.
    """
    postings: list[Posting] = []
    changed: dict[UUID, Payment] = {}
    latest = _latest(counted)
    beyond = [document for document in latest if locked[document.invoice_id].surplus_minor]
    of_clinic = await clinics.clinics_of(work.connection, {document.clinic_id for document in beyond}) if beyond else {}
    parts = await insurers_parts.of_invoices(work.connection, [one.invoice_id for one in beyond]) if beyond else {}
    for document in beyond:
        invoice = locked[document.invoice_id]
        by_contract = document.note_kind == "contractual_write_off"
        movement = release_from_payments(
            list(settling.values()), invoice, parts.get(invoice.invoice_id, NOTHING), insurers_first=by_contract
        )
        changed |= {part.payment_id: settling[part.payment_id] for part in movement.settlements}
        reason = _reason([one for one in counted if one.invoice_id == document.invoice_id])
        postings.append(_posting(work, of_clinic[document.clinic_id], document, invoice, movement, reason))
    for payment in changed.values():
        payment.version += 1
    balances = await ledger.post(work.connection, postings, changed.values(), locked.values())
    for one in with_balances(postings, balances, {}):
        announce_release(work, one)


def _latest(counted: Sequence[InvoiceDocument]) -> list[InvoiceDocument]:
    """Of each invoice the latest document; one of a refund only where there is no other, as it took off nothing new."""
    of_refunds = {one.invoice_id: one for one in counted if one.refund_id is not None}
    others = {one.invoice_id: one for one in counted if one.refund_id is None}
    return list((of_refunds | others).values())


def _reason(documents: Sequence[InvoiceDocument]) -> Reason:
    """What an invoice's release follows from, by the numbers that the clinic knows (`ALL-5`)."""
    if documents[-1].kind == "void":
        return Reason("invoice_voided", f"invoice {documents[-1].number} voided")
    notes = [one.number for one in documents if one.kind != "refund_adjustment"]
    if not notes:
        return Reason("invoice_credited", f"a refund on invoice {documents[-1].number} is credited")
    others = "" if len(notes) <= NOTES_NAMED_MAX else " and others"
    return Reason("invoice_credited", "credit note " + ", ".join(notes[-NOTES_NAMED_MAX:]) + others)


def _posting(
    work: Work, clinic: Clinic, document: InvoiceDocument, invoice: InvoiceBalance, movement: Movement, reason: Reason
) -> Posting:
    released = sum(part.change_minor for part in movement.credits)
    transaction = Release(
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
        reason_code=reason.code,
        reason=reason.text,
    )
    return Posting(document.clinic_id, transaction, movement)
