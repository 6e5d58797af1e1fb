"""Signing in at the front desk with an ordinary provider: a real Keycloak, its page, its tokens, its renewals."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from frontdesk.sealing import COOKIE, Seal

sys.path.insert(0, str(Path(__file__).parents[2] / "frontdesk" / "tests"))

from told_services import SECRET, Office, office

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("keycloak")]

HERE = "http://127.0.0.1:8000"
CLINIC = "e09d4c49-c2ef-3b0f-9a46-3719d9219306"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@pytest_asyncio.fixture(loop_scope="session")
async def desk(provider: Any) -> AsyncIterator[Office]:
    async with office(public_url=HERE, provider_url=provider.issuer) as opened:
        yield opened


async def signed_in(desk: Office, provider: Any, person: str) -> str:
    """The page that one wanted, after the provider's."""
    begun = await desk.get("/sign-in", params={"to": "/patients"})
    sent = await provider.typed_in(begun.headers["location"], person)
    back = httpx.URL(sent.headers["location"])
    landed = await desk.get(back.raw_path.decode())
    assert landed.headers["location"] == "/patients"
    page = await desk.get("/patients")
    assert page.status_code == 200
    return page.text


def session_of(desk: Office) -> dict[str, Any]:
    parts = [desk.browser.cookies[name] for name in sorted(desk.browser.cookies) if name.startswith(COOKIE)]
    return Seal(SECRET, 43_200).open("".join(parts))


async def test_a_person_signs_in_and_is_who_the_provider_says(provider: Any, desk: Office) -> None:
    """ALL-4, ALL-5: with the clinic and the scopes that are theirs, and no others, whatever is asked for."""
    page = await signed_in(desk, provider, "dana")
    assert "Dana Desk" in page
    session = session_of(desk)
    assert session["clinic_id"] == CLINIC
    scopes = set(session["scopes"].split())
    assert {"payments:write", "invoices:write"} <= scopes
    assert not scopes & {"payments:approve", "settings:write", "clinics:any"}


async def test_what_several_tabs_renew_at_once_is_renewed_once_and_ends_nobodys_session(
    provider: Any, desk: Office
) -> None:
    """A provider that gives a refresh token once counts a second use as theft."""
    await signed_in(desk, provider, "mara")
    before = session_of(desk)
    sealed = Seal(SECRET, 43_200).close(before | {"ends": time.time()})
    desk.browser.cookies.clear()
    parts = [sealed[at : at + 3_800] for at in range(0, len(sealed), 3_800)]
    for number, part in enumerate(parts):
        desk.browser.cookies.set(f"{COOKIE}-{number}", part, domain="127.0.0.1")
    answers = await asyncio.gather(*(desk.get("/patients") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    after = session_of(desk)
    assert after["access"] != before["access"]
    assert (await desk.get("/patients")).status_code == 200


async def test_whoever_signs_out_is_signed_out_at_the_provider_too(provider: Any, desk: Office) -> None:
    page = await signed_in(desk, provider, "dana")
    found = _TOKEN.search(page)
    assert found is not None
    left = await desk.send("/sign-out", found[1])
    where = httpx.URL(left.headers["location"])
    assert str(where).startswith(provider.issuer)
    assert where.params["post_logout_redirect_uri"] == f"{HERE}/signed-out"
    assert (await desk.get("/patients")).headers["location"].startswith("/sign-in")
