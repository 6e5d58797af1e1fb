"""The clinics' settings: kept in memory by version, so that a transaction asks for the version only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.clinic_directory import listing
from chassis.database.driver import Statement
from chassis.database.rows import Rows, document_as
from chassis.database.versioned_settings import VersionedSettings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.clinic_settings import DEFAULT_PATTERNS, Address, ClinicSettings, DatedRate, PricedCode
from invoicing.domain.errors import ClinicNotConfigured
from invoicing.domain.line import ONE, Tax
from invoicing.persistence.tables.practice import CLINIC_VERSIONS, CLINICS

_VERSIONS = Statement(
    """
    SELECT clinic_id, version,
           (SELECT max(last_date) FROM number_series AS n WHERE n.clinic_id = c.clinic_id) AS last_dated,
           EXISTS (SELECT 1 FROM price_lists AS p WHERE p.clinic_id = c.clinic_id) AS keeps_lists,
           ARRAY(SELECT currency FROM currencies_in_use AS u WHERE u.clinic_id = c.clinic_id) AS money_in
      FROM clinics AS c WHERE clinic_id = ANY(CAST(:ids AS uuid[]))
    """
)
_SETTINGS = text("SELECT clinic_id, version, settings FROM clinics WHERE clinic_id = ANY(CAST(:ids AS uuid[]))")
_LOCK = text("SELECT clinic_id, version, settings FROM clinics WHERE clinic_id = :id FOR UPDATE")
_HOLD = text("SELECT 1 FROM clinics WHERE clinic_id = :id FOR SHARE")
_CURRENT = Rows(CLINICS)
_KEEP_CURRENT = text(
    f"""
    WITH listed AS ({listing("(SELECT CAST(:id AS uuid))")}) {_CURRENT.keeping_newest()}
    """
)
_CACHED_MAX = 2_000
_cached: dict[UUID, ClinicSettings] = {}


async def find_settings(connection: AsyncConnection, clinic_id: UUID) -> ClinicSettings:
    """A clinic's settings as they are now. Raises ClinicNotConfigured."""
    found = await find_many(connection, [clinic_id])
    if clinic_id not in found:
        raise ClinicNotConfigured
    return found[clinic_id]


async def hold_settings(connection: AsyncConnection, clinic_id: UUID) -> ClinicSettings:
    """A clinic's settings, which nobody changes before the transaction's end. Raises ClinicNotConfigured.

    For amounts that are kept without a currency: they are in the clinic's, which stays while they stand (`MON-2`).
    """
    await connection.execute(_HOLD, {"id": clinic_id})
    return await find_settings(connection, clinic_id)


async def find_many(connection: AsyncConnection, clinic_ids: Iterable[UUID]) -> dict[UUID, ClinicSettings]:
    """The settings of those of these clinics that have any."""
    rows = await _VERSIONS.rows(connection, {"ids": list(set(clinic_ids))})
    stale = [row["clinic_id"] for row in rows if not _is_cached(row["clinic_id"], row["version"])]
    if stale:
        for row in (await connection.execute(_SETTINGS, {"ids": stale})).mappings():
            _keep(_settings_of(row))
    for row in rows:
        known = _cached[row["clinic_id"]].dated_until(row["last_dated"]).keeping_lists(row["keeps_lists"])
        _keep(known.holding(row["money_in"]))
    return {row["clinic_id"]: _cached[row["clinic_id"]] for row in rows}


async def lock_settings(connection: AsyncConnection, clinic_id: UUID) -> ClinicSettings | None:
    """A clinic's settings, locked for a change; None where there are none yet."""
    row = (await connection.execute(_LOCK, {"id": clinic_id})).mappings().one_or_none()
    return _settings_of(row) if row else None


