"""Credit used, paid out and handed over; a payment moved and taken back; notes: what a page asks the services for."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from forms_on_pages import forms_of
from told_pages import CLINIC_WHOLE, HELD, INVOICE_ID, OTHER, PAID, PAYMENT_ID, WHOLE
from told_services import EVERYTHING, PATIENT, Office, usd

DUE = 40
OPEN_INVOICE = {"status": "issued", "overdue": False, "due_date": "2026-12-01", "outstanding": usd(f"{DUE}.00")}
PAID_OUT = {"reason_code": "overpayment", "method": None, "amount": usd("5.00")}
CREDIT, PAYMENTS = f"/patients/{PATIENT}/credit", f"/payments/{PAYMENT_ID}"


@pytest.fixture
def told(desk: Office) -> Office:
    desk.sign_in()
    desk.answers |= {
        "GET payments /v1/patients/ID/credit": {"balance": usd("20.00")},
        "GET payments /v1/patients/ID/credit/parts": {"items": [HELD], "next": None},
        "GET payments /v1/payments/ID": httpx.Response(200, json=PAID, headers={"etag": '"4"'}),
    }
    return desk


def asked_of(desk: Office) -> tuple[str, Any]:
    (one,) = desk.changes()
    return f"{one.method} {one.url.path}", json.loads(one.content)


async def test_credit_is_shown_with_the_payments_that_hold_it(told: Office) -> None:
    """PAY-3."""
    page = (await told.get(CREDIT)).text
    for said in (f"/payments/{PAYMENT_ID}", "$20.00", "Use it", "Pay it out", "Hand it to another patient"):
        assert said in page
    assert "Nothing is open." in page


@pytest.mark.parametrize(
    ("what", "typed", "path", "body"),
    [
        ("use", {"invoice": INVOICE_ID}, "applications", {"allocations": [{"invoice_id": INVOICE_ID}], "amount": None}),
        ("use", {"amount": "5"}, "applications", {"allocations": [], "amount": usd("5.00")}),
        ("pay-out", {"amount": "5"}, "withdrawals", PAID_OUT),
        ("transfer", {"amount": "5", "recipient": OTHER}, "transfers", {"to_patient_id": OTHER, "amount": usd("5.00")}),
    ],
)
async def test_credit_is_used_paid_out_or_handed_over(
    told: Office, what: str, typed: dict[str, str], path: str, body: dict[str, Any]
) -> None:
    """PAY-3: each under the key of its form."""
    told.answers[f"POST payments /v1/patients/ID/credit/{path}"] = {"refunds": []}
    answer = await told.send(f"{CREDIT}/{what}", key="k", reason="as agreed", **typed)
    assert answer.status_code == 303
    assert asked_of(told) == (f"POST /v1/patients/{PATIENT}/credit/{path}", body | {"reason": "as agreed"})


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        (f"{CREDIT}/use", {"amount": "5x"}, "Type an amount"),
        (f"{CREDIT}/pay-out", {}, "Type an amount"),
        (f"{CREDIT}/transfer", {"amount": "5"}, "Choose who gets it."),
        (f"{CREDIT}/burn", {"amount": "5"}, "Credit"),
        (f"{PAYMENTS}/move", {"amount": "all", "from": f"{INVOICE_ID}/"}, "Type an amount"),
        (
            f"/patients/{PATIENT}/payments/new",
            {"amount": "5", "invoice": INVOICE_ID, f"part.{INVOICE_ID}": "4o"},
            "sheet",
        ),
        (f"/patients/{PATIENT}/payments/new", {"amount": "5", "received": "yesterday"}, "This is no day or time."),
    ],
)
async def test_what_is_no_amount_or_time_changes_nothing(
    told: Office, path: str, typed: dict[str, str], said: str
) -> None:
    """MON-1: it is never taken for all of it."""
    answer = await told.send(path, key="k", reason="as agreed", **typed)
    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert told.changes() == []


async def test_a_payment_is_shown_with_what_it_settles_and_what_can_be_done(told: Office) -> None:
    """PAY-1, PAY-6, PAY-13."""
    page = (await told.get(PAYMENTS)).text
    for said in ("INV-7", "by the window", "Have it settle something else", "The bank took it back", "Can be refunded"):
        assert said in page
    told.answers["GET payments /v1/payments/ID"] = PAID | {"method": "cash", "status": "cancelled", "allocations": []}
    page = (await told.get(PAYMENTS)).text
    for said in ("Have it settle something else", "The bank took it back"):
        assert said not in page


@pytest.mark.parametrize(
    ("what", "typed", "asked", "body"),
    [
        (
            "move",
            {"from": f"{INVOICE_ID}/", "to": "", "amount": "15", "reason": "for the filling"},
            f"POST /v1{PAYMENTS}/moves",
            {"from": {"invoice_id": INVOICE_ID, "installment_id": None}, "to": None, "amount": usd("15.00")},
        ),
        (
            "chargeback",
            {"reference": "R01", "reason": "for the filling"},
            f"POST /v1{PAYMENTS}/chargeback",
            {"external_reference": "R01"},
        ),
        ("labels", {"note": "new", "version": '"4"'}, f"PATCH /v1{PAYMENTS}", {"group_id": None, "note": "new"}),
    ],
)
async def test_a_payment_is_moved_taken_back_or_labelled(
    told: Office, what: str, typed: dict[str, str], asked: str, body: dict[str, Any]
) -> None:
    """PAY-13, PAY-6, PAY-1 (on the version that was seen, ALL-3)."""
    for method, path in (("POST", "/moves"), ("POST", "/chargeback"), ("PATCH", "")):
        told.answers[f"{method} payments /v1/payments/ID{path}"] = {"id": PAYMENT_ID}
    answer = await told.send(f"{PAYMENTS}/{what}", key="k", **typed)
    assert answer.status_code == 303
    wanted = body | ({"reason": "for the filling"} if "reason" in typed else {})
    assert asked_of(told) == (asked, wanted)
    assert told.changes()[0].headers.get("if-match") == ('"4"' if what == "labels" else None)


async def test_what_was_refused_is_still_typed_in_its_form_alone(told: Office) -> None:
    problem = {"type": "urn:problem:dental-billing:invalid", "title": "The invoice asks for less", "status": 422}
    told.answers["POST payments /v1/payments/ID/moves"] = httpx.Response(422, json=problem)
    answer = await told.send(f"{PAYMENTS}/move", key="kept", reason="the other one", **{"from": f"{INVOICE_ID}/"})
    assert answer.status_code == 409
    assert answer.text.count("the other one") == 1
    for said in ("The invoice asks for less", 'value="kept"'):
        assert said in answer.text


async def test_a_payment_is_offered_what_is_due_first_and_says_where_there_is_more(desk: Office) -> None:
    """One list of open invoices, in the order in which they fall due, and no more of it than is shown."""
    desk.sign_in()
    many = [OPEN_INVOICE | {"id": f"{PATIENT[:-4]}{number:04}", "number": f"no. {number}"} for number in range(50)]
    desk.answers["GET invoicing /v1/invoices"] = {"items": many, "next": "more"}
    page = (await desk.get(f"/patients/{PATIENT}/payments/new")).text
    assert page.index("no. 0<") < page.index("no. 49<")
    assert "Only the 50 that are due first are shown." in page
    (asked,) = [one.url.params for one in desk.asked if one.url.path == "/v1/invoices"]
    assert (asked["open"], asked["limit"]) == ("true", "50")
    assert page.index("no. 7<") < page.index("42 more, due later") < page.index("<noscript>") < page.index("no. 8<")
    later = " ".join(str(one["id"]) for one in many[8:])
    alone = f"?invoice={many[3]['id']}", f"?invoice={many[30]['id']}"
    for chosen, ticked, opened in (("", later, False), (alone[0], "", False), (alone[1], many[30]["id"], True)):
        page = (await desk.get(f"/patients/{PATIENT}/payments/new{chosen}")).text
        (details,) = re.findall(r'<details class="more-picks"[^>]*>', page)
        assert f'data-ticked="{ticked}" data-due="{42 * DUE:.2f}"' in details
        assert details.endswith(" open>") is opened, "what is chosen alone is seen"
    desk.answers["GET invoicing /v1/invoices"] = {"items": many[:9], "next": None}
    ninth = (await desk.get(f"/patients/{PATIENT}/payments/new?invoice={many[8]['id']}")).text
    assert re.search(r'<details class="more-picks"[^>]* open>', ninth), "though all of the rest is chosen"
    desk.answers["GET invoicing /v1/invoices"] = {"items": many, "next": "more"}
    newest = OPEN_INVOICE | {"id": OTHER, "number": "no. 99", "patient_id": PATIENT}
    for invoice, offered in ((newest, True), (newest | {"patient_id": OTHER}, False)):
        desk.answers["GET invoicing /v1/invoices/ID"] = invoice
        page = (await desk.get(f"/patients/{PATIENT}/payments/new?invoice={OTHER}")).text
        assert (f'value="{OTHER}" data-due="{DUE}.00" checked' in page) is offered, "just issued, due after all others"
    part = {f"part.{many[20]['id']}": "5"}
    typed: dict[str, Any] = {"amount": "none", "invoice": [one["id"] for one in many], "method": "cash"} | part
    page = (await desk.send(f"/patients/{PATIENT}/payments/new", **typed)).text
    assert re.search(r'<details class="more-picks"[^>]* open>', page), "so is what was typed into it"


@pytest.mark.rule("MON-1.5")
async def test_what_a_field_has_in_it_is_written_as_the_page_writes_and_read_as_the_page_wrote(desk: Office) -> None:
    """Of the form's page, though the session has another language by now."""
    desk.answers |= WHOLE
    desk.answers["GET invoicing /v1/invoices"] = {
        "items": [OPEN_INVOICE | {"id": OTHER, "number": "no. 8"}],
        "next": None,
    }
    desk.answers["GET invoicing /v1/clinic"] = CLINIC_WHOLE | {"credit_limit": "1234.50", "cash_rounding": "0.05"}
    desk.sign_in(EVERYTHING, language="de")
    pay, refund = f"/patients/{PATIENT}/payments/new", f"/patients/{PATIENT}/refund"
    pages = {where: (await desk.get(where)).text for where in (pay, f"{pay}?amount=12.5", CREDIT, "/settings/clinic")}
    pages[refund] = (await desk.send(refund, transaction=PAYMENT_ID)).text
    for page, name, value in (
        (pay, "amount", "40,00"),
        (f"{pay}?amount=12.5", "amount", "12,5"),
        (CREDIT, "amount", "20,00"),
        ("/settings/clinic", "credit_limit", "1234,50"),
        ("/settings/clinic", "cash_rounding", "0,05"),
        (refund, f"amount.{PATIENT}", "60,00"),
    ):
        assert f'name="{name}" value="{value}"' in pages[page]
    (form,) = [form for form in forms_of(pages[pay]) if pay in form.actions]
    desk.sign_in(EVERYTHING, language="en")
    desk.answers["POST payments /v1/payments"] = httpx.Response(409, json={"title": "Refused"})
    answer = await desk.send(pay, **(dict(form.sent()) | {"amount": "1.234"}))
    assert asked_of(desk)[1]["amount"] == usd("1234.00")
    assert 'name="amount" value="1.234"' in answer.text
    assert 'name="written_in" value="de"' in answer.text, "it is sent again as it was"


