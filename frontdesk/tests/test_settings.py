"""Prices and taxes as they are set at the desk: what is asked of invoicing, on which version, and what stays."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from told_pages import LIST
from told_services import CLINIC, PATIENT, Office, usd

ENTRY = {
    "code_system": "CDT",
    "code": "D1110",
    "valid_from": "2027-01-01",
    "description": "Prophylaxis",
    "unit_price": usd("95.00"),
    "tax_category": None,
}
STANDARD = {"code": "STD", "category": "S", "rate": "7", "rates": [], "exemption_reason": None}
EXEMPT = {"code": "MED", "category": "E", "rate": "0", "rates": [], "exemption_reason": "Dental care"}
WHERE, TAXES = f"/settings/prices/lists/{PATIENT}", "/settings/taxes"


@pytest.fixture
def told(desk: Office) -> Office:
    desk.sign_in()
    settings = CLINIC | {"clinic_id": "c", "price_list": [], "tax_categories": [STANDARD, EXEMPT]}
    desk.answers |= {
        "GET invoicing /v1/price-lists": {"items": [LIST], "next": None},
        "GET invoicing /v1/products": {"items": [], "next": None},
        "GET invoicing /v1/price-lists/ID": httpx.Response(200, json=LIST, headers={"etag": '"3"'}),
        "GET invoicing /v1/price-lists/ID/entries": {"items": [ENTRY], "next": None},
        "POST invoicing /v1/price-lists": httpx.Response(201, json=LIST),
        "POST invoicing /v1/price-lists/ID/entries": LIST | {"version": 4},
        "PUT invoicing /v1/price-lists/ID": LIST | {"version": 4},
        "GET invoicing /v1/clinic": httpx.Response(200, json=settings, headers={"etag": '"9"'}),
        "PUT invoicing /v1/clinic": settings,
    }
    return desk


def asked_of(desk: Office) -> tuple[httpx.Request, Any]:
    (one,) = desk.changes()
    return one, json.loads(one.content)


async def test_a_list_shows_what_it_says_of_each_code_and_from_when(told: Office) -> None:
    """INV-19."""
    assert WHERE in (await told.get("/settings/prices")).text
    page = (await told.get(f"{WHERE}?code=D1")).text
    for said in ("D1110", "Jan 1, 2027", "$95.00", "Default"):
        assert said in page
    asked = [one.url.params for one in told.asked if one.url.path.endswith("/entries")]
    assert asked[0]["code"] == "D1"


async def test_a_price_begins_on_a_day_on_the_version_that_was_seen(told: Office) -> None:
    """INV-19, ALL-3: an entry is set or taken out, and all others stay."""
    named = {"key": "one", "version": '"3"', "code_system": "CDT", "code": "D1110", "valid_from": "2027-07-01"}
    answer = await told.send(f"{WHERE}/entries", price="99", description="Prophylaxis", **named)
    assert (answer.status_code, answer.headers["location"]) == (303, WHERE)
    request, body = asked_of(told)
    assert (request.headers["if-match"], request.headers["idempotency-key"]) == ('"3"', "one")
    (entry,) = body["entries"]
    assert (entry["valid_from"], entry["unit_price"], entry.get("removed")) == ("2027-07-01", usd("99.00"), None)
    told.asked.clear()
    await told.send(f"{WHERE}/entries", do="remove", **named)
    (entry,) = asked_of(told)[1]["entries"]
    assert (entry["code"], entry["removed"]) == ("D1110", True)


async def test_a_list_is_made_and_renamed_and_its_insurer_stays(told: Office) -> None:
    made = await told.send("/settings/prices/lists", name="Members", membership="Smile", key="one")
    assert made.headers["location"] == WHERE
    assert asked_of(told)[1]["membership"] == "Smile"
    told.asked.clear()
    await told.send(WHERE, name="Delta 2027", reason="a new year", key="two", version='"3"', is_default="yes")
    _, body = asked_of(told)
    assert (body["name"], body["payer_id"], body["is_default"], body["archived"]) == (
        "Delta 2027",
        PATIENT,
        True,
        False,
    )
    assert {"id", "version"}.isdisjoint(body)


@pytest.mark.parametrize(
    ("typed", "first", "more"),
    [
        ({"code": "STD", "rate": "8", "valid_from": "2027-01-01"}, ("7", [("2027-01-01", "8.00")]), []),
        ({"code": "STD", "rate": "7,5", "valid_from": ""}, ("7.5", []), []),
        ({"code": "NEW", "rate": "19", "category": "S", "valid_from": ""}, ("7", []), [("NEW", "19.00", [])]),
    ],
)
async def test_a_rate_begins_on_a_day_and_what_was_before_keeps_its_own(
    told: Office, typed: dict[str, str], first: Any, more: list[Any]
) -> None:
    """MON-8: nothing but what is named is changed, exemptions least of all."""
    answer = await told.send(TAXES, reason="the new law", key="one", version='"9"', **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, TAXES)
    request, body = asked_of(told)
    assert (request.headers["if-match"], body["reason"]) == ('"9"', "the new law")
    standard, exempt, *others = body["tax_categories"]
    assert (standard["rate"].removesuffix("0"), dated(standard)) == (first[0], first[1])
    assert exempt == EXEMPT
    assert [(other["code"], other["rate"], dated(other)) for other in others] == more


def dated(category: dict[str, Any]) -> list[tuple[str, str]]:
    return [(rate["valid_from"], rate["rate"]) for rate in category["rates"]]


async def test_what_somebody_changed_meanwhile_is_told_and_what_was_typed_stays(told: Office) -> None:
    """ALL-3."""
    problem = {"type": "urn:problem:dental-billing:precondition-failed", "title": "Changed", "status": 412}
    for method in ("PUT invoicing /v1/clinic", "POST invoicing /v1/price-lists/ID/entries"):
        told.answers[method] = httpx.Response(412, json=problem)
    typed = {"version": '"8"', "key": "kept", "valid_from": "2027-01-01"}
    pages = [
        await told.send(TAXES, code="STD", rate="8", reason="the new law", **typed),
        await told.send(f"{WHERE}/entries", code="D7", code_system="CDT", price="12", description="Kept text", **typed),
    ]
    for page, said in zip(pages, ("the new law", "Kept text"), strict=True):
        assert page.status_code == 409
        assert "Somebody else changed this meanwhile." in page.text
        assert f'value="{said}"' in page.text
        assert 'value="kept"' in page.text
