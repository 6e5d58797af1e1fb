"""A Keycloak with the realm of `deploy/keycloak`, started once, and how people and services get their tokens there."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import pytest_asyncio
from chassis.http.auth import JwksOverHttp, TokenVerifier
from local_stack.keycloak import REALM, Keycloak
from local_stack.places import REALM_FOLDER, passable_folder
from local_stack.ports import free_port
from local_stack.trouble import CannotRun

CALLBACK = "http://127.0.0.1/callback"
ADMIN = ("admin", "of-the-administrator")
SERVICES = ("notifications", "proof", "insurance-claims")
_ADMINISTRATOR = {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN[0], "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN[1]}
_FORM = re.compile(r'<form[^>]*action="([^"]+)"')


class Provider:
    """The realm as an application and an administrator use it."""

    def __init__(self, keycloak: Keycloak, client: httpx.AsyncClient) -> None:
        self.issuer = keycloak.realm_url
        self._url = keycloak.url
        self._client = client
        self.imported: list[str] = []
        """Who was there before anybody was made."""
        self.secrets: Mapping[str, str] = {}
        self.passwords: Mapping[str, str] = {}

    async def give_out(self) -> None:
        """Have the secrets of the clients, and people for trying it out, by the command that operators have."""
        self.secrets = {name: (await self.command("secret", name)).stdout.strip() for name in SERVICES}
        made = await self.command("people")
        self.passwords = dict(line.split()[:2] for line in made.stdout.splitlines())

    async def command(self, *asked: str) -> subprocess.CompletedProcess[str]:
        """What `deploy/keycloak/realm.py` says."""
        told = os.environ | {"KEYCLOAK_URL": self._url, **_ADMINISTRATOR}
        command = [sys.executable, str(REALM_FOLDER / "realm.py"), *asked]

        def done() -> subprocess.CompletedProcess[str]:
            return subprocess.run(command, capture_output=True, text=True, check=False, env=told)  # noqa: S603 - our own

        return await asyncio.to_thread(done)

    @property
    def token_url(self) -> str:
        return f"{self.issuer}/protocol/openid-connect/token"

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/protocol/openid-connect/certs"

    def verifier(self) -> TokenVerifier:
        """As a service has it, with `JWKS_URL`, `TOKEN_ISSUER` and the usual audience."""
        return TokenVerifier(JwksOverHttp(self.jwks_url), audience="billing", issuer=self.issuer)

    async def logged_in(self, person: str, scopes: str) -> httpx.Response:
        """What the token endpoint answers after a person has logged in: authorization code with PKCE, as a browser.

        Where the provider gives no code, what it answers instead.
        """
        proof = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(proof.encode()).digest()).rstrip(b"=").decode()
        asked = {"client_id": "front-desk", "response_type": "code", "redirect_uri": CALLBACK}
        asked |= {"scope": scopes, "code_challenge": challenge, "code_challenge_method": "S256"}
        sent = await self.typed_in(str(httpx.URL(f"{self.issuer}/protocol/openid-connect/auth", params=asked)), person)
        answered = httpx.URL(sent.headers.get("location", "")).params
        if "code" not in answered:
            return sent
        form_data = {"grant_type": "authorization_code", "client_id": "front-desk", "code": answered["code"]}
        return await self._client.post(
            self.token_url, data=form_data | {"redirect_uri": CALLBACK, "code_verifier": proof}
        )

    async def typed_in(self, page_address: str, person: str) -> httpx.Response:
        """What the provider answers a browser that was sent to its page, once the person has typed in who they are."""
        page = await self._client.get(page_address)
        form = _FORM.search(page.text)
        if form is None:
            return page
        # They are for secure connections only, as which a browser counts this machine's own.
        cookies = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        typed = {"username": person, "password": self.passwords[person]}
        return await self._client.post(html.unescape(form[1]), data=typed, headers={"Cookie": cookies})

    async def persons_token(self, person: str, scopes: str) -> str:
        answer = await self.logged_in(person, scopes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def refreshed(self, token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "client_id": "front-desk", "refresh_token": token}
        return await self._client.post(self.token_url, data=form)

    async def services_answer(self, client: str, scopes: str, **more: str) -> httpx.Response:
        """What the token endpoint answers a service."""
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": self.secrets[client]}
        return await self._client.post(self.token_url, data=form | {"scope": scopes} | more)

    async def services_token(self, client: str, scopes: str) -> str:
        answer = await self.services_answer(client, scopes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def administer(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the administrator's API, below the realm; its answer's JSON."""
        form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN[0], "password": ADMIN[1]}
        answer = await self._client.post(f"{self._url}/realms/master/protocol/openid-connect/token", data=form)
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        url = f"{self._url}/admin/realms/{REALM}{path}"
        answer = await self._client.request(method, url, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def provider() -> AsyncIterator[Provider]:
    folder = passable_folder("keycloak")
    keycloak = Keycloak(folder / "home", free_port(), folder / "log", _ADMINISTRATOR)
    try:
        try:
            await keycloak.start()
        except CannotRun as trouble:
            if "Address already in use" not in str(trouble):
                raise
            # It listens a minute after its port was free.
            keycloak = Keycloak(folder / "again", free_port(), folder / "log", _ADMINISTRATOR)
            await keycloak.start()
        async with httpx.AsyncClient(timeout=60) as client:
            one = Provider(keycloak, client)
            one.imported = [person["username"] for person in await one.administer("GET", "/users")]
            await one.give_out()
            yield one
    except CannotRun as trouble:
        pytest.fail(str(trouble), pytrace=False)
    finally:
        await keycloak.stop()
        shutil.rmtree(folder, ignore_errors=True)
