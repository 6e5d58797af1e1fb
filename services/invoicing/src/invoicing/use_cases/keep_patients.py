"""Keep the patients as the register announced them (`INV-18`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.domain.patient import Patient
from invoicing.persistence import patients


async def keep_patients(work: Work, told: Sequence[Patient]) -> None:
    """Keep the newest version of each; an older one that comes late changes nothing."""
    newest: dict[tuple[UUID, UUID], Patient] = {}
    for patient in told:
        key = (patient.clinic_id, patient.patient_id)
        if key not in newest or patient.version > newest[key].version:
            newest[key] = patient
    await patients.keep(work.connection, [newest[key] for key in sorted(newest)])
