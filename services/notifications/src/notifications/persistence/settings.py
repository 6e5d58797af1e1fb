"""Clinics' notification settings: every version stays, the highest is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from chassis.database import Work
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.notice import Notice
from notifications.domain.quiet_hours import QuietHours
from notifications.domain.settings import (
    Channel,
    DocumentDelivery,
    NoticeSettings,
    OwnText,
    Sender,
    Settings,
)
from notifications.persistence.tables import settings


async def in_force(connection: AsyncConnection, clinic_ids: Iterable[UUID]) -> dict[UUID, Settings]:
    """The settings of clinics; those that nobody has set have the defaults."""
    wanted = set(clinic_ids)
    newest = (
        select(settings.c.clinic_id, settings.c.version, settings.c.body)
        .where(settings.c.clinic_id.in_(wanted))
        .ext(distinct_on(settings.c.clinic_id))
        .order_by(settings.c.clinic_id, settings.c.version.desc())
    )
    found = {row.clinic_id: settings_of(row.version, row.body) for row in await connection.execute(newest)}
    return {clinic_id: found.get(clinic_id, Settings()) for clinic_id in wanted}


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    """One version of the settings: who made it, when and why (`ALL-5`)."""

    version: int
    changed_at: datetime
    changed_by: str
    reason: str | None


async def versions(
    connection: AsyncConnection, clinic_id: UUID, before: int | None, limit: int
) -> list[SettingsVersion]:
    """The versions before one, or all, the latest first."""
    listed = (
        select(settings.c.version, settings.c.changed_at, settings.c.changed_by, settings.c.reason)
        .where(settings.c.clinic_id == clinic_id)
        .order_by(settings.c.version.desc())
        .limit(limit)
    )
    if before is not None:
        listed = listed.where(settings.c.version < before)
    return [SettingsVersion(*row) for row in await connection.execute(listed)]


async def at_version(connection: AsyncConnection, clinic_id: UUID, version: int) -> Settings | None:
    """The settings as a version had them."""
    found = select(settings.c.body).where(settings.c.clinic_id == clinic_id, settings.c.version == version)
    body = (await connection.execute(found)).scalar_one_or_none()
    return None if body is None else settings_of(version, body)


async def append(work: Work, new: Settings, reason: str) -> bool:
    """Store a new version, with who and why; False where that version exists already, as somebody else was first."""
    row = {
        "clinic_id": work.clinic_id,
        "version": new.version,
        "body": body_of(new),
        "changed_at": work.now,
        "changed_by": work.actor,
        "reason": reason,
    }
    stored = insert(settings).values(row).on_conflict_do_nothing().returning(settings.c.version)
    return (await work.connection.execute(stored)).first() is not None


def body_of(value: Settings) -> dict[str, Any]:
    """Settings as JSON."""
    quiet = value.quiet_hours
    return {
        "sender": {
            "name": value.sender.name,
            "address": value.sender.address,
            "reply_to": value.sender.reply_to,
        },
        "documents": value.documents.value,
        "document_link": value.document_link,
        "quiet_hours": {"start": quiet.start.isoformat(), "end": quiet.end.isoformat()} if quiet else None,
        "ask_estimated_share": value.ask_estimated_share,
        "notices": {notice.value: _notice_body(one) for notice, one in value.notices.items()},
    }


def settings_of(version: int, body: Mapping[str, Any]) -> Settings:
    """Settings from JSON."""
    quiet = body["quiet_hours"]
    return Settings(
        version=version,
        sender=Sender(**body["sender"]),
        documents=DocumentDelivery(body["documents"]),
        ask_estimated_share=body.get("ask_estimated_share", False),
        document_link=body["document_link"],
        quiet_hours=_hours(quiet) if quiet else None,
        notices={Notice(name): _notice_of(one) for name, one in body["notices"].items()},
    )


def _hours(body: Mapping[str, str]) -> QuietHours:
    return QuietHours(time.fromisoformat(body["start"]), time.fromisoformat(body["end"]))


def _notice_body(one: NoticeSettings) -> dict[str, Any]:
    return {
        "enabled": one.enabled,
        "channels": [channel.value for channel in one.channels],
        "offset_days": one.offset_days,
        "texts": {language: {"subject": text.subject, "body": text.body} for language, text in one.texts.items()},
    }


def _notice_of(body: Mapping[str, Any]) -> NoticeSettings:
    return NoticeSettings(
        enabled=body["enabled"],
        channels=tuple(Channel(channel) for channel in body["channels"]),
        offset_days=body["offset_days"],
        texts={language: OwnText(**text) for language, text in body["texts"].items()},
    )
