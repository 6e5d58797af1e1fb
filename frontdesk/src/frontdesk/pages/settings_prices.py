"""Settings, Prices: products with their prices, and the clinic's price lists."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, text_of

router = APIRouter()
WHERE = "/settings/prices"


@router.get("/settings/prices")
async def show(desk: AtDesk, cursor: str | None = None) -> Response:
    """Products and price lists."""
    return await prices_page(desk, cursor=cursor)


@router.post("/settings/prices")
async def set_product(desk: AtDesk, form: Submitted) -> Response:
    """Set a product's price, or take the product out of the list (`INV-19`)."""
    price = desk.typing.amount(text_of(form, "price"))
    if price is None:
        return await prices_page(desk, desk.no_amount("price"), 422)
    product: dict[str, Any] = {"sku": text_of(form, "sku"), "description": text_of(form, "description")}
    product |= {"unit_price": price, "tax_category": text_of(form, "tax_category") or None}
    product["valid_from"] = text_of(form, "valid_from") or None
    product |= {"removed": True} if text_of(form, "do") == "remove" else {}
    body = {"products": [product], "reason": text_of(form, "reason") or desk.t("Changed at the desk")}
    try:
        await desk.services.change("invoicing", "/v1/products", body=body, key=text_of(form, "key"))
    except (Refused, Unreachable) as trouble:
        return await prices_page(desk, desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


async def prices_page(
    desk: Desk, notice: Notice | None = None, status: int = 200, cursor: str | None = None
) -> Response:
    """Products and price lists, after a refusal too. Raises Refused, Unreachable."""
    products, lists = await asyncio.gather(
        desk.services.get("invoicing", "/v1/products", limit=100, cursor=cursor),
        desk.services.get("invoicing", "/v1/price-lists", limit=100),
    )
    return desk.page("settings_prices.html", status=status, notice=notice, products=products, lists=lists, tab="prices")
