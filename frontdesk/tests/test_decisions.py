"""What waits for somebody at the Day screen, and what two decide at once: done once, and told to who is too late."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from told_pages import INVOICE, REQUEST, TRANSACTION
from told_services import EVERYTHING, PATIENT, Office, usd

APPROVER = f"{EVERYTHING} payments:approve invoices:approve notifications:write"
NONE = {"items": [], "next": None}
LISTS = {
    "payments": ("/v1/refund-requests", "/v1/day-sheets/ID/transactions"),
    "invoicing": (
        "/v1/credit-requests",
        "/v1/invoice-reviews",
        "/v1/set-aside-decisions",
        "/v1/debit-proposals",
        "/v1/reports/ageing",
    ),
    "notifications": ("/v1/messages",),
}
TOO_LATE = {"type": "urn:problem:dental-billing:request-decided", "title": "It is decided", "status": 409}
TOO_LATE |= {"detail": "Olga approved it a minute ago"}


@pytest.fixture
def told(desk: Office) -> Office:
    desk.sign_in(APPROVER)
    desk.answers |= {f"GET {service} {path}": NONE for service, paths in LISTS.items() for path in paths}
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
