"""The clinic's payment groups (`PAY-8`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows, rows_as
from chassis.typed import alike_sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.payment_group import ChangeOfGroup, GroupChange, PaymentGroup, Place
from payments.persistence.tables import PAYMENT_GROUPS

_COLUMNS = "group_id, name, color, position, archived, version"
_ALL = text(
    f"SELECT {_COLUMNS} FROM payment_groups WHERE clinic_id = :clinic_id ORDER BY archived, position, lower(name)"  # noqa: S608
)
_LISTED = text(
    f"""
    SELECT {_COLUMNS} FROM payment_groups
     WHERE clinic_id = :clinic_id
       AND (NOT CAST(:further AS boolean)
            OR (archived, position, lower(name), group_id)
               > (CAST(:archived AS boolean), CAST(:position AS integer), lower(CAST(:name AS text)),
                  CAST(:group_id AS uuid)))
     ORDER BY archived, position, lower(name), group_id LIMIT :limit
    """  # noqa: S608 - our own columns
)
_FIND = text(f"SELECT {_COLUMNS} FROM payment_groups WHERE group_id = :group_id")  # noqa: S608
_KNOWN = text("SELECT group_id FROM payment_groups WHERE group_id = ANY (CAST(:ids AS uuid[])) FOR KEY SHARE")
_LOCK = text(f"SELECT {_COLUMNS} FROM payment_groups WHERE group_id = :group_id FOR UPDATE")  # noqa: S608
_ROWS = Rows(PAYMENT_GROUPS, also=["archived", "version"])
_SAVED = Rows(PAYMENT_GROUPS, ["group_id", "name", "color", "position", "archived", "version"])
_SAVE = text(
    f"""
    UPDATE payment_groups AS g SET {_SAVED.setting("n", "group_id")} FROM {_SAVED.given(alias="n")}
     WHERE g.group_id = n.group_id
    """  # noqa: S608 - our own texts
)
_NAME_TAKEN = text(
    f"""
    SELECT 1 FROM payment_groups
     WHERE clinic_id = :clinic_id AND {alike_sql("name")} = {alike_sql("CAST(:name AS text)")} AND NOT archived
       AND group_id <> :group_id
    """  # noqa: S608 - our own texts
)
_ALONE = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('payment_groups ' || CAST(CAST(:clinic_id AS uuid) AS text), 0))"
)
# A group that a payment was once in is on the sheets of those days (PAY-10).
_IN_USE = text(
    """
    SELECT 1 WHERE EXISTS (SELECT 1 FROM payment_positions WHERE group_id = :group_id)
                OR EXISTS (SELECT 1 FROM relabelings WHERE group_before = :group_id)
    """
)
_LOCK_ALL = text(
    f"""
    SELECT {_COLUMNS} FROM payment_groups WHERE clinic_id = :clinic_id AND NOT archived ORDER BY group_id FOR UPDATE
    """  # noqa: S608 - our own columns
)
_ORDERED = Rows(PAYMENT_GROUPS, ["group_id", "position"])
_SAVE_ORDER = text(
    f"""
    UPDATE payment_groups AS g SET position = n.position, version = g.version + 1 FROM {_ORDERED.given(alias="n")}
     WHERE g.group_id = n.group_id AND g.position <> n.position
    """  # noqa: S608 - our own texts
)
# Who changed what: the group as it was after each change (ALL-5), and from which day on: what it was created as, for
# all days; never from an earlier day than the change before, wherever the clinic has moved meanwhile (PAY-10).
_NOTE_CHANGE = text(
    """
    INSERT INTO payment_group_changes (group_id, version, clinic_id, change, name, color, position, archived,
                                       changed_at, changed_by, reason, in_force_from)
    SELECT g.group_id, g.version + CAST(:beyond AS bigint), g.clinic_id, CAST(:change AS text), g.name, g.color,
           g.position, g.archived, CAST(:now AS timestamptz), :actor, :reason,
           CASE CAST(:change AS text) WHEN 'created' THEN date '-infinity'
           ELSE greatest(CAST(:today AS date), (SELECT max(c.in_force_from) FROM payment_group_changes AS c
                                                 WHERE c.group_id = g.group_id)) END
      FROM payment_groups AS g WHERE g.group_id = ANY (CAST(:ids AS uuid[]))
    """
)
_CHANGES = text(
    """
    SELECT version, change, name, color, position, archived, changed_at, changed_by, reason
      FROM payment_group_changes
     WHERE group_id = :group_id AND version > :after ORDER BY version LIMIT :limit
    """
)
_DELETE = text("DELETE FROM payment_groups WHERE group_id = :group_id")


async def of_clinic(connection: AsyncConnection, clinic_id: UUID) -> list[PaymentGroup]:
    """All groups in their order, archived ones last."""
    return rows_as(PaymentGroup, await connection.execute(_ALL, {"clinic_id": clinic_id}))


async def listed(connection: AsyncConnection, clinic_id: UUID, after: Place | None, limit: int) -> list[PaymentGroup]:
    """Groups in their order, archived ones last, after a place in it."""
    archived, position, name, group_id = after or (None, None, None, None)
    place = {"archived": archived, "position": position, "name": name, "group_id": group_id}
    values = place | {"clinic_id": clinic_id, "further": after is not None, "limit": limit}
    return rows_as(PaymentGroup, await connection.execute(_LISTED, values))


def place_of(group: PaymentGroup) -> Place:
    """Its place in the list."""
    return group.archived, group.position, group.name, group.group_id


async def find(connection: AsyncConnection, group_id: UUID) -> PaymentGroup | None:
    """A group by its id."""
    found = rows_as(PaymentGroup, await connection.execute(_FIND, {"group_id": group_id}))
    return found[0] if found else None


async def known(connection: AsyncConnection, group_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these groups are there; they stay until this transaction has ended."""
    rows = await connection.execute(_KNOWN, {"ids": list(group_ids)})
    return set(rows.scalars())


