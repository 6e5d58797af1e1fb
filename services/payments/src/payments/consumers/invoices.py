"""Invoices, the documents that follow them, and what insurers decided: what there is to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.errors import NotYet
from chassis.money import Money, minor_of
from contracts.adjudications import AdjudicationApplied, InvoiceEstimated
from contracts.invoicing import InvoiceCredited, InvoiceDebited, InvoiceIssued, InvoiceVoided
from contracts.refund_adjustments import RefundAdjustmentDecided

from payments.domain.errors import ClinicNotConfigured, InvoiceUnknown
from payments.domain.insurers_part import AdjudicatedPart, EstimatedPart, InsurersPart
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.invoice_document import DocumentKind, InvoiceDocument, RegisteredInvoice
from payments.domain.journal import DocumentAmount
from payments.domain.refundable_lines import RefundableLines
from payments.domain.transaction import Payer
from payments.use_cases.follow_adjudications import follow_adjudications
from payments.use_cases.follow_documents import follow_documents
from payments.use_cases.follow_estimates import follow_estimates
from payments.use_cases.register_invoices import register_invoices

_VOIDS = UUID("1f0c9c0e-5a1e-4b7e-9d0a-6f3f0f6a7d11")


async def _follow(work: Work, documents: Sequence[InvoiceDocument]) -> None:
    """Follow documents. Raises NotYet where their invoice or clinic has not arrived."""
    try:
        await follow_documents(work, documents)
    except InvoiceUnknown as error:
        raise NotYet(f"invoice {error.identifier} is not known yet") from None
    except ClinicNotConfigured:
        raise NotYet("the clinic's settings are not known yet") from None


def _lines_left(event: InvoiceCredited | InvoiceDebited) -> dict[UUID, int] | None:
    """By line or debit note, tax included; None where an older release does not say it."""
    return {line.line_id: minor_of(line.left) for line in event.lines_left} or None


async def on_invoice_issued(work: Work, messages: Sequence[Message]) -> None:
    """Register invoices.

    An invoice was issued: it is owed, and can be paid.
    """
    await register_invoices(work, [_issued(InvoiceIssued.model_validate_json(m.data)) for m in messages])


def _issued(event: InvoiceIssued) -> RegisteredInvoice:
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
    estimated = 0 if event.patient_share is None else total.minor - minor_of(event.patient_share)
    return RegisteredInvoice(
        event.clinic_id,
        event.issue_date,
        balance,
        amount,
        _lines(event, amount),
        insurers_estimated_minor=estimated,
        insurers_estimated=tuple(
            (Payer("insurer", one.payer_id, one.payer_name), minor_of(one.expected) + minor_of(one.write_off))
            for one in event.payer_shares
        ),
        insurers_write_offs=tuple(
            (Payer("insurer", one.payer_id, one.payer_name), minor_of(one.write_off)) for one in event.payer_shares
        ),
    )


def _lines(event: InvoiceIssued, amount: DocumentAmount) -> RefundableLines | None:
    """What can be credited of each line; rounding goes with them where nothing else is in the total."""
    told = {line.line_id: minor_of(line.creditable) for line in event.lines if line.creditable is not None}
    if len(told) < len(event.lines) or not told:
        return None
    rounding = 0 if event.document_charges else amount.total_minor - sum(told.values())
    return RefundableLines(event.invoice_id, event.totals.total.currency, told, rounding)


async def on_invoice_voided(work: Work, messages: Sequence[Message]) -> None:
    """Follow voids (`INV-8`, `PAY-11`).

    An invoice became void: it asks for nothing, and money on its way to it becomes credit.
    """
    await _follow(work, [_void(InvoiceVoided.model_validate_json(m.data)) for m in messages])


def _void(event: InvoiceVoided) -> InvoiceDocument:
    return InvoiceDocument(
        clinic_id=event.clinic_id,
        # A void has no id of its own; an invoice has at most one.
        document_id=uuid5(_VOIDS, str(event.invoice_id)),
        kind="void",
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.number,
        total_minor=minor_of(event.total),
        issue_date=event.voided_on,
    )


async def on_invoice_credited(work: Work, messages: Sequence[Message]) -> None:
    """Follow credit notes (`INV-9`, `PAY-4`).

    A credit note was issued: the invoice asks for less, unless it follows a refund that was counted already.
    """
    events = [(InvoiceCredited.model_validate_json(message.data), message.sequence) for message in messages]
    await _follow(work, [_note(event, "credit_note", event.credit_note_id, version) for event, version in events])


async def on_invoice_debited(work: Work, messages: Sequence[Message]) -> None:
    """Follow debit notes (`INV-9`, `PAY-5`).

    A debit note was issued: the invoice asks for more, unless it follows the cancellation of a refund.
    """
    events = [(InvoiceDebited.model_validate_json(message.data), message.sequence) for message in messages]
    await _follow(work, [_note(event, "debit_note", event.debit_note_id, version) for event, version in events])


def _note(
    event: InvoiceCredited | InvoiceDebited, kind: DocumentKind, document_id: UUID, version: int
) -> InvoiceDocument:
    deferred = event.purpose == "deferred_write_off"
    return InvoiceDocument(
        clinic_id=event.clinic_id,
        document_id=document_id,
        kind=kind,
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.number,
        total_minor=minor_of(event.total),
        tax_minor=minor_of(event.tax),
        cash_rounding_minor=minor_of(event.cash_rounding),
        note_kind=event.kind if deferred else event.purpose or event.kind,
        deferred=deferred,
        undoes_id=event.undoes_id,
        issue_date=event.issue_date,
        refund_id=event.refund_id,
        lines_left=_lines_left(event),
        asked_of_lines_minor=None if event.asked_of_lines is None else minor_of(event.asked_of_lines),
        invoice_version=version,
    )


async def on_adjudication_applied(work: Work, messages: Sequence[Message]) -> None:
    """Keep what all decisions on each invoice come to, as of its latest version.

    Insurers decided on an invoice: what they are to pay of it, others are not to have paid for them (`INS-4`).
    """
    await follow_adjudications(
        work,
        [
            _adjudicated_part(AdjudicationApplied.model_validate_json(message.data), message.sequence)
            for message in messages
        ],
    )


def _adjudicated_part(event: AdjudicationApplied, version: int) -> AdjudicatedPart:
    return AdjudicatedPart(
        clinic_id=event.clinic_id,
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        payer=Payer("insurer", event.payer_id, event.payer_name),
        part=InsurersPart(minor_of(event.shares.paid), _payers(event), minor_of(event.shares.undecided)),
        version=version,
        estimated_minor=0 if event.estimated is None else minor_of(event.estimated),
        estimated_write_off_minor=0 if event.estimated_write_off is None else minor_of(event.estimated_write_off),
    )


def _payers(event: AdjudicationApplied) -> tuple[tuple[Payer, int], ...] | None:
    """Whose it is; None of an event from before that was told."""
    if event.insurers is None:
        return None
    return tuple(
        (Payer("insurer", insurer.payer_id, insurer.payer_name), minor_of(insurer.paid)) for insurer in event.insurers
    )


async def on_invoice_estimated(work: Work, messages: Sequence[Message]) -> None:
    """Keep what insurers are estimated to take of invoices that were issued before it was kept.

    It is not asked of the patient, who is asked for the rest alone (`INS-4`).
    """
    events = [(InvoiceEstimated.model_validate_json(message.data), message.sequence) for message in messages]
    estimates = [EstimatedPart(event.invoice_id, minor_of(event.estimated), version) for event, version in events]
    try:
        await follow_estimates(work, estimates)
    except InvoiceUnknown as error:
        raise NotYet(f"invoice {error.identifier} is not known yet") from None


async def on_refund_adjustment_decided(work: Work, messages: Sequence[Message]) -> None:
    """Follow answers to refunds; what was decided on their cancellation says nothing new here (`PAY-20`).

    Invoicing credits less for a refund than it wanted: what is not credited is asked for again.
    """
    events = [RefundAdjustmentDecided.model_validate_json(message.data) for message in messages]
    await _follow(work, [_adjustment(event) for event in events if minor_of(event.wanted) > 0])


def _adjustment(event: RefundAdjustmentDecided) -> InvoiceDocument:
    return InvoiceDocument(
        clinic_id=event.clinic_id,
        document_id=event.adjustment_id,
        kind="refund_adjustment",
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.invoice_number,
        total_minor=minor_of(event.wanted) - minor_of(event.credited),
        issue_date=event.decided_on,
        refund_id=event.refund_id,
    )
