"""Tokens for calls between services: OAuth 2 client credentials (RFC 6749, 4.4) as any provider has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from chassis.http.auth import ANY_CLINIC, CLINIC_HEADER
from chassis.settings import Settings
from chassis.telemetry import client_span, trace_headers
from chassis.tls import refusal

_EARLY_SECONDS = 30.0
_TIMEOUT_SECONDS = 5.0


class TokenSourceUnavailable(ConnectionError):
    """The token issuer gave no token. Transient: try again later."""


class TokenSource:
    """Gives the headers with which this service calls another for a clinic.

    The service has one token, kept while it lasts, with the scope `clinics:any`; for which clinic, each call says.
    """

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
        self._form |= {"scope": f"{scope} {ANY_CLINIC}"}
        self._known: tuple[float, str] | None = None
        self._lock = asyncio.Lock()
        self._client = httpx.AsyncClient(transport=transport, timeout=_TIMEOUT_SECONDS)
        self._now = now

    @classmethod
    def from_settings(cls, settings: Settings, scope: str) -> TokenSource:
        """As TOKEN_URL, CLIENT_ID and CLIENT_SECRET say. Raises ValueError where one is missing."""
        if not (settings.token_url and settings.client_id and settings.client_secret):
            raise ValueError("TOKEN_URL, CLIENT_ID and CLIENT_SECRET are needed to call another service")
        secret = settings.client_secret.get_secret_value()
        return cls(token_url=settings.token_url, client_id=settings.client_id, client_secret=secret, scope=scope)

    async def token(self) -> str:
        """The service's token. Raises TokenSourceUnavailable."""
        if (known := self._lasting()) is not None:
            return known
        async with self._lock:
            return self._lasting() or await self._fetch()

    async def headers(self, clinic_id: UUID) -> dict[str, str]:
        """The headers of a call: the token, the clinic that it is for, and the trace that it is part of."""
        told = {"Authorization": f"Bearer {await self.token()}", CLINIC_HEADER: str(clinic_id)}
        return told | trace_headers()

    def forget(self) -> None:
        """Drop a token that was answered with 401, so that the next call fetches another."""
        self._known = None

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    def _lasting(self) -> str | None:
        return self._known[1] if self._known is not None and self._known[0] > self._now() else None

    async def _fetch(self) -> str:
        try:
            with client_span("POST", urlsplit(self._url).hostname or "", urlsplit(self._url).path):
                answer = await self._client.post(self._url, data=self._form, headers=trace_headers())
            given = answer.json()
            if answer.is_error:
                raise TokenSourceUnavailable(f"no token: the issuer says {given['error']!r} ({answer.status_code})")
            token, seconds = str(given["access_token"]), float(given.get("expires_in", 60))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise TokenSourceUnavailable(f"no token: {refusal(error) or type(error).__name__}") from None
        self._known = (self._now() + max(seconds - _EARLY_SECONDS, seconds / 2), token)
        return token
