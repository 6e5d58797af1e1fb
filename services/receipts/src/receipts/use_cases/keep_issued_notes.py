"""Freeze what a credit or debit note's PDF will say, with the letterhead and address of the day (`INV-6`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from receipts.documents.catalogs import choose_language
from receipts.documents.content.frozen import note_as_json
from receipts.documents.content.note import NoteContent, freeze_note
from receipts.domain.errors import FactsMissing
from receipts.domain.issued_invoice import IssuedInvoice
from receipts.domain.issued_note import IssuedNote
from receipts.domain.people import Clinic, Patient, PatientKey
from receipts.domain.settings import DocumentSettings
from receipts.persistence import document_settings, invoices, notes, people


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    clinics: Mapping[UUID, Clinic]
    patients: Mapping[tuple[UUID, UUID], Patient]
    invoices: Mapping[UUID, IssuedInvoice]
    settings: Mapping[UUID, DocumentSettings]
    numbers: Mapping[UUID, str]


async def keep_issued_notes(work: Work, issued: Sequence[IssuedNote], anyway: Collection[PatientKey] = ()) -> None:
    """Keep them. Raises FactsMissing, by note, where clinic, patient or invoice has not arrived yet.

    The patients of `anyway` are waited for no longer (`ALL-11`).
    """
    known = await _known(work, issued, anyway)
    if missing := {one.note_id: what for one in issued if (what := _missing(one, known))}:
        raise FactsMissing(missing)
    await notes.add(work.connection, [(one, note_as_json(_frozen(one, known))) for one in issued])


async def _known(work: Work, issued: Sequence[IssuedNote], anyway: Collection[PatientKey]) -> _Known:
    connection = work.connection
    clinic_ids = {one.clinic_id for one in issued}
    undone = {one.undoes_id for one in issued if one.undoes_id}
    of_batch = {one.note_id: one.number for one in issued}
    return _Known(
        clinics=await people.newest_clinics(connection, clinic_ids),
        patients=await people.patients_of(connection, {(one.clinic_id, one.patient_id) for one in issued}, anyway),
        invoices=await invoices.facts_of(connection, {one.invoice_id for one in issued}),
        settings=await document_settings.settings_of(connection, clinic_ids),
        numbers=await notes.numbers_of(connection, undone) | of_batch,
    )


def _missing(note: IssuedNote, known: _Known) -> str | None:
    if note.clinic_id not in known.clinics:
        return f"clinic {note.clinic_id} is not known yet"
    if (note.clinic_id, note.patient_id) not in known.patients:
        return f"patient {note.patient_id} is not known yet"
    if note.invoice_id not in known.invoices:
        return f"invoice {note.invoice_id} is not known yet"
    return None


def _frozen(note: IssuedNote, known: _Known) -> NoteContent:
    clinic, patient = known.clinics[note.clinic_id], known.patients[note.clinic_id, note.patient_id]
    return freeze_note(
        note,
        language=choose_language(patient.language, clinic.language),
        clinic=clinic,
        patient=patient,
        invoice=known.invoices[note.invoice_id],
        # A note from before this service listened to notes has no number here; the reason still says what is undone.
        undoes_number=known.numbers.get(note.undoes_id) if note.undoes_id else None,
        settings=known.settings[note.clinic_id],
    )
