"""Whom documents name: of the versions that `people` keeps, and of settings, those in force then (`RCP-9`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from chassis.database.rows import values_of
from sqlalchemy import DateTime, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.parties import KnownParties, Occasion, Parties
from receipts.domain.people import Patient, PatientKey
from receipts.domain.settings import DocumentSettings
from receipts.persistence import document_settings
from receipts.persistence.people import clinic_of, patient_of

_OCCASIONS = values_of(clinic_id=Uuid(), patient_id=Uuid(), at=DateTime(timezone=True))
# The version that was in force; where none was yet, the first there is. Of records that are one patient, the one that
# goes on is named, else the one that was asked for (`ALL-10`).
_PARTIES = text(
    f"""
    SELECT a.clinic_id, a.patient_id, a.at, c.details AS clinic, s.settings, t.template_version,
           coalesce(earlier.details, p.details) AS patient
      FROM {_OCCASIONS.given(alias="a")}
      LEFT JOIN LATERAL (SELECT v.details FROM clinic_versions AS v WHERE v.clinic_id = a.clinic_id
                          ORDER BY v.since <= a.at DESC, CASE WHEN v.since <= a.at THEN -v.version ELSE v.version END
                          LIMIT 1) AS c ON true
      LEFT JOIN LATERAL (SELECT to_jsonb(v) AS settings FROM document_setting_versions AS v
                          WHERE v.clinic_id = a.clinic_id AND v.changed_at <= a.at
                          ORDER BY v.version DESC LIMIT 1) AS s ON true
      LEFT JOIN LATERAL (SELECT max(v.version) AS template_version FROM document_template_versions AS v
                          WHERE v.clinic_id = a.clinic_id AND v.changed_at <= a.at) AS t ON true
      LEFT JOIN LATERAL (SELECT q.* FROM patients AS q
                          WHERE q.clinic_id = a.clinic_id
                            AND q.patient_id IN (survivor_of(a.clinic_id, a.patient_id), a.patient_id)
                          ORDER BY q.patient_id = survivor_of(a.clinic_id, a.patient_id) DESC LIMIT 1) AS p ON true
      LEFT JOIN LATERAL (SELECT v.details FROM patient_versions AS v
                          WHERE v.clinic_id = p.clinic_id AND v.patient_id = p.patient_id AND p.since > a.at
                          ORDER BY v.since <= a.at DESC, CASE WHEN v.since <= a.at THEN -v.version ELSE v.version END
                          LIMIT 1) AS earlier ON true
    """  # noqa: S608 - constants
)


async def parties_at(
    connection: AsyncConnection, occasions: Iterable[Occasion], anyway: Collection[PatientKey] = ()
) -> KnownParties:
    """Who was who at these occasions. The patients of `anyway` are waited for no longer (`ALL-11`)."""
    given = _OCCASIONS.keyed(sorted(set(occasions)))
    known: dict[Occasion, Parties] = {}
    missing: dict[Occasion, str] = {}
    for row in await connection.execute(_PARTIES, given):
        occasion = Occasion(row.clinic_id, row.patient_id, row.at)
        key = (row.clinic_id, row.patient_id)
        patient = patient_of(row.patient) if row.patient else Patient.unregistered(*key) if key in anyway else None
        if row.clinic is None:
            missing[occasion] = f"clinic {row.clinic_id} is not known yet"
        elif patient is None:
            missing[occasion] = f"patient {row.patient_id} is not known yet"
        else:
            settings = document_settings.read(row.settings) if row.settings else DocumentSettings()
            settings = replace(settings, template_version=row.template_version or 0)
            known[occasion] = Parties(clinic=clinic_of(row.clinic), patient=patient, settings=settings)
    return KnownParties(known=known, missing=missing)
