"""Create, change and delete payment groups (`PAY-8`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.clock import today
from chassis.database import Work
from chassis.identifiers import new_id

from payments.domain.errors import GroupUnknown
from payments.domain.payment_group import PaymentGroup
from payments.domain.payment_group_errors import GroupInUse, GroupNameTaken, OrderIncomplete
from payments.persistence import clinics, payment_groups


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """What the clinic says of a group, and why it does now, if it cares to."""

    name: str
    color: str | None
    position: int
    archived: bool
    reason: str | None = None


class GroupChanged(Exception):
    """Someone changed the group since it was read."""


async def create_group(work: Work, details: GroupDetails) -> PaymentGroup:
    """Create a group. Raises GroupNameTaken."""
    await payment_groups.change_alone(work.connection, work.clinic_id)
    group = _group(new_id(), details, 1)
    await _require_name(work, group)
    await payment_groups.add(work.connection, work.clinic_id, group)
    await payment_groups.note_change(work, [group.group_id], "created", details.reason, await _today(work))
    return group


async def change_group(work: Work, group_id: UUID, version: int, details: GroupDetails) -> PaymentGroup:
    """Rename, order or archive a group, read at `version`. Raises GroupUnknown, GroupChanged, GroupNameTaken."""
    await payment_groups.change_alone(work.connection, work.clinic_id)
    before = await payment_groups.lock(work.connection, group_id)
    if before is None:
        raise GroupUnknown(group_id)
    if before.version != version:
        raise GroupChanged
    group = _group(group_id, details, version + 1)
    await _require_name(work, group)
    await payment_groups.save(work.connection, group)
    await payment_groups.note_change(work, [group_id], "changed", details.reason, await _today(work))
    return group


async def order_groups(work: Work, group_ids: Sequence[UUID], reason: str | None) -> list[PaymentGroup]:
    """Put all groups that are not archived into a new order, all at once. Raises OrderIncomplete."""
    await payment_groups.change_alone(work.connection, work.clinic_id)
    locked = await payment_groups.lock_all(work.connection, work.clinic_id)
    missing = [group for group in locked if group not in group_ids]
    unknown = [group_id for group_id in group_ids if group_id not in locked]
    if missing or unknown:
        raise OrderIncomplete(missing, unknown)
    moved = [group_id for place, group_id in enumerate(group_ids) if locked[group_id].position != place]
    await payment_groups.save_order(work.connection, group_ids)
    await payment_groups.note_change(work, moved, "ordered", reason, await _today(work))
    return await payment_groups.of_clinic(work.connection, work.clinic_id)


async def delete_group(work: Work, group_id: UUID) -> None:
    """Delete a group that no payment was ever in, which is all the reason. Raises GroupUnknown, GroupInUse."""
    if await payment_groups.lock(work.connection, group_id) is None:
        raise GroupUnknown(group_id)
    if await payment_groups.in_use(work.connection, group_id):
        raise GroupInUse(group_id)
    await payment_groups.note_change(work, [group_id], "deleted", None, await _today(work))
    await payment_groups.delete(work.connection, group_id)


async def _today(work: Work) -> date:
    """The clinic's calendar day; a clinic that is not configured has no sheets that it matters to."""
    known = await clinics.find(work.connection, work.clinic_id)
    return today(work.now, "UTC") if known is None else known.today(work.now)


async def _require_name(work: Work, group: PaymentGroup) -> None:
    if not group.archived and await payment_groups.name_taken(work.connection, work.clinic_id, group):
        raise GroupNameTaken


def _group(group_id: UUID, details: GroupDetails, version: int) -> PaymentGroup:
    return PaymentGroup(group_id, details.name, details.color, details.position, details.archived, version)