async def append(work: Work, settings: ClinicSettings, *, replaces: int, reason: str | None) -> ClinicSettings:
    """Save settings as the version after the one that they replace. Raises SettingsChanged (`ALL-3`)."""
    version = await VERSIONS.append(work, settings, replaces=replaces, reason=reason)
    row = _written(settings) | {"clinic_id": settings.clinic_id, "version": version}
    row |= {"changed_at": work.now, "changed_by": work.actor}
    await work.connection.execute(_KEEP_CURRENT, _CURRENT.arrays([row]) | {"id": settings.clinic_id})
    return replace(settings, version=version)


def _is_cached(clinic_id: UUID, version: int) -> bool:
    return clinic_id in _cached and _cached[clinic_id].version == version


def _keep(settings: ClinicSettings) -> None:
    if settings.clinic_id not in _cached and len(_cached) >= _CACHED_MAX:
        del _cached[next(iter(_cached))]
    _cached[settings.clinic_id] = settings


def _document(settings: ClinicSettings) -> dict[str, Any]:
    skipped = (
        "clinic_id",
        "version",
        "last_dated",
        "keeps_lists",
        "money_in",
        "taxes",
        "rates",
        "price_list",
        "address",
        "number_patterns",
        "books_closed_until",
    )
    plain = {name: getattr(settings, name) for name in settings.__dataclass_fields__ if name not in skipped}
    address = settings.address
    return plain | {
        "address": {name: getattr(address, name) for name in address.__dataclass_fields__} if address else None,
        "number_patterns": dict(settings.number_patterns),
        "books_closed_until": settings.books_closed_until,
        "taxes": [[tax.category, str(tax.rate), tax.exemption_reason, tax.code] for tax in settings.taxes],
        "rates": [[rate.tax_code, rate.valid_from.isoformat(), str(rate.rate)] for rate in settings.rates],
        "price_list": [
            [
                priced.code_system,
                priced.code,
                priced.description,
                priced.unit_price if isinstance(priced.unit_price, int) else str(priced.unit_price),
                priced.tax_code,
                *_more_of(priced),
            ]
            for priced in settings.price_list
        ],
    }


def _more_of(priced: PricedCode) -> tuple[str | None, ...]:
    """What few prices say: a first day, and for how many they are."""
    day = priced.valid_from.isoformat() if priced.valid_from else None
    if priced.base_quantity != ONE:
        return day, str(priced.base_quantity)
    return () if day is None else (day,)


def _written(settings: ClinicSettings) -> dict[str, Any]:
    return {"settings": _document(settings)}


def _settings_of(row: Mapping[Any, Any]) -> ClinicSettings:
    document = dict(row["settings"])
    address, closed = document.pop("address"), document.pop("books_closed_until")
    taxes, prices = document.pop("taxes"), document.pop("price_list")
    rates = document.pop("rates", [])  # none in what was written before there were any
    patterns = document.pop("number_patterns")
    return document_as(
        ClinicSettings,
        document,
        clinic_id=row["clinic_id"],
        version=row["version"],
        address=document_as(Address, address, lines=tuple(address["lines"])) if address else None,
        books_closed_until=date.fromisoformat(closed) if closed else None,
        number_patterns={series: patterns.get(series, usual) for series, usual in DEFAULT_PATTERNS.items()},
        taxes=tuple(Tax(category, Decimal(rate), reason, code) for category, rate, reason, code, *_ in taxes),
        rates=tuple(DatedRate(code, date.fromisoformat(day), Decimal(rate)) for code, day, rate, *_ in rates),
        price_list=tuple(_priced(*priced) for priced in prices),
    )


def _priced(
    code_system: str,
    code: str,
    description: str,
    unit_price: int | str,
    tax_code: str | None,
    valid_from: str | None = None,
    base_quantity: str = "1",
    *_: object,
) -> PricedCode:
    """A price as it is kept, in order; what a later release says further on is passed over, as in `document_as`."""
    day = date.fromisoformat(valid_from) if valid_from else None
    price = Decimal(unit_price) if isinstance(unit_price, str) else unit_price
    return PricedCode(code_system, code, description, price, tax_code, day, Decimal(base_quantity))


VERSIONS = VersionedSettings(CLINIC_VERSIONS, _settings_of, _written)
