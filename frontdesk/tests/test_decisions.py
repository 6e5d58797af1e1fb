"""What waits for somebody at the Day screen, and what two decide at once: done once, and told to who is too late."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from forms_on_pages import forms_of
from told_pages import INVOICE, NOTE, PAID, PAYMENT_ID, REQUEST, SAVED, TRANSACTION, WHOLE
from told_services import EVERYTHING, PATIENT, Office, usd

APPROVER = f"{EVERYTHING} payments:approve invoices:approve notifications:write"
NONE = {"items": [], "next": None}
LISTS = {
    "payments": ("/v1/refund-requests", "/v1/day-sheets/ID/transactions"),
    "invoicing": ("/v1/reports/ageing",),
    "notifications": ("/v1/messages",),
}
KINDS = ("credit_requests", "invoice_reviews", "set_aside_decisions", "debit_proposals")
BOOKED = {"patient_id": PATIENT, "group_name": None, "receipt_number": None}
TOO_LATE = {"type": "urn:problem:dental-billing:request-decided", "title": "It is decided", "status": 409}
TOO_LATE |= {"detail": "Olga approved it a minute ago"}


@pytest.fixture
def told(desk: Office) -> Office:
    desk.sign_in(APPROVER)
    desk.answers |= {f"GET {service} {path}": NONE for service, paths in LISTS.items() for path in paths}
    desk.answers["GET invoicing /v1/waiting"] = dict.fromkeys(KINDS, NONE)
    desk.answers["GET payments /v1/refund-requests"] = {"items": [REQUEST], "next": None}
    return desk


def day_of(desk: Office) -> None:
    """The services answer for whichever day it is."""
    found = desk.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if "/v1/day-sheets/" in request.url.path:
            desk.asked.append(request)
            sheet = request.url.path.endswith("/transactions")
            return httpx.Response(200, json=NONE) if sheet else httpx.Response(409, json={})
        return found(request)

    desk.answer = answer  # type: ignore[method-assign]


async def test_a_day_with_more_bookings_than_a_page_leads_to_the_rest(told: Office) -> None:
    """Nothing of a day is left out unsaid."""
    found = told.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/transactions"):
            told.asked.append(request)
            return httpx.Response(200, json={"items": [TRANSACTION | BOOKED], "next": "a+b"})
        return httpx.Response(409, json={}) if "/v1/day-sheets/" in request.url.path else found(request)

    told.answer = answer  # type: ignore[method-assign]
    page = (await told.get("/day?on=2026-11-30")).text
    assert "/day?on=2026-11-30&amp;cursor=a%2Bb" in page
    told.asked.clear()
    await told.get("/day?on=2026-11-30&cursor=a%2Bb")
    (asked,) = [one.url.params for one in told.asked if one.url.path.endswith("/transactions")]
    assert (asked["cursor"], asked["limit"]) == ("a+b", "100")


async def test_a_second_person_is_offered_to_decide_and_whoever_asked_to_withdraw(told: Office) -> None:
    """PAY-15: nobody approves what they asked for themselves."""
    day_of(told)
    page = (await told.get("/day")).text
    assert "Approve" in page
    assert "Outstanding by age" in page  # what is not due yet is among it, and so it is not called overdue
    assert "Withdraw" not in page
    told.answers["GET payments /v1/refund-requests"] = {"items": [REQUEST | {"requested_by": "person:1"}], "next": None}
    page = (await told.get("/day")).text
    assert "Withdraw" in page
    assert ">Approve<" not in page


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        (f"/requests/refund/{PATIENT}/approval", f"payments /v1/refund-requests/{PATIENT}/approval"),
        (f"/requests/refund/{PATIENT}/rejection", f"payments /v1/refund-requests/{PATIENT}/rejection"),
        (f"/requests/credit/{PATIENT}/approval", f"invoicing /v1/credit-requests/{PATIENT}/approval"),
        (f"/requests/credit/{PATIENT}/withdrawal", f"invoicing /v1/credit-requests/{PATIENT}/withdrawal"),
        (f"/reviews/{PATIENT}", f"invoicing /v1/invoices/{PATIENT}/review"),
        (f"/parked/{PATIENT}/retry", f"invoicing /v1/set-aside-decisions/{PATIENT}/retry"),
        (f"/parked/{PATIENT}/dismiss", f"invoicing /v1/set-aside-decisions/{PATIENT}/dismiss"),
        (f"/proposals/{PATIENT}/debit-note", f"invoicing /v1/debit-proposals/{PATIENT}/debit-note"),
        (f"/proposals/{PATIENT}/dismissal", f"invoicing /v1/debit-proposals/{PATIENT}/dismissal"),
        (f"/messages/{PATIENT}/resend", f"notifications /v1/messages/{PATIENT}/resend"),
    ],
)
async def test_what_waits_is_decided_once_and_who_is_too_late_is_told(told: Office, where: str, asked: str) -> None:
    """ALL-1, ALL-3: under the page's key; what somebody else decided meanwhile is said, beside what still waits."""
    day_of(told)
    service, _, path = asked.partition(" ")
    known = f"POST {service} {path.replace(PATIENT, 'ID')}"
    told.answers[known] = {}
    answer = await told.send(where, reason="looked at", key="one")
    assert (answer.status_code, answer.headers["location"]) == (303, "/day")
    (change,) = told.changes()
    assert (change.url.host, change.url.path, change.headers["idempotency-key"]) == (service, path, "one")
    told.answers[known] = httpx.Response(409, json=TOO_LATE)
    late = await told.send(where, reason="looked at", key="two")
    assert late.status_code == 409
    assert "Olga approved it a minute ago" in late.text
    assert "moved away" in late.text


