"""The services' HTTP APIs as the front desk uses them: a service's token, retries under one Idempotency-Key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

import orjson

from local_stack.practice.addresses import Addresses
from local_stack.practice.problems import Refused, StackUnreachable
from local_stack.practice.wire import CONNECTIONS, Response, Wire

PAGE = 200
HEALTH = "/health/live"
PATIENCE_SECONDS = 60.0
"""How long a request is repeated that the services ask to repeat, or while one of them restarts."""
_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)
_EARLY_SECONDS = 30.0
_LATER = frozenset({408, 425, 429, 502, 503, 504})
_LATER_SLUGS = frozenset(
    {
        "clinic-not-configured",
        "request-in-progress",
        "invoice-unknown",
        "installment-unknown",
        "not-known-yet",
        "document-not-ready",
    }
)
"""Of what is on its way. What rests on a figure was waited for by the service, and is refused then for good.

Nobody waits for a document on behalf of a service, as this is one: it asks again (`RCP-5`).
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: its JSON, its ETag, and whether it is the first answer again (`ALL-1`)."""

    body: Any
    etag: str | None
    replayed: bool


class Api:
    """The four services. Every call names its clinic; the token, of none, is kept until shortly before expiry."""

    def __init__(self, addresses: Addresses, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.addresses = addresses
        self.requests = 0
        self.traceparent: str | None = None
        """The trace (W3C) that the following requests are part of, if any."""
        self._patience_seconds = patience_seconds
        self._wire = Wire(CONNECTIONS)
        self._bases = addresses.services()
        self._known: tuple[float, str] = (0.0, "")

    async def __aenter__(self) -> Self:
        """The API itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        self._wire.close()

    async def reach(self) -> None:
        """See that every service answers, at once and without patience. Raises StackUnreachable."""
        for service, base in self._bases.items():
            try:
                await self._wire.request("GET", f"{base}{HEALTH}", {})
            except OSError as error:
                raise StackUnreachable(
                    f"{service} does not answer at {base} ({_said(error)}); start the stack with `make up`"
                ) from error

    async def get(self, service: str, clinic_id: UUID, path: str, **query: str | int) -> Answer:
        """Read something. Raises Refused, StackUnreachable."""
        return await self._patiently(service, clinic_id, "GET", path, {}, None, query)

    async def document(self, service: str, clinic_id: UUID, path: str) -> bytes:
        """Read something that is not JSON. Raises Refused, StackUnreachable."""
        return bytes((await self._patiently(service, clinic_id, "GET", path, {"Accept": "*/*"}, None, {})).body)

    async def post(self, service: str, clinic_id: UUID, path: str, body: Any, key: UUID) -> Answer:
        """Change something, once under its key. Raises Refused, StackUnreachable."""
        return await self._patiently(service, clinic_id, "POST", path, {"Idempotency-Key": str(key)}, body, {})

    async def put(self, service: str, clinic_id: UUID, path: str, body: Any, etag: str | None) -> Answer:
        """Replace something as it was read. Raises Refused, StackUnreachable."""
        headers = {} if etag is None else {"If-Match": etag}
        return await self._patiently(service, clinic_id, "PUT", path, headers, body, {})

    async def send(
        self,
        service: str,
        clinic_id: UUID,
        operation: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Answer:
        """Any request, as `DELETE /v1/payment-groups/…` says it. Raises Refused, StackUnreachable."""
        method, path = operation.split(" ", 1)
        return await self._patiently(service, clinic_id, method, path, headers or {}, body, query or {})

    async def pages(
        self, service: str, clinic_id: UUID, path: str, **query: str | int
    ) -> AsyncIterator[dict[str, Any]]:
        """The items of a list, page by page (`ALL-3`)."""
        cursor: dict[str, str] = {}
        while True:
            page = (await self.get(service, clinic_id, path, limit=PAGE, **query, **cursor)).body
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    async def _patiently(
        self,
        service: str,
        clinic_id: UUID,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Any,
        query: Mapping[str, str | int],
    ) -> Answer:
        deadline = time.monotonic() + self._patience_seconds
        attempt = 0
        content = None if body is None else orjson.dumps(body)
        while True:
            try:
                return await self._once(service, clinic_id, method, path, headers, content, query)
            except (Refused, StackUnreachable) as error:
                pause = _pause_after(error, attempt)
                if pause is None or time.monotonic() + pause > deadline:
                    raise
                await asyncio.sleep(pause)
                attempt += 1

    async def _once(
        self,
        service: str,
        clinic_id: UUID,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes | None,
        query: Mapping[str, str | int],
    ) -> Answer:
        sent = {"Authorization": f"Bearer {await self.token()}", "Clinic-Id": str(clinic_id), **headers}
        if self.traceparent is not None:
            sent["traceparent"] = self.traceparent
        if content is not None:
            sent["Content-Type"] = "application/json"
        url = f"{self._bases[service]}{path}{f'?{urlencode(query)}' if query else ''}"
        try:
            response = await self._wire.request(method, url, sent, content or b"")
        except OSError as error:
            raise StackUnreachable(f"{service} does not answer at {self._bases[service]}: {_said(error)}") from error
        self.requests += 1
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._known = (0.0, "")
        return _answered(f"{method} {service}{path}", response)

    async def token(self) -> str:
        """The token for every clinic, kept until shortly before it expires. Raises StackUnreachable."""
        expires, token = self._known
        if expires > time.monotonic():
            return token
        form = {
            "grant_type": "client_credentials",
            "client_id": self.addresses.client_id,
            "client_secret": self.addresses.client_secret,
            "scope": self.addresses.scopes,
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            response = await self._wire.request("POST", self.addresses.token_url, kind, urlencode(form).encode())
        except OSError as error:
            where = self.addresses.token_url
            raise StackUnreachable(f"the token issuer does not answer at {where}: {_said(error)}") from error
        given = _answered("POST of the token issuer", response).body
        expires = time.monotonic() + max(given["expires_in"] - _EARLY_SECONDS, given["expires_in"] / 2)
        self._known = (expires, given["access_token"])
        return str(given["access_token"])


def _answered(request: str, response: Response) -> Answer:
    kind = response.headers.get("content-type", "")
    body: Any = orjson.loads(response.body) if "json" in kind else response.body
    if response.status < HTTPStatus.MULTIPLE_CHOICES:
        return Answer(body, response.headers.get("etag"), response.headers.get("idempotency-replayed") == "true")
    problem = body if isinstance(body, dict) else {}
    if after := response.headers.get("retry-after"):
        problem["retry_after"] = after
    raise Refused(request, response.status, problem)


def _pause_after(error: Refused | StackUnreachable, attempt: int) -> float | None:
    """How long to wait before the request is repeated; None where repeating cannot help."""
    growing = _PAUSES_SECONDS[min(attempt, len(_PAUSES_SECONDS) - 1)]
    if isinstance(error, StackUnreachable):
        return growing
    if error.status == HTTPStatus.UNAUTHORIZED and attempt == 0:
        return 0.0  # with a new token: the issuer may have been restarted
    if error.status in _LATER or error.slug in _LATER_SLUGS:
        return min(growing, float(error.problem.get("retry_after", growing)))
    return None


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
