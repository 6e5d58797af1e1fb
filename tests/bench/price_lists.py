"""Price lists and products, as a clinic keeps them: made, filled, changed, read."""

from __future__ import annotations

from typing import Any

from asking import Ask, Given
from clinic import money

LISTS, LIST = "/v1/price-lists", "/v1/price-lists/{price_list_id}"
MADE, FILLED = "price list made", "100 entries of a price list set"
ENTRIES = [
    {"code_system": "CDT", "code": f"D{place:04}", "description": "Listed", "unit_price": money(9_500)}
    for place in range(100)
]
WHY = {"reason": "bench"}


def price_list_asks(asking: Any) -> list[Ask]:
    """What is asked of lists, each of a list of its own, and of products."""

    def of(more: Any = None, version_of: str | None = None) -> Any:
        def given(number: int) -> Given:
            path = {"price_list_id": asking.body(MADE, number)["id"]}
            version = asking.etag(version_of, number) if version_of else None
            body = None if more is None else more(number) | WHY
            return Given(path, body, version=version) if version else Given(path, body)

        return given

    products = {"products": [{"sku": "BRUSH", "description": "Toothbrush", "unit_price": money(450)}]} | WHY
    return [
        Ask(MADE, "invoicing", f"POST {LISTS}", lambda n: Given(body={"name": f"List {n}"} | WHY)),
        Ask(FILLED, "invoicing", f"POST {LIST}/entries", of(lambda _: {"entries": ENTRIES}, MADE)),
        Ask("price list changed", "invoicing", f"PUT {LIST}", of(lambda n: {"name": f"Fees {n}"}, FILLED)),
        Ask("products set", "invoicing", "POST /v1/products", lambda _: Given(body=products)),
        Ask("price lists", "invoicing", f"GET {LISTS}"),
        Ask("price list read", "invoicing", f"GET {LIST}", of()),
        Ask("entries of a price list", "invoicing", f"GET {LIST}/entries", of()),
        Ask("versions of a price list", "invoicing", f"GET {LIST}/versions", of()),
        Ask("products", "invoicing", "GET /v1/products"),
    ]
