"""Change a clinic's notification settings (`NOT-1`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from chassis.database import Work

from notifications.domain.settings import Channel, Settings
from notifications.persistence.settings import VERSIONS, in_force


@dataclass(frozen=True)
class ChangeSettings:
    """The settings as a whole, and why they change, decided on `from_version` of them."""

    settings: Settings
    from_version: int
    reason: str
    channels: Collection[Channel] = (Channel.EMAIL,)
    """Those that the process has a provider of."""


async def change_settings(work: Work, command: ChangeSettings) -> Settings:
    """Store the next version. Raises SettingsChanged, and what `Settings.check` finds."""
    present = (await in_force(work.connection, [work.clinic_id]))[work.clinic_id]
    command.settings.check(command.channels, present)
    version = await VERSIONS.append(work, command.settings, replaces=command.from_version, reason=command.reason)
    return replace(command.settings, version=version)
