"""Apply insurers' decisions: kept as further rows, CO written off by a credit note, what does not balance set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import are_one
from chassis.identifiers import new_id

from invoicing.announcements.adjudications import (
    AppliedAdjudication,
    Cause,
    announce_adjudication_applied,
    announce_adjudication_set_aside,
)
from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.adjudication import Adjudication, KeptAdjudication, KnownAdjudication, StatedAdjudication
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import AdjudicationNotAcceptable
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import CONTRACTUAL, Note, NoteAmounts, Side
from invoicing.domain.payer_identity import by_whom
from invoicing.domain.review import Review
from invoicing.domain.write_off import bring_write_offs_to
from invoicing.persistence import adjudications, clinics, drafts, invoices, parked_adjudications, payer_identities
from invoicing.use_cases.adjust_installment_plans import NewNote
from invoicing.use_cases.save_notes import save_notes


@dataclass(slots=True)
class _Batch:
    """What is known of the invoices of a batch, and what came of its decisions so far."""

    invoices: dict[tuple[UUID, UUID], AdjudicatedInvoice]
    said: Mapping[tuple[UUID, UUID], UUID]
    settings: dict[UUID, ClinicSettings]
    known: dict[tuple[UUID, UUID], KnownAdjudication]
    notes: list[NewNote] = field(default_factory=list)
    applied: list[AppliedAdjudication] = field(default_factory=list)
    refused: list[tuple[StatedAdjudication, AdjudicationNotAcceptable]] = field(default_factory=list)

    def invoice_of(self, stated: StatedAdjudication) -> AdjudicatedInvoice:
        """The invoice that a decision is about. Raises AdjudicationNotAcceptable where it is not issued, here."""
        on = self.invoices.get((stated.clinic_id, stated.invoice_id))
        if on is None:
            raise AdjudicationNotAcceptable("unknown_invoice", f"no invoice {stated.invoice_id} is issued here (yet)")
        return on


async def apply_adjudications(
    work: Work, stated: Sequence[StatedAdjudication], *, payer_confirmed: bool = False
) -> list[AdjudicationNotAcceptable]:
    """Apply decisions, each once, in whatever order.

    One that does not balance, is by somebody else, or is about something else or an invoice that is not issued (yet),
    is set aside with its reason; nothing else waits for it (`INS-8`).
    """
    batch = await _load(work, stated)
    for one in [await _as_issued(work, batch, each) for each in stated]:
        _take(work, batch, one, payer_confirmed=payer_confirmed)
    batch.applied = [_told(batch, adjudication) for adjudication in batch.applied]
    await _save(work, batch)
    for decision, error in batch.refused:
        await _set_aside(work, decision, error)
    return [error for _, error in batch.refused]


async def _load(work: Work, stated: Sequence[StatedAdjudication]) -> _Batch:
    found = await invoices.find_many(work.connection, {one.invoice_id for one in stated}, lock=True, notes=True)
    issued = {invoice.id: invoice for invoice in found if invoice.status != "draft"}
    rows = await adjudications.rows_of(work.connection, list(issued))
    return _Batch(
        # A batch sees the rows of all its clinics: a decision reaches an invoice of its own clinic only (`ALL-4`).
        invoices={
            (invoice.clinic_id, id_): AdjudicatedInvoice(invoice, rows.get(id_, ())) for id_, invoice in issued.items()
        },
        said=await payer_identities.said_of(work.connection, {(one.clinic_id, one.payer_id) for one in stated}),
        settings=await clinics.find_many(work.connection, {invoice.clinic_id for invoice in found}),
        known=await adjudications.known(work.connection, [(one.clinic_id, one.decision_id) for one in stated]),
    )


async def _as_issued(work: Work, batch: _Batch, stated: StatedAdjudication) -> StatedAdjudication:
    """A decision as of the record that its invoice was issued for, where both records are one patient (`ALL-10`)."""
    on = batch.invoices.get((stated.clinic_id, stated.invoice_id))
    if on is None or stated.patient_id == on.invoice.patient_id:
        return stated
    if not await are_one(work.connection, stated.clinic_id, stated.patient_id, on.invoice.patient_id):
        return stated
    # The driver's UUID is one that JSON, in which what is set aside is kept, does not know.
    return replace(stated, patient_id=UUID(int=on.invoice.patient_id.int))


def _take(work: Work, batch: _Batch, stated: StatedAdjudication, *, payer_confirmed: bool) -> None:
    key = (stated.clinic_id, stated.decision_id)
    try:
        on = batch.invoice_of(stated)
        said = batch.said.get((stated.clinic_id, stated.payer_id))
        decision = by_whom(stated, on, said, confirmed=payer_confirmed).accept(on.invoice)
        if key in batch.known:
            _require_same(batch.known[key], decision)
        else:
            batch.known[key] = KnownAdjudication.of(decision)
            batch.applied.append(_apply(work, batch, on, decision))
    except AdjudicationNotAcceptable as error:
        batch.refused.append((stated, error))


def _apply(work: Work, batch: _Batch, on: AdjudicatedInvoice, decision: Adjudication) -> AppliedAdjudication:
    invoice, line_ids = on.invoice.require_frozen("adjudicated"), [line.line_id for line in decision.lines]
    on.count(decision)
    change = bring_write_offs_to(invoice, on.wanted_write_offs(line_ids))
    settings = batch.settings[invoice.clinic_id]
    sides: tuple[tuple[Side, NoteAmounts | None], ...] = (("credit", change.credit), ("debit", change.debit))
    for side, amounts in sides:
        if amounts is not None:
            note = _note(work, invoice, side, amounts, decision.stated, settings)
            invoice.add_note(note)
            batch.notes.append((settings, invoice, note))
    invoice.version += 1
    shares = on.shares_of(line_ids)
    exceeded = any(share.exceeded for share in shares.values())
    causes = _review_causes(invoice, exceeded=exceeded, capped=change.capped)
    return AppliedAdjudication(
        invoice=invoice,
        decision=decision,
        written_off=change.total,
        shares=on.shares,
        insurers=on.insurers,
        estimated=on.estimated,
        estimated_write_off=on.estimated_write_off,
        line_shares=shares,
        causes=causes,
        invoice_version=invoice.version,
    )


def _told(batch: _Batch, applied: AppliedAdjudication) -> AppliedAdjudication:
    """What exceeds the fee only until the rest of the batch is counted (a reversal after its correction) is no news."""
    if "decided_beyond_fee" not in applied.causes:
        return applied
    on = batch.invoices[applied.invoice.clinic_id, applied.invoice.id]
    if any(one.exceeded for one in on.shares_of(applied.line_shares).values()):
        return applied
    return replace(applied, causes=tuple(cause for cause in applied.causes if cause != "decided_beyond_fee"))


def _review_causes(invoice: Invoice, *, exceeded: bool, capped: bool) -> tuple[Cause, ...]:
    found: dict[Cause, bool] = {
        "decided_after_void": invoice.status == "void",
        "decided_beyond_fee": exceeded,
        "write_off_capped": capped,
    }
    return tuple(cause for cause, holds in found.items() if holds)


def _note(
    work: Work, invoice: Invoice, side: Side, amounts: NoteAmounts, stated: StatedAdjudication, settings: ClinicSettings
) -> Note:
    by_contract = f"by contract with {stated.payer_name}"
    return Note(
        id=new_id(),
        clinic_id=invoice.clinic_id,
        invoice_id=invoice.id,
        side=side,
        kind=CONTRACTUAL if side == "credit" else "undo_credit_note",
        reason=f"Written off {by_contract}" if side == "credit" else f"No longer written off {by_contract}",
        author=work.actor,
        amounts=amounts,
        issue_date=settings.today(work.now),
        created_at=work.now,
        decision_id=stated.decision_id,
    )


async def _save(work: Work, batch: _Batch) -> None:
    if not batch.applied:
        return
    kept = [
        KeptAdjudication(adjudication.decision, adjudication.written_off, work.now) for adjudication in batch.applied
    ]
    # Before the notes: what they change of a plan is announced with what is the patient's by these decisions.
    await adjudications.add(work.connection, kept)
    await save_notes(work, batch.notes)
    changed = {adjudication.invoice.id: adjudication.invoice for adjudication in batch.applied}
    await invoices.touch(work.connection, list(changed.values()), work.now)
    keys = [
        (adjudication.invoice.clinic_id, adjudication.decision.stated.decision_id) for adjudication in batch.applied
    ]
    await parked_adjudications.close_applied(work.connection, keys, work.now, work.actor)
    marks = {
        (adjudication.invoice.id, cause): adjudication.invoice
        for adjudication in batch.applied
        for cause in adjudication.causes
    }
    reviews = [Review(invoice.clinic_id, invoice_id, cause) for (invoice_id, cause), invoice in marks.items()]
    await drafts.mark_for_review(work.connection, reviews, work.now)
    for adjudication in batch.applied:
        announce_adjudication_applied(work, adjudication)


async def _set_aside(work: Work, stated: StatedAdjudication, error: AdjudicationNotAcceptable) -> None:
    id_ = new_id()
    if await parked_adjudications.add(work.connection, id_, stated, error.cause, error.detail, work.now):
        announce_adjudication_set_aside(work, id_, stated, error)


def _require_same(kept: KnownAdjudication, decision: Adjudication) -> None:
    """The same decision again changes nothing; another one under its id is set aside."""
    if kept != KnownAdjudication.of(decision):
        detail = f"decision {decision.stated.decision_id} was applied before, with other amounts or for another invoice"
        raise AdjudicationNotAcceptable("decision_differs", detail)
