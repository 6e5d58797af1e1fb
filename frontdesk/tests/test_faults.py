"""A service that does not answer: the page says which part is missing and shows the rest; nothing typed is lost."""

from __future__ import annotations

import importlib
import json

import httpx
import pytest
from chassis.http.problems import INVALID as NOT_VALID
from chassis.http.problems import Problem
from frontdesk.labels import PROBLEMS, TYPING
from invoicing.app import service as invoicing
from notifications.app import service as notifications
from payments.app import service as payments
from receipts.app import service as receipts
from told_pages import INVOICE, WHOLE
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


INVALID = {
    "type": "urn:problem:dental-billing:invalid-request",
    "title": "It is not valid",
    "status": 422,
    "trace_id": "4bf92f",
}
INVALID |= {"detail": "amount.amount: EUR has 2 decimals; and 1 more in errors"}
INVALID |= {"errors": [{"field": "amount.amount", "detail": "EUR has 2 decimals"}]}
LATER = {"type": "urn:problem:dental-billing:received-in-future", "title": "Too late", "status": 422}
LATER |= {"detail": "it is now 2026-11-30T15:46:57.268434+00:00: money cannot have been received later"}
UNKNOWN = "there is no issued invoice 01a22d43-3cf3-76be-9404-81889b7b6071"
NOT_YET = {"type": "urn:problem:dental-billing:invoice-unknown", "status": 404, "detail": UNKNOWN}
NOT_YET |= {"errors": [{"field": "allocations[0].invoice_id", "detail": UNKNOWN}]}


def test_what_has_words_of_a_page_is_a_problem_that_a_service_has() -> None:
    of_all = vars(importlib.import_module("chassis.http.problems")).values()
    known = {problem.slug for problem in of_all if isinstance(problem, Problem)}
    for service in (invoicing, payments, notifications, receipts):
        known |= {problem.slug for problem in service.problems.values()}
    assert set(PROBLEMS) - known == set()
    assert NOT_VALID.slug == TYPING


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (INVALID, ("Etwas ist nicht, wie es sein muss", "So geht es nicht: EUR has 2 decimals")),
        (LATER, ("Geld kann nicht in der Zukunft eingegangen sein.",)),
        (NOT_YET, ("Die Kasse kennt die Rechnung noch nicht. Gleich noch einmal senden.",)),
    ],
)
async def test_a_refusal_is_told_in_the_pages_language(desk: Office, problem: dict[str, str], said: list[str]) -> None:
    """ALL-2.2: at its field; without members, times and numbers of machines for what is a typing mistake."""
    desk.sign_in(language="de")
    desk.answers["POST payments /v1/payments"] = httpx.Response(422, json=problem)
    page = (await desk.send(f"/patients/{PATIENT}/payments/new", amount="1,005", key="k")).text
    for text in said:
        assert text in page
    for text in ("amount.amount", "4bf92f", "in errors", "268434", "01a22d43"):
        assert text not in page


async def test_totals_wait_for_what_is_no_number(desk: Office) -> None:
    """MON-1: said at once, as it is when the form is sent, and not by what a price list lacks."""
    desk.sign_in()
    desk.answers["POST invoicing /v1/invoices/preview"] = httpx.Response(422, json=INVALID)
    line = {"row": "a", "a.kind": "custom", "a.description": "Night guard", "a.quantity": "1.000", "a.price": "+5"}
    where = f"/patients/{PATIENT}/invoices/preview"
    assert "An amount or a number is not one" in (await desk.send(where, **line)).text
    assert [one for one in desk.asked if one.url.path == "/v1/invoices/preview"] == []
    page = (await desk.send(where, **line | {"a.price": "5"})).text
    assert "<li>EUR has 2 decimals</li>" in page
    (asked,) = [json.loads(one.content) for one in desk.asked if one.url.path == "/v1/invoices/preview"]
    assert asked["lines"][0]["quantity"] == "1.000"


async def test_nothing_is_taken_off_an_invoice_that_nobody_paid(desk: Office) -> None:
    desk.sign_in()
    desk.answers |= {"GET invoicing /v1/invoices/ID": INVOICE, "GET invoicing /v1/invoices/ID/story": {"steps": []}}
    assert "\u2212$0.00" not in (await desk.get(f"/invoices/{PATIENT}")).text


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


@pytest.mark.parametrize("what", ["payments", "invoices"])
async def test_who_may_only_read_is_not_shown_a_form_at_its_address(desk: Office, what: str) -> None:
    """ALL-5: with a word why."""
    desk.sign_in("invoices:read payments:read")
    desk.answers |= WHOLE
    page = (await desk.get(f"/patients/{PATIENT}/{what}/new")).text
    assert "You may not do this." in page
    assert f'action="/patients/{PATIENT}/{what}/new"' not in page
