"""An ordinary provider instead of our issuer: what people and services may, told by a real Keycloak's tokens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
import pytest_asyncio
from chassis.http import TokenSource
from chassis.http.auth import JwksOverHttp, TokenVerifier
from chassis.http.problems import ProblemError
from chassis.testing import ServiceHarness, service_fixture
from local_stack.places import REALM_FOLDER
from local_stack.practice.addresses import PLAYING, PROVING
from payments.app import service as payments

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("keycloak")]

CLINIC = UUID("e09d4c49-c2ef-3b0f-9a46-3719d9219306")
"""Of Dana, who is at the desk, and of Mara, the manager; Otto is at the desk of another one."""
ALL = "invoices:read payments:read payments:write payments:reverse settings:write receipts:read"

harness = service_fixture(payments)
As = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def as_bearer(harness: ServiceHarness, provider: Any) -> AsyncIterator[As]:
    """A client of payments that believes the provider, with a token and perhaps other headers."""
    before, harness.resources.verifier = harness.resources.verifier, provider.verifier()

    @asynccontextmanager
    async def client(token: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        sent = {"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): said for name, said in headers.items()}
        transport = httpx.ASGITransport(harness.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=sent) as one:
            yield one

    yield client
    harness.resources.verifier = before


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


async def test_nothing_that_is_imported_is_a_secret_that_anybody_knows(provider: Any) -> None:
    """ALL-5: clients have secrets that Keycloak made, and there is nobody until somebody makes them."""
    assert provider.imported == []
    held = set(provider.secrets.values())
    assert len(held) == len(provider.secrets) == 3
    files = "".join(path.read_text() for path in REALM_FOLDER.glob("*.json"))
    for secret in held:
        assert len(secret) >= 32
        assert secret not in files


async def test_people_for_trying_it_out_have_passwords_of_their_own_and_are_made_once(provider: Any) -> None:
    assert len(set(provider.passwords.values())) == len(provider.passwords) == 4
    assert all(len(password) >= 20 for password in provider.passwords.values())
    again = await provider.command("people")
    assert (again.returncode, again.stdout) == (1, "")
    assert "nobody was made, and no password changed" in again.stderr
    assert await provider.persons_token("dana", "payments:read")


async def test_command_says_which_client_has_no_secret(provider: Any) -> None:
    for client, why in (("nobody", "has no client nobody"), ("front-desk", "is public")):
        said = await provider.command("secret", client)
        assert (said.returncode, said.stdout) == (1, "")
        assert why in said.stderr


async def test_person_may_what_the_roles_say_in_the_clinic_that_the_administrator_set(
    provider: Any, as_bearer: As
) -> None:
    """ALL-4, ALL-5: what nobody gave them is not in the token, whatever the application asks for."""
    desk, manager = [await provider.persons_token(person, ALL) for person in ("dana", "mara")]
    assert UUID(claims_of(desk)["clinic_id"]) == CLINIC
    assert "payments:reverse" not in claims_of(desk)["scope"].split()
    assert {"payments:reverse", "settings:write"} <= set(claims_of(manager)["scope"].split())
    refund = {"amount": {"amount": "1.00", "currency": "USD"}, "reason_code": "overpayment", "reason": "twice"}
    answers = []
    for token in (desk, manager):
        async with as_bearer(token, Idempotency_Key="refund") as client:
            assert (await client.get("/v1/payments")).status_code == 200
            answer = await client.post(f"/v1/payments/{uuid4()}/refunds", json=refund)
            answers.append((answer.status_code, answer.json()["type"].split(":")[-1]))
    assert answers[0] == (403, "insufficient-scope")
    assert answers[1] == (409, "clinic-not-configured"), "the manager may, only there is nothing to refund yet"


async def test_person_of_another_clinic_sees_nothing_of_this_one_by_any_header(provider: Any, as_bearer: As) -> None:
    """ALL-4."""
    token = await provider.persons_token("otto", ALL)
    assert UUID(claims_of(token)["clinic_id"]) != CLINIC
    async with as_bearer(token, Clinic_Id=str(CLINIC)) as client:
        refused = await client.get("/v1/payments")
    assert (refused.status_code, refused.json()["type"].split(":")[-1]) == (403, "clinic-missing")


async def test_person_gets_no_token_for_all_clinics(provider: Any) -> None:
    """ALL-4: the realm does not offer the scope to the application, and no role of a person has it."""
    refused = await provider.logged_in("mara", "payments:read clinics:any")
    assert "invalid_scope" in refused.headers["location"]
    realm = json.loads((REALM_FOLDER / "dental-billing-realm.json").read_text())
    of_people = [role for role in realm["roles"]["realm"] if "composites" in role]
    assert of_people
    assert all("clinics:any" not in role["composites"]["realm"] for role in of_people)


async def test_service_gets_one_token_as_the_standard_has_it_and_names_the_clinic(provider: Any, as_bearer: As) -> None:
    """Client credentials without a field of ours, which Keycloak would not read."""
    source = TokenSource(
        token_url=provider.token_url,
        client_id="proof",
        client_secret=provider.secrets["proof"],
        scope="payments:read operations",
    )
    headers = await source.headers(CLINIC)
    await source.close()
    token = headers["Authorization"].removeprefix("Bearer ")
    assert "clinic_id" not in claims_of(token)
    async with as_bearer(token) as client:
        unnamed = await client.get("/v1/payments")
        assert (unnamed.status_code, unnamed.json()["type"].split(":")[-1]) == (403, "clinic-missing")
        for clinic in (CLINIC, uuid4()):
            named = await client.get("/v1/payments", headers={"Clinic-Id": str(clinic)})
            assert (named.status_code, named.json()["items"]) == (200, [])
        assert (await client.get("/v1/position", headers={"Clinic-Id": str(CLINIC)})).status_code == 200


async def test_service_gets_no_scope_that_is_not_its_own(provider: Any) -> None:
    """ALL-5: whoever has the secret of notifications reads receipts, and moves no money."""
    refused = await provider.services_answer("notifications", "payments:write clinics:any")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    wrong = await provider.services_answer("notifications", "receipts:read", client_secret="a guess")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "unauthorized_client")


async def test_proof_asks_for_scopes_that_it_may_have(provider: Any) -> None:
    """ALL-8: it asked for those of whoever plays a practice, which no provider gives it, so there was no proof."""
    granted = await provider.services_answer("proof", PROVING)
    assert (granted.status_code, set(PROVING.split()) <= set(granted.json()["scope"].split())) == (200, True)
    refused = await provider.services_answer("proof", PLAYING)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


async def test_token_for_another_audience_or_of_another_realm_is_refused(provider: Any) -> None:
    token = f"Bearer {await provider.persons_token('dana', ALL)}"
    keys = JwksOverHttp(provider.jwks_url)
    for verifier, said in (
        (TokenVerifier(keys, audience="scheduling", issuer=provider.issuer), "another audience"),
        (TokenVerifier(keys, audience="billing", issuer=provider.issuer + "-2"), "another issuer"),
    ):
        with pytest.raises(ProblemError) as refused:
            await verifier.caller(token)
        assert refused.value.problem.status == 401
        assert said in (refused.value.detail or "")


async def test_person_who_is_disabled_gets_no_token_any_more(provider: Any) -> None:
    """ALL-5: what they have ends by itself, within five minutes."""
    answer = (await provider.logged_in("arno", "payments:read")).json()
    assert answer["expires_in"] <= 300
    (person,) = await provider.administer("GET", "/users?username=arno&exact=true")
    await provider.administer("PUT", f"/users/{person['id']}", person | {"enabled": False})
    again = await provider.logged_in("arno", "payments:read")
    assert "access_token" not in again.text
    renewed = await provider.refreshed(answer["refresh_token"])
    assert (renewed.status_code, renewed.json()["error"]) == (400, "invalid_grant")


async def test_key_that_is_taken_back_opens_nothing_more(provider: Any) -> None:
    """ALL-5: by the administrator, who makes the realm sign with another one."""
    now = 0.0
    keys = JwksOverHttp(provider.jwks_url, now=lambda: now)
    verifier = TokenVerifier(keys, audience="billing", issuer=provider.issuer)
    before = f"Bearer {await provider.persons_token('dana', ALL)}"
    await verifier.caller(before)
    kid = jwt.get_unverified_header(before.removeprefix("Bearer "))["kid"]
    realm_id = (await provider.administer("GET", ""))["id"]
    fresh: dict[str, Any] = {
        "name": "fresh",
        "providerId": "rsa-generated",
        "providerType": "org.keycloak.keys.KeyProvider",
    }
    fresh |= {"parentId": realm_id, "config": {"priority": ["200"], "algorithm": ["RS256"]}}
    await provider.administer("POST", "/components", fresh)
    (old,) = [key for key in (await provider.administer("GET", "/keys"))["keys"] if key["kid"] == kid]
    await provider.administer("DELETE", f"/components/{old['providerId']}")
    after = f"Bearer {await provider.persons_token('dana', ALL)}"
    now = 301.0
    with pytest.raises(ProblemError) as refused:
        await verifier.caller(before)
    assert refused.value.detail == "The token's key is not the issuer's"
    assert (await verifier.caller(after)).clinic_id == CLINIC