@pytest.mark.rule("MON-1.5")
async def test_amounts_of_the_settings_are_read_as_all_others(desk: Office) -> None:
    """What is no amount changes nothing."""
    desk.answers |= {"GET invoicing /v1/clinic": CLINIC_WHOLE, "PUT invoicing /v1/clinic": CLINIC_WHOLE}
    desk.sign_in(EVERYTHING, language="de")
    where = "/settings/clinic"
    refused = await desk.send(where, credit_limit="viel", key="one")
    assert (refused.status_code, desk.changes(), 'aria-describedby="wrong-credit_limit"' in refused.text) == (
        422,
        [],
        True,
    )
    await desk.send(where, credit_limit="1.000", cash_rounding="", key="two")
    body = asked_of(desk)[1]
    assert (body["credit_limit"], body["cash_rounding"]) == ("1000.00", None)


async def test_an_account_is_asked_for_once(desk: Office) -> None:
    """The balance at its top is that of its newest line; of a part of the account, it is asked for by itself."""
    desk.sign_in()
    for query, times in (("", 1), ("?kind=payment", 2)):
        desk.asked.clear()
        await desk.get(f"/patients/{PATIENT}{query}")
        assert sum(one.url.path.endswith("/account") for one in desk.asked) == times, query


MAILED = {"id": OTHER, "transaction_id": PAYMENT_ID, "channel": "email", "state": "sent"}


