"""Addresses that nothing is sent to since mail came back: which, why, and lifting that (`NOT-8.2`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.database.merged_records import records_of
from chassis.http import Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from notifications.domain.suppressed_address import SuppressionFilter
from notifications.http.message_requests import LiftBody
from notifications.http.message_responses import SuppressedAddressOut
from notifications.http.scopes import NotificationsRead, NotificationsWrite
from notifications.persistence import suppressed_addresses
from notifications.use_cases.lift_suppression import LiftSuppression, lift_suppression

router = APIRouter(prefix="/v1/suppressed-addresses", tags=["messages"])


@router.get("", response_model=Page[SuppressedAddressOut], responses=problems(422))
async def get_suppressed_addresses(
    read: NotificationsRead,
    paging: Annotated[Paging, Depends()],
    patient_id: UUID | None = None,
    is_lifted: bool | None = None,
) -> Response:
    """Addresses that mail came back from for good, the newest first: of all patients, or one; those lifted, or not."""
    before = paging.after_value(UUID)
    async with read as connection:
        patients = None if patient_id is None else await records_of(connection, read.clinic_id, patient_id)
        wanted = SuppressionFilter(patients, is_lifted)
        found = await suppressed_addresses.newest(connection, wanted, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.id,), SuppressedAddressOut.of))


@router.post("/{suppression_id}/lift", response_model=SuppressedAddressOut, responses=problems(404, 409, 422))
async def post_suppressed_address_lift(suppression_id: UUID, body: LiftBody, change: NotificationsWrite) -> Response:
    """Have an address be sent to again: what was suppressed meanwhile can be sent again by hand."""
    async with change as work:
        lifted = await lift_suppression(work, LiftSuppression(suppression_id, body.reason))
        return change.answer(200, SuppressedAddressOut.of(lifted))
