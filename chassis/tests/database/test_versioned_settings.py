"""Every version of settings stays, with who, when and why; who decided on another version than the last is refused."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from chassis.database.rows import rows_as
from chassis.database.versioned_settings import (
    SettingsChange,
    SettingsChanged,
    SettingsVersion,
    VersionedSettings,
)
from chassis.testing.harness import ServiceHarness
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text, Uuid

TABLE = Table(
    "hours",
    MetaData(),
    Column("clinic_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("opens", Text),
    Column("changed_at", DateTime(timezone=True)),
    Column("changed_by", Text),
    Column("reason", Text),
)


@dataclass(frozen=True)
class Hours:
    """When a clinic opens."""

    opens: str


HOURS = VersionedSettings(TABLE, lambda row: rows_as(Hours, [row])[0], lambda hours: {"opens": hours.opens})


async def saved(harness: ServiceHarness, clinic_id: UUID, opens: str, replaces: int) -> int:
    async with harness.database.transaction([clinic_id], "owner:1") as work:
        return await HOURS.append(work, Hours(opens), replaces=replaces, reason="spring")


async def test_every_version_stays_and_the_last_is_in_force(harness: ServiceHarness) -> None:
    """ALL-5."""
    clinic, other = uuid4(), uuid4()
    assert [await saved(harness, clinic, opens, version) for version, opens in enumerate(("8:00", "9:00"))] == [1, 2]
    now = harness.clock.now()
    async with harness.database.reading([clinic]) as connection:
        assert await HOURS.in_force(connection, [clinic, other]) == {clinic: Hours("9:00")}
        assert await HOURS.at_version(connection, clinic, 1) == Hours("8:00")
        assert await HOURS.at_version(connection, clinic, 3) is None
        last = SettingsVersion(2, now, "owner:1", "spring", settings=Hours("9:00"))
        assert await HOURS.versions(connection, clinic, None, 1) == [last]
        assert (await HOURS.latest(connection, clinic), await HOURS.latest(connection, other)) == (last, None)
        assert await HOURS.changes(connection, clinic, None, 1) == [SettingsChange(2, now, "owner:1", "spring")]
        assert [one.version for one in await HOURS.versions(connection, clinic, 2, 5)] == [1]


async def test_whoever_decided_on_another_version_is_refused(harness: ServiceHarness) -> None:
    """ALL-3: it says at which version they are, also where two save at once."""
    clinic = uuid4()
    await saved(harness, clinic, "8:00", 0)
    for replaces in (0, 2):
        with pytest.raises(SettingsChanged) as refused:
            await saved(harness, clinic, "9:00", replaces)
        assert refused.value.extensions == {"version": 1}
    async with harness.database.transaction([clinic], "owner:1") as first:
        await HOURS.append(first, Hours("9:00"), replaces=1, reason="spring")
    with pytest.raises(SettingsChanged):
        await saved(harness, clinic, "10:00", 1)
