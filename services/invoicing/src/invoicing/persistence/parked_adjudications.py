"""Decisions that were not accepted: each with its reason, open until a person applies or dismisses it (`INS-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows, document_as, json_text, rows_as, values_of
from chassis.members import Members
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.adjudication import StatedAdjudication, StatedAdjustment, StatedAmount, StatedLine
from invoicing.domain.parked_adjudication import ParkedAdjudication, ParkedFilter, ParkedState
from invoicing.persistence.patients import OF_ANY_RECORD
from invoicing.persistence.tables.insurance import SET_ASIDE_DECISIONS

_ROWS = Rows(SET_ASIDE_DECISIONS, without=["closed_at", "closed_by", "closed_because"])
_ADD = text(
    f"""
    {_ROWS.inserting()}
    ON CONFLICT (clinic_id, decision_id) WHERE state = 'open'
    DO UPDATE SET (claim_id, invoice_id, patient_id, payer_id, payer_name, cause, detail, document) = (
      excluded.claim_id, excluded.invoice_id, excluded.patient_id, excluded.payer_id, excluded.payer_name,
      excluded.cause, excluded.detail, excluded.document)
    RETURNING id
    """
)
_STATED = Members(SET_ASIDE_DECISIONS, StatedAdjudication)
_LOCK = text("SELECT * FROM set_aside_decisions WHERE id = :id FOR UPDATE")
_CLOSE = text(
    """
    UPDATE set_aside_decisions SET state = :state, closed_at = :now, closed_by = :by, closed_because = :because
     WHERE id = :id RETURNING *
    """
)
_KEYS = values_of(clinic_id=Uuid(), decision_id=Uuid())
_CLOSE_APPLIED = text(
    f"""
    UPDATE set_aside_decisions SET state = 'applied', closed_at = :now, closed_by = :by
     WHERE state = 'open' AND (clinic_id, decision_id) IN (SELECT * FROM {_KEYS.unnested()})
    """  # noqa: S608 - constants
)
_EXPLAIN = text("UPDATE set_aside_decisions SET cause = :cause, detail = :detail WHERE id = :id RETURNING *")
_AWAITED = text(
    """
    SELECT s.* FROM set_aside_decisions s JOIN invoices i ON i.clinic_id = s.clinic_id AND i.id = s.invoice_id
     WHERE s.clinic_id = ANY(CAST(:clinics AS uuid[])) AND s.state = 'open' AND s.cause = 'unknown_invoice'
       AND i.status <> 'draft'
     ORDER BY s.clinic_id, s.id LIMIT :most
    """
)
_FIND = text("SELECT * FROM set_aside_decisions WHERE id = :id")
_LIST = """
    SELECT * FROM set_aside_decisions WHERE clinic_id = :clinic_id {filters} ORDER BY id DESC LIMIT :most
"""


async def add(
    connection: AsyncConnection, id_: UUID, stated: StatedAdjudication, cause: str, detail: str, now: datetime
) -> bool:
    """Set a decision aside; False where it lies there open already, and says now what it was stated to say last."""
    row = {
        **_STATED.of(stated),
        "id": id_,
        "cause": cause,
        "detail": detail[:500],
        "document": json_text(stated),
        "state": "open",
        "set_aside_at": now,
    }
    return bool(await connection.scalar(_ADD, _ROWS.arrays([row])) == id_)


async def lock(connection: AsyncConnection, id_: UUID) -> ParkedAdjudication | None:
    """One of them, locked for a decision about it."""
    return next(iter(rows_as(ParkedAdjudication, await connection.execute(_LOCK, {"id": id_}))), None)


async def find(connection: AsyncConnection, id_: UUID) -> ParkedAdjudication | None:
    """One of them."""
    return next(iter(rows_as(ParkedAdjudication, await connection.execute(_FIND, {"id": id_}))), None)


async def close(
    connection: AsyncConnection, id_: UUID, state: ParkedState, now: datetime, by: str, because: str | None
) -> ParkedAdjudication:
    """Write what became of one."""
    parameters = {"id": id_, "state": state, "now": now, "by": by, "because": because}
    (closed,) = rows_as(ParkedAdjudication, await connection.execute(_CLOSE, parameters))
    return closed


async def close_applied(connection: AsyncConnection, keys: Sequence[tuple[UUID, UUID]], now: datetime, by: str) -> None:
    """Close those whose decision (clinic, decision) was applied after all."""
    await connection.execute(_CLOSE_APPLIED, _KEYS.keyed(keys) | {"now": now, "by": by})


async def whose_invoice_came(
    connection: AsyncConnection, clinic_ids: Sequence[UUID], most: int
) -> list[ParkedAdjudication]:
    """Those that waited for an invoice which is issued by now."""
    return rows_as(ParkedAdjudication, await connection.execute(_AWAITED, {"clinics": list(clinic_ids), "most": most}))


async def explain(connection: AsyncConnection, id_: UUID, cause: str, detail: str) -> ParkedAdjudication:
    """Write why one could not be applied this time either."""
    parameters = {"id": id_, "cause": cause, "detail": detail[:500]}
    (explained,) = rows_as(ParkedAdjudication, await connection.execute(_EXPLAIN, parameters))
    return explained


async def listed(
    connection: AsyncConnection, clinic_id: UUID, wanted: ParkedFilter, after: UUID | None, most: int
) -> list[ParkedAdjudication]:
    """Those wanted, the newest first, from below `after` on."""
    parameters: dict[str, Any] = {"clinic_id": clinic_id, "most": most}
    filters = ""
    for name in wanted.__dataclass_fields__:
        if (value := getattr(wanted, name)) is not None:
            filters += f" AND {name} = {OF_ANY_RECORD if name == 'patient_id' else ':' + name}"
            parameters[name] = value
    if after is not None:
        filters += " AND id < :after"
        parameters["after"] = after
    return rows_as(ParkedAdjudication, await connection.execute(text(_LIST.format(filters=filters)), parameters))


def stated_of(parked: ParkedAdjudication) -> StatedAdjudication:
    """The decision as the insurer stated it."""
    document = parked.document
    ids = ("decision_id", "claim_id", "clinic_id", "invoice_id", "patient_id", "payer_id", "remittance_id")
    return StatedAdjudication(
        **{name: UUID(document[name]) if document[name] else None for name in ids},  # type: ignore[arg-type]
        payer_name=document["payer_name"],
        sequence=document["sequence"],
        charge=document_as(StatedAmount, document["charge"]),
        paid=document_as(StatedAmount, document["paid"]),
        lines=tuple(_line_of(line) for line in document["lines"]),
        decided_at=datetime.fromisoformat(document["decided_at"]),
        remittance_reference=document["remittance_reference"],
        payer_identifier=document.get("payer_identifier"),
        put_off=document_as(StatedAmount, put_off) if (put_off := document.get("put_off")) else None,
    )


def _line_of(one: dict[str, Any]) -> StatedLine:
    return StatedLine(
        line_id=UUID(one["line_id"]),
        charge=document_as(StatedAmount, one["charge"]),
        paid=document_as(StatedAmount, one["paid"]),
        adjustments=tuple(
            StatedAdjustment(each["group"], each["reason_code"], document_as(StatedAmount, each["amount"]))
            for each in one["adjustments"]
        ),
        allowed=document_as(StatedAmount, one["allowed"]) if one["allowed"] else None,
        doubt=one.get("doubt"),
    )
