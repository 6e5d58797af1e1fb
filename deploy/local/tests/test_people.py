"""People sign in at the local issuer: the code flow with PKCE, and no code or address is of use to others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest
import pytest_asyncio
from local_stack.edge.app import edge_app
from local_stack.edge.settings import EdgeSettings

ISSUER, BACK, PASSWORD = "http://issuer.test", "http://127.0.0.1:8000/sign-in/callback", "of all of them"
CLINIC = str(uuid4())
PROOF = "a proof that only the client has, of a length that is asked for"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(PROOF.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "front-desk",
    "response_type": "code",
    "redirect_uri": BACK,
    "scope": "openid payments:write payments:approve",
    "state": "s",
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest_asyncio.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = EdgeSettings(tmp_path, 1, 1, ISSUER, {}, people_password=PASSWORD)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge_app(settings)), base_url=ISSUER) as client:
        yield client


async def signed_in(issuer: httpx.AsyncClient, person: str = "dana", **typed: str) -> httpx.Response:
    form = {"username": person, "password": PASSWORD, "clinic": CLINIC} | typed
    return await issuer.post("/authorize", params=ASKED, data=form)


async def exchanged(issuer: httpx.AsyncClient, code: str, **changed: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "client_id": "front-desk", "code": code, "redirect_uri": BACK}
    return await issuer.post("/token", data=form | {"code_verifier": PROOF} | changed)


async def code_of(issuer: httpx.AsyncClient, person: str = "dana") -> str:
    answer = await signed_in(issuer, person)
    assert answer.status_code == 303, answer.text
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["s"]
    return back["code"][0]


async def claims_of(issuer: httpx.AsyncClient, token: str, audience: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict((await issuer.get("/.well-known/jwks.json")).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["ES256"], audience=audience, issuer=ISSUER)


async def test_a_person_gets_what_is_theirs_of_what_is_asked_for(issuer: httpx.AsyncClient) -> None:
    """ALL-5: whoever is at the desk records payments, and approves nothing; the clinic is in the token (ALL-4)."""
    got = (await exchanged(issuer, await code_of(issuer))).json()
    claims = await claims_of(issuer, got["access_token"], "billing")
    assert (claims["sub"], claims["scope"], claims["clinic_id"]) == ("person:dana", "payments:write", CLINIC)
    named = await claims_of(issuer, got["id_token"], "front-desk")
    assert (named["name"], named["nonce"]) == ("Dana Desk", "n")
    owner = (await exchanged(issuer, await code_of(issuer, "olga"))).json()
    assert owner["scope"] == "payments:approve payments:write"


async def test_a_code_is_worth_something_once_and_to_whoever_asked_for_it(issuer: httpx.AsyncClient) -> None:
    code = await code_of(issuer)
    assert (await exchanged(issuer, code, code_verifier="another")).status_code == 400
    assert (await exchanged(issuer, code)).status_code == 400
    other = await code_of(issuer)
    assert (await exchanged(issuer, other, redirect_uri="http://127.0.0.1:9/x")).status_code == 400
    assert (await exchanged(issuer, await code_of(issuer), client_id="other")).status_code == 400


async def test_a_refresh_token_is_given_for_another_once(issuer: httpx.AsyncClient) -> None:
    first = (await exchanged(issuer, await code_of(issuer))).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": "front-desk", "refresh_token": first}
    assert (await issuer.post("/token", data=form)).status_code == 200
    assert (await issuer.post("/token", data=form)).status_code == 400


@pytest.mark.parametrize("typed", [{"password": "guessed"}, {"password": ""}, {"clinic": "mine"}])
async def test_what_is_typed_wrong_gives_no_code(issuer: httpx.AsyncClient, typed: dict[str, str]) -> None:
    answer = await signed_in(issuer, **typed)
    assert (answer.status_code, "location" in answer.headers) == (422, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": "http://127.0.0.1@evil.test/"},
        {"client_id": "other"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
    ],
)
async def test_nobody_is_asked_for_a_password_on_behalf_of_somebody_else(
    issuer: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    assert (await issuer.get("/authorize", params=ASKED | changed)).status_code == 400


async def test_whoever_signs_out_goes_back_to_this_machine_only(issuer: httpx.AsyncClient) -> None:
    for where, status in (("http://127.0.0.1:8000/signed-out", 303), ("https://evil.test/", 200)):
        answer = await issuer.get("/sign-out", params={"post_logout_redirect_uri": where})
        assert answer.status_code == status, where


async def test_without_a_password_nobody_signs_in(tmp_path: Path) -> None:
    app = edge_app(EdgeSettings(tmp_path, 1, 1, ISSUER, {}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        assert (await client.get("/authorize", params=ASKED)).status_code == 404