async def change_alone(connection: AsyncConnection, clinic_id: UUID) -> None:
    """One change of a clinic's groups at a time, until the commit; to be asked for before any group is locked."""
    await connection.execute(_ALONE, {"clinic_id": clinic_id})


async def lock(connection: AsyncConnection, group_id: UUID) -> PaymentGroup | None:
    """A group, locked."""
    found = rows_as(PaymentGroup, await connection.execute(_LOCK, {"group_id": group_id}))
    return found[0] if found else None


async def name_taken(connection: AsyncConnection, clinic_id: UUID, group: PaymentGroup) -> bool:
    """Whether another group has this name; asked while no other group of the clinic changes."""
    values = {"clinic_id": clinic_id, "name": group.name, "group_id": group.group_id}
    return (await connection.execute(_NAME_TAKEN, values)).first() is not None


async def add(connection: AsyncConnection, clinic_id: UUID, group: PaymentGroup) -> None:
    """Enter a new group."""
    await _ROWS.insert(connection, [asdict(group) | {"clinic_id": clinic_id}])


async def save(connection: AsyncConnection, group: PaymentGroup) -> None:
    """Write a locked group back."""
    await connection.execute(_SAVE, _SAVED.arrays([asdict(group)]))


async def in_use(connection: AsyncConnection, group_id: UUID) -> bool:
    """Whether any payment is in this group."""
    return (await connection.execute(_IN_USE, {"group_id": group_id})).first() is not None


async def delete(connection: AsyncConnection, group_id: UUID) -> None:
    """Remove a group that is not in use."""
    await connection.execute(_DELETE, {"group_id": group_id})


async def lock_all(connection: AsyncConnection, clinic_id: UUID) -> dict[UUID, PaymentGroup]:
    """The clinic's groups that are not archived, locked in the order of their ids."""
    locked = rows_as(PaymentGroup, await connection.execute(_LOCK_ALL, {"clinic_id": clinic_id}))
    return {group.group_id: group for group in locked}


async def save_order(connection: AsyncConnection, group_ids: Sequence[UUID]) -> None:
    """Give locked groups their places, in this order; what stands there already is not touched."""
    places = [{"group_id": group_id, "position": position} for position, group_id in enumerate(group_ids)]
    await connection.execute(_SAVE_ORDER, _ORDERED.arrays(places))


async def note_change(
    work: Work, group_ids: Sequence[UUID], change: GroupChange, reason: str | None, day: date
) -> None:
    """Keep who changed groups to what they are from this day on, and why; one to be deleted, just before it."""
    values = {"ids": list(group_ids), "change": change, "beyond": 1 if change == "deleted" else 0, "today": day}
    told = {"now": work.now, "actor": work.actor, "reason": reason}
    await work.connection.execute(_NOTE_CHANGE, values | told)


async def changes_of(connection: AsyncConnection, group_id: UUID, after: int, limit: int) -> list[ChangeOfGroup]:
    """A group's history after a version, oldest first; also that of one that was deleted."""
    values = {"group_id": group_id, "after": after, "limit": limit}
    return rows_as(ChangeOfGroup, await connection.execute(_CHANGES, values))
