"""Keep a clinic's price lists: made, renamed, archived, and entries set in sets of thousands (`INV-19`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.typed import alike

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import NotFound, StaleVersion
from invoicing.domain.list_entry import ListEntry
from invoicing.domain.price_list import PriceList, check_entries, check_list
from invoicing.persistence import clinics, price_lists


@dataclass(frozen=True, slots=True)
class KeepPriceList:
    """What a list is to be; `replaces` is the version that it was decided on, None for a new one."""

    wanted: PriceList
    replaces: int | None
    reason: str


async def keep_price_list(work: Work, command: KeepPriceList) -> PriceList:
    """Make a list, or change what it is called and whom it is for. Raises NotFound, StaleVersion, Invalid."""
    await clinics.find_settings(work.connection, work.clinic_id)
    present = await price_lists.lock_all(work.connection, work.clinic_id)
    kept = command.wanted
    if command.replaces is None:
        kept = replace(kept, id=new_id(), version=1)
    else:
        kept = replace(kept, version=_next(present, kept.id, command.replaces))
    check_list(kept, [price_list for price_list in present if price_list.id != kept.id])
    await price_lists.save(work.connection, kept, [], work.now, work.actor, command.reason)
    return kept


@dataclass(frozen=True, slots=True)
class SetEntries:
    """Entries that replace those of the same code and first day in a list; all others stay."""

    list_id: UUID
    replaces: int
    entries: Sequence[ListEntry]
    reason: str


async def set_entries(work: Work, command: SetEntries) -> PriceList:
    """Set entries of a list, all or none. Raises NotFound, StaleVersion, Invalid, UnknownTaxCategory."""
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    present = await price_lists.lock_all(work.connection, work.clinic_id)
    version = _next(present, command.list_id, command.replaces)
    kept = next(price_list for price_list in present if price_list.id == command.list_id)
    return await _save(work, settings, replace(kept, version=version), command.entries, "entries", command.reason)


async def set_products(work: Work, products: Sequence[ListEntry], reason: str) -> PriceList:
    """Set products: entries of the clinic's default list, made where there is none. Raises as `set_entries`."""
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    present = await price_lists.lock_all(work.connection, work.clinic_id)
    kept = next((price_list for price_list in present if price_list.is_default and not price_list.archived), None)
    if kept is None:
        kept = PriceList(new_id(), work.clinic_id, _free_name(present), 0, is_default=True)
    return await _save(work, settings, replace(kept, version=kept.version + 1), products, "products", reason)


async def _save(
    work: Work,
    settings: ClinicSettings,
    kept: PriceList,
    entries: Sequence[ListEntry],
    field: str,
    reason: str,
) -> PriceList:
    check_entries(entries, settings, field)
    await price_lists.save(work.connection, kept, entries, work.now, work.actor, reason)
    return kept


def _next(present: Sequence[PriceList], list_id: UUID, replaces: int) -> int:
    found = next((price_list for price_list in present if price_list.id == list_id), None)
    if found is None:
        raise NotFound("price list", list_id)
    if found.version != replaces:
        raise StaleVersion(list_id, found.version)
    return found.version + 1


def _free_name(present: Sequence[PriceList]) -> str:
    taken = {alike(price_list.name) for price_list in present}
    names = ("Standard", *(f"Standard {n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if alike(name) not in taken)
