"""Patients: who is forgotten, and which records are one."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.merged_records import Merged
from chassis.messaging import Message
from chassis.messaging.forgetting import forget, merge_records
from contracts.patients import PatientForgotten, PatientMerged
from contracts.personal import without_payer

from payments.use_cases.forget_patients import forget_patients


async def on_patient_forgotten(work: Work, messages: Sequence[Message]) -> None:
    """Forget them; payments knows patients by their ids only. Who paid is in the books, and in no kept answer.

    A patient is to be forgotten: what was noted of their payments goes, the journal stays (`ALL-9`).
    """
    events = [PatientForgotten.model_validate_json(message.data) for message in messages]
    who = {(event.clinic_id, event.patient_id) for event in events}
    await forget(work.connection, {(clinic, str(patient)) for clinic, patient in who}, without_payer)
    await forget_patients(work, who)


async def on_patient_merged(work: Work, messages: Sequence[Message]) -> None:
    """Keep what the register said; it comes out the same in any order, and twice.

    Two records of the register are one patient: what is kept under either is found by both from now on (`ALL-10`).
    """
    events = [PatientMerged.model_validate_json(message.data) for message in messages]
    told = [Merged(event.clinic_id, event.merged_patient_id, event.patient_id, event.occurred_at) for event in events]
    await merge_records(work.connection, told, without_payer)
