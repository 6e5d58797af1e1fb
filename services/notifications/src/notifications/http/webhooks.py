"""A clinic's webhook endpoints, and what was delivered to them (`NOT-7`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import NotFound, Page, Paging, problems
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from notifications.domain.webhook import DeliveryState
from notifications.http.scopes import SettingsRead, SettingsWrite
from notifications.http.webhook_requests import EndpointBody, EndpointChangeBody, ReasonBody
from notifications.http.webhook_responses import DeliveryOut, EndpointOut, EndpointWithSecret
from notifications.persistence import webhooks
from notifications.use_cases.change_webhook import (
    ChangeWebhook,
    change_webhook,
    remove_webhook,
    rotate_webhook_secret,
)
from notifications.use_cases.register_webhook import RegisterWebhook, register_webhook

router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"])


@router.post("", status_code=201, response_model=EndpointWithSecret, responses=problems(409, 422))
async def post_endpoint(request: Request, body: EndpointBody, change: SettingsWrite) -> Response:
    """Have events of some kinds sent to an address, signed with the secret of the answer, which is not shown again."""
    command = RegisterWebhook(**dict(body), private_allowed=_private_allowed(request))
    async with change as work:
        endpoint = await register_webhook(work, command)
        return change.answer(
            201,
            EndpointWithSecret.of(endpoint),
            location=f"/v1/webhook-endpoints/{endpoint.id}",
            etag=endpoint.version,
        )


@router.get("", response_model=Page[EndpointOut], responses=problems(422))
async def get_endpoints(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """The clinic's endpoints, oldest first."""
    after = paging.after_value(UUID)
    async with read as connection:
        found = await webhooks.listed(connection, after, paging.fetch)
    return read.answer(paging.page(found, lambda endpoint: (endpoint.id,), EndpointOut.of))


@router.get("/{endpoint_id}", response_model=EndpointOut, responses=problems(404, 422))
async def get_endpoint(endpoint_id: UUID, read: SettingsRead) -> Response:
    """One endpoint, with the ETag to change it by."""
    async with read as connection:
        endpoint = await webhooks.endpoint_with_id(connection, endpoint_id)
    if endpoint is None:
        raise NotFound(f"There is no webhook endpoint {endpoint_id} in this clinic.")
    return read.answer(EndpointOut.of(endpoint), etag=endpoint.version)


@router.put("/{endpoint_id}", response_model=EndpointOut, responses=problems(404, 412, 422, 428))
async def put_endpoint(
    endpoint_id: UUID, request: Request, body: EndpointChangeBody, change: SettingsWrite
) -> Response:
    """Change where events are sent, which, and whether at all; one that was disabled begins anew when it is enabled."""
    version = change.if_match()
    command = ChangeWebhook(endpoint_id, version, **dict(body), private_allowed=_private_allowed(request))
    async with change as work:
        endpoint = await change_webhook(work, command)
        return change.answer(200, EndpointOut.of(endpoint), etag=endpoint.version)


@router.post("/{endpoint_id}/secret", response_model=EndpointWithSecret, responses=problems(404, 409, 422))
async def post_endpoint_secret(endpoint_id: UUID, body: ReasonBody, change: SettingsWrite) -> Response:
    """Make a new secret, shown in this answer only; for a day messages are signed with both."""
    async with change as work:
        endpoint = await rotate_webhook_secret(work, endpoint_id, body.reason)
        return change.answer(200, EndpointWithSecret.of(endpoint), etag=endpoint.version)


@router.post("/{endpoint_id}/removal", status_code=204, response_class=Response, responses=problems(404, 409, 422))
async def post_endpoint_removal(endpoint_id: UUID, body: ReasonBody, change: SettingsWrite) -> Response:
    """Send nothing there any more, not even what is on its way."""
    async with change as work:
        await remove_webhook(work, endpoint_id, body.reason)
        return change.answer(204)


@router.get("/{endpoint_id}/deliveries", response_model=Page[DeliveryOut], responses=problems(422))
async def get_endpoint_deliveries(
    endpoint_id: UUID,
    read: SettingsRead,
    paging: Annotated[Paging, Depends()],
    state: DeliveryState | None = None,
) -> Response:
    """What was sent to an endpoint in the last month, or is to be, the newest first; also of one that was removed."""
    before = paging.after_value(UUID)
    async with read as connection:
        found = await webhooks.deliveries_to(connection, endpoint_id, state, before, paging.fetch)
    return read.answer(paging.page(found, lambda delivery: (delivery.id,), DeliveryOut.named))


def _private_allowed(request: Request) -> bool:
    return bool(request.app.state.resources.settings.webhook_private_addresses)
