"""Forget patients: name, address and language, and what was printed of them for a day (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.database import Work

from receipts.domain.people import Patient
from receipts.persistence import composed_documents, people


async def forget_patients(work: Work, who: Collection[tuple[UUID, UUID]]) -> None:
    """Forget these patients (clinic, patient) for good; what is issued to them from now on names them by their id."""
    unnamed = [Patient.forgotten(clinic_id, patient_id) for clinic_id, patient_id in sorted(who)]
    await people.forget_patients(work.connection, unnamed, work.now)
    await composed_documents.remove_all(work.connection, {clinic_id for clinic_id, _ in who})
