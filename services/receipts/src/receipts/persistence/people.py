"""Clinics and patients as their events told, each version with since when; `parties` reads which was in force when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.database.clinic_directory import listing
from chassis.database.rows import Record, Rows
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.people import Clinic, Patient, PatientKey
from receipts.domain.retention import RETENTION_YEARS, Retention
from receipts.persistence.tables import CLINIC_VERSIONS, PATIENT_VERSIONS, PATIENTS

_CLINIC = TypeAdapter(Clinic)
_PATIENT = TypeAdapter(Patient)

EARLIER_KEPT = timedelta(days=90)
"""For how long a patient's earlier version is kept once another is in force: a service is never that far behind."""

_VERSIONS = Rows(CLINIC_VERSIONS, also=["since"])
_KEYS = Rows(PATIENTS, ["clinic_id", "patient_id"])
_PATIENT_ROWS = Rows(PATIENTS, without=["forgotten_at"], also=["since"])
_EARLIER_ROWS = Rows(PATIENT_VERSIONS)
_ADD_CLINICS = text(
    f"""
    WITH given AS (SELECT {_VERSIONS.names} FROM {_VERSIONS.given()}),
    listed AS ({listing("(SELECT clinic_id FROM given)")})
    INSERT INTO clinic_versions ({_VERSIONS.names}) SELECT {_VERSIONS.names} FROM given
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
# What is replaced, and what came with or after something newer, is kept beside; all parts see what was there before.
_PUT_PATIENTS = text(
    f"""
    WITH told AS (SELECT {_PATIENT_ROWS.names} FROM {_PATIENT_ROWS.given()}),
    kept AS (SELECT p.* FROM patients AS p JOIN (SELECT DISTINCT clinic_id, patient_id FROM told) AS t
              USING (clinic_id, patient_id)),
    every AS (SELECT {_EARLIER_ROWS.names} FROM kept UNION ALL SELECT {_EARLIER_ROWS.names} FROM told),
    earlier AS (
        INSERT INTO patient_versions ({_EARLIER_ROWS.names})
        SELECT DISTINCT ON (clinic_id, patient_id, version) {_EARLIER_ROWS.names} FROM every AS e
         WHERE e.version < (SELECT max(o.version) FROM every AS o
                             WHERE o.clinic_id = e.clinic_id AND o.patient_id = e.patient_id)
           AND NOT EXISTS (SELECT FROM kept AS k WHERE k.clinic_id = e.clinic_id AND k.patient_id = e.patient_id
                                                   AND k.forgotten_at IS NOT NULL)
         ORDER BY clinic_id, patient_id, version
        ON CONFLICT DO NOTHING)
    {_PATIENT_ROWS.keeping_newest(unless="t.forgotten_at IS NOT NULL")}
    """  # noqa: S608 - constants
)
_END_EARLIER = text(
    f"""
    DELETE FROM patient_versions AS v USING {_KEYS.given(alias="a")}
     WHERE v.clinic_id = a.clinic_id AND v.patient_id = a.patient_id
       AND (EXISTS (SELECT FROM patient_versions AS n WHERE n.clinic_id = v.clinic_id AND n.patient_id = v.patient_id
                                                       AND n.version > v.version AND n.since <= :before)
            OR EXISTS (SELECT FROM patients AS p WHERE p.clinic_id = v.clinic_id AND p.patient_id = v.patient_id
                                                   AND p.since <= :before))
    """  # noqa: S608 - constants
)
_FORGET_EARLIER = text(
    f"""
    DELETE FROM patient_versions AS v USING {_KEYS.given(alias="a")}
     WHERE v.clinic_id = a.clinic_id AND v.patient_id = a.patient_id
    """  # noqa: S608 - constants
)
_FORGET_PATIENTS = text(
    f"""
    INSERT INTO patients AS p (clinic_id, patient_id, version, details, since, forgotten_at)
    SELECT clinic_id, patient_id, 0, details, since, :now FROM {_PATIENT_ROWS.given()}
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


async def add_clinics(connection: AsyncConnection, clinics: Sequence[tuple[Clinic, datetime]]) -> None:
    """Keep these versions, each with since when it holds; one that is known already stays as it is."""
    rows = [
        {
            "clinic_id": one.clinic_id,
            "version": one.version,
            "details": details_of(one),
            "since": since,
        }
        for one, since in clinics
    ]
    await connection.execute(_ADD_CLINICS, _VERSIONS.arrays(rows))


async def newest_clinics(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Clinic]:
    """Each known clinic as it is now."""
    rows = await connection.execute(_NEWEST_CLINICS, {"ids": list(ids)})
    return {clinic.clinic_id: clinic for clinic in (clinic_of(row.details) for row in rows)}


def clinic_of(details: Mapping[str, Any]) -> Clinic:
    """A clinic as a version of it is kept."""
    return _CLINIC.validate_python(details)


def details_of(clinic: Clinic) -> dict[str, Any]:
    """A clinic as a version of it is kept."""
    kept: dict[str, Any] = _CLINIC.dump_python(clinic, mode="json")
    return kept


def patient_of(details: Mapping[str, Any]) -> Patient:
    """A patient as a version of them is kept."""
    return _PATIENT.validate_python(details)


async def retentions_of(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Retention]:
    """How long each known clinic keeps its documents."""
    rows = await connection.execute(_RETENTIONS, {"ids": list(ids), "years": RETENTION_YEARS})
    return {row.clinic_id: Retention(row.years, row.time_zone) for row in rows}


async def clinic_at(connection: AsyncConnection, clinic_id: UUID, version: int) -> Clinic:
    """The clinic as it was when a document was frozen."""
    rows = await connection.execute(_CLINIC_VERSION, {"id": clinic_id, "version": version})
    return clinic_of(rows.one().details)


async def put_patients(
    connection: AsyncConnection, patients: Sequence[tuple[Patient, datetime]], now: datetime
) -> None:
    """Keep the highest version of each patient, in whatever order they come, but of those who were forgotten.

    Each comes with since when it holds. What was in force before is kept for a while (`EARLIER_KEPT`).
    """
    rows = _rows(patients)
    await connection.execute(_PUT_PATIENTS, _PATIENT_ROWS.arrays(rows))
    await connection.execute(_END_EARLIER, _KEYS.arrays(rows) | {"before": now - EARLIER_KEPT})


async def forget_patients(connection: AsyncConnection, unnamed: Sequence[Patient], now: datetime) -> None:
    """Keep these in the place of what is known of them, if anything, for good."""
    rows = _rows([(patient, now) for patient in unnamed])
    await connection.execute(_FORGET_PATIENTS, _PATIENT_ROWS.arrays(rows) | {"now": now})
    await connection.execute(_FORGET_EARLIER, _KEYS.arrays(rows))


def _rows(patients: Sequence[tuple[Patient, datetime]]) -> list[Record]:
    return [
        {
            "clinic_id": p.clinic_id,
            "patient_id": p.patient_id,
            "version": p.version,
            "details": _PATIENT.dump_python(p, mode="json"),
            "since": since,
        }
        for p, since in patients
    ]


async def patients_of(connection: AsyncConnection, keys: Iterable[PatientKey]) -> dict[PatientKey, Patient]:
    """The known ones of these patients as they are now, as whoever they are one with goes on (`ALL-10`)."""
    given = _KEYS.arrays({"clinic_id": clinic_id, "patient_id": patient_id} for clinic_id, patient_id in set(keys))
    rows = await connection.execute(_PATIENTS, given)
    return {(row.clinic_id, row.patient_id): patient_of(row.details) for row in rows}
