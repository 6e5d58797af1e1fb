"""Insurers' decisions: rows that are only ever added, and what they say of each line (`INS-3`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from chassis.database.rows import Record, Rows, rows_as, values_of
from chassis.identifiers import new_id
from chassis.members import Members
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.adjudication import (
    IN_EXCESS,
    NOT_ADJUDICATED,
    PRIOR_PAYERS,
    AdjudicatedLine,
    Adjudication,
    AdjudicationFilter,
    Adjustment,
    KeptAdjudication,
    KnownAdjudication,
)
from invoicing.domain.bundled_lines import unbundled
from invoicing.domain.listed_adjudication import ListedAdjudication, ListedLine
from invoicing.domain.note import DEFERRED
from invoicing.domain.shares import PayerAdjudication
from invoicing.persistence.patients import OF_ANY_RECORD
from invoicing.persistence.tables.insurance import DECISION_ADJUSTMENTS, DECISION_LINES, DECISIONS

_DECISION_ROWS = Rows(DECISIONS)
_LINE_ROWS = Rows(DECISION_LINES)
_ADJUSTMENT_ROWS = Rows(DECISION_ADJUSTMENTS)
_ADD = text(
    f"""
    WITH added AS ({_DECISION_ROWS.inserting("d_")}), lines AS ({_LINE_ROWS.inserting("l_")})
    {_ADJUSTMENT_ROWS.inserting("a_")}
    """
)
_KEYS = values_of(clinic_id=Uuid(), decision_id=Uuid())
_CONTRACTS = values_of(invoice_id=Uuid(), payer_id=Uuid())
_KNOWN = text(
    f"""
    SELECT clinic_id, decision_id, invoice_id, payer_id, payer_sequence, charge_minor, paid_minor, contractual_minor,
           patient_minor, other_minor
      FROM decisions
     WHERE (clinic_id, decision_id) IN (SELECT * FROM {_KEYS.unnested()})
    """  # noqa: S608 - constants
)
_ROWS = text(
    """
    SELECT l.invoice_id, l.decision_id, l.invoice_line_id AS line_id, l.payer_id, l.payer_name,
           l.payer_sequence AS sequence,
           l.charge_minor AS charge, l.allowed_minor AS allowed, l.paid_minor AS paid,
           l.contractual_minor AS contractual, l.patient_minor AS patient, l.other_minor AS other,
           l.contractual_minor - coalesce(a.no_contract, 0) AS by_contract, coalesce(a.pending, 0) AS pending,
           coalesce(a.by_others, 0) AS by_others, coalesce(a.in_excess, 0) AS in_excess
      FROM decision_lines l
      LEFT JOIN LATERAL (
        SELECT sum(amount_minor) FILTER (WHERE adjustment_group = 'CO' AND reason_code <> :in_excess)::bigint
                 AS no_contract,
               sum(amount_minor) FILTER (WHERE reason_code = ANY(:not_decided))::bigint AS pending,
               sum(amount_minor) FILTER (WHERE reason_code = :prior_payers)::bigint AS by_others,
               sum(amount_minor) FILTER (WHERE adjustment_group <> 'CO' AND reason_code = :in_excess)::bigint
                 AS in_excess
          FROM decision_adjustments
         WHERE clinic_id = l.clinic_id AND decision_id = l.decision_id AND position = l.position
           AND adjustment_group <> 'PR'
           AND (reason_code IN (:prior_payers, :in_excess) OR reason_code = ANY(:not_decided))) a ON true
     WHERE l.invoice_id = ANY(CAST(:invoices AS uuid[]))
       AND (CAST(:until AS timestamptz) IS NULL
            OR EXISTS (SELECT 1 FROM decisions d WHERE d.clinic_id = l.clinic_id AND d.decision_id = l.decision_id
                          AND d.applied_at < :until))
     ORDER BY l.invoice_id, l.decision_id, l.position
    """
)
_LATEST = text(
    f"""
    SELECT DISTINCT ON (d.invoice_id) d.invoice_id, d.decision_id, d.payer_name
      FROM decisions d
     WHERE (d.invoice_id, d.payer_id) IN (SELECT * FROM {_CONTRACTS.unnested()})
     ORDER BY d.invoice_id, d.contractual_minor > 0 DESC, d.id DESC
    """  # noqa: S608 - constants
)
# What an invoice asks less for because of a decision: what was written off at once, and what was once there was room.
_LIST = """
    SELECT d.*, i.number AS invoice_number, i.currency,
           coalesce((SELECT sum(n.total_minor) FROM notes n
                      WHERE n.invoice_id = d.invoice_id AND n.decision_id = d.decision_id
                        AND n.kind = :deferred), 0)::bigint AS deferred_minor
      FROM decisions d JOIN invoices i ON i.id = d.invoice_id
     WHERE d.clinic_id = :clinic_id {filters} ORDER BY d.id DESC LIMIT :most
