"""The patients, as the register announced them: how to reach them and what they consented to (`NOT-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Work
from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert

from notifications.domain.facts import ContactPoint, Patient
from notifications.persistence.tables import patients


@dataclass(frozen=True)
class PatientVersion:
    """A patient as of one version of the register."""

    clinic_id: UUID
    patient_id: UUID
    version: int
    patient: Patient


async def keep_newest(work: Work, versions: Sequence[PatientVersion]) -> None:
    """Store each patient unless a newer version is stored, or the patient was forgotten."""
    statement = insert(patients)
    newer = {name: statement.excluded[name] for name in patients.columns.keys()[2:]}
    statement = statement.on_conflict_do_update(
        index_elements=["clinic_id", "patient_id"],
        set_=newer,
        where=and_(patients.c.version < statement.excluded.version, patients.c.forgotten_at.is_(None)),
    )
    await work.connection.execute(statement, [_row(version) for version in versions])


async def forget(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Empty what is kept of these patients (clinic, patient), known here or not yet, and keep that it is to stay so."""
    rows = [
        {
            "clinic_id": clinic_id,
            "patient_id": patient_id,
            "version": 0,
            "given_name": "",
            "family_name": "",
            "contact_points": [],
            "forgotten_at": work.now,
        }
        for clinic_id, patient_id in who
    ]
    statement = insert(patients)
    emptied: dict[str, Any] = {name: statement.excluded[name] for name in patients.columns.keys()[3:]}
    emptied["forgotten_at"] = func.coalesce(patients.c.forgotten_at, statement.excluded.forgotten_at)
    statement = statement.on_conflict_do_update(index_elements=["clinic_id", "patient_id"], set_=emptied)
    await work.connection.execute(statement, rows)


async def is_any_forgotten(work: Work, clinic_id: UUID, ids: Sequence[UUID]) -> bool:
    """Whether any of these was forgotten; those who were not are not until this transaction has ended."""
    statement = (
        select(patients.c.forgotten_at.is_not(None))
        .where(patients.c.clinic_id == clinic_id, patients.c.patient_id.in_(ids))
        .order_by(patients.c.patient_id)
        .with_for_update(read=True)
    )
    return any((await work.connection.execute(statement)).scalars())


def patient_of(given_name: str, family_name: str, language: str | None, zone: str | None, points: Any) -> Patient:
    """A patient from stored columns."""
    contact_points = tuple(ContactPoint(one["channel"], one["value"], tuple(one["consents"])) for one in points)
    return Patient(given_name, family_name, language, zone, contact_points)


def _row(version: PatientVersion) -> dict[str, Any]:
    patient = version.patient
    points = [
        {"channel": point.channel, "value": point.value, "consents": list(point.consents)}
        for point in patient.contact_points
    ]
    return {
        "clinic_id": version.clinic_id,
        "patient_id": version.patient_id,
        "version": version.version,
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "language": patient.language,
        "time_zone": patient.time_zone,
        "contact_points": points,
    }
