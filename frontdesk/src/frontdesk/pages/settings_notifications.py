"""Settings, Notifications: each event on or off, how many days later, and its text with a preview (`NOT-1`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, text_of, texts_of
from frontdesk.words import WRITTEN_IN

router = APIRouter()
WHERE, PATH = "/settings/notifications", "/v1/notification-settings"
CHANNELS = {"email": "by email", "sms": "by text message", "email,sms": "by email and text message"}
LATER = ("installment_overdue", "invoice_overdue")
"""Of these it can be said how many days later they are told, and told again."""
LEVELS_MAX = 4
"""So many reminders after the first (`NOT-9`)."""


@router.get("/settings/notifications")
async def show(desk: AtDesk) -> Response:
    """Every event, and what is decided about it."""
    found = await desk.services.read("notifications", PATH)
    return _page(desk, found.body, found.etag)


@router.post("/settings/notifications")
async def save(desk: AtDesk, form: Submitted) -> Response:
    """Save all of it, on the version that was seen; what is not on the form stays as it is."""
    now = await desk.services.read("notifications", PATH)
    body = {name: value for name, value in now.body.items() if name != "version"}
    body["notices"] = {name: _notice(form, name, one) for name, one in body["notices"].items()}
    body["documents"] = text_of(form, "documents", body["documents"])
    start, end = text_of(form, "quiet_start"), text_of(form, "quiet_end")
    body["quiet_hours"] = {"start": start, "end": end} if start and end else None
    names = {name: text_of(form, f"sender.{name}") or None for name in ("name", "address", "reply_to")}
    body |= {"sender": names, "reason": text_of(form, "reason")}
    try:
        await desk.services.change(
            "notifications", PATH, body=body, key=text_of(form, "key"), method="PUT", version=text_of(form, "version")
        )
    except (Refused, Unreachable) as trouble:
        return _page(desk, now.body, now.etag, desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


def _notice(form: Submitted, name: str, before: dict[str, Any]) -> dict[str, Any]:
    later = text_of(form, f"{name}.offset_days")
    changed = before | {"enabled": text_of(form, f"{name}.enabled") == "yes"}
    if channels := text_of(form, f"{name}.channels"):
        changed["channels"] = channels.split(",")
    if days := texts_of(form, f"notices.{name}.levels"):
        changed["levels"] = _levels(days, before["levels"])
    return changed | ({"offset_days": int(later)} if later.isdecimal() else {})


def _levels(typed: list[str], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The second reminder and those after it (`NOT-9`); each keeps the words that it has, by its place."""
    said = [*before, *[{"texts": {}, "sms_texts": {}}] * LEVELS_MAX]
    return [level | {"days": int(days)} for days, level in zip(typed, said, strict=False) if days.isdecimal()]


@dataclass(frozen=True)
class Words:
    """What a notice says in one language where that is the clinic's own: as mail, and as a text message."""

    mail: dict[str, str] | None = None
    sms: str | None = None

    @classmethod
    def typed(cls, form: Submitted, language: str) -> Words:
        """As the form has them; mail without a word is the system's."""
        mail = {"subject": text_of(form, "subject"), "body": text_of(form, "body")}
        return cls(mail if any(mail.values()) else None, text_of(form, f"sms_texts.{language}") or None)

    @classmethod
    def saved(cls, notice: dict[str, Any], language: str) -> Words:
        """As they are in force."""
        return cls(notice["texts"].get(language), notice["sms_texts"].get(language))

    def put_into(self, notice: dict[str, Any], language: str) -> dict[str, Any]:
        """The notice with them instead of what it says in that language."""
        changed = dict(notice)
        for name, own in (("texts", self.mail), ("sms_texts", self.sms)):
            others = {code: text for code, text in notice[name].items() if code != language}
            changed[name] = others | ({language: own} if own else {})
        return changed


@router.get("/settings/notifications/{notice}/{language}")
async def show_text(desk: AtDesk, notice: str, language: str) -> Response:
    """The text of one event in one language, as it is or as it comes with the system."""
    found = await desk.services.read("notifications", PATH)
    return await _text_page(desk, notice, language, _words(found.body, notice, language), found.etag or "")


@router.post("/settings/notifications/{notice}/{language}/preview")
async def preview(desk: AtDesk, notice: str, language: str, form: Submitted) -> Response:
    """What would be sent, with made-up figures."""
    shown, trouble = await _previewed(desk, notice, language, Words.typed(form, language))
    return desk.page("part_message_preview.html", shown=shown, notice=desk.told(trouble) if trouble else None)


@router.post("/settings/notifications/{notice}/{language}")
async def save_text(desk: AtDesk, notice: str, language: str, form: Submitted) -> Response:
    """Save the text, or go back to the one that comes with the system."""
    now = await desk.services.read("notifications", PATH)
    _words(now.body, notice, language)
    typed = Words.typed(form, language)
    own = Words() if text_of(form, "do") == "reset" else typed
    notices = now.body["notices"] | {notice: own.put_into(now.body["notices"][notice], language)}
    body = {name: value for name, value in now.body.items() if name != "version"}
    body |= {"notices": notices, "reason": text_of(form, "reason")}
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("notifications", PATH, body=body, key=key, method="PUT", version=version)
    except (Refused, Unreachable) as trouble:
        return await _text_page(desk, notice, language, typed, now.etag or "", desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


def _words(settings: dict[str, Any], notice: str, language: str) -> Words:
    if notice not in settings["notices"] or language not in WRITTEN_IN:
        raise HTTPException(404)
    return Words.saved(settings["notices"][notice], language)


async def _previewed(
    desk: Desk, notice: str, language: str, own: Words
) -> tuple[list[Any], Refused | Unreachable | None]:
    """The mail and, where it has words of its own, the text message."""
    about: dict[str, Any] = {"notice": notice, "language": language}
    wanted: list[dict[str, Any]] = [about | {"text": own.mail}]
    if own.sms is not None:
        wanted.append(about | {"channel": "sms", "sms_text": own.sms})
    try:
        asking = (desk.services.search("notifications", "/v1/templates/preview", body) for body in wanted)
        return await asyncio.gather(*asking), None
    except (Refused, Unreachable) as trouble:
        return [], trouble


async def _text_page(
    desk: Desk, notice: str, language: str, own: Words, version: str, told: Notice | None = None, status: int = 200
) -> Response:
    shown, trouble = await _previewed(desk, notice, language, own)
    context = {"event": notice, "in_language": language, "own": own, "shown": shown}
    context |= {"version": version, "named": WRITTEN_IN}
    said = told or (desk.told(trouble) if trouble else None)
    return desk.page("settings_text.html", status=status, notice=said, tab="notifications", **context)


def _page(
    desk: Desk, settings: dict[str, Any], version: str | None, notice: Notice | None = None, status: int = 200
) -> Response:
    shown: dict[str, Any] = {"settings": settings, "version": version, "channels": CHANNELS}
    shown |= {"later": LATER, "levels_max": LEVELS_MAX, "codes": list(WRITTEN_IN)}
    return desk.page("settings_notifications.html", status=status, notice=notice, tab="notifications", **shown)
