"""Invoices and the notes on them, as receipts and their own PDFs print them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.members import Members
from chassis.messaging import Message
from chassis.money import Money
from contracts.invoicing import (
    DocumentCharge,
    InvoiceCredited,
    InvoiceDebited,
    InvoiceIssued,
    InvoiceLine,
    InvoiceVoided,
    Note,
    PayerShare,
    TaxTotal,
)

from receipts.consumers.event_mapping import attribute_failures, waited_for
from receipts.domain import printed_invoice as domain
from receipts.domain.errors import FactsMissing
from receipts.domain.issued_note import IssuedNote, NoteKind, NoteLine
from receipts.persistence import invoices
from receipts.use_cases.keep_issued_invoices import keep_issued_invoices
from receipts.use_cases.keep_issued_notes import keep_issued_notes

_SAME = Members(
    InvoiceLine, domain.InvoiceLine, without=["quantity", "unit_price", "discount", "net", "price", "charges"]
)


async def on_invoice_issued(work: Work, messages: Sequence[Message]) -> None:
    """Keep them; an invoice whose clinic or patient is not known yet waits.

    An invoice was issued: freeze what its PDF will say, and keep its lines for the receipts of its payments.
    """
    events = [InvoiceIssued.model_validate_json(message.data) for message in messages]
    issued = [(_invoice(event), event.occurred_at) for event in events]
    with attribute_failures({event.invoice_id: message for event, message in zip(events, messages, strict=True)}):
        await keep_issued_invoices(work, issued, waited_for(messages, events))


def _invoice(event: InvoiceIssued) -> domain.PrintedInvoice:
    totals = event.totals
    return domain.PrintedInvoice(
        invoice_id=event.invoice_id,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        number=event.number,
        issue_date=event.issue_date,
        due_date=event.due_date,
        prices_include_tax=event.prices_include_tax,
        lines=tuple(_line(line) for line in sorted(event.lines, key=lambda line: line.position)),
        net=Money.of(totals.net),
        discount=Money.of(totals.discount),
        tax=Money.of(totals.tax),
        cash_rounding=Money.of(totals.cash_rounding),
        total=Money.of(totals.total),
        taxes=tuple(_tax(group) for group in totals.taxes),
        insurers=tuple(_share(share) for share in event.payer_shares),
        discount_reason=_discount_reason(event),
        charges=tuple(_document_charge(charge) for charge in event.document_charges),
        note=event.note,
        patient_share=Money.of(event.patient_share) if event.patient_share else None,
    )


def _document_charge(charge: DocumentCharge) -> domain.DocumentCharge:
    return domain.DocumentCharge(
        reason=charge.reason,
        amount=Money.of(charge.net),
        tax_category=charge.tax_category,
        tax_rate=charge.tax_rate,
    )


def _discount_reason(event: InvoiceIssued) -> str | None:
    """Why the document has discounts: each reason once."""
    return (
        "; ".join(dict.fromkeys(discount.reason for discount in event.document_discounts))
        or event.document_discount_reason
    )


def _line(line: InvoiceLine) -> domain.InvoiceLine:
    return domain.InvoiceLine(
        **_SAME.of(line),
        quantity=f"-{line.quantity}" if line.returned else line.quantity,
        unit_price=Money.of(line.unit_price),
        discount=Money.of(line.discount),
        net=Money.of(line.net),
        price=line.price.amount if line.price else None,
        base_quantity=line.price.base_quantity if line.price else "1",
        charges=tuple(domain.Charge(reason=charge.reason, amount=Money.of(charge.amount)) for charge in line.charges),
    )


def _tax(group: TaxTotal) -> domain.TaxGroup:
    return domain.TaxGroup(
        category=group.category,
        rate=group.rate,
        base=Money.of(group.base),
        tax=Money.of(group.tax),
        exemption_reason=group.exemption_reason,
        exemption_reasons=tuple(group.exemption_reasons),
    )


def _share(share: PayerShare) -> domain.InsurerShare:
    return domain.InsurerShare(
        payer_name=share.payer_name,
        expected=Money.of(share.expected),
        write_off=Money.of(share.write_off),
        sequence=share.payer_sequence,
    )


async def on_invoice_voided(work: Work, messages: Sequence[Message]) -> None:
    """Mark them; one whose issue is not known yet waits.

    An invoice became void: its PDF is served stamped from now on (`INV-8`).
    """
    events = [InvoiceVoided.model_validate_json(message.data) for message in messages]
    with attribute_failures({event.invoice_id: message for event, message in zip(events, messages, strict=True)}):
        known = await invoices.void(
            work.connection, {event.invoice_id: (event.occurred_at, event.by.reason) for event in events}
        )
        missing = {one.invoice_id for one in events} - known
        if missing:
            raise FactsMissing({id_: f"invoice {id_} is not known yet" for id_ in missing})


async def on_invoice_credited(work: Work, messages: Sequence[Message]) -> None:
    """Keep the credit notes of a batch.

    A credit note was issued: freeze what its PDF will say (`INV-6`).
    """
    events = [InvoiceCredited.model_validate_json(message.data) for message in messages]
    await _keep_notes(
        work, messages, events, [_note(event, "credit_note", event.credit_note_id, event.kind) for event in events]
    )


async def on_invoice_debited(work: Work, messages: Sequence[Message]) -> None:
    """Keep the debit notes of a batch.

    A debit note was issued: freeze what its PDF will say (`INV-6`).
    """
    events = [InvoiceDebited.model_validate_json(message.data) for message in messages]
    await _keep_notes(work, messages, events, [debit_note(event) for event in events])


def debit_note(event: InvoiceDebited) -> IssuedNote:
    """A debit note as its event tells of it."""
    return _note(event, "debit_note", event.debit_note_id, event.kind)


async def _keep_notes(
    work: Work, messages: Sequence[Message], events: Sequence[Note], notes: Sequence[IssuedNote]
) -> None:
    # One whose clinic, patient or invoice is not known yet waits.
    with attribute_failures({note.note_id: message for note, message in zip(notes, messages, strict=True)}):
        issued = [(note, event.occurred_at) for note, event in zip(notes, events, strict=True)]
        await keep_issued_notes(work, issued, waited_for(messages, notes))


def _note(event: Note, kind: NoteKind, note_id: UUID, purpose: str) -> IssuedNote:
    total = Money.of(event.total)
    return IssuedNote(
        note_id=note_id,
        kind=kind,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        invoice_id=event.invoice_id,
        invoice_number=event.invoice_number,
        number=event.number,
        issue_date=event.issue_date,
        purpose=purpose,
        reason=event.reason,
        undoes_id=event.undoes_id,
        lines=tuple(
            NoteLine(
                description=line.description,
                net=Money.of(line.net),
                tax_category=line.tax_category,
                tax_rate=line.tax_rate,
                tax=Money.of(line.tax),
                exemption_reason=line.exemption_reason,
            )
            for line in event.lines
        ),
        net=Money.of(event.net),
        tax=Money.of(event.tax),
        cash_rounding=Money.of(event.cash_rounding) if event.cash_rounding else Money.zero(total.currency),
        total=total,
        further_purpose=event.purpose,
    )
