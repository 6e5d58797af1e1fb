"""A token of the issuer, for this audience, with this scope and a clinic, or nothing (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

import base64
import time
from typing import Any

import httpx
import jwt
import pytest
from chassis.http import TokenSource, TokenSourceUnavailable
from chassis.http.auth import JwksOverHttp, TokenVerifier
from chassis.http.problems import ProblemError
from chassis.identifiers import new_id
from chassis.testing import Issuer, ServiceHarness

CLINIC = new_id()


async def get(harness: ServiceHarness, authorization: str | None) -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(harness.app), base_url="http://test") as client:
        return await client.get("/v1/books", headers=headers)


def unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


async def test_valid_token_is_let_in(harness: ServiceHarness) -> None:
    token = harness.issuer.token(CLINIC, "books:read")
    assert (await get(harness, f"Bearer {token}")).status_code == 200
    assert (await get(harness, f"bearer  {token}")).status_code == 200


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer ", "Basic dXNlcg==", "Bearer abc", "Bearer a.b.c"])
async def test_missing_or_broken_token_is_challenged(harness: ServiceHarness, given: str | None) -> None:
    refused = await get(harness, given)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"expires_in_seconds": -60}, "expired"),
        ({"nbf": int(time.time()) + 600}, "not valid yet"),
        ({"aud": "scheduling"}, "audience"),
        ({"iss": "https://elsewhere.test"}, "issuer"),
        ({"exp": None}, "lacks a claim"),
        ({"sub": None}, "lacks a claim"),
        ({"sub": "x" * 201}, "subject"),
        ({"sub": " "}, "subject"),
    ],
)
async def test_token_with_wrong_claims_is_refused(harness: ServiceHarness, claims: dict[str, Any], reason: str) -> None:
    refused = await get(harness, f"Bearer {harness.issuer.token(CLINIC, 'books:read', **claims)}")
    assert refused.status_code == 401
    assert reason in refused.json()["detail"]


async def test_token_of_another_key_or_unsigned_is_refused(harness: ServiceHarness) -> None:
    forged = Issuer().token(CLINIC, "books:read")
    other_kid = Issuer(kid="other").token(CLINIC, "books:read")
    symmetric = jwt.encode({"sub": "x"}, "secret" * 10, algorithm="HS256", headers={"kid": "test"})
    bare = unsigned(harness.issuer.token(CLINIC, "books:read"))
    for token in (forged, other_kid, symmetric, bare):
        assert (await get(harness, f"Bearer {token}")).status_code == 401


async def test_missing_scope_is_named(harness: ServiceHarness) -> None:
    refused = await get(harness, f"Bearer {harness.issuer.token(CLINIC, 'books:write')}")
    assert refused.status_code == 403
    assert 'scope="books:read"' in refused.headers["www-authenticate"]
    assert "books:read" in refused.json()["detail"]


@pytest.mark.parametrize("clinic", [None, "*", "all"])
async def test_token_without_a_clinic_is_refused(harness: ServiceHarness, clinic: str | None) -> None:
    token = harness.issuer.token(clinic, "books:read")
    refused = await get(harness, f"Bearer {token}")
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("clinic-missing")


class KeyServer:
    """Serves a key set on a socket of its own, and counts how often."""

    def __init__(self, *issuers: Issuer) -> None:
        self.issuers = list(issuers)
        self.asked = 0

    def answer(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        if not self.issuers:
            return httpx.Response(503)
        return httpx.Response(200, json={"keys": [issuer.jwk() for issuer in self.issuers]})


def verifier_of(server: KeyServer) -> TokenVerifier:
    keys = JwksOverHttp("https://issuer.test/jwks", transport=httpx.MockTransport(server.answer))
    return TokenVerifier(keys, audience="billing", issuer="https://issuer.test")


async def test_key_set_is_fetched_once_and_again_for_a_new_key() -> None:
    first, second = Issuer(kid="one"), Issuer(kid="two")
    server = KeyServer(first)
    verifier = verifier_of(server)
    for _ in range(3):
        assert (await verifier.caller(f"Bearer {first.token(CLINIC, 'a b')}")).scopes == {"a", "b"}
    assert server.asked == 1
    for _ in range(20):
        with pytest.raises(ProblemError):
            await verifier.caller(f"Bearer {second.token(CLINIC)}")
    assert server.asked == 1, "an unknown key must not make us ask at will"


async def test_issuer_that_is_away_is_unavailable_not_unauthenticated() -> None:
    with pytest.raises(ProblemError) as refused:
        await verifier_of(KeyServer()).caller(f"Bearer {Issuer().token(CLINIC)}")
    assert refused.value.problem.status == 503


async def test_service_token_is_kept_per_clinic_until_it_ends() -> None:
    asked: list[dict[str, str]] = []
    now = 0.0

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(httpx.QueryParams(request.content.decode())))
        return httpx.Response(200, json={"access_token": f"t{len(asked)}", "expires_in": 300})

    source = TokenSource(
        token_url="https://issuer.test/token",
        client_id="notifications",
        client_secret="secret",
        scope="receipts:read",
        transport=httpx.MockTransport(answer),
        now=lambda: now,
    )
    other = new_id()
    assert [await source.token(CLINIC) for _ in range(3)] == ["t1"] * 3
    assert await source.token(other) == "t2"
    now = 280.0
    assert await source.token(CLINIC) == "t3"
    source.forget(CLINIC)
    assert (await source.headers(CLINIC))["Authorization"] == "Bearer t4"
    await source.close()
    assert asked[0]["grant_type"] == "client_credentials"
    assert (asked[0]["clinic_id"], asked[1]["clinic_id"]) == (str(CLINIC), str(other))


async def test_token_issuer_that_fails_is_transient() -> None:
    source = TokenSource(
        token_url="https://issuer.test/token",
        client_id="notifications",
        client_secret="secret",
        scope="receipts:read",
        transport=httpx.MockTransport(lambda _: httpx.Response(500)),
    )
    with pytest.raises(TokenSourceUnavailable):
        await source.token(CLINIC)
    await source.close()
