"""The session's cookie: nobody reads or changes it, it ends, and it is as many as it needs."""

from __future__ import annotations

import time

import pytest
from frontdesk.sealing import COOKIE, PARTS_MAX, Seal
from pydantic import ValidationError
from told_services import SECRET, Office, settings_of


def test_what_was_sealed_opens_and_nothing_else() -> None:
    seal = Seal(SECRET, 60)
    session = {"access": "a token", "began": time.time()}
    text = seal.close(session)
    assert "token" not in text
    assert seal.open(text) == session
    assert seal.open(text[:-2] + ("AA" if text[-2:] != "AA" else "BB")) == {}
    assert seal.open("") == seal.open("x") == seal.open("é") == {}
    assert Seal("another secret than that", 60).open(text) == {}


def test_a_session_ends_however_often_it_was_written() -> None:
    assert Seal(SECRET, 60).open(Seal(SECRET, 60).close({"began": time.time() - 61, "access": "x"})) == {}
    assert Seal(SECRET, 60).open(Seal(SECRET, 60).close({"access": "x"})) == {}


async def test_nobody_signed_in_goes_to_the_provider_and_comes_back_where_they_wanted(desk: Office) -> None:
    answer = await desk.get("/day")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=%2Fday")


async def test_what_has_ended_is_signed_in_anew(desk: Office) -> None:
    desk.sign_in(ends=time.time() - 1)
    assert (await desk.get("/patients")).headers["location"].startswith("/sign-in")


async def test_a_cookie_is_for_no_script_and_no_other_site(desk: Office) -> None:
    desk.sign_in()
    answer = await desk.send("/language", language="fr", to="/patients")
    for cookie in answer.headers.get_list("set-cookie"):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
    assert 'lang="fr"' in (await desk.get("/patients")).text


async def test_a_long_session_is_in_several_cookies_and_leaves_none_behind(desk: Office) -> None:
    random = "".join(chr(33 + (number * 7919 % 94)) for number in range(6_000))
    desk.sign_in(id_token=random)
    changed = await desk.send("/language", language="de")
    names = [one.partition("=")[0] for one in changed.headers.get_list("set-cookie")]
    assert names[0] == f"{COOKIE}-0"
    assert len(names) <= PARTS_MAX
    left = await desk.send("/sign-out")
    assert left.status_code == 303


@pytest.mark.parametrize("secret", ["short", "passwordpassword", "${SESSION_SECRET}"])
def test_it_does_not_start_with_a_secret_that_everybody_knows(secret: str) -> None:
    with pytest.raises(ValidationError):
        settings_of(environment="production", session_secret=secret)
