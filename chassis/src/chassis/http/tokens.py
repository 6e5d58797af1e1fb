"""Tokens for calls between services: OAuth 2 client credentials, one token per clinic, kept while it lasts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from chassis.settings import Settings
from chassis.telemetry import client_span, trace_headers

_EARLY_SECONDS = 30.0
_CLINICS_MAX = 10_000
_TIMEOUT_SECONDS = 5.0


class TokenSourceUnavailable(ConnectionError):
    """The token issuer gave no token. Transient: try again later."""


class TokenSource:
    """Gives the bearer token with which this service calls another on behalf of a clinic."""

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        scope: str,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = token_url
        self._form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        self._form |= {"scope": scope}
        self._tokens: dict[UUID, tuple[float, str]] = {}
        self._locks: dict[UUID, asyncio.Lock] = {}
        self._client = httpx.AsyncClient(transport=transport, timeout=_TIMEOUT_SECONDS)
        self._now = now

    @classmethod
    def from_settings(cls, settings: Settings, scope: str) -> TokenSource:
        """As TOKEN_URL, CLIENT_ID and CLIENT_SECRET say. Raises ValueError where one is missing."""
        if not (settings.token_url and settings.client_id and settings.client_secret):
            raise ValueError("TOKEN_URL, CLIENT_ID and CLIENT_SECRET are needed to call another service")
        secret = settings.client_secret.get_secret_value()
        return cls(token_url=settings.token_url, client_id=settings.client_id, client_secret=secret, scope=scope)

    async def token(self, clinic_id: UUID) -> str:
        """A token for this clinic. Raises TokenSourceUnavailable."""
        if (known := self._known(clinic_id)) is not None:
            return known
        async with self._locks.setdefault(clinic_id, asyncio.Lock()):
            return self._known(clinic_id) or await self._fetch(clinic_id)

    async def headers(self, clinic_id: UUID) -> dict[str, str]:
        """The headers of a call: the token, and the trace that it is part of."""
        return {"Authorization": f"Bearer {await self.token(clinic_id)}"} | trace_headers()

    def forget(self, clinic_id: UUID) -> None:
        """Drop a token that was answered with 401, so that the next call fetches another."""
        self._tokens.pop(clinic_id, None)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    def _known(self, clinic_id: UUID) -> str | None:
        expires_at, token = self._tokens.get(clinic_id, (0.0, ""))
        return token if token and expires_at > self._now() else None

    async def _fetch(self, clinic_id: UUID) -> str:
        try:
            with client_span("POST", urlsplit(self._url).hostname or "", urlsplit(self._url).path):
                form = self._form | {"clinic_id": str(clinic_id)}
                answer = await self._client.post(self._url, data=form, headers=trace_headers())
            answer.raise_for_status()
            given = answer.json()
            token, seconds = str(given["access_token"]), float(given.get("expires_in", 60))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise TokenSourceUnavailable(f"no token: {type(error).__name__}") from None
        if len(self._tokens) >= _CLINICS_MAX:
            self._tokens.clear()
            self._locks.clear()
        self._tokens[clinic_id] = (self._now() + max(seconds - _EARLY_SECONDS, seconds / 2), token)
        return token
