"""Change a clinic's notification settings (`NOT-1`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work

from notifications.domain.errors import SettingsChangedMeanwhile
from notifications.domain.settings import Settings
from notifications.persistence import settings


@dataclass(frozen=True)
class ChangeSettings:
    """The settings as a whole, and why they change, decided on `from_version` of them."""

    settings: Settings
    from_version: int
    reason: str


async def change_settings(work: Work, command: ChangeSettings) -> Settings:
    """Store the next version. Raises SettingsChangedMeanwhile, and what `Settings.check` finds."""
    command.settings.check()
    current = (await settings.in_force(work.connection, [work.clinic_id]))[work.clinic_id]
    if current.version != command.from_version:
        raise SettingsChangedMeanwhile(current.version)
    new = replace(command.settings, version=current.version + 1)
    if not await settings.append(work, new, command.reason):
        raise SettingsChangedMeanwhile(new.version)
    return new
