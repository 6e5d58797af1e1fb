"""Webhook endpoints, who changed them, and the deliveries to them, which wait in the queue of what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows, record_of
from chassis.identifiers import new_id
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.notice import Priority
from notifications.domain.webhook import DeliveryState, EndpointChange, WebhookDelivery, WebhookEndpoint
from notifications.persistence.tables import WEBHOOK_CHANGES, WEBHOOK_DELIVERIES, WEBHOOK_ENDPOINTS

BELL = "webhooks_due"
"""Rung after a commit that made a delivery due."""
_ENDPOINT = TypeAdapter(WebhookEndpoint)
_DELIVERY = TypeAdapter(WebhookDelivery)
_ENDPOINT_ROWS = Rows(WEBHOOK_ENDPOINTS)
_CHANGE_ROWS = Rows(WEBHOOK_CHANGES)
_DELIVERY_ROWS = Rows(WEBHOOK_DELIVERIES)

_MAILED = """
    (SELECT a.state FROM endpoint_alerts AS a
      WHERE a.clinic_id = e.clinic_id AND a.endpoint_id = e.id AND e.disabled_because <> 'asked'
      ORDER BY a.id DESC LIMIT 1) AS mailed
"""
_ENDPOINTS = text(f"SELECT e.*, {_MAILED} FROM webhook_endpoints AS e WHERE id > :after ORDER BY id LIMIT :limit")  # noqa: S608
_ACTIVE = text("SELECT * FROM webhook_endpoints WHERE disabled_because IS NULL ORDER BY clinic_id, id")
_FIND = text(f"SELECT e.*, {_MAILED} FROM webhook_endpoints AS e WHERE id = :id")  # noqa: S608 - constants
_LOCK = text(f"SELECT e.*, {_MAILED} FROM webhook_endpoints AS e WHERE id = :id FOR UPDATE")  # noqa: S608 - constants
_COUNT = text("SELECT count(*) FROM webhook_endpoints")
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoints ' || :clinic_id, 0))")
_CHANGE = text(
    f"""
    UPDATE webhook_endpoints AS e SET {_ENDPOINT_ROWS.setting("r", "id", "clinic_id", "created_at")}
      FROM {_ENDPOINT_ROWS.given(alias="r")} WHERE e.id = r.id
    """  # noqa: S608 - constants
)
_REMOVE = text("DELETE FROM webhook_endpoints WHERE id = :id")
_MARK_FAILING = text("UPDATE webhook_endpoints SET failing_since = :now WHERE id = :id AND failing_since IS NULL")
_MARK_WORKING = text("UPDATE webhook_endpoints SET failing_since = NULL WHERE id = :id AND failing_since IS NOT NULL")
_DISABLE = text(
    """
    UPDATE webhook_endpoints SET disabled_because = :because, version = version + 1
     WHERE id = :id AND disabled_because IS NULL
    """
)
_ADD = text(
    f"""
    WITH added AS ({_DELIVERY_ROWS.inserting()} ON CONFLICT DO NOTHING RETURNING id, clinic_id, next_attempt_at)
    INSERT INTO sending_queue (message_id, clinic_id, due_at, priority)
    SELECT id, clinic_id, next_attempt_at, {Priority.WEBHOOKS.value} FROM added
    """  # noqa: S608 - constants
)
_DELIVERIES = text(
    """
    SELECT * FROM webhook_deliveries
     WHERE endpoint_id = :endpoint_id AND id < :before AND (CAST(:state AS text) IS NULL OR state = :state)
     ORDER BY id DESC LIMIT :limit
    """
)
_LOCK_DELIVERY = text("SELECT * FROM webhook_deliveries WHERE id = :id FOR UPDATE")
_STORE = text(
    """
    UPDATE webhook_deliveries
       SET state = :state, attempts = :attempts, answer = :answer, next_attempt_at = :next_attempt_at,
           ended_at = :ended_at
     WHERE id = :id
    """
)
_QUEUE = text("UPDATE sending_queue SET due_at = :due_at WHERE message_id = :id")
_UNQUEUE = text("DELETE FROM sending_queue WHERE message_id = :id")
_DELETE_OLD = text(
    """
    DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM webhook_deliveries WHERE ended_at < :before ORDER BY ended_at LIMIT :most FOR UPDATE SKIP LOCKED)
    """
)
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)


async def take_turn(work: Work) -> None:
    """Wait for whoever adds an endpoint to the clinic, so that both count what there is."""
    await work.connection.execute(_TAKE_TURN, {"clinic_id": str(work.clinic_id)})


async def count(work: Work) -> int:
    """How many endpoints the clinic has."""
    return int(await work.connection.scalar(_COUNT) or 0)


async def add(work: Work, endpoint: WebhookEndpoint) -> None:
    """Store a new endpoint."""
    await _ENDPOINT_ROWS.insert(work.connection, [record_of(endpoint)])


async def change(work: Work, endpoint: WebhookEndpoint) -> None:
    """Store a locked endpoint as it is now."""
    await work.connection.execute(_CHANGE, _ENDPOINT_ROWS.arrays([record_of(endpoint)]))


async def remove(work: Work, endpoint_id: UUID) -> None:
    """Delete a locked endpoint; what is on its way to it ends when it is due."""
    await work.connection.execute(_REMOVE, {"id": endpoint_id})


async def note_change(work: Work, made: EndpointChange) -> None:
    """Append who changed an endpoint, and why."""
    await _CHANGE_ROWS.insert(work.connection, [{"id": new_id(), **asdict(made)}])


async def listed(connection: AsyncConnection, after: UUID | None, limit: int) -> list[WebhookEndpoint]:
    """The clinic's endpoints, oldest first."""
    found = await connection.execute(_ENDPOINTS, {"after": after or _FIRST, "limit": limit})
    return [_endpoint_of(row) for row in found.mappings()]


