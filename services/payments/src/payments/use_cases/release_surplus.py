"""Turn into credit what is settled beyond what documents ask for, and say what it follows from (`INV-9`, `PAY-11`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work

from payments.domain.insurers_part import NOTHING, InsurersPart
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.invoice_document import InvoiceDocument
from payments.domain.movement import Movement
from payments.domain.patient_credit import release_surplus as release_from_payments
from payments.domain.payment import Payment
from payments.domain.reason_codes import Reason
from payments.persistence import insurers_parts
from payments.use_cases.release_allocations import Released, release_allocations

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
    beyond = [document for document in _latest(counted) if locked[document.invoice_id].surplus_minor]
    parts = await insurers_parts.of_invoices(work.connection, [one.invoice_id for one in beyond]) if beyond else {}
    releases: list[Released] = []
    for document in beyond:
        invoice = locked[document.invoice_id]
        movements = _released(document, list(settling.values()), invoice, parts.get(invoice.invoice_id, NOTHING))
        reason = _reason([one for one in counted if one.invoice_id == document.invoice_id])
        releases.append(Released(document.clinic_id, invoice, movements, reason, document.document_id))
    await release_allocations(work, releases, settling, locked.values())


def _released(
    document: InvoiceDocument, settling: Sequence[Payment], invoice: InvoiceBalance, part: InsurersPart
) -> dict[UUID, Movement]:
    decided_now = document.note_kind == "contractual_write_off" and not document.deferred
    return release_from_payments(settling, invoice, part, insurers_first=decided_now)


def _latest(counted: Sequence[InvoiceDocument]) -> list[InvoiceDocument]:
    """Of each invoice the latest document; one of a refund only where there is no other, as it took off nothing new."""
    of_refunds = {document.invoice_id: document for document in counted if document.refund_id is not None}
    others = {document.invoice_id: document for document in counted if document.refund_id is None}
    return list((of_refunds | others).values())


def _reason(documents: Sequence[InvoiceDocument]) -> Reason:
    """What an invoice's release follows from, by the numbers that the clinic knows (`ALL-5`)."""
    if documents[-1].kind == "void":
        return Reason("invoice_voided", f"invoice {documents[-1].number} voided")
    notes = [document.number for document in documents if document.kind != "refund_adjustment"]
    if not notes:
        return Reason("invoice_credited", f"a refund on invoice {documents[-1].number} is credited")
    others = "" if len(notes) <= NOTES_NAMED_MAX else " and others"
    return Reason("invoice_credited", "credit note " + ", ".join(notes[-NOTES_NAMED_MAX:]) + others)