@pytest.mark.parametrize(
    ("known", "asked", "said"),
    [
        ([MAILED | {"channel": "sms", "id": INVOICE_ID}, MAILED], [f"/v1/messages/{OTHER}/resend"], "is on its way"),
        ([MAILED | {"state": "suppressed"}], [f"/v1/messages/{OTHER}/resend"], "is on its way"),
        ([MAILED | {"state": "planned"}], [], "is on its way"),
        ([MAILED | {"transaction_id": None}], [], "It is not printed yet."),
    ],
)
async def test_a_receipt_is_mailed_with_one_click_after_the_payment(
    told: Office, known: list[dict[str, Any]], asked: list[str], said: str
) -> None:
    """NOT-8.3: as mail where it went by text message, too; once, where it is on its way already."""
    told.sign_in(f"{EVERYTHING} notifications:write")
    told.answers |= {
        "POST payments /v1/payments": httpx.Response(201, json=PAID),
        "GET notifications /v1/messages": {"items": known, "next": None},
        "POST notifications /v1/messages/ID/resend": httpx.Response(202, json=MAILED),
    }
    await told.send(f"/patients/{PATIENT}/payments/new", amount="60", method="cash", key="paying")
    page = (await told.get(f"/patients/{PATIENT}")).text
    (form,) = [form for form in forms_of(page) if f"{PAYMENTS}/mail" in form.actions]
    told.asked.clear()
    answer = await told.send(f"{PAYMENTS}/mail", key=dict(form.sent())["key"])
    assert (answer.status_code, answer.headers["location"]) == (303, PAYMENTS)
    assert [one.url.path for one in told.changes()] == asked
    assert said in (await told.get(PAYMENTS)).text
