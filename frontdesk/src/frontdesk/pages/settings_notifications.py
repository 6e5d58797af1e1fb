"""Settings, Notifications: each event on or off, how many days later, and its text with a preview (`NOT-1`)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, text_of
from frontdesk.words import WRITTEN_IN

router = APIRouter()
WHERE = "/settings/notifications"
CHANNELS = {"email": "by email", "sms": "by text message", "email,sms": "by email and text message"}
LATER = ("installment_overdue", "invoice_overdue")
"""Of these it can be said how many days later they are told."""


@router.get("/settings/notifications")
async def show(desk: AtDesk) -> Response:
    """Every event, and what is decided about it."""
    found = await desk.services.read("notifications", "/v1/notification-settings")
    return _page(desk, found.body, found.etag)


@router.post("/settings/notifications")
async def save(desk: AtDesk, form: Submitted) -> Response:
    """Save all of it, on the version that was seen; what is not on the form stays as it is."""
    path = "/v1/notification-settings"
    now = await desk.services.read("notifications", path)
    body = {name: value for name, value in now.body.items() if name != "version"}
    body["notices"] = {name: _notice(form, name, one) for name, one in body["notices"].items()}
    body["documents"] = text_of(form, "documents", body["documents"])
    start, end = text_of(form, "quiet_start"), text_of(form, "quiet_end")
    body["quiet_hours"] = {"start": start, "end": end} if start and end else None
    names = {name: text_of(form, f"sender.{name}") or None for name in ("name", "address", "reply_to")}
    body |= {"sender": names, "reason": text_of(form, "reason")}
    try:
        await desk.services.change(
            "notifications", path, body=body, key=text_of(form, "key"), method="PUT", version=text_of(form, "version")
        )
    except (Refused, Unreachable) as trouble:
        return _page(desk, now.body, now.etag, desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


def _notice(form: Submitted, name: str, before: dict[str, Any]) -> dict[str, Any]:
    later = text_of(form, f"{name}.offset_days")
    changed = before | {"enabled": text_of(form, f"{name}.enabled") == "yes"}
    if channels := text_of(form, f"{name}.channels"):
        changed["channels"] = channels.split(",")
    return changed | ({"offset_days": int(later)} if later.isdecimal() else {})


@router.get("/settings/notifications/{notice}/{language}")
async def show_text(desk: AtDesk, notice: str, language: str) -> Response:
    """The text of one event in one language, as it is or as it comes with the system."""
    found = await desk.services.read("notifications", "/v1/notification-settings")
    own = found.body["notices"].get(notice, {}).get("texts", {}).get(language)
    return await _text_page(desk, (notice, language), own, found.etag or "")


@router.post("/settings/notifications/{notice}/{language}/preview")
async def preview(desk: AtDesk, notice: str, language: str, form: Submitted) -> Response:
    """What would be sent, with made-up figures."""
    shown, trouble = await _previewed(desk, notice, language, _typed(form))
    return desk.page("part_message_preview.html", shown=shown, notice=desk.told(trouble) if trouble else None)


@router.post("/settings/notifications/{notice}/{language}")
async def save_text(desk: AtDesk, notice: str, language: str, form: Submitted) -> Response:
    """Save the text, or go back to the one that comes with the system."""
    path = "/v1/notification-settings"
    now = await desk.services.read("notifications", path)
    body = {name: value for name, value in now.body.items() if name != "version"} | {"reason": text_of(form, "reason")}
    if notice not in body["notices"] or language not in WRITTEN_IN:
        raise HTTPException(404)
    texts = dict(body["notices"][notice]["texts"])
    typed = None if text_of(form, "do") == "reset" else _typed(form)
    texts.pop(language, None)
    body["notices"][notice]["texts"] = texts | ({language: typed} if typed else {})
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("notifications", path, body=body, key=key, method="PUT", version=version)
    except (Refused, Unreachable) as trouble:
        return await _text_page(desk, (notice, language), _typed(form), now.etag or "", desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


def _typed(form: Submitted) -> dict[str, str]:
    return {"subject": text_of(form, "subject"), "body": text_of(form, "body")}


async def _previewed(
    desk: Desk, notice: str, language: str, text: dict[str, str] | None
) -> tuple[Any, Refused | Unreachable | None]:
    body = {"notice": notice, "language": language, "text": text}
    try:
        return await desk.services.search("notifications", "/v1/templates/preview", body), None
    except (Refused, Unreachable) as trouble:
        return None, trouble


async def _text_page(
    desk: Desk,
    about: tuple[str, str],
    own: dict[str, str] | None,
    version: str,
    told: Notice | None = None,
    status: int = 200,
) -> Response:
    shown, trouble = await _previewed(desk, *about, own)
    notice, language = about
    context = {
        "event": notice,
        "in_language": language,
        "own": own,
        "shown": shown,
        "version": version,
        "named": WRITTEN_IN,
    }
    said = told or (desk.told(trouble) if trouble else None)
    return desk.page("settings_text.html", status=status, notice=said, tab="notifications", **context)


def _page(
    desk: Desk, settings: dict[str, Any], version: str | None, notice: Notice | None = None, status: int = 200
) -> Response:
    shown = {"settings": settings, "version": version, "later": LATER, "codes": list(WRITTEN_IN), "channels": CHANNELS}
    return desk.page("settings_notifications.html", status=status, notice=notice, tab="notifications", **shown)
