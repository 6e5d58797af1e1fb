"""Price lists and products: kept apart from the settings, in sets of thousands, version by version (`INV-19`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.http import TEXT, Page, Paging, problems
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from invoicing.domain.list_entry import PRODUCTS, ListEntry
from invoicing.http.price_list_requests import EntriesIn, PriceListIn, ProductsIn
from invoicing.http.price_list_responses import EntryOut, PriceListOut, PriceListVersionOut, ProductOut
from invoicing.http.scopes import SettingsRead, SettingsWrite
from invoicing.persistence import clinics, price_lists
from invoicing.use_cases.keep_price_list import KeepPriceList, SetEntries, keep_price_list, set_entries, set_products

router = APIRouter(tags=["price lists"])
NIL = UUID(int=0)


@router.get("/v1/price-lists", response_model=Page[PriceListOut], responses=problems(422), summary="List price lists")
async def get_price_lists(read: SettingsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """The clinic's price lists, archived ones too. What no list says, the `price_list` of the settings says."""
    async with read as connection:
        found = await price_lists.page(connection, read.clinic_id, paging.after_value(UUID) or NIL, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.id,), PriceListOut.of))


@router.post(
    "/v1/price-lists",
    status_code=201,
    response_model=PriceListOut,
    responses=problems(409, 422),
    summary="Make a price list",
)
async def post_price_list(body: PriceListIn, change: SettingsWrite) -> Response:
    """Make a list without entries: for a payer, for a membership, the default one, or one to choose by hand."""
    async with change as work:
        kept = await keep_price_list(work, KeepPriceList(body.to_domain(change.clinic_id, NIL), None, body.reason))
        return change.answer(201, PriceListOut.of(kept), location=f"/v1/price-lists/{kept.id}", etag=kept.version)


@router.get(
    "/v1/price-lists/{price_list_id}",
    response_model=PriceListOut,
    responses=problems(404),
    summary="Read a price list",
)
async def get_price_list(price_list_id: UUID, read: SettingsRead) -> Response:
    """What it is called and whom it is for; its entries are a list of their own."""
    async with read as connection:
        kept = await price_lists.find(connection, read.clinic_id, price_list_id)
    return read.answer(PriceListOut.of(kept), etag=kept.version)


@router.put(
    "/v1/price-lists/{price_list_id}",
    response_model=PriceListOut,
    responses=problems(404, 409, 412, 422, 428),
    summary="Change a price list",
)
async def put_price_list(price_list_id: UUID, body: PriceListIn, change: SettingsWrite) -> Response:
    """Change what it is called and whom it is for, or archive it; its entries stay."""
    version = change.if_match()
    async with change as work:
        wanted = body.to_domain(change.clinic_id, price_list_id)
        kept = await keep_price_list(work, KeepPriceList(wanted, version, body.reason))
        return change.answer(200, PriceListOut.of(kept), etag=kept.version)


@router.get(
    "/v1/price-lists/{price_list_id}/versions",
    response_model=Page[PriceListVersionOut],
    responses=problems(404, 422),
    summary="List the versions of a price list",
)
async def get_price_list_versions(
    price_list_id: UUID, read: SettingsRead, paging: Annotated[Paging, Depends()]
) -> Response:
    """Every version, the latest first: who made it, when and why, and how many entries it set."""
    before = paging.after_value(int)
    async with read as connection:
        kept = await price_lists.find(connection, read.clinic_id, price_list_id)
        found = await price_lists.versions(connection, read.clinic_id, kept.id, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.version,), PriceListVersionOut.of))


@router.get(
    "/v1/price-lists/{price_list_id}/entries",
    response_model=Page[EntryOut],
    responses=problems(404, 409, 422),
    summary="List the entries of a price list",
)
async def get_entries(
    price_list_id: UUID,
    read: SettingsRead,
    paging: Annotated[Paging, Depends()],
    code: Annotated[str | None, Query(max_length=40, pattern=TEXT)] = None,
) -> Response:
    """What the list says of each code, by code and first day; with `code`, of that one."""
    after = paging.after_of(str, str, date | None)
    async with read as connection:
        settings = await clinics.find_settings(connection, read.clinic_id)
        kept = await price_lists.find(connection, read.clinic_id, price_list_id)
        found = await price_lists.entries_of(
            connection,
            read.clinic_id,
            kept.id,
            {} if code is None else {"code": code},
            after,
            paging.fetch,
        )
    return read.answer(paging.page(found, _key, lambda one: EntryOut.of(one, settings.currency)))


@router.post(
    "/v1/price-lists/{price_list_id}/entries",
    response_model=PriceListOut,
    responses=problems(404, 409, 412, 422, 428),
    summary="Set entries of a price list",
)
async def post_entries(price_list_id: UUID, body: EntriesIn, change: SettingsWrite) -> Response:
    """Set up to 5,000 entries, all or none, as the list's next version; those that are not named stay."""
    version = change.if_match()
    async with change as work:
        settings = await clinics.hold_settings(work.connection, work.clinic_id)
        entries = [one.entry(settings, f"entries[{place}]") for place, one in enumerate(body.entries)]
        kept = await set_entries(work, SetEntries(price_list_id, version, entries, body.reason))
        return change.answer(200, PriceListOut.of(kept), etag=kept.version)


@router.get("/v1/products", response_model=Page[ProductOut], responses=problems(409, 422), summary="List products")
async def get_products(
    read: SettingsRead,
    paging: Annotated[Paging, Depends()],
    sku: Annotated[str | None, Query(max_length=40, pattern=TEXT)] = None,
) -> Response:
    """The inventory's products by SKU and first day: the entries of code system `SKU` in the default price list."""
    after = paging.after_of(str, str, date | None)
    async with read as connection:
        settings = await clinics.find_settings(connection, read.clinic_id)
        kept = await price_lists.find_default(connection, read.clinic_id)
        wanted = {"code_system": PRODUCTS} | ({} if sku is None else {"code": sku})
        found = (
            await price_lists.entries_of(connection, read.clinic_id, kept.id, wanted, after, paging.fetch)
            if kept
            else []
        )
    return read.answer(paging.page(found, _key, lambda one: ProductOut.of(one, settings.currency)))


@router.post("/v1/products", response_model=PriceListOut, responses=problems(409, 422), summary="Set products")
async def post_products(body: ProductsIn, change: SettingsWrite) -> Response:
    """Set up to 5,000 products, all or none; those that are not named stay. Answered is the list that keeps them."""
    async with change as work:
        settings = await clinics.hold_settings(work.connection, work.clinic_id)
        products = [one.entry(settings, f"products[{place}]") for place, one in enumerate(body.products)]
        kept = await set_products(work, products, body.reason)
        return change.answer(200, PriceListOut.of(kept), etag=kept.version)


def _key(one: ListEntry) -> tuple[object, ...]:
    return one.code, one.code_system, one.valid_from
