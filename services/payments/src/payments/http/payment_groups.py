"""The clinic's payment groups (`PAY-8`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import NotFound, Page, Paging, PreconditionFailed, problems
from fastapi import APIRouter, Depends, Response

from payments.http.clinic_requests import GroupIn, GroupOrderIn
from payments.http.clinic_responses import GroupChangeOut, GroupOut, GroupsOut
from payments.http.scopes import PaymentsRead, PaymentsWrite
from payments.persistence import payment_groups
from payments.use_cases.keep_payment_groups import (
    GroupChanged,
    GroupDetails,
    change_group,
    create_group,
    delete_group,
    order_groups,
)

router = APIRouter(prefix="/v1/payment-groups", tags=["payment groups"])


@router.get("", response_model=Page[GroupOut], responses=problems(422))
async def get_groups(read: PaymentsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """The groups in their order, archived ones last."""
    after = paging.after_of(bool, int, str, UUID)
    async with read as connection:
        groups = await payment_groups.listed(connection, read.clinic_id, after, paging.fetch)
    return read.answer(paging.page(groups, payment_groups.place_of, GroupOut.of))


@router.post("", status_code=201, response_model=GroupOut, responses=problems(409, 422))
async def post_group(body: GroupIn, change: PaymentsWrite) -> Response:
    """Create a group."""
    async with change as work:
        group = await create_group(work, _details(body))
        return change.answer(
            201, GroupOut.of(group), location=f"/v1/payment-groups/{group.group_id}", etag=group.version
        )


@router.post("/order", status_code=200, response_model=GroupsOut, responses=problems(409, 422))
async def post_group_order(body: GroupOrderIn, change: PaymentsWrite) -> Response:
    """Put all groups that are not archived into a new order, all at once."""
    async with change as work:
        return change.answer(200, GroupsOut.of(await order_groups(work, body.group_ids, body.reason)))


@router.get("/{group_id}/changes", response_model=Page[GroupChangeOut], responses=problems(422))
async def get_group_changes(group_id: UUID, read: PaymentsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """Who changed a group, when, to what, and why, where it was said; also of one that was deleted."""
    after = paging.after_value(int) or 0
    async with read as connection:
        changes = await payment_groups.changes_of(connection, group_id, after, paging.fetch)
    return read.answer(paging.page(changes, lambda change: (change.version,), GroupChangeOut.of))


@router.get("/{group_id}", response_model=GroupOut, responses=problems(404, 422))
async def get_group(group_id: UUID, read: PaymentsRead) -> Response:
    """A group, with the ETag to change it by."""
    async with read as connection:
        group = await payment_groups.find(connection, group_id)
    if group is None:
        raise NotFound("there is no such payment group")
    return read.answer(GroupOut.of(group), etag=group.version)


@router.put("/{group_id}", response_model=GroupOut, responses=problems(404, 409, 412, 422, 428))
async def put_group(group_id: UUID, body: GroupIn, change: PaymentsWrite) -> Response:
    """Rename, colour, order or archive a group."""
    version = change.if_match()
    async with change as work:
        try:
            group = await change_group(work, group_id, version, _details(body))
        except GroupChanged:
            raise PreconditionFailed from None
        return change.answer(200, GroupOut.of(group), etag=group.version)


@router.delete("/{group_id}", status_code=204, response_class=Response, responses=problems(404, 409, 422))
async def remove_group(group_id: UUID, change: PaymentsWrite) -> Response:
    """Delete a group that no payment is in; one in use is archived instead."""
    async with change as work:
        await delete_group(work, group_id)
        return change.answer(204)


def _details(body: GroupIn) -> GroupDetails:
    return GroupDetails(body.name.strip(), body.color, body.position, body.archived, body.reason)
