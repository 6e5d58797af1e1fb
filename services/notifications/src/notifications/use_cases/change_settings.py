"""Change a clinic's notification settings (`NOT-1`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.database import Work

from notifications.domain.settings import Settings
from notifications.persistence.settings import VERSIONS


@dataclass(frozen=True)
class ChangeSettings:
    """The settings as a whole, and why they change, decided on `from_version` of them."""

    settings: Settings
    from_version: int
    reason: str


async def change_settings(work: Work, command: ChangeSettings) -> Settings:
    """Store the next version. Raises SettingsChanged, and what `Settings.check` finds."""
    command.settings.check()
    version = await VERSIONS.append(work, command.settings, replaces=command.from_version, reason=command.reason)
    return replace(command.settings, version=version)
