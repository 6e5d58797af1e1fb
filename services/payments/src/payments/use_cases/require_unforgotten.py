"""See that nothing is noted of whoever was forgotten: what forgetting empties is not written anew (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.database import Work, forgotten

from payments.domain.errors import PatientForgotten


async def require_unforgotten(work: Work, noted: Mapping[str, UUID], *, in_turn: bool = False) -> None:
    """Raise PatientForgotten for the first of these who was forgotten: `noted` has the request's field and the patient.

    Whoever forgets one of them waits until this transaction has ended, and finds what it noted. It comes before any
    lock of a row: whoever forgets has the clinic first, too. `in_turn` says that it has waited for that already.
    """
    lanes = {(work.clinic_id, str(patient_id)) for patient_id in noted.values()}
    nameless = await forgotten.among(work.connection, lanes, in_turn=in_turn)
    for field, patient_id in noted.items():
        if (work.clinic_id, str(patient_id)) in nameless:
            raise PatientForgotten(patient_id, field)
