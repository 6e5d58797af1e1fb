"""Refunds that wait for a second person, and what became of them (`ALL-5`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.money import Money
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.named_allocation import NamedAllocation
from payments.domain.refund_request import (
    AnyRequest,
    CancellationRequest,
    PaymentRefundRequest,
    RefundRequest,
    RequestFilter,
    WithdrawalRequest,
)
from payments.persistence.recordset import conditions_of

_COLUMNS = """
    r.request_id, r.patient_id, r.kind, r.payment_id, r.treatment_plan_id, r.amount_minor, r.limit_minor, r.currency,
    r.reason_code, r.reason, r.method, r.method_label, r.state, r.requested_by, r.requested_at, r.decided_by,
    r.decided_at, r.decision_reason, r.version, r.named
"""
_LOCK = text(
    f"SELECT {_COLUMNS} FROM refund_requests AS r WHERE r.request_id = :request_id FOR UPDATE"  # noqa: S608
)
_REFUNDS = text(
    """
    SELECT request_id, transaction_id FROM transactions
     WHERE request_id = ANY (CAST(:ids AS uuid[])) AND kind IN ('refund', 'cancellation')
     ORDER BY request_id, transaction_id
    """
)
_ADD = text(
    """
    INSERT INTO refund_requests (request_id, clinic_id, patient_id, kind, payment_id, treatment_plan_id, amount_minor,
                                 limit_minor, currency, reason_code, reason, method, method_label, state,
                                 requested_by, requested_at, version, named)
    VALUES (:request_id, :clinic_id, :patient_id, :kind, :payment_id, :treatment_plan_id, :amount_minor,
            :limit_minor, :currency, :reason_code, :reason, :method, :method_label, :state, :requested_by,
            :requested_at, :version, CAST(:named AS jsonb))
    """
)
_SAVE = text(
    """
    UPDATE refund_requests
       SET state = :state, decided_by = :decided_by, decided_at = :decided_at, decision_reason = :decision_reason,
           version = :version
     WHERE request_id = :request_id
    """
)
_KINDS: dict[str, type[AnyRequest]] = {
    kind.kind: kind for kind in (PaymentRefundRequest, WithdrawalRequest, CancellationRequest)
}
_CONDITIONS = {
    "state": "r.state = :state",
    "patient_id": "r.patient_id = ANY (records_of(:clinic_id, :patient_id))",
    "payment_id": "r.payment_id = :payment_id",
    "requested_by": "r.requested_by = :requested_by",
    "request_id": "r.request_id = :request_id",
    "before": "r.request_id < :before",
}


async def add(connection: AsyncConnection, clinic_id: UUID, request: RefundRequest) -> None:
    """Enter a new request."""
    values = {
        "request_id": request.request_id,
        "clinic_id": clinic_id,
        "patient_id": request.patient_id,
        "kind": request.kind,
        "payment_id": request.payment_id,
        "treatment_plan_id": request.treatment_plan_id,
        "amount_minor": request.amount.minor,
        "limit_minor": request.limit.minor,
        "currency": request.amount.currency,
        "reason_code": request.reason_code,
        "reason": request.reason,
        "method": request.method,
        "method_label": request.method_label,
        "state": request.state,
        "requested_by": request.requested_by,
        "requested_at": request.requested_at,
        "version": request.version,
        "named": _written(request.named),
    }
    await connection.execute(_ADD, values)


async def lock(connection: AsyncConnection, request_id: UUID) -> AnyRequest | None:
    """A request, locked before any payment: one person decides at a time."""
    row = (await connection.execute(_LOCK, {"request_id": request_id})).one_or_none()
    if row is None:
        return None
    (request,) = await _with_refunds(connection, [row])
    return request


async def save(connection: AsyncConnection, request: RefundRequest) -> None:
    """Write the decision on a locked request."""
    values = {
        "request_id": request.request_id,
        "state": request.state,
        "decided_by": request.decided_by,
        "decided_at": request.decided_at,
        "decision_reason": request.decision_reason,
        "version": request.version,
    }
    await connection.execute(_SAVE, values)


async def listed(connection: AsyncConnection, clinic_id: UUID, wanted: RequestFilter, limit: int) -> list[AnyRequest]:
    """Requests by filter, the latest first."""
    values = conditions_of(wanted, _CONDITIONS)
    rows = await connection.execute(_list(tuple(values)), values | {"clinic_id": clinic_id, "limit": limit})
    return await _with_refunds(connection, rows.all())


async def _with_refunds(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[AnyRequest]:
    completed = [row.request_id for row in rows if row.state == "completed"]
    refunds: dict[UUID, list[UUID]] = {}
    if completed:
        for request_id, transaction_id in await connection.execute(_REFUNDS, {"ids": completed}):
            refunds.setdefault(request_id, []).append(transaction_id)
    return [_request(row, refunds.get(row.request_id, ())) for row in rows]


@lru_cache(maxsize=64)
def _list(names: tuple[str, ...]) -> TextClause:
    conditions = ["r.clinic_id = :clinic_id", *(_CONDITIONS[name] for name in names)]
    return text(
        f"""
        SELECT {_COLUMNS} FROM refund_requests AS r WHERE {" AND ".join(conditions)}
         ORDER BY r.request_id DESC LIMIT :limit
        """  # noqa: S608 - only texts of this module
    )


def _request(row: Row[Any], refunds: Sequence[UUID]) -> AnyRequest:
    kind = _KINDS[row.kind]
    members = {one.name for one in fields(kind)}
    read = {name: value for name, value in row._mapping.items() if name in members}  # noqa: SLF001 - public by its docs
    read["amount"] = Money(row.amount_minor, row.currency)
    read["limit"] = Money(row.limit_minor, row.currency)
    if "named" in members:
        read["named"] = _read(row.named, row.currency)
    return kind(**read, transaction_ids=tuple(refunds))


def _written(named: tuple[NamedAllocation, ...]) -> str | None:
    """What a refund is to come from, as JSON; nothing where nothing was named."""
    if not named:
        return None
    return json.dumps(
        [
            {
                "invoice_id": str(one.invoice_id),
                "minor": None if one.amount is None else one.amount.minor,
                "lines": [[str(line_id), amount and amount.minor] for line_id, amount in one.lines],
            }
            for one in named
        ]
    )


def _read(written: Any, currency: str) -> tuple[NamedAllocation, ...]:
    return tuple(
        NamedAllocation(
            UUID(one["invoice_id"]),
            _money(one["minor"], currency),
            tuple((UUID(line_id), _money(minor, currency)) for line_id, minor in one["lines"]),
        )
        for one in written or ()
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
