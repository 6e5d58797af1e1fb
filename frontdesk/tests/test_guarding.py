"""What every page says to the browser, and what is refused: scripts of others, forms of other sites and sessions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from fastapi.routing import APIRoute
from frontdesk.app import PAGES
from frontdesk.guarding import FORM_BYTES_MAX, FORMS_BYTES_MAX
from frontdesk.keeping import IN_MEMORY_BYTES
from told_services import PATIENT, Office, usd

KNOWN = {"kind": "refund", "verb": "approval", "notice": "payment_recorded", "language": "en"}
KNOWN |= {"side": "credit", "what": "use", "level": "2"}


async def test_a_page_runs_no_script_but_its_own_files(desk: Office) -> None:
    desk.sign_in()
    page = await desk.get("/patients")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "style=" not in page.text
    assert "onclick" not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_names_are_text_and_nothing_else(desk: Office) -> None:
    desk.sign_in()
    page = (await desk.get(f"/patients/{PATIENT}")).text
    assert "Ana &lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Smile &amp; &lt;b&gt;Sons" in page


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://evil.test"}]
)
async def test_what_another_site_asks_for_is_refused(desk: Office, headers: dict[str, str]) -> None:
    desk.sign_in()
    answer = await desk.browser.post("/sign-out", data={"form_token": "of this session"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "of another session"])
async def test_a_form_of_another_session_changes_nothing(desk: Office, token: str) -> None:
    desk.sign_in()
    for path in ("payments/new", "invoices/new", "refund", "cancel"):
        answer = await desk.send(f"/patients/{PATIENT}/{path}", token, amount="5", key="k", transaction=PATIENT)
        assert answer.status_code == 403, path
    assert desk.changes() == []


async def test_every_route_that_changes_something_asks_for_the_form_of_its_session(desk: Office) -> None:
    desk.sign_in()
    tried = 0
    for route in (one for page in PAGES for one in page.router.routes if isinstance(one, APIRoute)):
        if "POST" in route.methods:
            named = KNOWN | dict.fromkeys(re.findall(r"{(\w+_id)}", route.path), PATIENT)
            path = route.path.format(**named)
            assert (await desk.send(path, "none")).status_code == 403, path
            tried += 1
    assert tried > 20
    assert desk.changes() == []


async def test_an_address_names_nobody_and_no_other_site_is_gone_on_to(desk: Office) -> None:
    """ALL-6: who is looked for is a body; where one goes after signing in is a path of this site."""
    desk.sign_in()
    found = await desk.send("/patients", text="ana")
    assert found.status_code == 200
    assert all("ana" not in str(one.url) for one in desk.asked)
    for elsewhere in ("//evil.test", "https://evil.test", "/\\evil.test"):
        answer = await desk.send("/language", language="de", to=elsewhere)
        assert answer.headers["location"] == "/"


@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_form_that_is_too_large_is_refused(desk: Office, signed_in: bool) -> None:
    if signed_in:
        desk.sign_in()
    answer = await desk.send("/patients", text="x" * FORM_BYTES_MAX)
    assert (answer.status_code, answer.text) == (413, "This form is too large.")
    assert (desk.changes(), desk.app.state.forms.left) == ([], FORMS_BYTES_MAX)


async def test_forms_together_take_only_so_much(desk: Office) -> None:
    """ALL-4.3: those who send slowly, signed in or not, fill no memory; a short form is taken in even then."""
    go_on, begun, room = asyncio.Event(), asyncio.Semaphore(0), desk.app.state.forms
    long = b"text=" + b"x" * IN_MEMORY_BYTES
    room.left = len(long) * 2

    async def slowly() -> AsyncIterator[bytes]:
        yield long
        begun.release()
        await go_on.wait()

    def post(content: bytes | AsyncIterator[bytes]) -> Coroutine[None, None, Any]:
        typed = {"content-type": "application/x-www-form-urlencoded"}
        return desk.browser.post("/patients", content=content, headers=typed)

    sending = [asyncio.create_task(post(slowly())) for _ in range(2)]
    for _ in sending:
        await begun.acquire()
    refused = await post(long)
    assert (refused.status_code, refused.headers["retry-after"], room.left) == (503, "1", 0)
    assert (await post(b"text=ana")).status_code == 200
    go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*sending)} == {200}
    assert (await post(long)).status_code == 200
    assert room.left == len(long) * 2


async def test_an_amount_that_is_none_is_marked_and_nothing_is_lost(desk: Office) -> None:
    desk.sign_in()
    answer = await desk.send(f"/patients/{PATIENT}/payments/new", amount="12,3,4x", key="k", note="by the window")
    assert answer.status_code == 422
    assert 'value="12,3,4x"' in answer.text
    assert "by the window" in answer.text
    assert desk.changes() == []


async def test_a_payment_is_asked_for_under_the_key_that_the_page_came_with(desk: Office) -> None:
    """ALL-1: sent twice it is the same request."""
    desk.sign_in()
    made = {"id": PATIENT, "amount": usd("12.50"), "unallocated": usd("0.00")}
    desk.answers["POST payments /v1/payments"] = made
    for _ in range(2):
        answer = await desk.send(f"/patients/{PATIENT}/payments/new", amount="12.50", key="one", method="cash")
        assert answer.status_code == 303
    keys = {change.headers["idempotency-key"] for change in desk.changes()}
    bodies = {change.content for change in desk.changes()}
    assert (keys, len(bodies), len(desk.changes())) == ({"one"}, 1, 2)
