"""HTTP to the four services: a token, an idempotency key, the trace of the click, and answers as they are meant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
import orjson

from chassis import telemetry
from frontdesk.clients.answers import Missing, Refused, TokenRefused, Unreachable

SERVICES = ("invoicing", "payments", "receipts", "notifications")
_ERRORS, _FORBIDDEN, _UNAUTHORIZED = 400, 403, 401
_NOT_NOW = {429, 502, 503, 504}
WHOLE_SECONDS = 60.0
"""By then all of an answer is here: garbled in the middle it would be waited for without end, and hold a place."""

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What a service answered: its body, the version to change it by, and whether it was done before (`ALL-1`)."""

    status: int
    body: Any
    etag: str | None
    replayed: bool


class Services:
    """The services as one person may use them. Raises Refused, TokenRefused, or Unreachable naming the service."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], token: str) -> None:
        self._http = http
        self._urls = urls
        self._headers = {"Authorization": f"Bearer {token}"}

    async def get(self, service: str, path: str, *ids: str | UUID, **asked: Any) -> Any:
        """What a service shows; `path` is a template with a `{}` for each id, as traces name it."""
        return (await self.read(service, path, *ids, **asked)).body

    async def read(self, service: str, path: str, *ids: str | UUID, **asked: Any) -> Answer:
        """What a service shows, with its version."""
        return await self._ask("GET", service, path, ids, params=_given(asked))

    async def file(self, service: str, path: str, *ids: str | UUID, **asked: Any) -> httpx.Response:
        """A file that a service makes, whole; for PDF, which are some 50 kB."""
        return await self._send("GET", service, path, ids, params=_given(asked))

    async def made(self, service: str, path: str, body: Any) -> httpx.Response:
        """A file that a service makes of what it is told, and does not keep."""
        return await self._send("POST", service, path, (), json=body)

    async def search(self, service: str, path: str, body: Any, **asked: Any) -> Any:
        """What a service finds or reckons, told in a body so that no address names a person (`ALL-6`)."""
        return (await self._ask("POST", service, path, asked.pop("ids", ()), json=body, params=_given(asked))).body

    async def change(
        self,
        service: str,
        path: str,
        *ids: str | UUID,
        body: Any = None,
        key: str,
        method: str = "POST",
        version: str | None = None,
    ) -> Answer:
        """Have a service change something, once under its key (`ALL-1`), on a version that was seen (`ALL-3`)."""
        headers = {"Idempotency-Key": key} | ({"If-Match": version} if version else {})
        return await self._ask(method, service, path, ids, json=body, headers=headers)

    async def _ask(self, method: str, service: str, path: str, ids: Sequence[str | UUID], **how: Any) -> Answer:
        answer = await self._send(method, service, path, ids, **how)
        replayed = answer.headers.get("idempotency-replayed") == "true"
        body = orjson.loads(answer.content) if answer.content else None
        return Answer(answer.status_code, body, answer.headers.get("etag"), replayed)

    async def _send(
        self, method: str, service: str, path: str, ids: Sequence[str | UUID], **how: Any
    ) -> httpx.Response:
        url = self._urls[service] + path.format(*(quote(str(id_), safe="") for id_ in ids))
        headers = self._headers | how.pop("headers", {})
        with telemetry.client_span(method, service, path):
            try:
                async with asyncio.timeout(WHOLE_SECONDS):
                    answer = await self._http.request(method, url, headers=headers | telemetry.trace_headers(), **how)
            except (httpx.TransportError, TimeoutError):
                raise Unreachable(service) from None
        if answer.status_code == _UNAUTHORIZED:
            raise TokenRefused
        if answer.status_code in _NOT_NOW:
            raise Unreachable(service)
        if answer.status_code >= _ERRORS:
            raise Refused(service, answer.status_code, _problem_of(answer))
        return answer


async def attempt(part: Awaitable[T]) -> T | Missing:
    """A part of a page, or that it is missing and whose it is: the rest of the page is shown without it."""
    try:
        return await part
    except Unreachable as silent:
        return Missing(silent.service)
    except Refused as refused:
        if refused.status == _FORBIDDEN:
            return Missing(refused.service, forbidden=True)
        raise


def _given(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in asked.items() if value is not None}


def _problem_of(answer: httpx.Response) -> dict[str, Any]:
    if "json" not in answer.headers.get("content-type", ""):
        return {}
    told = answer.json()
    return told if isinstance(told, dict) else {}
