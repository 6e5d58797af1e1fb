"""The clinic's notification settings (`NOT-1`), and how its messages will look."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import NotFound, Page, Paging, problems
from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from notifications.documents.receipts import DocumentMissing, ReceiptsService
from notifications.domain.payment_details import PaymentDetails
from notifications.domain.settings import Channel, OwnText
from notifications.http.scopes import SettingsRead, SettingsWrite
from notifications.http.settings_requests import PreviewBody, SettingsBody
from notifications.http.settings_responses import PreviewOut, SettingsOut, SettingsVersionOut
from notifications.persistence.settings import VERSIONS, in_force
from notifications.use_cases.change_settings import ChangeSettings, change_settings
from notifications.use_cases.preview_message import PreviewMessage, preview_message

router = APIRouter(tags=["settings"])

VERSION_MAX = 2**63 - 1


@router.get("/v1/notification-settings", response_model=SettingsOut)
async def get_notification_settings(read: SettingsRead) -> Response:
    """The settings in force; version 0 are the defaults, which nobody has changed."""
    async with read as connection:
        settings = (await in_force(connection, [read.clinic_id]))[read.clinic_id]
    return read.answer(SettingsOut.of(settings), etag=settings.version)


@router.get("/v1/notification-settings/versions", response_model=Page[SettingsVersionOut], responses=problems(422))
async def get_notification_settings_versions(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """Every version that was made, the latest first: who made it, when and why (`ALL-5`)."""
    before = paging.after_value(int)
    async with read as connection:
        found = await VERSIONS.changes(connection, read.clinic_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda change: (change.version,), SettingsVersionOut.of))


@router.get("/v1/notification-settings/versions/{version}", response_model=SettingsOut, responses=problems(404, 422))
async def get_notification_settings_version(
    version: Annotated[int, Path(ge=1, le=VERSION_MAX)], read: SettingsRead
) -> Response:
    """The settings as a version had them."""
    async with read as connection:
        settings = await VERSIONS.at_version(connection, read.clinic_id, version)
    if settings is None:
        raise NotFound("there is no such version of the settings")
    return read.answer(SettingsOut.of(settings))


@router.put("/v1/notification-settings", response_model=SettingsOut, responses=problems(412, 422))
async def put_notification_settings(request: Request, body: SettingsBody, change: SettingsWrite) -> Response:
    """Replace the settings as a whole, for a reason, decided on the version that If-Match names."""
    async with change as work:
        command = ChangeSettings(body.to_domain(), change.if_match(), body.reason, available_channels(request))
        settings = await change_settings(work, command)
        return change.answer(200, SettingsOut.of(settings), etag=settings.version)


@router.post("/v1/templates/preview", response_model=PreviewOut, responses=problems(422))
async def post_template_preview(request: Request, body: PreviewBody, read: SettingsRead) -> Response:
    """A sample of a notice in a language, with made-up values; nothing is sent or stored.

    What asks for money says how the clinic is paid, unless that cannot be read now: nor could a message then.
    """
    own = OwnText(body.text.subject, body.text.body) if body.text else None
    payment = await _payment_details(request, read.clinic_id) if body.notice.may_ask_for_money else None
    wanted = PreviewMessage(
        read.clinic_id, body.notice, body.language, own, Channel(body.channel), body.level, body.sms_text, payment
    )
    async with read as connection:
        sample = await preview_message(connection, wanted)
    return read.answer(PreviewOut.named(sample))


async def _payment_details(request: Request, clinic_id: UUID) -> PaymentDetails | None:
    documents: ReceiptsService = request.app.state.resources.state.sending.documents
    try:
        return await documents.payment_details(clinic_id)
    except DocumentMissing:
        return None


def available_channels(request: Request) -> frozenset[Channel]:
    """The channels that this process has a provider of."""
    return frozenset(request.app.state.resources.state.sending.channels)
