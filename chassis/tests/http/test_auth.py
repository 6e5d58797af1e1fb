"""A token of the issuer, for this audience, with this scope and a clinic, or nothing (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from chassis.http import TokenSource, TokenSourceUnavailable
from chassis.http.auth import ANY_CLINIC, JwksOverHttp, TokenVerifier
from chassis.http.problems import ProblemError
from chassis.identifiers import new_id
from chassis.testing import Issuer, ServiceHarness, eventually

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
        ({"nbf": int(time.time()) + 86_400}, "not valid yet"),
        ({"aud": "scheduling"}, "audience"),
        ({"iss": "https://elsewhere.test"}, "issuer"),
        ({"exp": None}, "lacks a claim"),
        ({"sub": None}, "lacks a claim"),
        ({"sub": "x" * 201}, "subject"),
        ({"sub": " "}, "subject"),
        ({"sub": "clerk:a\u200b"}, "subject"),
        ({"sub": "clerk:\x00"}, "subject"),
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


def verifier_of(server: KeyServer, now: Callable[[], float] = time.monotonic) -> TokenVerifier:
    keys = JwksOverHttp("https://issuer.test/jwks", transport=httpx.MockTransport(server.answer), now=now)
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


async def test_key_that_the_issuer_takes_back_opens_nothing_minutes_later() -> None:
    """ALL-5: not at the token's own end; a token seen before is no exception, and the other key goes on."""
    first, second = Issuer(kid="one"), Issuer(kid="two")
    server, now = KeyServer(first, second), 0.0
    verifier = verifier_of(server, lambda: now)
    old, new = f"Bearer {first.token(CLINIC)}", f"Bearer {second.token(CLINIC)}"
    await verifier.caller(old)
    await verifier.caller(new)
    server.issuers.remove(first)
    now = 301.0
    with pytest.raises(ProblemError) as refused:
        await verifier.caller(old)
    assert refused.value.detail == "The token's key is not the issuer's"
    assert (await verifier.caller(new)).clinic_id == CLINIC
    assert server.asked == 2


async def test_key_set_is_asked_for_again_beside_the_requests() -> None:
    issuer, now = Issuer(), 0.0
    server = KeyServer(issuer)
    verifier = verifier_of(server, lambda: now)
    token = f"Bearer {issuer.token(CLINIC)}"
    await verifier.caller(token)
    server.issuers.clear()
    server.issuers.append(Issuer(kid="another"))
    now = 61.0
    await verifier.caller(token)

    async def refused() -> bool:
        try:
            await verifier.caller(token)
        except ProblemError:
            return True
        return False

    await eventually(refused)
    assert server.asked == 2


async def test_issuer_that_does_not_answer_leaves_the_known_keys_for_an_hour() -> None:
    issuer, now = Issuer(), 0.0
    server = KeyServer(issuer)
    verifier = verifier_of(server, lambda: now)
    token = f"Bearer {issuer.token(CLINIC, expires_in_seconds=100_000)}"
    await verifier.caller(token)
    server.issuers.clear()
    now = 301.0
    await verifier.caller(token)
    now = 3_599.0
    await verifier.caller(token)
    now = 3_601.0
    with pytest.raises(ProblemError) as refused:
        await verifier.caller(token)
    assert refused.value.problem.status == 503
    server.issuers.append(issuer)
    now = 3_620.0
    await verifier.caller(token)


async def test_key_under_the_same_name_is_another_key() -> None:
    before, after = Issuer(kid="one"), Issuer(kid="one")
    server, now = KeyServer(before), 0.0
    verifier = verifier_of(server, lambda: now)
    await verifier.caller(f"Bearer {before.token(CLINIC)}")
    server.issuers[:] = [after]
    now = 301.0
    with pytest.raises(ProblemError):
        await verifier.caller(f"Bearer {before.token(CLINIC)}")
    await verifier.caller(f"Bearer {after.token(CLINIC)}")


