"""The clinics' price lists: each list one row, its versions and entries rows that are only added (`INV-19`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows, record_of, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import NotFound
from invoicing.domain.list_entry import ListEntry
from invoicing.domain.price_list import ListVersion, PriceBook, PriceList
from invoicing.persistence.mapping import exact
from invoicing.persistence.tables.prices import PRICE_LIST_ENTRIES, PRICE_LIST_VERSIONS, PRICE_LISTS

_ENTRY_ROWS = Rows(PRICE_LIST_ENTRIES, also=["unit_price_fraction", "allowed_fraction", "base_quantity"])
_LIST_ROWS = Rows(PRICE_LISTS)
_VERSION_ROWS = Rows(PRICE_LIST_VERSIONS)
_LIST = "id, clinic_id, name, version, payer_id, membership, is_default, archived"
_FIND = text(f"SELECT {_LIST} FROM price_lists WHERE clinic_id = :clinic_id AND id = :id")  # noqa: S608 - constants
_LOCK = text(
    f"SELECT {_LIST} FROM price_lists WHERE clinic_id = :clinic_id ORDER BY id FOR UPDATE"  # noqa: S608 - constants
)
_ALONE = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('price_lists ' || CAST(CAST(:clinic_id AS uuid) AS text), 0))"
)
_ALL = text(
    f"""
    SELECT {_LIST} FROM price_lists WHERE clinic_id = :clinic_id AND id > :after ORDER BY id LIMIT :most
    """  # noqa: S608 - constants
)
_DEFAULT = text(
    f"SELECT {_LIST} FROM price_lists WHERE clinic_id = :clinic_id AND is_default AND NOT archived"  # noqa: S608 - constants
)
_SAVE = text(
    f"""
    WITH kept AS (
        {_VERSION_ROWS.inserting("v_")})
    {_LIST_ROWS.inserting("l_")}
    ON CONFLICT (clinic_id, id) DO UPDATE
       SET name = excluded.name, version = excluded.version, payer_id = excluded.payer_id,
           membership = excluded.membership, is_default = excluded.is_default, archived = excluded.archived
    """  # noqa: S608 - constants
)
_VERSIONS = text(
    """
    SELECT version, name, payer_id, membership, is_default, archived, entries, changed_at, changed_by, reason
      FROM price_list_versions
     WHERE clinic_id = :clinic_id AND price_list_id = :id
       AND (CAST(:before AS integer) IS NULL OR version < :before)
     ORDER BY version DESC LIMIT :most
    """
)
# The latest version of each entry; what was removed is there as well, and says so.
_ENTRIES = """
    SELECT * FROM (
        SELECT DISTINCT ON (code, code_system, valid_from) *
          FROM price_list_entries
         WHERE clinic_id = :clinic_id AND price_list_id = :id {filters}
           AND (CAST(:code AS text) IS NULL
                OR (code, code_system, coalesce(valid_from, '-infinity'))
                   > (:code, :code_system, coalesce(CAST(:valid_from AS date), '-infinity')))
         ORDER BY code, code_system, valid_from NULLS FIRST, version DESC) AS e
     WHERE NOT removed ORDER BY code, code_system, valid_from NULLS FIRST LIMIT :most
"""
_BOOK = text(
    """
    SELECT l.id AS list_id, l.clinic_id AS list_clinic, l.name, l.version AS list_version, l.payer_id, l.membership,
           l.is_default, l.archived, e.*
      FROM price_lists l
      LEFT JOIN LATERAL (
            SELECT DISTINCT ON (code, code_system, valid_from) code_system, code, valid_from, description,
                   unit_price_minor, tax_code, allowed_minor, covered_percent, removed, unit_price_fraction,
                   allowed_fraction, base_quantity
              FROM price_list_entries e
             WHERE e.clinic_id = l.clinic_id AND e.price_list_id = l.id AND e.code = ANY(CAST(:codes AS text[]))
             ORDER BY code, code_system, valid_from, e.version DESC) e ON true
     WHERE l.clinic_id = ANY(CAST(:clinics AS uuid[])) AND NOT l.archived
     ORDER BY l.id
    """
)
# Of each list, archived ones too, one entry that stands and says an amount, on whichever day it begins.
_PRICED = text(
    """
    SELECT l.name, e.code_system || ' ' || e.code AS example
      FROM price_lists l
     CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT DISTINCT ON (code, code_system, valid_from) code_system, code, unit_price_minor, allowed_minor,
                       removed
                  FROM price_list_entries e
                 WHERE e.clinic_id = l.clinic_id AND e.price_list_id = l.id
                 ORDER BY code, code_system, valid_from, e.version DESC) AS s
             WHERE NOT removed AND coalesce(unit_price_minor, allowed_minor) IS NOT NULL
             ORDER BY code, code_system LIMIT 1) AS e
     WHERE l.clinic_id = :clinic_id
     ORDER BY l.name, l.id
    """
)


async def find(connection: AsyncConnection, clinic_id: UUID, list_id: UUID) -> PriceList:
    """One list. Raises NotFound."""
    found = rows_as(PriceList, await connection.execute(_FIND, {"clinic_id": clinic_id, "id": list_id}))
    if not found:
        raise NotFound("price list", list_id)
    return found[0]


async def find_default(connection: AsyncConnection, clinic_id: UUID) -> PriceList | None:
    """The clinic's default list, where it has one."""
    return next(iter(rows_as(PriceList, await connection.execute(_DEFAULT, {"clinic_id": clinic_id}))), None)