async def active(connection: AsyncConnection) -> list[WebhookEndpoint]:
    """All endpoints of the transaction's clinics that something is sent to."""
    return [_endpoint_of(row) for row in (await connection.execute(_ACTIVE)).mappings()]


async def endpoint_with_id(connection: AsyncConnection, endpoint_id: UUID) -> WebhookEndpoint | None:
    """One endpoint."""
    row = (await connection.execute(_FIND, {"id": endpoint_id})).mappings().first()
    return _endpoint_of(row) if row else None


async def get(work: Work, endpoint_id: UUID) -> WebhookEndpoint | None:
    """One endpoint, locked until the transaction ends."""
    row = (await work.connection.execute(_LOCK, {"id": endpoint_id})).mappings().first()
    return _endpoint_of(row) if row else None


async def mark(work: Work, endpoint_id: UUID, *, works: bool) -> None:
    """Note that an endpoint works, or since when it does not; a row is written only where that changes."""
    await work.connection.execute(_MARK_WORKING if works else _MARK_FAILING, {"id": endpoint_id, "now": work.now})


async def disable(work: Work, endpoint_id: UUID, because: str) -> bool:
    """Send nothing more to an endpoint; whether that is new."""
    done = await work.connection.execute(_DISABLE, {"id": endpoint_id, "because": because})
    return done.rowcount > 0


async def add_deliveries(work: Work, deliveries: Sequence[WebhookDelivery]) -> None:
    """Add deliveries that do not exist yet, and have them due."""
    if deliveries:
        await work.connection.execute(_ADD, _DELIVERY_ROWS.arrays(record_of(one) for one in deliveries))
        work.ring(BELL)


async def deliveries_to(
    connection: AsyncConnection, endpoint_id: UUID, state: DeliveryState | None, before: UUID | None, limit: int
) -> list[WebhookDelivery]:
    """An endpoint's deliveries, the newest first."""
    given = {"endpoint_id": endpoint_id, "state": state, "before": before or _LAST, "limit": limit}
    return [_delivery_of(row) for row in (await connection.execute(_DELIVERIES, given)).mappings()]


async def delivery(work: Work, delivery_id: UUID) -> WebhookDelivery | None:
    """One delivery, locked until the transaction ends."""
    row = (await work.connection.execute(_LOCK_DELIVERY, {"id": delivery_id})).mappings().first()
    return _delivery_of(row) if row else None


async def store(work: Work, one: WebhookDelivery, due_at: datetime | None) -> None:
    """Store a locked delivery as it is now, due at a moment, or never again."""
    kept = ("id", "state", "attempts", "answer", "next_attempt_at", "ended_at")
    await work.connection.execute(_STORE, {name: getattr(one, name) for name in kept})
    await work.connection.execute(_UNQUEUE if due_at is None else _QUEUE, {"id": one.id, "due_at": due_at})


async def unqueue(work: Work, delivery_id: UUID) -> None:
    """Let a delivery be due no more."""
    await work.connection.execute(_UNQUEUE, {"id": delivery_id})


async def delete_old(work: Work, before: datetime, most: int) -> int:
    """Delete deliveries that ended before a moment; how many."""
    return (await work.connection.execute(_DELETE_OLD, {"before": before, "most": most})).rowcount


def _endpoint_of(row: Any) -> WebhookEndpoint:
    return _ENDPOINT.validate_python(dict(row))


def _delivery_of(row: Any) -> WebhookDelivery:
    return _DELIVERY.validate_python(dict(row))
