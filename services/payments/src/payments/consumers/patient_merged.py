"""Two records of the register are one patient: what is kept under either is found by both from now on (`ALL-10`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.merged_records import Merged, merge
from chassis.messaging import Message
from chassis.messaging.forgetting import empty_answers
from contracts.patients import PatientMerged
from contracts.personal import without_payer


async def on_patient_merged(work: Work, messages: Sequence[Message]) -> None:
    """Keep what the register said; it comes out the same in any order, and twice."""
    events = [PatientMerged.model_validate_json(message.data) for message in messages]
    told = [Merged(one.clinic_id, one.merged_patient_id, one.patient_id, one.occurred_at) for one in events]
    parted = await merge(work.connection, told)
    # What was answered of them names the record that they went on in, which forgetting finds by them no more (ALL-9).
    await empty_answers(work.connection, parted, without_payer)