async def priced(connection: AsyncConnection, clinic_id: UUID) -> list[tuple[str, str]]:
    """Which lists say any amount, each with one code that they say it of."""
    return [(row.name, row.example) for row in await connection.execute(_PRICED, {"clinic_id": clinic_id})]


async def lock_all(connection: AsyncConnection, clinic_id: UUID) -> list[PriceList]:
    """All lists of a clinic, locked: whoever changes or makes one sees that no other means the same patients.

    Rows that somebody else is about to add cannot be locked, so those who make lists of one clinic take turns.
    """
    await connection.execute(_ALONE, {"clinic_id": clinic_id})
    return rows_as(PriceList, await connection.execute(_LOCK, {"clinic_id": clinic_id}))


async def page(connection: AsyncConnection, clinic_id: UUID, after: UUID, most: int) -> list[PriceList]:
    """The lists after one of them."""
    return rows_as(PriceList, await connection.execute(_ALL, {"clinic_id": clinic_id, "after": after, "most": most}))


async def save(
    connection: AsyncConnection, changed: PriceList, entries: Sequence[ListEntry], now: datetime, by: str, reason: str
) -> None:
    """Write a list under its version, with the entries that this version sets, and who, when and why."""
    row = record_of(changed)
    version = row | {"price_list_id": changed.id, "entries": len(entries), "reason": reason}
    version |= {"changed_at": now, "changed_by": by}
    await connection.execute(_SAVE, _VERSION_ROWS.arrays([version], "v_") | _LIST_ROWS.arrays([row], "l_"))
    rows = [
        {
            "clinic_id": changed.clinic_id,
            "price_list_id": changed.id,
            "version": changed.version,
            "code_system": entry.code_system,
            "code": entry.code,
            "valid_from": entry.valid_from,
            "description": entry.description,
            "unit_price_minor": _whole(entry.unit_price),
            "tax_code": entry.tax_code,
            "allowed_minor": _whole(entry.allowed),
            "covered_percent": entry.covered_percent,
            "removed": entry.removed,
            "unit_price_fraction": (entry.unit_price or 0) % 1,
            "allowed_fraction": (entry.allowed or 0) % 1,
            "base_quantity": entry.base_quantity,
        }
        for entry in entries
    ]
    await _ENTRY_ROWS.insert(connection, rows)


async def versions(
    connection: AsyncConnection, clinic_id: UUID, list_id: UUID, before: int | None, most: int
) -> list[ListVersion]:
    """A list's versions before one, or all, the latest first."""
    parameters = {"clinic_id": clinic_id, "id": list_id, "before": before, "most": most}
    return rows_as(ListVersion, await connection.execute(_VERSIONS, parameters))


async def entries_of(
    connection: AsyncConnection,
    clinic_id: UUID,
    list_id: UUID,
    wanted: Mapping[str, str],
    after: tuple[str, str, date | None] | None,
    most: int,
) -> list[ListEntry]:
    """A list's present entries by code, code system and first day, after one of them; `wanted` narrows both codes."""
    code, code_system, valid_from = after or (None, None, None)
    filters = "".join(f" AND {name} = :wanted_{name}" for name in ("code", "code_system") if name in wanted)
    parameters: dict[str, Any] = {"clinic_id": clinic_id, "id": list_id, "most": most}
    parameters |= {"code": code, "code_system": code_system, "valid_from": valid_from}
    parameters |= {f"wanted_{name}": value for name, value in wanted.items()}
    rows = await connection.execute(text(_ENTRIES.format(filters=filters)), parameters)
    return [_entry_of(row) for row in rows]


async def books(
    connection: AsyncConnection, settings: Mapping[UUID, ClinicSettings], codes: Iterable[str | None]
) -> dict[UUID, PriceBook]:
    """Each clinic's lists, and what they say of these codes, in one round trip; in none where no clinic keeps any."""
    keeping = [clinic_id for clinic_id, one in settings.items() if one.keeps_lists]
    if not keeping:
        return {clinic_id: PriceBook(one) for clinic_id, one in settings.items()}
    lists: dict[UUID, dict[UUID, PriceList]] = defaultdict(dict)
    entries: dict[UUID, dict[UUID, dict[str, list[ListEntry]]]] = defaultdict(dict)
    wanted = {"clinics": keeping, "codes": sorted({code for code in codes if code})}
    for row in await connection.execute(_BOOK, wanted):
        lists[row.list_clinic][row.list_id] = PriceList(
            row.list_id,
            row.list_clinic,
            row.name,
            row.list_version,
            row.payer_id,
            row.membership,
            row.is_default,
            row.archived,
        )
        if row.code is not None:
            of_list = entries[row.list_clinic].setdefault(row.list_id, {})
            of_list.setdefault(row.code, []).append(_entry_of(row))
    return {
        clinic_id: PriceBook(one, tuple(lists[clinic_id].values()), entries[clinic_id])
        for clinic_id, one in settings.items()
    }


def _entry_of(row: Any) -> ListEntry:
    return ListEntry(
        code_system=row.code_system,
        code=row.code,
        valid_from=row.valid_from,
        description=row.description,
        unit_price=_exact(row.unit_price_minor, row.unit_price_fraction),
        tax_code=row.tax_code,
        allowed=_exact(row.allowed_minor, row.allowed_fraction),
        covered_percent=row.covered_percent,
        removed=row.removed,
        base_quantity=row.base_quantity,
    )


def _whole(price: int | Decimal | None) -> int | None:
    return None if price is None else int(price // 1)


def _exact(minor: int | None, fraction: Decimal) -> int | Decimal | None:
    return None if minor is None else exact(minor, fraction)
