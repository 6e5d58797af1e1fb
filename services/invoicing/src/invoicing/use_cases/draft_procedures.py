"""Start what the clinic's policy says a completed procedure starts: nothing, the visit's draft, one of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import are_one
from chassis.identifiers import new_id

from invoicing import announcements
from invoicing.domain.billable_procedure import BillableProcedure, Reservation
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.content import Content, Payer
from invoicing.domain.errors import AppointmentOfOtherPatient
from invoicing.domain.invoice import DraftInvoice, Invoice, Origin, UnnumberedInvoice
from invoicing.domain.line import PriceFrom
from invoicing.domain.list_estimates import estimated_by_list
from invoicing.domain.price_list import PriceBook
from invoicing.domain.prices import Prices
from invoicing.domain.review import Review
from invoicing.persistence import appointments, clinics, drafts, invoices, mapping, price_lists
from invoicing.persistence.billable_procedures import Key
from invoicing.use_cases.issue_invoices import can_issue_today, number_and_announce, prepare_issue

_UNPRICED: dict[PriceFrom, str] = {"missing": "price_missing", "foreign_fee": "fee_in_other_currency"}
"""What an invoice is marked with for a line that has no price."""
Books = Mapping[UUID, PriceBook]
Payers = Mapping[tuple[UUID, UUID], Payer]
"""Who pays first, by clinic and appointment, where that is known."""
Group = tuple[ClinicSettings, UUID, list[BillableProcedure]]
"""A clinic, one of its appointments, and that one's new procedures."""


async def draft_procedures(work: Work, procedures: Sequence[BillableProcedure]) -> dict[Key, Reservation]:
    """Bill procedures by their clinics' policies (`INV-2`); returns the claims, which the caller writes.

    A clinic without settings, the policy `manual`, and an appointment policy for a procedure without an appointment
    leave a procedure billable: it is billed by hand, or when the clinic is configured.
    """
    settings = (
        await clinics.find_many(work.connection, {procedure.clinic_id for procedure in procedures})
        if procedures
        else {}
    )
    visits: dict[tuple[UUID, UUID], list[BillableProcedure]] = defaultdict(list)
    single: list[tuple[ClinicSettings, BillableProcedure]] = []
    for procedure in procedures:
        clinic = settings.get(procedure.clinic_id)
        if clinic is None or clinic.billing_policy == "manual":
            continue
        if clinic.billing_policy == "per_procedure":
            single.append((clinic, procedure))
        elif procedure.appointment_id is not None:
            visits[procedure.clinic_id, procedure.appointment_id].append(procedure)
    groups = [(settings[clinic_id], appointment_id, own) for (clinic_id, appointment_id), own in visits.items()]
    books = await price_lists.books(work.connection, settings, (procedure.code for procedure in procedures))
    # A visit may have been closed before its procedures are heard of: then it is known who pays, and by which list.
    closed = {*visits, *((one.clinic_id, one.appointment_id) for _, one in single if one.appointment_id)}
    payers = await appointments.payers_of(work.connection, closed)
    return await _draft_visits(work, groups, books, payers) | await _draft_singly(work, single, books, payers)


async def _draft_visits(work: Work, groups: Sequence[Group], books: Books, payers: Payers) -> dict[Key, Reservation]:
    if not groups:
        return {}
    wanted = [(_empty_draft(work, clinic, own[0], "appointment", payers), len(own)) for clinic, _, own in groups]
    opened = await drafts.open_for_appointments(work.connection, wanted, work.now)
    claims: dict[Key, Reservation] = {}
    rows, marks = [], []
    for (clinic, appointment_id, own), (invoice, _) in zip(groups, wanted, strict=True):
        draft = opened[clinic.clinic_id, appointment_id]
        if not await are_one(work.connection, clinic.clinic_id, draft.patient_id, own[0].patient_id):
            raise AppointmentOfOtherPatient(appointment_id)
        invoice.id = draft.id
        prices = _prices(work, clinic, books, invoice)
        lines = tuple(one.line(new_id(), n, prices) for n, one in enumerate(own, draft.first_position))
        invoice.content = replace(invoice.content, lines=lines)
        rows += [mapping.line_row(invoice, line, None) for line in lines]
        marks += _price_marks(invoice)
        claims |= {(procedure.clinic_id, procedure.procedure_id): Reservation(draft.id) for procedure in own}
        if draft.made:
            announcements.announce_invoice_drafted(work, invoice)
    await drafts.add_lines(work.connection, rows)
    await drafts.mark_for_review(work.connection, marks, work.now)
    return claims


async def _draft_singly(
    work: Work, procedures: Sequence[tuple[ClinicSettings, BillableProcedure]], books: Books, payers: Payers
) -> dict[Key, Reservation]:
    if not procedures:
        return {}
    made: list[DraftInvoice] = []
    ready: list[tuple[ClinicSettings, UnnumberedInvoice]] = []
    marks = []
    today_too = can_issue_today(work, {clinic.clinic_id: clinic for clinic, _ in procedures}.values())
    for clinic, one in procedures:
        invoice = _empty_draft(work, clinic, one, "procedure", payers)
        prices = _prices(work, clinic, books, invoice)
        invoice.content = replace(invoice.content, lines=(one.line(new_id(), 1, prices),))
        invoice.content = estimated_by_list(invoice.content, invoice.totals, prices)
        own_marks = _price_marks(invoice)
        wanted = clinic.auto_issue and clinic.clinic_id in today_too and not own_marks
        frozen = prepare_issue(work, invoice, clinic) if wanted else None
        if frozen:
            ready.append((clinic, frozen))
        else:
            made.append(invoice)
        marks += own_marks
    for invoice in made:
        announcements.announce_invoice_drafted(work, invoice)
    new: list[Invoice] = [*made, *await number_and_announce(work, ready)]
    await invoices.add(work.connection, new, work.now)
    await drafts.mark_for_review(work.connection, marks, work.now)
    reserved = {invoice.lines[0].procedure_id: invoice for invoice in new}
    return {(one.clinic_id, one.procedure_id): Reservation(reserved[one.procedure_id].id) for _, one in procedures}


def _prices(work: Work, clinic: ClinicSettings, books: Books, invoice: Invoice) -> Prices:
    """What a new draft asks, by the list of its payer where one is known."""
    payer = invoice.content.payer
    return books[clinic.clinic_id].prices(clinic.today(work.now), payer_id=payer.id if payer else None)


def _empty_draft(
    work: Work, clinic: ClinicSettings, first: BillableProcedure, origin: Origin, payers: Payers
) -> DraftInvoice:
    appointment_id = first.appointment_id
    payer = payers.get((clinic.clinic_id, appointment_id)) if appointment_id else None
    return DraftInvoice(
        id=new_id(),
        clinic_id=clinic.clinic_id,
        patient_id=first.patient_id,
        pricing=clinic.pricing,
        content=Content((), appointment_id, payer=payer),
        created_by=work.actor,
        created_at=work.now,
        origin=origin,
    )


def _price_marks(invoice: Invoice) -> list[Review]:
    return [
        Review(invoice.clinic_id, invoice.id, _UNPRICED[line.price_from], line.procedure_id)
        for line in invoice.lines
        if line.price_from in _UNPRICED
    ]
