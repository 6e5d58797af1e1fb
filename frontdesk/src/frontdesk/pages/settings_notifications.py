"""Settings, Notifications: each event on or off, how many days later, and its text with a preview (`NOT-1`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
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
SECOND = 2
"""The first level after the notice itself, as notifications counts them."""
TEXT = "/settings/notifications/{notice}/{language}"
TEXT_OF_LEVEL = TEXT + "/levels/{level}"


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


@dataclass(frozen=True)
class Place:
    """Whose words they are: of a notice in a language, or of one of its later levels (`NOT-9`)."""

    notice: str
    language: str
    level: int | None = None

    @property
    def path(self) -> str:
        """Its page."""
        form = TEXT if self.level is None else TEXT_OF_LEVEL
        return form.format(notice=self.notice, language=self.language, level=self.level)

    def words_in(self, settings: dict[str, Any]) -> Words:
        """What the clinic says there. Raises HTTPException for a place that is none."""
        if self.notice not in settings["notices"] or self.language not in WRITTEN_IN:
            raise HTTPException(404)
        notice = settings["notices"][self.notice]
        if self.level is None:
            return Words.saved(notice, self.language)
        if not 0 <= self.level - SECOND < len(notice["levels"]):
            raise HTTPException(404)
        return Words.saved(notice["levels"][self.level - SECOND], self.language)

    def put(self, own: Words, notice: dict[str, Any]) -> dict[str, Any]:
        """The notice with these words there, and all others as they are."""
        if self.level is None:
            return own.put_into(notice, self.language)
        levels = list(notice["levels"])
        levels[self.level - SECOND] = own.put_into(levels[self.level - SECOND], self.language)
        return notice | {"levels": levels}


def _place(notice: str, language: str, level: int | None = None) -> Place:
    return Place(notice, language, level)


AtPlace = Annotated[Place, Depends(_place)]


@router.get(TEXT)
@router.get(TEXT_OF_LEVEL)
async def show_text(desk: AtDesk, place: AtPlace) -> Response:
    """The text of one event in one language, as it is or as it comes with the system."""
    found = await desk.services.read("notifications", PATH)
    return await _text_page(desk, place, found.body, place.words_in(found.body), found.etag or "")


@router.post(TEXT + "/preview")
@router.post(TEXT_OF_LEVEL + "/preview")
async def preview(desk: AtDesk, place: AtPlace, form: Submitted) -> Response:
    """What would be sent, with made-up figures."""
    shown, trouble = await _previewed(desk, place, Words.typed(form, place.language))
    return desk.page("part_message_preview.html", shown=shown, notice=desk.told(trouble) if trouble else None)


@router.post(TEXT)
@router.post(TEXT_OF_LEVEL)
async def save_text(desk: AtDesk, place: AtPlace, form: Submitted) -> Response:
    """Save the text, or go back to the one that comes with the system."""
    now = await desk.services.read("notifications", PATH)
    place.words_in(now.body)
    typed = Words.typed(form, place.language)
    own = Words() if text_of(form, "do") == "reset" else typed
    notices = now.body["notices"] | {place.notice: place.put(own, now.body["notices"][place.notice])}
    body = {name: value for name, value in now.body.items() if name != "version"}
    body |= {"notices": notices, "reason": text_of(form, "reason")}
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("notifications", PATH, body=body, key=key, method="PUT", version=version)
    except (Refused, Unreachable) as trouble:
        return await _text_page(desk, place, now.body, typed, now.etag or "", desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


async def _previewed(desk: Desk, place: Place, own: Words) -> tuple[list[Any], Refused | Unreachable | None]:
    """The mail and, where it has words of its own, the text message."""
    about: dict[str, Any] = {"notice": place.notice, "language": place.language}
    if place.level is not None:
        about["level"] = place.level
    wanted: list[dict[str, Any]] = [about | {"text": own.mail}]
    if own.sms is not None:
        wanted.append(about | {"channel": "sms", "sms_text": own.sms})
    try:
        asking = (desk.services.search("notifications", "/v1/templates/preview", body) for body in wanted)
        return await asyncio.gather(*asking), None
    except (Refused, Unreachable) as trouble:
        return [], trouble


async def _text_page(
    desk: Desk,
    place: Place,
    settings: dict[str, Any],
    own: Words,
    version: str,
    told: Notice | None = None,
    status: int = 200,
) -> Response:
    shown, trouble = await _previewed(desk, place, own)
    levels = enumerate(settings["notices"][place.notice]["levels"], SECOND)
    context: dict[str, Any] = {"place": place, "own": own, "shown": shown, "version": version, "named": WRITTEN_IN}
    context["levels"] = [(replace(place, level=number), level["days"]) for number, level in levels]
    said = told or (desk.told(trouble) if trouble else None)
    return desk.page("settings_text.html", status=status, notice=said, tab="notifications", **context)


def _page(
    desk: Desk, settings: dict[str, Any], version: str | None, notice: Notice | None = None, status: int = 200
) -> Response:
    shown: dict[str, Any] = {"settings": settings, "version": version, "channels": CHANNELS}
    shown |= {"later": LATER, "levels_max": LEVELS_MAX, "codes": list(WRITTEN_IN), "has_own": _has_own}
    return desk.page("settings_notifications.html", status=status, notice=notice, tab="notifications", **shown)


def _has_own(notice: dict[str, Any], language: str) -> bool:
    """Whether the clinic says anything of it in its own words, at whatever level."""
    return any(language in one[words] for one in (notice, *notice["levels"]) for words in ("texts", "sms_texts"))