"""
_LINES = text(
    """
    SELECT l.decision_id, l.position, l.invoice_line_id AS line_id, l.charge_minor, l.allowed_minor, l.paid_minor,
           i.description
      FROM decision_lines l JOIN invoice_lines i ON i.id = l.invoice_line_id
     WHERE l.clinic_id = :clinic_id AND l.decision_id = ANY(CAST(:ids AS uuid[])) ORDER BY l.decision_id, l.position
    """
)
_ADJUSTMENTS = text(
    """
    SELECT decision_id, position, adjustment_group AS "group", reason_code, amount_minor AS amount
      FROM decision_adjustments
     WHERE clinic_id = :clinic_id AND decision_id = ANY(CAST(:ids AS uuid[])) ORDER BY decision_id, position, ordinal
    """
)


async def known(
    connection: AsyncConnection, keys: Iterable[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], KnownAdjudication]:
    """Those of these decisions (clinic, decision) that are kept already."""
    rows = (await connection.execute(_KNOWN, _KEYS.keyed(keys))).all()
    read = rows_as(KnownAdjudication, rows)
    return {(row.clinic_id, row.decision_id): kept for row, kept in zip(rows, read, strict=True)}


async def rows_of(
    connection: AsyncConnection, invoice_ids: Sequence[UUID], until: datetime | None = None
) -> dict[UUID, list[PayerAdjudication]]:
    """What each decision on these invoices says of each line; of those that were applied before an instant, or all."""
    known_codes = {"prior_payers": PRIOR_PAYERS, "not_decided": sorted(NOT_ADJUDICATED), "in_excess": IN_EXCESS}
    wanted = {"invoices": list(invoice_ids), "until": until, **known_codes}
    rows = (await connection.execute(_ROWS, wanted)).all()
    found: defaultdict[UUID, list[PayerAdjudication]] = defaultdict(list)
    read = zip(rows, rows_as(PayerAdjudication, rows), strict=True)
    for (invoice_id, _), own in groupby(read, key=lambda one: (one[0].invoice_id, one[0].decision_id)):
        found[invoice_id] += unbundled([one for _, one in own])
    return found


async def latest_of(
    connection: AsyncConnection, contracts: Iterable[tuple[UUID, UUID]]
) -> dict[UUID, tuple[UUID, str]]:
    """By invoice the latest decision of a payer (invoice, payer) whose contract takes something off, and its name."""
    found = await connection.execute(_LATEST, _CONTRACTS.keyed(contracts))
    return {row.invoice_id: (row.decision_id, row.payer_name) for row in found}


async def add(connection: AsyncConnection, applied: Sequence[KeptAdjudication]) -> None:
    """Add decisions with their lines and adjustments, in one round trip."""
    lines = [(one.decision, place, line) for one in applied for place, line in enumerate(one.decision.lines, start=1)]
    adjustments = [
        {
            "clinic_id": decision.stated.clinic_id,
            "decision_id": decision.stated.decision_id,
            "position": place,
            "ordinal": ordinal,
            "adjustment_group": adjustment.group,
            "reason_code": adjustment.reason_code,
            "amount_minor": adjustment.amount,
        }
        for decision, place, line in lines
        for ordinal, adjustment in enumerate(line.adjustments, start=1)
    ]
    await connection.execute(
        _ADD,
        _DECISION_ROWS.arrays([_row(one) for one in applied], "d_")
        | _LINE_ROWS.arrays([_line_row(*one) for one in lines], "l_")
        | _ADJUSTMENT_ROWS.arrays(adjustments, "a_"),
    )


async def listed(
    connection: AsyncConnection, clinic_id: UUID, wanted: AdjudicationFilter, after: UUID | None, most: int
) -> list[ListedAdjudication]:
    """Decisions, those applied last first, from below `after` on, with their lines."""
    parameters: dict[str, Any] = {"clinic_id": clinic_id, "most": most, "deferred": DEFERRED}
    filters = ""
    for name in wanted.__dataclass_fields__:
        if (value := getattr(wanted, name)) is not None:
            filters += f" AND d.{name} = {OF_ANY_RECORD if name == 'patient_id' else ':' + name}"
            parameters[name] = value
    if after is not None:
        filters += " AND d.id < :after"
        parameters["after"] = after
    rows = (await connection.execute(text(_LIST.format(filters=filters)), parameters)).all()
    lines = await _lines_of(connection, clinic_id, [row.decision_id for row in rows])
    return [
        ListedAdjudication(
            **_LISTED.of(row),
            written_off_minor=row.written_off_minor + row.deferred_minor,
            lines=tuple(lines[row.decision_id]),
        )
        for row in rows
    ]


_LISTED = Members(ListedAdjudication, without=["lines", "written_off_minor"])
_LISTED_LINE = Members(ListedLine, without=["adjustments"])


async def _lines_of(connection: AsyncConnection, clinic_id: UUID, ids: list[UUID]) -> dict[UUID, list[ListedLine]]:
    wanted = {"clinic_id": clinic_id, "ids": ids}
    adjustments: dict[tuple[UUID, int], list[Adjustment]] = {}
    for row in await connection.execute(_ADJUSTMENTS, wanted):
        adjustments.setdefault((row.decision_id, row.position), []).extend(rows_as(Adjustment, [row]))
    lines: dict[UUID, list[ListedLine]] = {id_: [] for id_ in ids}
    for row in await connection.execute(_LINES, wanted):
        own = tuple(adjustments.get((row.decision_id, row.position), ()))
        lines[row.decision_id].append(ListedLine(**_LISTED_LINE.of(row), adjustments=own))
    return lines


def _row(one: KeptAdjudication) -> Record:
    decision, stated = one.decision, one.decision.stated
    return {
        "id": new_id(),
        "clinic_id": stated.clinic_id,
        "decision_id": stated.decision_id,
        "claim_id": stated.claim_id,
        "invoice_id": stated.invoice_id,
        "patient_id": stated.patient_id,
        "payer_id": stated.payer_id,
        "payer_name": stated.payer_name,
        "payer_sequence": stated.sequence,
        "remittance_id": stated.remittance_id,
        "remittance_reference": stated.remittance_reference,
        "charge_minor": decision.charge,
        "paid_minor": decision.paid,
        "contractual_minor": decision.of_groups("CO"),
        "patient_minor": decision.of_groups("PR"),
        "other_minor": decision.of_groups("OA", "PI"),
        "written_off_minor": one.written_off,
        "decided_at": stated.decided_at,
        "applied_at": one.applied_at,
        "put_off_minor": decision.put_off,
    }


def _line_row(decision: Adjudication, place: int, line: AdjudicatedLine) -> Record:
    stated = decision.stated
    return {
        "clinic_id": stated.clinic_id,
        "decision_id": stated.decision_id,
        "position": place,
        "invoice_id": stated.invoice_id,
        "invoice_line_id": line.line_id,
        "payer_id": stated.payer_id,
        "payer_name": stated.payer_name,
        "payer_sequence": stated.sequence,
        "charge_minor": line.charge,
        "allowed_minor": line.allowed,
        "paid_minor": line.paid,
        "contractual_minor": line.of_groups("CO"),
        "patient_minor": line.of_groups("PR"),
        "other_minor": line.of_groups("OA", "PI"),
    }
