"""The clinic's payment groups (`PAY-8`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.payment_group import PaymentGroup

_COLUMNS = "group_id, name, color, position, archived, version"
_ALL = text(
    f"SELECT {_COLUMNS} FROM payment_groups WHERE clinic_id = :clinic_id ORDER BY archived, position, lower(name)"  # noqa: S608
)
_FIND = text(f"SELECT {_COLUMNS} FROM payment_groups WHERE group_id = :group_id")  # noqa: S608
_LOCK = text(f"SELECT {_COLUMNS} FROM payment_groups WHERE group_id = :group_id FOR UPDATE")  # noqa: S608
_ADD = text(
    """
    INSERT INTO payment_groups (group_id, clinic_id, name, color, position, archived)
    VALUES (:group_id, :clinic_id, :name, :color, :position, :archived)
    """
)
_SAVE = text(
    """
    UPDATE payment_groups SET name = :name, color = :color, position = :position, archived = :archived,
                              version = :version
     WHERE group_id = :group_id
    """
)
_NAME_TAKEN = text(
    """
    SELECT 1 FROM payment_groups
     WHERE clinic_id = :clinic_id AND lower(name) = lower(:name) AND NOT archived AND group_id <> :group_id
    """
)
_LOCK_NAMES = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('payment_groups ' || CAST(CAST(:clinic_id AS uuid) AS text), 0))"
)
_IN_USE = text("SELECT 1 FROM payment_positions WHERE group_id = :group_id LIMIT 1")
_DELETE = text("DELETE FROM payment_groups WHERE group_id = :group_id")


async def of_clinic(connection: AsyncConnection, clinic_id: UUID) -> list[PaymentGroup]:
    """All groups in their order, archived ones last."""
    return [_group(row) for row in await connection.execute(_ALL, {"clinic_id": clinic_id})]


async def find(connection: AsyncConnection, group_id: UUID) -> PaymentGroup | None:
    """A group by its id."""
    row = (await connection.execute(_FIND, {"group_id": group_id})).one_or_none()
    return None if row is None else _group(row)


async def lock(connection: AsyncConnection, group_id: UUID) -> PaymentGroup | None:
    """A group, locked."""
    row = (await connection.execute(_LOCK, {"group_id": group_id})).one_or_none()
    return None if row is None else _group(row)


async def name_taken(connection: AsyncConnection, clinic_id: UUID, group: PaymentGroup) -> bool:
    """Whether another group has this name. One change of a clinic's groups at a time, until the commit."""
    await connection.execute(_LOCK_NAMES, {"clinic_id": clinic_id})
    values = {"clinic_id": clinic_id, "name": group.name, "group_id": group.group_id}
    return (await connection.execute(_NAME_TAKEN, values)).first() is not None


async def add(connection: AsyncConnection, clinic_id: UUID, group: PaymentGroup) -> None:
    """Enter a new group."""
    await connection.execute(_ADD, {"clinic_id": clinic_id, **_values(group)})


async def save(connection: AsyncConnection, group: PaymentGroup) -> None:
    """Write a locked group back."""
    await connection.execute(_SAVE, _values(group) | {"version": group.version})


async def in_use(connection: AsyncConnection, group_id: UUID) -> bool:
    """Whether any payment is in this group."""
    return (await connection.execute(_IN_USE, {"group_id": group_id})).first() is not None


async def delete(connection: AsyncConnection, group_id: UUID) -> None:
    """Remove a group that is not in use."""
    await connection.execute(_DELETE, {"group_id": group_id})


def _values(group: PaymentGroup) -> dict[str, Any]:
    return {
        "group_id": group.group_id,
        "name": group.name,
        "color": group.color,
        "position": group.position,
        "archived": group.archived,
    }


def _group(row: Row[Any]) -> PaymentGroup:
    return PaymentGroup(row.group_id, row.name, row.color, row.position, row.archived, row.version)
