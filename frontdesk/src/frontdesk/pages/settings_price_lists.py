"""Settings, Prices: a price list, whom it is for, and what it says of each code from which day on (`INV-19`)."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of
from frontdesk.pages.settings_prices import prices_page

router = APIRouter()
WHERE = "/settings/prices/lists/{}"
ROWS_MAX = 100


@router.post("/settings/prices/lists")
async def make(desk: AtDesk, form: Submitted) -> Response:
    """Make a list without entries, and go on to it."""
    body = {"name": text_of(form, "name"), "membership": text_of(form, "membership") or None}
    body["reason"] = text_of(form, "reason") or desk.t("Changed at the desk")
    try:
        made = await desk.services.change("invoicing", "/v1/price-lists", body=body, key=text_of(form, "key"))
    except (Refused, Unreachable) as trouble:
        return await prices_page(desk, desk.told(trouble), 409)
    return desk.go(WHERE.format(made.body["id"]), Notice(desk.t("Added.")))


@router.get("/settings/prices/lists/{list_id}")
async def show(desk: AtDesk, list_id: Id, code: str = "", cursor: str | None = None) -> Response:
    """Its entries, by code and first day."""
    return await _page(desk, list_id, code=code[:40], cursor=cursor)


@router.post("/settings/prices/lists/{list_id}")
async def change(desk: AtDesk, list_id: Id, form: Submitted) -> Response:
    """Rename it, say whom it is for, archive it; on the version that was seen. Its insurer stays as it is."""
    now = (await desk.services.get("invoicing", "/v1/price-lists/{}", list_id)) | {
        "name": text_of(form, "name"),
        "membership": text_of(form, "membership") or None,
        "is_default": text_of(form, "is_default") == "yes",
        "archived": text_of(form, "archived") == "yes",
        "reason": text_of(form, "reason"),
    }
    body = {name: value for name, value in now.items() if name not in ("id", "version")}
    return await _do(desk, list_id, form, "/v1/price-lists/{}", body, "PUT")


@router.post("/settings/prices/lists/{list_id}/entries")
async def set_entry(desk: AtDesk, list_id: Id, form: Submitted) -> Response:
    """Set what it says of a code from a day on, or have it say nothing of that any more."""
    entry: dict[str, Any] = {"code_system": text_of(form, "code_system"), "code": text_of(form, "code")}
    entry["valid_from"] = text_of(form, "valid_from") or None
    if text_of(form, "do") == "remove":
        entry["removed"] = True
    else:
        price = desk.typing.amount(text_of(form, "price"))
        if price is None:
            return await _page(desk, list_id, desk.no_amount("price"), 422)
        entry |= {"description": text_of(form, "description") or None, "unit_price": price}
        entry["tax_category"] = text_of(form, "tax_category") or None
    body = {"entries": [entry], "reason": text_of(form, "reason") or desk.t("Changed at the desk")}
    return await _do(desk, list_id, form, "/v1/price-lists/{}/entries", body, "POST")


async def _do(desk: Desk, list_id: Id, form: Submitted, path: str, body: dict[str, Any], method: str) -> Response:
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("invoicing", path, list_id, body=body, key=key, method=method, version=version)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, list_id, desk.told(trouble), 409)
    return desk.go(WHERE.format(list_id), Notice(desk.t("Saved.")))


async def _page(
    desk: Desk,
    list_id: Id,
    notice: Notice | None = None,
    status: int = 200,
    code: str = "",
    cursor: str | None = None,
) -> Response:
    found, entries = await asyncio.gather(
        desk.services.read("invoicing", "/v1/price-lists/{}", list_id),
        desk.services.get(
            "invoicing", "/v1/price-lists/{}/entries", list_id, code=code or None, limit=ROWS_MAX, cursor=cursor
        ),
    )
    shown = {"list": found.body, "version": found.etag, "entries": entries, "code": code, "tab": "prices"}
    return desk.page("settings_price_list.html", status=status, notice=notice, **shown)
