"""How a clinic wants its documents: changed on the version that was read, and every version stays (ALL-3, ALL-5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from chassis.testing.harness import ServiceHarness
from receipts.domain.own_templates import OwnTemplates
from receipts.domain.settings import DocumentSettings
from receipts.persistence import document_settings, own_templates
from receipts_events import Practice

URL = "/v1/document-settings"
NO_ACCOUNT = dict.fromkeys(("account_holder", "iban", "bic", "payment_link"))
WANTED = {"paper": "Letter", "show_note": True, "show_procedures": False} | NO_ACCOUNT
ACCOUNT = {
    "account_holder": "Zahnarztpraxis Linde",
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "COBADEFFXXX",
    "payment_link": "https://pay.example/{number}",
}


@pytest_asyncio.fixture(loop_scope="session")
async def client(harness: ServiceHarness, practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    async with harness.client("settings:read settings:write", practice.clinic_id, subject="owner:eve") as one:
        yield one


async def saved(client: httpx.AsyncClient, reason: str, **changes: Any) -> httpx.Response:
    etag = (await client.get(URL)).headers["ETag"]
    return await client.put(URL, json=WANTED | changes | {"reason": reason}, headers={"If-Match": etag})


async def test_settings_are_changed_on_the_version_that_was_read(client: httpx.AsyncClient) -> None:
    """ALL-3."""
    read = await client.get(URL)
    assert read.json() == {"paper": None, "show_note": None, "show_procedures": True, "version": 0} | NO_ACCOUNT
    body = WANTED | {"reason": "as agreed"}
    done = await client.put(URL, json=body, headers={"If-Match": read.headers["etag"]})
    assert done.json() == WANTED | {"version": 1}
    assert (await client.put(URL, json=body, headers={"If-Match": read.headers["etag"]})).status_code == 412
    assert (await client.put(URL, json=body)).status_code == 428
    assert (await client.put(URL, json=body | {"paper": "A5"})).status_code == 422


async def test_what_an_earlier_release_took_is_still_read(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """What is refused now at its field is in clinics' settings; whoever is to mend it has to see it."""
    unseen = "\u3164"
    kept = (
        (document_settings, DocumentSettings(account_holder=unseen)),
        (own_templates, OwnTemplates(texts={"en": {"thanks": unseen}})),
    )
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        for place, old in kept:
            await place.VERSIONS.append(work, old, replaces=0, reason="as agreed")
    for url in (URL, "/v1/document-templates"):
        for found in (await client.get(url), await client.get(f"{url}/versions")):
            assert (found.status_code, unseen in found.text) == (200, True), found.text


@pytest.mark.parametrize("given", [{}, {"reason": None}, {"reason": ""}, {"reason": " "}])
async def test_settings_are_not_changed_without_a_reason(client: httpx.AsyncClient, given: dict[str, Any]) -> None:
    """ALL-5."""
    refused = await client.put(URL, json=WANTED | given, headers={"If-Match": '"0"'})
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["reason"])
    assert (await client.get(URL)).json()["version"] == 0


async def test_every_version_stays_with_who_when_and_why(harness: ServiceHarness, client: httpx.AsyncClient) -> None:
    """ALL-3, ALL-5."""
    for reason, paper in (("the new printer", "Letter"), ("it broke", "A4"), ("it was mended", "Letter")):
        assert (await saved(client, reason, paper=paper)).status_code == 200
    page = (await client.get(f"{URL}/versions", params={"limit": "2"})).json()
    rest = (await client.get(f"{URL}/versions", params={"limit": "2", "cursor": page["next"]})).json()
    told = [*page["items"], *rest["items"]]
    assert [(one["version"], one["paper"], one["reason"], one["changed_by"]) for one in told] == [
        (3, "Letter", "it was mended", "owner:eve"),
        (2, "A4", "it broke", "owner:eve"),
        (1, "Letter", "the new printer", "owner:eve"),
    ]
    assert rest["next"] is None
    assert all(one["changed_at"] and one["show_note"] for one in told)
    async with harness.client("settings:read") as other:
        assert (await other.get(f"{URL}/versions")).json()["items"] == []
    async with harness.client("receipts:read") as reader:
        assert (await reader.get(f"{URL}/versions")).status_code == 403


@pytest.mark.rule("RCP-11.1")
async def test_a_bank_account_is_kept_as_it_is_printed(client: httpx.AsyncClient) -> None:
    done = await saved(client, "patients pay by transfer", **ACCOUNT)
    assert done.json() | {"iban": ACCOUNT["iban"]} == WANTED | ACCOUNT | {"version": 1}
    assert (await client.get(URL)).json()["iban"] == "DE89370400440532013000"


@pytest.mark.rule("RCP-11.1")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"iban": "DE88370400440532013000"}, "iban"),
        ({"iban": "no number"}, "iban"),
        ({"iban": None}, "iban"),
        ({"account_holder": None}, "account_holder"),
        ({"bic": "BANK"}, "bic"),
        ({"payment_link": "javascript:alert(1)"}, "payment_link"),
        ({"payment_link": "https://pay.example/a b"}, "payment_link"),
    ],
)
async def test_what_nobody_could_pay_to_is_refused(
    client: httpx.AsyncClient, changed: dict[str, Any], field: str
) -> None:
    refused = await saved(client, "as agreed", **ACCOUNT | changed)
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, [field])


@pytest.mark.rule("RCP-11.1")
async def test_who_asks_for_money_in_its_name_is_told_how_the_clinic_is_paid(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """ALL-4: nobody else's clinic, and nothing else of the settings."""
    await saved(client, "patients pay by transfer", **ACCOUNT)
    async with harness.client("receipts:read", practice.clinic_id) as notifications:
        found = (await notifications.get("/v1/payment-details")).json()
    assert found == ACCOUNT | {"iban": "DE89370400440532013000"}
    async with harness.client("receipts:read") as other:
        assert (await other.get("/v1/payment-details")).json() == NO_ACCOUNT
    assert (await client.get("/v1/payment-details")).status_code == 403
