"""Posting an event to an endpoint, once: to the address that was looked up just now, and no redirect is followed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx

from notifications.channels.retry_after import asked_for
from notifications.channels.webhook.public_addresses import AddressNotPublic, Resolver, address_of, resolved

SECONDS: Final = 15.0
"""How long an attempt may take in all, its answer's headers included."""
_GONE: Final = 410
_RETRY_AFTER_MAX: Final = timedelta(days=1)


@dataclass(frozen=True)
class Posted:
    """What came of an attempt. `text` names neither address nor what was answered beyond the status (`ALL-6`)."""

    taken: bool
    text: str
    gone: bool = False
    """Whoever runs the endpoint wants nothing more (410)."""
    retry_after: timedelta | None = None


class WebhookClient:
    """Posts with connections of their own, so that a name is looked up, and judged, at every attempt."""

    def __init__(
        self, *, private_allowed: bool = False, resolve: Resolver = resolved, seconds: float = SECONDS
    ) -> None:
        self._private_allowed = private_allowed
        self._seconds = seconds
        self._resolve = resolve
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(limits=limits, timeout=seconds, follow_redirects=False, trust_env=False)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Post it; never raises for what the network or the endpoint does."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(url, headers, body)
        except TimeoutError:
            return Posted(False, f"no answer within {self._seconds:.0f} s")
        except AddressNotPublic as refused:
            return Posted(False, f"nothing was sent: {refused}")
        except (httpx.HTTPError, OSError, ValueError) as fault:
            return Posted(False, f"it cannot be reached: {type(fault).__name__}")

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        parts = urlsplit(url)
        address = await address_of(parts, self._resolve, private_allowed=self._private_allowed)
        request = self._client.build_request(
            "POST",
            httpx.URL(url).copy_with(host=address),
            content=body,
            headers={**headers, "Host": parts.netloc, "Content-Type": "application/json", "User-Agent": "webhooks"},
            extensions={"sni_hostname": parts.hostname or ""},
        )
        answer = await self._client.send(request, stream=True)
        await answer.aclose()  # what it says beyond its headers is not read
        return _posted(answer)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def _posted(answer: httpx.Response) -> Posted:
    return Posted(
        taken=answer.is_success,
        text=str(answer.status_code),
        gone=answer.status_code == _GONE,
        retry_after=asked_for(answer, _RETRY_AFTER_MAX),
    )
