"""A draft is changed at the desk: what the form does not show of it stays as it was (`INV-3`)."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from invoicing.http.invoice_requests import DraftIn
from told_pages import DRAFT, FIXED, LINES, PERCENT, SAVED
from told_services import FORM_TOKEN, PATIENT, Office, usd

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Fields(HTMLParser):
    """What a browser sends of a form that nothing was typed into."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._select = self._text = ""
        self.feed(page[page.index('id="invoice-form"') :].split("</form>", maxsplit=1)[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") != "checkbox":
            self.sent.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and (self._select, given["value"]) not in self.sent:
            others = [one for one in self.sent if one[0] != self._select]
            if "selected" in given or others == self.sent:
                self.sent = [*others, (self._select, given["value"])]
        elif tag == "textarea":
            self._text = given["name"]

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent.append((self._text, data))
            self._text = ""


async def saved_again(desk: Office, language: str = "en", **typed: str) -> dict[str, Any]:
    """What invoicing is asked for when the draft is opened and saved; `typed` by the field's name in a saved row."""
    body = await typed_into(desk, language, **typed)
    answer = await desk.browser.post(f"/invoices/{DRAFT}/edit", content=body, headers=FORM)
    assert answer.status_code == 303, answer.text
    asked: dict[str, Any] = json.loads(desk.changes()[-1].content)
    assert DraftIn.model_validate(asked).to_domain(), "invoicing takes it"
    return asked


async def typed_into(desk: Office, language: str = "en", **typed: str) -> str:
    """The form of the opened draft, as a browser sends it."""
    desk.sign_in(language=language)
    none: dict[str, Any] = {"items": [], "next": None}
    desk.answers |= {"GET invoicing /v1/billable-procedures": none, "GET invoicing /v1/products": none}
    desk.answers |= {"GET invoicing /v1/invoices/ID": SAVED, "PUT invoicing /v1/invoices/ID": SAVED}
    page = await desk.get(f"/invoices/{DRAFT}/edit")
    assert page.status_code == 200, page.text
    sent = Fields(page.text).sent
    rows = [value for name, value in sent if name == "row"][: len(LINES)]
    instead = {f"{row}.{name}": value for row in rows for name, value in typed.items()}
    fields = [(name, instead.get(name, before)) for name, before in sent]
    return urlencode([*fields, ("form_token", FORM_TOKEN)])


def asked_for(told: dict[str, Any]) -> dict[str, Any]:
    """A discount or a charge as a request says it."""
    names = ("reason", *(("percent", "base") if told["percent"] else ("amount",)))
    code = told.get("tax_code") or told.get("tax_category")
    return {name: told[name] for name in names if told.get(name)} | ({"tax_category": code} if code else {})


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_draft_that_is_saved_as_it_is_stays_as_it_was(desk: Office, language: str) -> None:
    body = await saved_again(desk, language)
    assert [line["kind"] for line in body["lines"]] == [line["kind"] for line in SAVED["lines"]]
    for asked, before in zip(body["lines"], SAVED["lines"], strict=True):
        same = [name for name in before if name not in ("id", "tax_category", "tax_code", "discount", "charges")]
        assert {name: asked.get(name) for name in same} == {name: before[name] for name in same}, before["kind"]
        assert asked["tax_category"] == "reduced", "the clinic's own code"
        assert asked["charges"] == [asked_for(PERCENT), asked_for(FIXED)]
        assert asked["discount"] == {"amount": usd("5.00"), "reason": "courtesy"}
    assert body["discounts"] == [asked_for(one) for one in (SAVED["discount"], *SAVED["discounts"])]
    assert body["charges"] == [asked_for(charge) for charge in SAVED["charges"]]
    kept = ("note", "due_date", "appointment_id", "primary_payer", "price_list_id", "membership")
    assert {name: body[name] for name in kept} == {name: SAVED[name] for name in kept}


async def test_what_is_typed_takes_the_place_of_what_was_saved(desk: Office) -> None:
    body = await saved_again(desk, tooth="", sku="PASTE", quantity="3")
    procedure, extra, product, _ = body["lines"]
    assert (procedure["tooth"], procedure["quantity"]) == ("36", "2"), "the procedure's own"
    assert ("tooth" in extra, extra["surface"], extra["quantity"]) == (False, "MO", "3")
    assert (product["sku"], product["quantity"]) == ("PASTE", "3")
    assert not {"code", "code_system", "tax_category", "base_quantity"} & set(product), "of the other product"


async def test_the_totals_beside_the_form_are_of_what_is_saved_by_it(desk: Office) -> None:
    body = await typed_into(desk)
    await desk.browser.post(f"/patients/{PATIENT}/invoices/preview", content=body, headers=FORM)
    shown = json.loads(desk.asked[-1].content)
    assert desk.asked[-1].url.path == "/v1/invoices/preview"
    assert shown == await saved_again(desk) | {"invoice_id": DRAFT}
