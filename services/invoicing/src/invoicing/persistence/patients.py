"""The patients of the register: kept by version, found by words, each with what is owed (`INV-18`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Rows, record_of, rows_as, values_of
from chassis.members import Members
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.patient import Patient, PatientAccount, PatientFilter, UnregisteredPatient
from invoicing.domain.written_days import take_days
from invoicing.persistence.claims import coverages_json, coverages_of, residence_json, residence_of
from invoicing.persistence.invoice_lists import OPEN
from invoicing.persistence.search import ASKED_MAX, Told, span, told_words
from invoicing.persistence.tables.practice import PATIENTS

_SAME = Members(PATIENTS, Patient, without=["coverages", "address"])
_ROWS = Rows(PATIENTS, without=["forgotten_at"])
_KEEP = text(
    f"""
    {_ROWS.inserting()}
    ON CONFLICT (clinic_id, patient_id) DO UPDATE
       SET version = excluded.version, given_name = excluded.given_name, family_name = excluded.family_name,
           birth_date = excluded.birth_date, chart_number = excluded.chart_number,
           gender = excluded.gender, coverages = excluded.coverages, address = excluded.address
     WHERE patients.version < excluded.version AND patients.forgotten_at IS NULL
    """  # noqa: S608 - constants
)
_KEYS = values_of(clinic_id=Uuid(), patient_id=Uuid())
_IDS = values_of(patient_id=Uuid())
_FORGET = text(
    f"""
    INSERT INTO patients (clinic_id, patient_id, version, given_name, family_name, forgotten_at)
    SELECT clinic_id, patient_id, 0, '', '', :now
      FROM {_KEYS.given()}
    ON CONFLICT (clinic_id, patient_id) DO UPDATE
       SET given_name = '', family_name = '', birth_date = NULL, chart_number = NULL, gender = NULL, coverages = NULL,
           address = NULL, forgotten_at = coalesce(patients.forgotten_at, excluded.forgotten_at)
    """  # noqa: S608 - constants
)
_NAMES = text(
    f"""
    SELECT a.patient_id, p.given_name || ' ' || p.family_name AS name
      FROM {_IDS.given(alias="a")}
      JOIN patients p ON p.clinic_id = :clinic_id AND p.patient_id = survivor_of(:clinic_id, a.patient_id)
     WHERE p.forgotten_at IS NULL
    """  # noqa: S608 - constants
)
_REGISTERED = Statement(
    f"""
    SELECT a.patient_id AS asked, p.*
      FROM {_KEYS.given(alias="a")}
     CROSS JOIN LATERAL (
           SELECT p.* FROM patients p
            WHERE p.clinic_id = a.clinic_id AND p.patient_id IN (survivor_of(a.clinic_id, a.patient_id), a.patient_id)
            ORDER BY p.patient_id = a.patient_id LIMIT 1) p
    """  # noqa: S608 - constants
)
SEARCH = """
    SELECT p.*, coalesce(o.outstanding, 0)::bigint AS outstanding, coalesce(o.overdue, 0)::bigint AS overdue,
           coalesce(o.invoices, 0) AS open_invoices
      FROM (SELECT p.* FROM patients p WHERE {where} ORDER BY p.patient_id LIMIT :most) p
      LEFT JOIN LATERAL (
           SELECT count(*) AS invoices,
                  sum(i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor) AS outstanding,
                  sum(coalesce((SELECT sum(d.unpaid_minor) FROM installment_dues d
                                 WHERE d.invoice_id = i.id AND d.due_date < :today AND d.unpaid_minor > 0),
                               i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor))
                      FILTER (WHERE i.overdue_after < :today) AS overdue
             FROM unnest(records_of(p.clinic_id, p.patient_id)) AS r (record_id)
             JOIN invoices i ON i.clinic_id = p.clinic_id AND i.patient_id = r.record_id
            WHERE i.status = 'issued' AND {open}) o
        ON true
     ORDER BY p.patient_id
"""
"""Patients with what they owe: which records are theirs is asked once for each, and their open invoices by an index."""
OF_ANY_RECORD = "ANY(records_of(:clinic_id, :patient_id))"
"""What the rows of one patient are of, in a statement that has both parameters (`ALL-10`)."""
# Of records that are one patient, the one that goes on is found, by the words of each (`ALL-10`).
_GOES_ON = """NOT EXISTS (SELECT FROM merged_records m WHERE m.clinic_id = p.clinic_id AND m.record_id = p.patient_id
                             AND m.survivor_id <> m.record_id)"""

_UNREGISTERED = text(
    f"""
    SELECT i.patient_id, count(*) AS invoices, min(i.issue_date) AS first_issued_on,
           coalesce(sum(i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor)
                    FILTER (WHERE i.status = 'issued' AND {OPEN}), 0)::bigint AS outstanding
      FROM invoices i
     WHERE i.clinic_id = :clinic_id AND i.patient_id > :after
       AND NOT EXISTS (SELECT FROM patients p WHERE p.clinic_id = i.clinic_id AND p.patient_id = i.patient_id)
       AND NOT EXISTS (SELECT FROM merged_records m
                         JOIN patients p ON p.clinic_id = m.clinic_id AND p.patient_id = m.survivor_id
                        WHERE m.clinic_id = i.clinic_id AND m.record_id = i.patient_id)
     GROUP BY i.patient_id ORDER BY i.patient_id LIMIT :most
    """  # noqa: S608 - constants
)


async def keep(connection: AsyncConnection, told: Sequence[Patient]) -> None:
    """Write patients, each given once, unless a newer version of them is there or they were forgotten."""
    rows = [
        record_of(patient, coverages=coverages_json(patient.coverages), address=residence_json(patient.address))
        for patient in told
    ]
    if rows:
        await connection.execute(_KEEP, _ROWS.arrays(rows))


async def forget(connection: AsyncConnection, who: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    """Empty what is kept of these patients (clinic, patient), known here or not yet, and keep that it is to stay so."""
    await connection.execute(_FORGET, _KEYS.keyed(who) | {"now": now})


async def names_of(connection: AsyncConnection, clinic_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those of these patients that the register has told of."""
    rows = await connection.execute(_NAMES, {"clinic_id": clinic_id, "patient_id": list(set(ids))})
    return {row.patient_id: row.name for row in rows}


