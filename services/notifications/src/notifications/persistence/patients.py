"""The patients, as the register announced them: how to reach them and what they consented to (`NOT-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows
from sqlalchemy import text

from notifications.domain.facts import PatientVersion
from notifications.persistence.tables import PATIENTS

KEYS = Rows(PATIENTS, ["clinic_id", "patient_id"])
"""Patients of clinics, to be joined with what is kept of them."""
_ROWS = Rows(PATIENTS, without=["forgotten_at"])
_KEEP_NEWEST = text(_ROWS.keeping_newest(unless="t.forgotten_at IS NOT NULL"))
_FORGET = text(
    f"""
    INSERT INTO patients AS p (clinic_id, patient_id, version, given_name, family_name, contact_points, forgotten_at)
    SELECT clinic_id, patient_id, 0, '', '', '[]', :now FROM {KEYS.given()}
    ON CONFLICT (clinic_id, patient_id) DO UPDATE
       SET given_name = '', family_name = '', language = NULL, time_zone = NULL, contact_points = '[]',
           forgotten_at = coalesce(p.forgotten_at, excluded.forgotten_at)
    """  # noqa: S608 - constants
)
_FORGOTTEN = text(
    """
    SELECT forgotten_at IS NOT NULL FROM patients
     WHERE clinic_id = :clinic_id AND patient_id = ANY(CAST(:ids AS uuid[])) ORDER BY patient_id FOR SHARE
    """
)


async def keep_newest(work: Work, versions: Sequence[PatientVersion]) -> None:
    """Store each patient unless a newer version is stored, or the patient was forgotten."""
    rows = [
        {
            "clinic_id": each.clinic_id,
            "patient_id": each.patient_id,
            "version": each.version,
            **asdict(each.patient),
        }
        for each in versions
    ]
    await work.connection.execute(_KEEP_NEWEST, _ROWS.arrays(rows))


async def forget(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Empty what is kept of these patients (clinic, patient), known here or not yet, and keep that it is to stay so."""
    await work.connection.execute(_FORGET, {**keys_of(who), "now": work.now})


async def is_any_forgotten(work: Work, clinic_id: UUID, ids: Sequence[UUID]) -> bool:
    """Whether any of these was forgotten; those who were not are not until this transaction has ended."""
    return any((await work.connection.execute(_FORGOTTEN, {"clinic_id": clinic_id, "ids": list(ids)})).scalars())


def keys_of(who: Sequence[tuple[UUID, UUID]]) -> dict[str, list[Any]]:
    """The parameters of these patients (clinic, patient), for a statement with KEYS."""
    return KEYS.arrays({"clinic_id": clinic_id, "patient_id": patient_id} for clinic_id, patient_id in who)
