"""Whoever gets a reminder ends reminders with one click (RFC 8058), without signing in, and nothing else (NOT-2.5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from contracts.patients import PatientForgotten
from notifications.channels.email.unsubscribing import unsubscribe_links
from notifications.domain.settings import Channel

pytestmark = pytest.mark.rule("NOT-2.5")

LINKS = unsubscribe_links("https://desk.example/api/notifications", "k" * 32)
ONE_CLICK = {"content": b"List-Unsubscribe=One-Click"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest_asyncio.fixture(loop_scope="session")
async def public(desk: Any) -> AsyncIterator[Any]:
    """The service as strangers reach it: without a token or a key."""
    state = desk.harness.resources.state
    before = state.unsubscribe_links, state.sending.channels[Channel.EMAIL]
    state.unsubscribe_links = LINKS
    state.sending.channels[Channel.EMAIL] = replace(before[1], unsubscribing=LINKS)
    async with desk.harness.client(give_keys=False) as client:
        del client.headers["Authorization"]
        yield client
    state.unsubscribe_links, state.sending.channels[Channel.EMAIL] = before


async def reminder(desk: Any, practice: Any) -> Any:
    """The mail that reminds of an overdue invoice."""
    invoice = practice.issued_invoice(invoice_id=new_id())
    await desk.tell(practice.configured(), practice.registered(("documents", "reminders")), invoice)
    desk.mail.taken.clear()
    await desk.tell(practice.overdue(invoice))
    return desk.mail.taken[-1] if desk.mail.taken else None


def path_of(mail: Any) -> str:
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://desk.example/api/notifications/v1/open/unsubscribe/")
    return urlsplit(link).path.removeprefix("/api/notifications")


async def test_a_click_of_the_mail_program_ends_reminders_and_nothing_else(
    desk: Any, practice: Any, public: Any
) -> None:
    mail = await reminder(desk, practice)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for _ in range(2):
        answer = await public.post(path_of(mail), headers=FORM, **ONE_CLICK)
        assert answer.status_code == 200, answer.text
    assert await reminder(desk, practice) is None
    (last, *_) = await desk.messages(practice, notice="invoice_overdue")
    assert (last["state"], last["cause"]) == ("suppressed", "no_consent")
    payment = practice.paid()
    await desk.tell(payment, practice.receipt(payment))
    assert (desk.mail.taken[-1]["Subject"], desk.mail.taken[-1]["List-Unsubscribe"]) == (
        "Receipt R-2026-000042 from Smile Dental",
        None,
    )
    async with desk.harness.client("notifications:read notifications:write", practice.clinic_id) as clerk:
        (found,) = (await clerk.get("/v1/suppressed-addresses")).json()["items"]
        assert (found["status"], found["purpose"], found["lifted_at"]) == ("unsubscribed", "reminders", None)
        await clerk.post(f"/v1/suppressed-addresses/{found['id']}/lift", json={"reason": "they want them again"})
    assert await reminder(desk, practice) is not None


async def test_looking_at_the_link_changes_nothing_and_the_page_asks_in_their_language(
    desk: Any, practice: Any, public: Any
) -> None:
    """Mail programs and scanners fetch links."""
    mail = await reminder(desk, practice)
    page = await public.get(path_of(mail))
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<form method="post"><button>No more reminders</button></form>' in page.text
    assert practice.email not in page.text
    assert (await reminder(desk, practice)) is not None
    done = await public.post(path_of(mail))
    assert "No more payment reminders" in done.text
    assert "<form" not in done.text


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_that_we_did_not_make_leads_nowhere(desk: Any, practice: Any, public: Any, method: str) -> None:
    await reminder(desk, practice)
    (message, *_) = await desk.messages(practice, notice="invoice_overdue")
    forger = unsubscribe_links(LINKS.public_url, "x" * 32)
    forged = urlsplit(forger.link_of(practice.clinic_id, message["id"] and new_id())).path
    for path in (forged.removeprefix("/api/notifications"), "/v1/open/unsubscribe/a", "/v1/open/unsubscribe/%00"):
        assert (await public.request(method, path)).status_code in (404, 422)
    assert await reminder(desk, practice) is not None


async def test_after_forgetting_there_is_nothing_left_to_end(desk: Any, practice: Any, public: Any) -> None:
    mail = await reminder(desk, practice)
    gone = PatientForgotten(clinic_id=practice.clinic_id, occurred_at=practice.at, patient_id=practice.patient_id)
    await desk.tell(gone)
    assert (await public.post(path_of(mail))).status_code == 200
    async with desk.harness.client("notifications:read", practice.clinic_id) as clerk:
        assert (await clerk.get("/v1/suppressed-addresses")).json()["items"] == []


async def test_whatever_is_not_open_still_needs_a_token(desk: Any, public: Any) -> None:
    """ALL-5: and a body of any kind is read within its bound only."""
    desk.clock.advance(timedelta(seconds=1))
    assert (await public.post("/v1/messages", headers=FORM, **ONE_CLICK)).status_code == 401
    assert (await public.get("/v1/messages")).status_code == 401
    long = await public.post("/v1/open/unsubscribe/a", headers=FORM, content=b"x" * 1_100_000)
    assert long.status_code == 413
