"""Clinics (every version) and patients (the highest version), as their events told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from chassis.database.clinic_directory import listing
from chassis.database.rows import Record, Rows
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.people import Clinic, Patient, PatientKey
from receipts.domain.retention import RETENTION_YEARS, Retention
from receipts.persistence.rows import parsed
from receipts.persistence.tables import CLINIC_VERSIONS, PATIENTS

_CLINIC = TypeAdapter(Clinic)
_PATIENT = TypeAdapter(Patient)

_VERSIONS = Rows(CLINIC_VERSIONS)
_KEYS = Rows(PATIENTS, ["clinic_id", "patient_id"])
_PATIENT_ROWS = Rows(PATIENTS, without=["forgotten_at"])
_ADD_CLINICS = text(
    f"""
    WITH given AS (SELECT {_VERSIONS.names} FROM {_VERSIONS.given()}),
    listed AS ({listing("(SELECT clinic_id FROM given)")})
    INSERT INTO clinic_versions (clinic_id, version, details) SELECT clinic_id, version, details FROM given
    ON CONFLICT DO NOTHING
    """  # noqa: S608 - constants
)
_NEWEST_CLINICS = text(
    """
    SELECT DISTINCT ON (clinic_id) details FROM clinic_versions
     WHERE clinic_id = ANY(CAST(:ids AS uuid[])) ORDER BY clinic_id, version DESC
    """
)
_RETENTIONS = text(
    """
    SELECT DISTINCT ON (clinic_id) clinic_id, details ->> 'time_zone' AS time_zone,
           coalesce((details ->> 'retention_years')::integer, :years) AS years
      FROM clinic_versions WHERE clinic_id = ANY(CAST(:ids AS uuid[])) ORDER BY clinic_id, version DESC
    """
)
_CLINIC_VERSION = text("SELECT details FROM clinic_versions WHERE clinic_id = :id AND version = :version")
_PUT_PATIENTS = text(_PATIENT_ROWS.keeping_newest(unless="t.forgotten_at IS NOT NULL"))
_FORGET_PATIENTS = text(
    f"""
    INSERT INTO patients AS p (clinic_id, patient_id, version, details, forgotten_at)
    SELECT clinic_id, patient_id, 0, details, :now FROM {_PATIENT_ROWS.given()}
    ON CONFLICT (clinic_id, patient_id) DO UPDATE
       SET details = excluded.details, forgotten_at = coalesce(p.forgotten_at, excluded.forgotten_at)
    """  # noqa: S608 - constants
)
# By the record that goes on, where it is known, else by the one that was asked for (`ALL-10`).
_PATIENTS = text(
    f"""
    SELECT a.clinic_id, a.patient_id, coalesce(p.details, o.details) AS details
      FROM {_KEYS.given(alias="a")}
      LEFT JOIN patients AS p ON p.clinic_id = a.clinic_id AND p.patient_id = survivor_of(a.clinic_id, a.patient_id)
      LEFT JOIN patients AS o ON o.clinic_id = a.clinic_id AND o.patient_id = a.patient_id
     WHERE coalesce(p.details, o.details) IS NOT NULL
    """  # noqa: S608 - constants
)


async def add_clinics(connection: AsyncConnection, clinics: Sequence[Clinic]) -> None:
    """Keep these versions; one that is known already stays as it is."""
    rows = [
        {"clinic_id": c.clinic_id, "version": c.version, "details": _CLINIC.dump_python(c, mode="json")}
        for c in clinics
    ]
    await connection.execute(_ADD_CLINICS, _VERSIONS.arrays(rows))


async def newest_clinics(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Clinic]:
    """Each known clinic as it is now."""
    rows = await connection.execute(_NEWEST_CLINICS, {"ids": list(ids)})
    clinics = [_CLINIC.validate_python(parsed(row.details)) for row in rows]
    return {clinic.clinic_id: clinic for clinic in clinics}


async def retentions_of(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Retention]:
    """How long each known clinic keeps its documents."""
    rows = await connection.execute(_RETENTIONS, {"ids": list(ids), "years": RETENTION_YEARS})
    return {row.clinic_id: Retention(row.years, row.time_zone) for row in rows}


async def clinic_at(connection: AsyncConnection, clinic_id: UUID, version: int) -> Clinic:
    """The clinic as it was when a document was frozen."""
    rows = await connection.execute(_CLINIC_VERSION, {"id": clinic_id, "version": version})
    return _CLINIC.validate_python(parsed(rows.one().details))


async def put_patients(connection: AsyncConnection, patients: Sequence[Patient]) -> None:
    """Keep the highest version of each patient, in whatever order they come, but of those who were forgotten."""
    await connection.execute(_PUT_PATIENTS, _PATIENT_ROWS.arrays(_rows(patients)))


async def forget_patients(connection: AsyncConnection, unnamed: Sequence[Patient], now: datetime) -> None:
    """Keep these in the place of what is known of them, if anything, for good."""
    await connection.execute(_FORGET_PATIENTS, _PATIENT_ROWS.arrays(_rows(unnamed)) | {"now": now})


def _rows(patients: Sequence[Patient]) -> list[Record]:
    return [
        {
            "clinic_id": p.clinic_id,
            "patient_id": p.patient_id,
            "version": p.version,
            "details": _PATIENT.dump_python(p, mode="json"),
        }
        for p in patients
    ]


async def patients_of(
    connection: AsyncConnection, keys: Iterable[PatientKey], anyway: Collection[PatientKey] = ()
) -> dict[PatientKey, Patient]:
    """The known ones of these patients, as whoever they are one with goes on (`ALL-10`); those of `anyway` all.

    Those are waited for no longer: one that the register has not told of is named by the id (`ALL-11`).
    """
    wanted = sorted(set(keys))
    given = _KEYS.arrays({"clinic_id": clinic_id, "patient_id": patient_id} for clinic_id, patient_id in wanted)
    rows = await connection.execute(_PATIENTS, given)
    nameless = {key: Patient.unregistered(*key) for key in wanted if key in anyway}
    return nameless | {(row.clinic_id, row.patient_id): _PATIENT.validate_python(parsed(row.details)) for row in rows}
