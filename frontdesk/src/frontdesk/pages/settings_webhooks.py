"""Settings, Webhooks: other systems' addresses that events are sent to, and what came of that (`NOT-7`)."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of

router = APIRouter()
WHERE = "/settings/webhooks"
ENDPOINT = "/v1/webhook-endpoints/{}"
DELIVERIES_MAX = 50
KINDS = {
    "billing.invoice": ("issued", "credited", "debited", "voided", "overdue"),
    "billing.adjudication": ("applied",),
    "billing.refund_adjustment": ("decided",),
    "billing.installment_plan": ("agreed", "changed", "cancelled"),
    "billing.installment": ("due_soon", "due", "overdue"),
    "billing.payment": ("recorded", "refunded", "cancelled", "charged_back", "taken_back"),
    "billing.refund": ("cancelled",),
    "billing.take_back": ("cancelled",),
    "billing.credit": ("applied", "application_cancelled", "held", "transferred"),
    "billing.allocation": ("moved", "released"),
    "billing.receipt": ("issued", "voided"),
}
"""What can be sent, by what it is about: the names are those that its receiver reads."""
EVENTS = tuple(f"{about}.{what}.v1" for about, facts in KINDS.items() for what in facts)


@router.get("/settings/webhooks")
async def show(desk: AtDesk) -> Response:
    """The clinic's endpoints."""
    return await _list(desk)


@router.post("/settings/webhooks")
async def register(desk: AtDesk, form: Submitted) -> Response:
    """Register an endpoint; its secret stands on the page that follows, and nowhere after."""
    try:
        made = await desk.services.change(
            "notifications", "/v1/webhook-endpoints", body=_told(form), key=text_of(form, "key")
        )
    except (Refused, Unreachable) as trouble:
        return await _list(desk, desk.told(trouble), 409)
    return await _one(desk, made.body["id"], Notice(desk.t("Added.")), secret=made.body["secret"])


@router.get("/settings/webhooks/{endpoint_id}")
async def show_one(desk: AtDesk, endpoint_id: Id) -> Response:
    """One endpoint, with what was delivered to it lately."""
    return await _one(desk, endpoint_id)


@router.post("/settings/webhooks/{endpoint_id}")
async def change(desk: AtDesk, endpoint_id: Id, form: Submitted) -> Response:
    """Change where and what is sent, and whether at all; on the version that was seen."""
    body = _told(form) | {"enabled": text_of(form, "enabled") == "yes"}
    version = text_of(form, "version")
    try:
        await desk.services.change(
            "notifications", ENDPOINT, endpoint_id, body=body, key=text_of(form, "key"), method="PUT", version=version
        )
    except (Refused, Unreachable) as trouble:
        return await _one(desk, endpoint_id, desk.told(trouble), 409)
    return desk.go(f"{WHERE}/{endpoint_id}", Notice(desk.t("Saved.")))


@router.post("/settings/webhooks/{endpoint_id}/secret")
async def rotate(desk: AtDesk, endpoint_id: Id, form: Submitted) -> Response:
    """Make a new secret; for a day messages are signed with both."""
    body, key = {"reason": text_of(form, "reason")}, text_of(form, "key")
    try:
        made = await desk.services.change("notifications", ENDPOINT + "/secret", endpoint_id, body=body, key=key)
    except (Refused, Unreachable) as trouble:
        return await _one(desk, endpoint_id, desk.told(trouble), 409)
    return await _one(desk, endpoint_id, Notice(desk.t("Saved.")), secret=made.body["secret"])


@router.post("/settings/webhooks/{endpoint_id}/removal")
async def remove(desk: AtDesk, endpoint_id: Id, form: Submitted) -> Response:
    """Send nothing there any more."""
    body, key = {"reason": text_of(form, "reason")}, text_of(form, "key")
    try:
        await desk.services.change("notifications", ENDPOINT + "/removal", endpoint_id, body=body, key=key)
    except (Refused, Unreachable) as trouble:
        return await _one(desk, endpoint_id, desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Deleted.")))


def _told(form: Submitted) -> dict[str, Any]:
    told = {name: text_of(form, name) for name in ("url", "reason")}
    return told | {"event_types": texts_of(form, "events"), "description": text_of(form, "description") or None}


async def _list(desk: Desk, notice: Notice | None = None, status: int = 200) -> Response:
    found = await desk.services.get("notifications", "/v1/webhook-endpoints", limit=50)
    shown = {"endpoints": found["items"], "events": EVENTS}
    return desk.page("settings_webhooks.html", status=status, notice=notice, tab="webhooks", **shown)


async def _one(
    desk: Desk, endpoint_id: Id | str, notice: Notice | None = None, status: int = 200, secret: str = ""
) -> Response:
    found, sent = await asyncio.gather(
        desk.services.read("notifications", ENDPOINT, endpoint_id),
        desk.services.get("notifications", ENDPOINT + "/deliveries", endpoint_id, limit=DELIVERIES_MAX),
    )
    shown = {"endpoint": found.body, "version": found.etag, "deliveries": sent["items"], "secret": secret}
    shown |= {"events": EVENTS, "tab": "webhooks"}
    return desk.page("settings_webhook.html", status=status, notice=notice, **shown)