@pytest.mark.parametrize(
    ("what", "path", "fields", "body"),
    [
        ("void", "void", {}, {}),
        ("credit", "credit-notes", {"kind": "bad_debt", "amount": ""}, {"kind": "bad_debt", "amount": None}),
        ("credit", "credit-notes", {"kind": "write_off", "amount": "40"}, {"amount": usd("40.00")}),
    ],
)
async def test_an_invoice_is_voided_or_written_off_once_and_not_over_what_somebody_paid_meanwhile(
    told: Office, what: str, path: str, fields: dict[str, str], body: dict[str, Any]
) -> None:
    """INV-6, INV-8, INV-17."""
    told.answers |= {
        "GET invoicing /v1/invoices/ID": INVOICE,
        "GET invoicing /v1/invoices/ID/story": {"steps": []},
        f"POST invoicing /v1/invoices/ID/{path}": INVOICE,
    }
    answer = await told.send(f"/invoices/{PATIENT}/{what}", reason="moved away", key="one", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/invoices/{PATIENT}")
    (change,) = told.changes()
    sent = json.loads(change.content)
    assert {name: sent[name] for name in body} == body
    assert sent["reason"] == "moved away"
    paid = {"type": "urn:problem:dental-billing:paid-meanwhile", "title": "Paid", "status": 409, "detail": "It is paid"}
    told.answers[f"POST invoicing /v1/invoices/ID/{path}"] = httpx.Response(409, json=paid)
    late = await told.send(f"/invoices/{PATIENT}/{what}", reason="moved away", key="two", **fields)
    assert (late.status_code, "It is paid" in late.text, "no. 7" in late.text) == (409, True, True)


@pytest.mark.parametrize(
    ("verb", "path", "fields"),
    [
        ("refund", "/v1/payments/ID/refunds", {f"amount.{PATIENT}": "60.00", "reason": "long wait"}),
        ("cancel", "/v1/transactions/ID/cancellation", {"reason": "typed twice"}),
    ],
)
async def test_who_refunds_or_cancels_what_somebody_else_did_already_is_told_at_its_row(
    told: Office, verb: str, path: str, fields: dict[str, str]
) -> None:
    """PAY-4, PAY-5, PAY-7: nothing is done twice, and what was typed is there still."""
    told.answers |= {
        "GET payments /v1/transactions/ID": TRANSACTION,
        "GET payments /v1/payments/ID": TRANSACTION,
        f"POST payments {path}": httpx.Response(409, json=TOO_LATE),
    }
    page = await told.send(f"/patients/{PATIENT}/{verb}", transaction=PATIENT, confirmed="yes", key="kept", **fields)
    assert page.status_code == 409
    row = page.text.partition('<li class="failed">')[2].partition("</li>")[0]
    assert "Olga approved it a minute ago" in row
    assert f'value="{fields["reason"]}"' in page.text
    assert 'value="kept"' in page.text
    (change,) = told.changes()
    assert change.headers["idempotency-key"] == "kept"


ELSEWHERE = [
    (
        f"/invoices/{PATIENT}/plan",
        "POST invoicing /v1/invoices/ID/installment-plan",
        {"way": "count", "count": "3", "outstanding": "100.00"},
        {
            "GET invoicing /v1/invoices/ID": INVOICE | {"outstanding": usd("60.00")},
            "GET invoicing /v1/invoices/ID/installment-plan": httpx.Response(404, json={}),
        },
        "$60.00",
    ),
    (
        f"/invoices/{PATIENT}/apply-credit",
        "POST payments /v1/patients/ID/credit/applications",
        {"patient_id": PATIENT},
        {"GET invoicing /v1/invoices/ID": INVOICE | {"status": "paid", "outstanding": usd("0.00")}},
        "Paid",
    ),
    (
        f"/invoices/{PATIENT}/notes/credit/{PATIENT}/undo",
        "POST invoicing /v1/credit-notes/ID/undo",
        {"reason": "a mistake"},
        {"GET invoicing /v1/invoices/ID": INVOICE | {"notes": [NOTE | {"undone_by_id": PATIENT}]}},
        "CN-1",
    ),
    (
        f"/patients/{PATIENT}/credit/pay-out",
        "POST payments /v1/patients/ID/credit/withdrawals",
        {"amount": "20", "reason": "asked for it"},
        {"GET payments /v1/patients/ID/credit": {"balance": usd("5.00")}},
        "$5.00",
    ),
    (
        f"/payments/{PAYMENT_ID}/labels",
        "PATCH payments /v1/payments/ID",
        {"note": "mine", "version": '"4"'},
        {"GET payments /v1/payments/ID": PAID | {"note": "what Olga wrote"}},
        "what Olga wrote",
    ),
    (
        f"/invoices/{PATIENT}/edit",
        "PUT invoicing /v1/invoices/ID",
        {"patient_id": PATIENT, "row": "a", "a.kind": "custom", "a.description": "my own line", "a.price": "12"},
        {
            "GET invoicing /v1/invoices/ID": SAVED
            | {"id": PATIENT, "lines": [SAVED["lines"][3] | {"net": usd("95.00")}]}
        },
        "Line 3 · $95.00",
    ),
]


@pytest.mark.parametrize(("where", "change", "fields", "now", "seen"), ELSEWHERE, ids=[one[0] for one in ELSEWHERE])
async def test_of_two_at_once_the_one_too_late_is_told_and_sees_what_the_other_did(
    told: Office, where: str, change: str, fields: dict[str, str], now: dict[str, Any], seen: str
) -> None:
    """ALL-1, ALL-3: on plan, credit, note, payment and draft; nothing is done, and what was typed is there still."""
    versioned = change.startswith(("PATCH", "PUT"))
    slug, status = ("precondition-failed", 412) if versioned else ("conflict", 409)
    problem = {"type": f"urn:problem:dental-billing:{slug}", "title": "Olga was first", "status": status}
    told.answers |= WHOLE | now | {change: httpx.Response(status, json=problem)}
    late = await told.send(where, key="kept", **fields)
    assert late.status_code in (409, 422)
    assert ("Somebody else changed this meanwhile." if versioned else "Olga was first") in late.text
    assert seen in late.text
    for typed in (fields.get("reason"), fields.get("note"), fields.get("a.description")):
        assert typed is None or typed in late.text
    assert len(told.changes()) == 1


async def test_what_somebody_else_has_approved_is_not_said_to_be_ones_own_doing(told: Office) -> None:
    """PAY-15: the service answers again what was decided, and by whom."""
    day_of(told)
    told.answers["POST payments /v1/refund-requests/ID/approval"] = REQUEST | {"decided_by": "person:9"}
    await told.send(f"/requests/refund/{PATIENT}/approval", key="one")
    assert "Somebody else has decided this already." in (await told.get("/day")).text


def key_of(page: str, where: str) -> str:
    (form,) = [one for one in forms_of(page) if where in one.actions]
    return dict(form.sent())["key"]


async def test_a_person_in_two_windows_approves_once_and_is_told_in_the_second_what_was_decided(told: Office) -> None:
    """PAY-15, ALL-1: each window has a key of its own; what is decided is approved and nothing else any more."""
    day_of(told)
    deciding = f"/requests/refund/{PATIENT}"
    windows = [await told.get("/day") for _ in range(2)]
    keys = [key_of(window.text, f"{deciding}/approval") for window in windows]
    assert keys[0] != keys[1]
    done = REQUEST | {"state": "completed", "decided_by": "person:1"}
    told.answers["POST payments /v1/refund-requests/ID/approval"] = done
    told.answers["POST payments /v1/refund-requests/ID/rejection"] = httpx.Response(409, json=TOO_LATE)
    assert (await told.send(f"{deciding}/approval", key=keys[0])).status_code == 303
    told.answers["GET payments /v1/refund-requests"] = NONE
    assert "Approved." in (await told.get("/day")).text
    assert (await told.send(f"{deciding}/approval", key=keys[1])).status_code == 303
    page = (await told.get("/day")).text
    assert ("Approved." in page, f"{deciding}/approval" in page) == (True, False)
    late = await told.send(f"{deciding}/rejection", key="another", reason="on second thought")
    assert late.status_code == 409
    for said in ("Olga approved it a minute ago", "on second thought"):
        assert said in late.text


NOTED = INVOICE | {"credited": usd("40.00"), "outstanding": usd("60.00"), "status": "issued"}
BEFORE: dict[str, Any] = {
    "total": usd("100.00"),
    "debited": usd("0.00"),
    "credited": usd("0.00"),
    "settled": usd("10.00"),
    "outstanding": usd("90.00"),
    "status": "partially_paid",
    "overdue": False,
}
AFTER = BEFORE | {"credited": usd("40.00"), "outstanding": usd("50.00")}


@pytest.mark.parametrize(
    ("invoice", "said", "shown"),
    [
        (NOTED, [BEFORE, BEFORE, AFTER], "50.00"),
        (NOTED, [BEFORE], "60.00"),
        (INVOICE, [AFTER], "50.00"),
        (NOTED | {"status": "void", "outstanding": usd("0.00")}, [AFTER], "0.00"),
    ],
    ids=["a note is heard of", "a note is not heard of", "a refund is known to payments alone", "it is void"],
)
async def test_an_invoices_balance_is_that_of_a_service(
    told: Office, monkeypatch: pytest.MonkeyPatch, invoice: dict[str, Any], said: list[dict[str, Any]], shown: str
) -> None:
    """INV-9, INV-16: of who knows all notes, asked again until both do; the page computes none."""
    monkeypatch.setattr("frontdesk.pages.invoice.PAUSES", (0, 0))
    answers = iter(said)
    last = said[-1]
    found = told.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "payments" and request.url.path.startswith("/v1/invoices/"):
            return httpx.Response(200, json=next(answers, last))
        return found(request)

    told.answer = answer  # type: ignore[method-assign]
    told.answers |= WHOLE | {"GET invoicing /v1/invoices/ID": invoice}
    page = (await told.get(f"/invoices/{PATIENT}")).text
    assert f"<dt>Outstanding</dt><dd>${shown}</dd>" in page


async def test_the_overview_says_what_of_insurers_part_no_money_will_come_of(told: Office) -> None:
    """INS-1; a release before of invoicing does not say it."""
    ages = dict.fromkeys(("days_1_30", "days_31_60", "days_61_90", "over_90_days"), usd("0.00"))
    patients, insurers = (ages | {"not_due": usd(owed), "total": usd(owed)} for owed in ("120.00", "880.00"))
    told.answers["GET invoicing /v1/reports/ageing"] = {
        "patients": patients,
        "insurers": insurers,
        "expected_write_off": usd("80.00"),
    }
    told.answers["GET payments /v1/day-sheets"] = httpx.Response(409, json={})
    told.answers["GET invoicing /v1/outstanding"] = httpx.Response(409, json={})
    page = (await told.get("/overview")).text
    assert "$880.00" in page
    assert "Of what insurers are left with, $80.00 is expected to be written off, not paid." in page
    told.answers["GET invoicing /v1/reports/ageing"]["expected_write_off"] = usd("0.00")
    assert "expected to be written off" not in (await told.get("/overview")).text
    del told.answers["GET invoicing /v1/reports/ageing"]["expected_write_off"]
    page = await told.get("/overview")
    assert (page.status_code, "$880.00" in page.text) == (200, True)
