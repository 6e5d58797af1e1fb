"""The local token issuer: OAuth 2 client credentials, each client its own scopes and clinics (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
import pytest_asyncio
from local_stack.edge.app import edge_app
from local_stack.edge.clients import Client, clients_of
from local_stack.edge.settings import EdgeSettings

CLINIC = UUID("0195f7a0-0000-7000-8000-000000000001")
ELSEWHERE = UUID("0195f7a0-0000-7000-8000-000000000002")
ISSUER = "http://issuer.test"
CLIENTS = {
    "receipts": Client("s3cret", frozenset(["payments:read", "receipts:read"])),
    "desk": Client("desk's", frozenset(["payments:read", "payments:write"]), frozenset([CLINIC])),
}


DESK = {"client_id": "desk", "client_secret": "desk's"}


@pytest_asyncio.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = EdgeSettings(tmp_path, http_port=1, smtp_port=1, issuer=ISSUER, clients=CLIENTS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge_app(settings)), base_url=ISSUER) as client:
        yield client


async def ask(issuer: httpx.AsyncClient, **changed: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": "receipts", "client_secret": "s3cret"}
    return await issuer.post("/token", data=form | {"clinic_id": str(CLINIC), "scope": "payments:read"} | changed)


async def claims_of(issuer: httpx.AsyncClient, token: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict((await issuer.get("/.well-known/jwks.json")).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["ES256"], audience="billing", issuer=ISSUER)


async def test_token_is_signed_by_the_published_key_and_names_clinic_and_scopes(issuer: httpx.AsyncClient) -> None:
    granted = (await ask(issuer)).json()
    claims = await claims_of(issuer, granted["access_token"])
    assert claims["clinic_id"] == str(CLINIC)
    assert claims["scope"] == "payments:read"
    assert claims["sub"] == "service:receipts"
    assert granted["expires_in"] == claims["exp"] - claims["iat"]


async def test_a_services_token_is_of_no_clinic(issuer: httpx.AsyncClient) -> None:
    granted = (await ask(issuer, clinic_id="", scope="receipts:read clinics:any")).json()
    claims = await claims_of(issuer, granted["access_token"])
    assert ("clinic_id" in claims, claims["scope"]) == (False, "clinics:any receipts:read")


async def test_client_may_send_its_secret_in_the_authorization_header(issuer: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials", "clinic_id": str(CLINIC)}
    answer = await issuer.post("/token", data=form, auth=("receipts", "s3cret"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"clinic_id": "all"}, 400, "invalid_request"),
        ({"scope": "payments:read everything"}, 400, "invalid_scope"),
        ({"scope": "payments:read payments:write"}, 400, "invalid_scope"),
        (DESK | {"clinic_id": str(ELSEWHERE)}, 400, "unauthorized_client"),
        (DESK | {"scope": "payments:read clinics:any"}, 400, "invalid_scope"),
        (DESK | {"scope": "receipts:read"}, 400, "invalid_scope"),
    ],
)
async def test_what_is_not_granted_is_refused_by_name(
    issuer: httpx.AsyncClient, changed: dict[str, str], status: int, error: str
) -> None:
    answer = await ask(issuer, **changed)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_client_that_asks_for_no_scope_has_its_own(issuer: httpx.AsyncClient) -> None:
    granted = (await ask(issuer, **DESK, scope="")).json()
    claims = await claims_of(issuer, granted["access_token"])
    assert (claims["clinic_id"], claims["scope"]) == (str(CLINIC), "payments:read payments:write")


def test_clients_are_told_as_they_are_read() -> None:
    assert clients_of({name: client.as_json() for name, client in CLIENTS.items()}) == CLIENTS
    assert "s3cret" not in repr(CLIENTS)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scopes": "payments:read everything"}, "desk has scopes that there are not: everything"),
        ({"scopes": ""}, "desk has no scopes"),
        ({"clinics": ""}, "desk has no clinics"),
        ({"clinics": "all"}, "desk needs a secret, scopes, and clinics"),
        ({"clinics": None}, "desk needs a secret, scopes, and clinics"),
    ],
)
def test_client_that_cannot_be_meant_is_named(changed: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        clients_of({"desk": CLIENTS["desk"].as_json() | changed})


async def test_key_stays_the_same_from_start_to_start(tmp_path: Path, issuer: httpx.AsyncClient) -> None:
    token = (await ask(issuer)).json()["access_token"]
    settings = EdgeSettings(tmp_path, http_port=1, smtp_port=1, issuer=ISSUER, clients={})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge_app(settings)), base_url=ISSUER) as restarted:
        assert (await claims_of(restarted, token))["aud"] == "billing"


def test_key_file_is_readable_by_its_owner_only(tmp_path: Path, issuer: httpx.AsyncClient) -> None:
    assert (tmp_path / "signing-key.pem").stat().st_mode & 0o077 == 0
