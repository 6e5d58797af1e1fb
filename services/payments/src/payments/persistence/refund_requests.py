"""Refunds that wait for a second person, and what became of them (`ALL-5`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.database.rows import Record, Rows
from chassis.money import Money
from sqlalchemy import TextClause, text
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
from payments.persistence.tables import REFUND_REQUESTS

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
_ROWS = Rows(REFUND_REQUESTS)
_DECIDED = Rows(REFUND_REQUESTS, ["request_id", "state", "decided_by", "decided_at", "decision_reason", "version"])
_SAVE = text(
    f"""
    UPDATE refund_requests AS r SET {_DECIDED.setting("n", "request_id")} FROM {_DECIDED.given(alias="n")}
     WHERE r.request_id = n.request_id
    """  # noqa: S608 - our own texts
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
    apart = {
        "clinic_id": clinic_id,
        "amount_minor": request.amount.minor,
        "limit_minor": request.limit.minor,
        "currency": request.amount.currency,
        "named": _written(request.named),
    }
    row = {name: getattr(request, name) for name in _ROWS.columns if name not in apart}
    await _ROWS.insert(connection, [row | apart])


async def lock(connection: AsyncConnection, request_id: UUID) -> AnyRequest | None:
    """A request, locked before any payment: one person decides at a time."""
    found = await _read(connection, _LOCK, {"request_id": request_id})
    return found[0] if found else None


async def save(connection: AsyncConnection, request: RefundRequest) -> None:
    """Write the decision on a locked request."""
    await connection.execute(_SAVE, _DECIDED.arrays([{name: getattr(request, name) for name in _DECIDED.columns}]))


async def listed(connection: AsyncConnection, clinic_id: UUID, wanted: RequestFilter, limit: int) -> list[AnyRequest]:
    """Requests by filter, the latest first."""
    values = conditions_of(wanted, _CONDITIONS)
    return await _read(connection, _list(tuple(values)), values | {"clinic_id": clinic_id, "limit": limit})


async def _read(connection: AsyncConnection, statement: TextClause, values: Record) -> list[AnyRequest]:
    """Requests with the transactions that completed them."""
    rows = (await connection.execute(statement, dict(values))).all()
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


def _request(row: Any, refunds: Sequence[UUID]) -> AnyRequest:
    kind = _KINDS[row.kind]
    members = {member.name for member in fields(kind)}
    read = {name: value for name, value in row._mapping.items() if name in members}  # noqa: SLF001 - public by its docs
    read["amount"] = Money(row.amount_minor, row.currency)
    read["limit"] = Money(row.limit_minor, row.currency)
    if "named" in members:
        read["named"] = _named_of(row.named, row.currency)
    return kind(**read, transaction_ids=tuple(refunds))


def _written(named: tuple[NamedAllocation, ...]) -> list[dict[str, Any]] | None:
    """What a refund is to come from; nothing where nothing was named."""
    return [
        {
            "invoice_id": str(allocation.invoice_id),
            "minor": None if allocation.amount is None else allocation.amount.minor,
            "lines": [[str(line_id), amount and amount.minor] for line_id, amount in allocation.lines],
        }
        for allocation in named
    ] or None


def _named_of(written: Any, currency: str) -> tuple[NamedAllocation, ...]:
    return tuple(
        NamedAllocation(
            UUID(allocation["invoice_id"]),
            _money(allocation["minor"], currency),
            tuple((UUID(line_id), _money(minor, currency)) for line_id, minor in allocation["lines"]),
        )
        for allocation in written or ()
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
