"""A clinic's notification settings as they go out, and a sample message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from chassis.database.rows import record_of
from chassis.database.versioned_settings import SettingsChange
from chassis.http import ResponseBody
from chassis.http.bodies import as_it_is
from pydantic import BaseModel, Field

from notifications.domain.notice import Notice
from notifications.domain.settings import NoticeSettings, Settings, Wording
from notifications.http.settings_requests import (
    LevelBody,
    NoticeBody,
    QuietHoursBody,
    SenderBody,
    SettingsFields,
    TextBody,
)


class SettingsOut(SettingsFields):
    """The settings in force; every notice is listed, with its default where nothing was decided."""

    version: int

    @classmethod
    def of(cls, settings: Settings) -> SettingsOut:
        """As the wire has it."""
        complete = replace(settings, notices={notice: settings.of(notice) for notice in Notice})
        return as_it_is(
            cls,
            complete,
            sender=as_it_is(SenderBody, complete.sender),
            quiet_hours=as_it_is(QuietHoursBody, complete.quiet_hours) if complete.quiet_hours else None,
            notices={notice: _notice(decided) for notice, decided in complete.notices.items()},
        )


def _notice(decided: NoticeSettings) -> NoticeBody:
    levels = tuple(as_it_is(LevelBody, level, texts=_texts(level)) for level in decided.levels)
    return as_it_is(NoticeBody, decided, texts=_texts(decided), levels=levels)


def _texts(of: Wording) -> dict[str, TextBody]:
    return {language: as_it_is(TextBody, text) for language, text in of.texts.items()}


class SettingsVersionOut(BaseModel):
    """One version of the settings: who made it, when and why; what it said is at `…/versions/{version}`."""

    version: Annotated[int, Field(examples=[2])]
    changed_at: datetime
    changed_by: Annotated[str, Field(examples=["owner:11d0"])]
    reason: Annotated[
        str | None,
        Field(
            description="Null for versions from before it was asked for.", examples=["patients were woken by reminders"]
        ),
    ]

    @classmethod
    def of(cls, change: SettingsChange) -> SettingsVersionOut:
        """As the wire has it."""
        return cls.model_construct(**record_of(change))


class PreviewOut(ResponseBody):
    """A sample message with made-up values."""

    language: str
    subject: str
    text: str
    html: str
    """Empty where it is a text message."""
    segments: int | None
    """Of a text message: how many it is sent and paid as."""
