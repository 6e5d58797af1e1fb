"""The clinics' settings that payments need: currency, time zone and years of retention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.database.clinic_directory import listing
from chassis.database.driver import Statement
from chassis.database.rows import Rows
from chassis.money import Money
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.clinic import Clinic, ClinicVersion
from payments.domain.errors import ClinicNotConfigured
from payments.persistence.tables import CLINICS

_ROWS = Rows(CLINICS)

# With the limit in force, which whatever gives money back is compared with (`PAY-15`).
_FIND = Statement(
    """
    SELECT c.currency, c.time_zone, s.refund_limit_minor, s.currency AS limit_currency
      FROM clinics AS c
      LEFT JOIN LATERAL (SELECT v.refund_limit_minor, v.currency FROM payment_setting_versions AS v
                          WHERE v.clinic_id = c.clinic_id ORDER BY v.version DESC LIMIT 1) AS s ON true
     WHERE c.clinic_id = :clinic_id
    """
)
_FIND_ALL = text("SELECT clinic_id, currency, time_zone FROM clinics WHERE clinic_id = ANY (CAST(:clinics AS uuid[]))")
_LOCK = text(
    """
    SELECT clinic_id FROM clinics WHERE clinic_id = ANY (CAST(:clinics AS uuid[])) ORDER BY clinic_id FOR UPDATE
    """
)
_UPSERT = text(
    f"""
    WITH listed AS ({listing(f"(SELECT clinic_id FROM {_ROWS.given()})")})
    {_ROWS.inserting(alias="c")}
    ON CONFLICT (clinic_id) DO UPDATE
       SET version = excluded.version, time_zone = excluded.time_zone, retention_years = excluded.retention_years,
           currency = CASE WHEN EXISTS (SELECT FROM transactions AS t WHERE t.clinic_id = c.clinic_id)
                             OR EXISTS (SELECT FROM invoices AS i WHERE i.clinic_id = c.clinic_id)
                           THEN c.currency ELSE excluded.currency END
     WHERE c.version < excluded.version OR (c.version = excluded.version AND c.retention_years IS NULL)
    """  # noqa: S608 - our own texts
)


async def clinic_of(connection: AsyncConnection, clinic_id: UUID) -> Clinic:
    """A clinic's settings. Raises ClinicNotConfigured."""
    clinic = await find(connection, clinic_id)
    if clinic is None:
        raise ClinicNotConfigured
    return clinic


async def find(connection: AsyncConnection, clinic_id: UUID) -> Clinic | None:
    """A clinic's settings, if they have arrived."""
    rows = await _FIND.rows(connection, {"clinic_id": clinic_id})
    return _clinic(rows[0]) if rows else None


def _clinic(row: Mapping[str, Any]) -> Clinic:
    minor, currency = row["refund_limit_minor"], row["limit_currency"]
    return Clinic(row["currency"], row["time_zone"], None if minor is None else Money(minor, currency))


async def known(connection: AsyncConnection, clinic_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these clinics' settings have arrived."""
    rows = await connection.execute(_FIND_ALL, {"clinics": list(set(clinic_ids))})
    return {row.clinic_id for row in rows}


async def clinics_of(connection: AsyncConnection, clinic_ids: Iterable[UUID]) -> dict[UUID, Clinic]:
    """The settings of several clinics. Raises ClinicNotConfigured."""
    wanted = set(clinic_ids)
    rows = await connection.execute(_FIND_ALL, {"clinics": list(wanted)})
    found = {row.clinic_id: Clinic(row.currency, row.time_zone) for row in rows}
    if wanted - found.keys():
        raise ClinicNotConfigured
    return found


async def keep_newest(connection: AsyncConnection, versions: Sequence[ClinicVersion]) -> None:
    """Keep each clinic's highest version, whatever order they come in.

    Of a clinic that has money or invoices here the currency stays: 5,000 yen never become 50.00 dollars (`MON-2`).
    Deposits hold the clinic while they are recorded (`intake.py`), and are seen once it is locked.
    """
    newest = {settings.clinic_id: settings for settings in sorted(versions, key=lambda settings: settings.version)}
    await connection.execute(_LOCK, {"clinics": list(newest)})
    await connection.execute(_UPSERT, _ROWS.arrays([asdict(settings) for settings in newest.values()]))
