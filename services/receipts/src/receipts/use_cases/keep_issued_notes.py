"""Freeze what a credit or debit note's PDF will say, with letterhead and address of then (`INV-6`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Work

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import note_as_json
from receipts.documents.content.note import NoteContent, freeze_note
from receipts.domain.errors import FactsMissing
from receipts.domain.issued_note import IssuedNote
from receipts.domain.parties import KnownParties, Occasion
from receipts.domain.people import PatientKey
from receipts.domain.printed_invoice import PrintedInvoice
from receipts.persistence import invoices, notes
from receipts.persistence.parties import parties_at

Issued = tuple[IssuedNote, datetime]
"""A note, and when it was issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    parties: KnownParties
    invoices: Mapping[UUID, PrintedInvoice]
    numbers: Mapping[UUID, str]


async def keep_issued_notes(work: Work, issued: Sequence[Issued], anyway: Collection[PatientKey] = ()) -> None:
    """Keep them. Raises FactsMissing, by note, where clinic, patient or invoice has not arrived yet.

    The patients of `anyway` are waited for no longer (`ALL-11`).
    """
    known = await _known(work, issued, anyway)
    if missing := {one.note_id: what for one, at in issued if (what := _missing(one, at, known))}:
        raise FactsMissing(missing)
    await notes.add(work.connection, [(one, note_as_json(_frozen(one, at, known))) for one, at in issued])


async def _known(work: Work, issued: Sequence[Issued], anyway: Collection[PatientKey]) -> _Known:
    connection = work.connection
    undone = {one.undoes_id for one, _ in issued if one.undoes_id}
    of_batch = {one.note_id: one.number for one, _ in issued}
    return _Known(
        parties=await parties_at(connection, [_occasion(one, at) for one, at in issued], anyway),
        invoices=await invoices.facts_of(connection, {one.invoice_id for one, _ in issued}),
        numbers=await notes.numbers_of(connection, undone) | of_batch,
    )


def _occasion(note: IssuedNote, at: datetime) -> Occasion:
    return Occasion(note.clinic_id, note.patient_id, at)


def _missing(note: IssuedNote, at: datetime, known: _Known) -> str | None:
    if what := known.parties.missing.get(_occasion(note, at)):
        return what
    return None if note.invoice_id in known.invoices else f"invoice {note.invoice_id} is not known yet"


def _frozen(note: IssuedNote, at: datetime, known: _Known) -> NoteContent:
    then = known.parties.known[_occasion(note, at)]
    return freeze_note(
        note,
        language=choose_language(then.patient.language, then.clinic.language),
        clinic=then.clinic,
        patient=then.patient,
        invoice=known.invoices[note.invoice_id],
        # A note from before this service listened to notes has no number here; the reason still says what is undone.
        undoes_number=known.numbers.get(note.undoes_id) if note.undoes_id else None,
        settings=then.settings,
    )
