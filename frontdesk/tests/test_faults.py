"""A service that does not answer: the page says which part is missing and shows the rest; nothing typed is lost."""

from __future__ import annotations

import httpx
import pytest
from told_services import PATIENT, Office

GONE = httpx.ConnectError("nobody listens")


@pytest.mark.parametrize(
    ("silent", "said", "shown"),
    [
        ("GET payments /v1/patients/ID/account", "The cash desk does not answer", "Ana"),
        ("GET invoicing /v1/patients/ID", "Invoicing does not answer", "Balance"),
    ],
)
async def test_a_part_that_is_missing_is_named_and_the_rest_is_there(
    desk: Office, silent: str, said: str, shown: str
) -> None:
    desk.sign_in()
    desk.answers[silent] = GONE
    page = await desk.get(f"/patients/{PATIENT}")
    assert page.status_code == 200
    assert said in page.text
    assert shown in page.text


async def test_a_payment_that_nobody_took_is_still_in_the_form_under_its_key(desk: Office) -> None:
    desk.sign_in()
    desk.answers["POST payments /v1/payments"] = httpx.Response(503)
    answer = await desk.send(f"/patients/{PATIENT}/payments/new", amount="12.50", key="kept-key", note="window seat")
    assert answer.status_code == 422
    for kept in ("kept-key", "12.50", "window seat", "never done twice"):
        assert kept in answer.text


async def test_a_refusal_is_told_with_its_trace(desk: Office) -> None:
    desk.sign_in()
    problem = {"type": "urn:problem:dental-billing:payment-group-archived", "title": "It is archived", "status": 409}
    desk.answers["POST payments /v1/payments"] = httpx.Response(409, json=problem | {"trace_id": "4bf92f3577b34da6"})
    answer = await desk.send(f"/patients/{PATIENT}/payments/new", amount="12.50", key="k")
    assert "It is archived" in answer.text
    assert "4bf92f3577b34da6" in answer.text


async def test_what_one_may_not_do_is_not_offered_and_what_one_may_not_see_is_said(desk: Office) -> None:
    """ALL-5."""
    desk.sign_in("invoices:read")
    desk.answers["GET payments /v1/patients/ID/account"] = httpx.Response(403, json={})
    page = (await desk.get(f"/patients/{PATIENT}")).text
    assert "You may not see this part." in page
    assert "Submit payment" not in page
    assert "Create invoice" not in page


async def test_a_page_that_is_not_there_is_told_as_one(desk: Office) -> None:
    desk.sign_in()
    for path in ("/nowhere", "/patients/no-id"):
        page = await desk.get(path)
        assert (page.status_code, "There is no such page." in page.text) == (404, True), path