async def registered(
    connection: AsyncConnection, keys: Iterable[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Patient]:
    """Those of these patients (clinic, patient) that the register told of, as the record that goes on (`ALL-10`)."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    return {
        (row["clinic_id"], row["asked"]): Patient(
            **{name: row[name] for name in _SAME.names},
            coverages=coverages_of(row["coverages"]),
            address=residence_of(row["address"]),
        )
        for row in await _REGISTERED.rows(connection, _KEYS.keyed(wanted))
    }


async def unregistered(
    connection: AsyncConnection, clinic_id: UUID, after: UUID | None, most: int
) -> list[UnregisteredPatient]:
    """At most so many patients behind `after` who have invoices and of whom the register has told nothing."""
    values = {"clinic_id": clinic_id, "after": after or UUID(int=0), "most": most}
    return rows_as(UnregisteredPatient, await connection.execute(_UNREGISTERED, values))


async def search(
    connection: AsyncConnection, clinic_id: UUID, wanted: PatientFilter, today: date, after: UUID | None, most: int
) -> list[PatientAccount]:
    """At most so many patients behind `after`, in the order of their ids, each with what is outstanding and overdue."""
    parameters: dict[str, Any] = {"clinic_id": clinic_id, "today": today, "most": most}
    conditions = ["p.clinic_id = :clinic_id", _GOES_ON]
    if after is not None:
        conditions.append("p.patient_id > :after")
        parameters["after"] = after
    if wanted.birth_date is not None:
        conditions.append("p.birth_date = :birth_date")
        parameters["birth_date"] = wanted.birth_date
    if wanted.text is not None:
        conditions.append(await _said(connection, wanted, today, parameters))
    statement = SEARCH.format(where=" AND ".join(conditions), open=OPEN)
    return rows_as(PatientAccount, await connection.execute(text(statement), parameters))


async def find(connection: AsyncConnection, clinic_id: UUID, patient_id: UUID, today: date) -> PatientAccount | None:
    """The patient of this record, as the one that goes on (`ALL-10`), with what is owed; None of one not known here."""
    known = (
        "p.clinic_id = :clinic_id AND p.patient_id = survivor_of(:clinic_id, :patient_id) AND p.forgotten_at IS NULL"
    )
    parameters = {"clinic_id": clinic_id, "patient_id": patient_id, "today": today, "most": 1}
    rows = await connection.execute(text(SEARCH.format(where=known, open=OPEN)), parameters)
    return next(iter(rows_as(PatientAccount, rows)), None)


async def _said(connection: AsyncConnection, wanted: PatientFilter, today: date, parameters: dict[str, Any]) -> str:
    """The condition of a text: its words begin words of the patient, or it is the number of an invoice of theirs."""
    told = wanted.text or ""
    born, rest = take_days(told, wanted.language, today)
    typed = sorted(await told_words(connection, rest), key=lambda word: -len(word.names[0]))[:ASKED_MAX]
    parts = [_begins(f"word_{place}", one, parameters) for place, one in enumerate(typed)]
    for place, day in enumerate(born):
        parameters[f"born_{place}"] = day
        parts.append(f"p.birth_date = :born_{place}")
    parameters |= {"number": told.strip(), "upper": told.strip().upper()}
    of_invoice = """
        p.patient_id = ANY(ARRAY(SELECT survivor_of(i.clinic_id, i.patient_id) FROM invoices i
                                  WHERE i.clinic_id = :clinic_id AND i.number IN (:number, :upper)))
    """
    return f"({' AND '.join(parts)} OR {of_invoice})" if parts else of_invoice


def _begins(name: str, typed: Told, parameters: dict[str, Any]) -> str:
    """What was typed as one begins a word, or all of its parts do. A number is meant as it is."""
    ways = {"names": typed.names, "parts": typed.parts} if typed.names != typed.parts else {"names": typed.names}
    either = []
    for way, words in ways.items():
        each = {f"{name}_{way}_{place}": word for place, word in enumerate(words)}
        for one, word in each.items():
            parameters |= span(one, word)
        either.append(" AND ".join(_of_word(one) for one in each))
    return f"({' OR '.join(either)})"


def _of_word(name: str) -> str:
    return (
        "p.patient_id = ANY(ARRAY(SELECT coalesce(m.survivor_id, w.patient_id) FROM patient_words w "  # noqa: S608
        "LEFT JOIN merged_records m ON m.clinic_id = w.clinic_id AND m.record_id = w.patient_id "
        f"WHERE w.clinic_id = :clinic_id AND w.word >= :{name} AND w.word < :{name}_end))"
    )
