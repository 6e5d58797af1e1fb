"""Issue drafts in sets: frozen, numbered without a gap, announced (`INV-6`, `INV-7`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import Block, next_numbers

from invoicing import announcements
from invoicing.domain.claim import UNKNOWN
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import InvoicingError
from invoicing.domain.invoice import DraftInvoice, IssuedInvoice, UnnumberedInvoice, drafts_of
from invoicing.domain.list_estimates import estimated_by_list
from invoicing.domain.patient import Patient
from invoicing.domain.present_prices import PRICE_MISSING, PRICED, price_at_present, require_prices
from invoicing.domain.review import Review
from invoicing.persistence import clinics, draft_prices, drafts, invoices, patients
from invoicing.use_cases.look_up_prices import look_up_prices

Unnumbered = tuple[ClinicSettings, UnnumberedInvoice]
Patients = Mapping[tuple[UUID, UUID], Patient]
"""Those that the register has told of, by clinic and patient."""


async def issue_invoices(work: Work, ids: Sequence[UUID]) -> list[IssuedInvoice]:
    """Issue those of these drafts that can be: with lines, nothing to review, and dates that fit.

    They are issued at the prices and rates of now. What cannot be issued, or comes to something else than a person saw,
    stays a draft, for a person to look at (`MON-9`).
    """
    found = drafts_of(await invoices.find_many(work.connection, ids, lock=True)) if ids else []
    marked = await drafts.marked(work.connection, ids) if found else {}
    held = {invoice_id for invoice_id, causes in marked.items() if causes != {PRICE_MISSING}}
    settings = await clinics.find_many(work.connection, {draft.clinic_id for draft in found}) if found else {}
    today_too = can_issue_today(work, settings.values())
    changed = await _price_at_present(work, [draft for draft in found if draft.id not in held], settings)
    ready = [
        (settings[draft.clinic_id], frozen)
        for draft in found
        if draft.id not in held | changed and draft.clinic_id in today_too
        if (frozen := prepare_issue(work, draft, settings[draft.clinic_id]))
    ]
    issued = await number_and_announce(work, ready) if ready else []
    if issued:
        await invoices.freeze(work.connection, issued, work.now)
        priced = [invoice.id for invoice in issued if invoice.id in marked]
        await drafts.close_priced(work.connection, priced, work.now, work.actor, PRICED)
    return issued


async def _price_at_present(
    work: Work, found: Sequence[DraftInvoice], settings: Mapping[UUID, ClinicSettings]
) -> set[UUID]:
    """Price drafts as of now; returns those that are not to be issued so, marked where a person saw other prices."""
    prices = await look_up_prices(work.connection, settings, found)
    again: list[DraftInvoice] = []
    kept: list[DraftInvoice] = []
    unpriced: set[UUID] = set()
    for draft in found:
        clinic, written = settings[draft.clinic_id], draft.lines
        try:
            of_draft = prices.of(draft, clinic.today(work.now))
            changed = price_at_present(draft, of_draft)
            require_prices(draft)
            draft.content = estimated_by_list(draft.content, draft.totals, of_draft)
        except InvoicingError:
            unpriced.add(draft.id)
            continue
        if changed and draft.looked_at is not None:
            kept.append(draft)
        elif draft.lines != written:
            again.append(draft)
    await draft_prices.write(work.connection, again)
    reviews = [Review(one.clinic_id, one.id, "prices_changed") for one in kept]
    await drafts.mark_for_review(work.connection, reviews, work.now)
    return unpriced | {one.id for one in kept}


def can_issue_today(work: Work, settings: Iterable[ClinicSettings]) -> set[UUID]:
    """Those of these clinics that can date an invoice today: their books may be closed for longer."""
    days = {setting.clinic_id: (setting.books_closed_until, setting.today(work.now)) for setting in settings}
    return {clinic_id for clinic_id, (closed_until, day) in days.items() if (closed_until or day) <= day}


def prepare_issue(work: Work, draft: DraftInvoice, settings: ClinicSettings) -> UnnumberedInvoice | None:
    """A draft frozen but for its number; None where a rule refuses it, and the draft stays as it is."""
    try:
        return draft.issue(settings, settings.today(work.now), work.now, work.actor)
    except InvoicingError:
        return None


async def number_and_announce(
    work: Work, frozen: Sequence[Unnumbered], known: Patients | None = None
) -> list[IssuedInvoice]:
    """Number frozen invoices, all of a clinic in one go, and announce them; to be saved right after, in their order.

    `known` are their patients, where they were read already. While the numbers are held others of the clinic wait, so
    whatever can be done without them is done before.
    """
    if known is None:
        known = await patients.registered(work.connection, {(one.clinic_id, one.patient_id) for _, one in frozen})
    by_clinic: dict[UUID, list[Unnumbered]] = defaultdict(list)
    prepared: dict[UUID, announcements.Prepared] = {}
    for settings, invoice in frozen:
        by_clinic[settings.clinic_id].append((settings, invoice))
        patient = known.get((invoice.clinic_id, invoice.patient_id))
        insured = patient.insured if patient else UNKNOWN
        prepared[invoice.id] = announcements.prepare_issued(work, invoice, insured, settings)
    wanted = {clinic_id: Block(len(own), own[0][0].today(work.now)) for clinic_id, own in sorted(by_clinic.items())}
    numbers = await next_numbers(work, "invoice", wanted) if wanted else {}
    issued: dict[UUID, IssuedInvoice] = {}
    for clinic_id, own in by_clinic.items():
        for number, (settings, invoice) in zip(numbers[clinic_id], own, strict=True):
            numbered = invoice.number_as(number, settings.number_patterns["invoice"])
            announcements.announce_invoice_issued(work, numbered, prepared[invoice.id])
            issued[invoice.id] = numbered
    return [issued[invoice.id] for _, invoice in frozen]
