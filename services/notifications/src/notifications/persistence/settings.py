"""Clinics' notification settings: every version stays, the highest is in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from chassis.database.versioned_settings import VersionedSettings
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.settings import Settings
from notifications.persistence.tables import SETTINGS

_SETTINGS = TypeAdapter(Settings)


async def in_force(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, Settings]:
    """The settings of clinics; those that nobody has set have the defaults."""
    found = await VERSIONS.in_force(connection, clinic_ids)
    return {clinic_id: found.get(clinic_id, Settings()) for clinic_id in clinic_ids}


def settings_of(row: Mapping[Any, Any]) -> Settings:
    """Settings from their row."""
    return _SETTINGS.validate_python({**row["body"], "version": row["version"]})


def _written(settings: Settings) -> dict[str, Any]:
    return {"body": _SETTINGS.dump_python(settings, mode="json", exclude={"version"})}


VERSIONS = VersionedSettings(SETTINGS, settings_of, _written)