async def test_service_works_for_the_clinic_that_each_request_names(harness: ServiceHarness) -> None:
    """ALL-4: a token of no clinic sees one at a time, and only with the scope for that."""
    token = harness.issuer.token(None, f"books:read {ANY_CLINIC}")
    headers = {"Authorization": f"Bearer {token}"}
    other = new_id()
    async with harness.client("books:read books:write", other) as clerk:
        await clerk.post("/v1/books", json={"title": "Another clinic's", "pages": [1]})
    transport = httpx.ASGITransport(harness.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as service:

        async def titles(clinic: object) -> list[str]:
            found = await service.get("/v1/books", headers={"Clinic-Id": str(clinic)})
            return [item["title"] for item in found.json()["items"]]

        assert (await titles(other), await titles(new_id())) == (["Another clinic's"], [])
        unnamed = await service.get("/v1/books")
        assert (unnamed.status_code, unnamed.json()["type"].split(":")[-1]) == (403, "clinic-missing")
        assert "Clinic-Id" in unnamed.json()["detail"]
        misspelled = await service.get("/v1/books", headers={"Clinic-Id": "all"})
        assert (misspelled.status_code, misspelled.json()["errors"][0]["field"]) == (422, "Clinic-Id")
        twice = await service.get("/v1/books", headers=[("Clinic-Id", str(other)), ("Clinic-Id", str(new_id()))])
        assert twice.status_code == 400


@pytest.mark.rule("ALL-4.1")
@pytest.mark.parametrize("scopes", ["books:read", f"books:read {ANY_CLINIC}"])
async def test_token_of_a_clinic_is_of_no_other_whatever_is_named(harness: ServiceHarness, scopes: str) -> None:
    """ALL-4: a person's token, by whatever mistake of the provider it has the scope of a service."""
    token = harness.issuer.token(CLINIC, scopes)
    transport = httpx.ASGITransport(harness.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/v1/books", headers={"Clinic-Id": str(CLINIC)})).status_code == 200
        refused = await client.get("/v1/books", headers={"Clinic-Id": str(new_id())})
    assert (refused.status_code, refused.json()["type"].split(":")[-1]) == (403, "clinic-missing")


async def test_header_gives_no_clinic_to_a_token_without_the_scope(harness: ServiceHarness) -> None:
    """ALL-4."""
    token = harness.issuer.token(None, "books:read")
    transport = httpx.ASGITransport(harness.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        headers = {"Authorization": f"Bearer {token}", "Clinic-Id": str(CLINIC)}
        assert (await client.get("/v1/books", headers=headers)).status_code == 403


async def test_service_token_is_one_for_all_clinics_until_it_ends() -> None:
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
    given = [await source.headers(clinic) for clinic in (CLINIC, other, CLINIC)]
    assert [(one["Authorization"], one["Clinic-Id"]) for one in given] == [
        ("Bearer t1", str(CLINIC)),
        ("Bearer t1", str(other)),
        ("Bearer t1", str(CLINIC)),
    ]
    now = 280.0
    assert await source.token() == "t2"
    source.forget()
    assert (await source.headers(CLINIC))["Authorization"] == "Bearer t3"
    await source.close()
    assert asked[0] == {
        "grant_type": "client_credentials",
        "client_id": "notifications",
        "client_secret": "secret",
        "scope": "receipts:read clinics:any",
    }


async def test_token_issuer_that_refuses_is_said_in_its_own_word() -> None:
    refusal = httpx.Response(400, json={"error": "invalid_scope", "error_description": "Invalid scopes: x"})
    source = TokenSource(
        token_url="https://issuer.test/token",
        client_id="notifications",
        client_secret="secret",
        scope="receipts:read",
        transport=httpx.MockTransport(lambda _: refusal),
    )
    with pytest.raises(TokenSourceUnavailable, match="'invalid_scope'"):
        await source.token()
    await source.close()


async def test_token_issuer_that_fails_is_transient() -> None:
    source = TokenSource(
        token_url="https://issuer.test/token",
        client_id="notifications",
        client_secret="secret",
        scope="receipts:read",
        transport=httpx.MockTransport(lambda _: httpx.Response(500)),
    )
    with pytest.raises(TokenSourceUnavailable):
        await source.token()
    await source.close()
