"""The services' APIs at the pages' address: `/api/payments/v1/…` is `/v1/…` of payments, as its client sent it."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from contextlib import AsyncExitStack
from urllib.parse import unquote_to_bytes

import httpx
import orjson
from chassis.http.connection import BODY_BYTES_MAX
from chassis.http.problems import (
    BAD_REQUEST,
    LATE,
    NOT_FOUND,
    OVERLOADED,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    UNAUTHENTICATED,
    UNAVAILABLE,
    problem_response,
)
from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from chassis import telemetry
from frontdesk.clients import SERVICES
from frontdesk.clients.carrier import no_cookies
from frontdesk.guarding import API, CHANGING
from frontdesk.keeping import Full, Kept, TooLong

router = APIRouter()
PATIENCE_SECONDS = 60.0
CONNECTIONS_MAX = 100
KEPT_BYTES_MAX = 4 * 1_048_576
"""An answer that anybody gets has fewer."""
ANSWERS_BYTES_MAX = 8 * KEPT_BYTES_MAX
"""What such answers have together that are still to be read."""
BODIES_BYTES_MAX = 64 * BODY_BYTES_MAX
"""What bodies have together that are being taken in, each with more than `IN_MEMORY_BYTES`."""
OF_ONE_MAX = CONNECTIONS_MAX // 4
"""So many of them at most are one clinic's, so that others find some, however slowly its clients read or write."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
# What is between two neighbors only (RFC 9110, 7.6.1), and what the pages keep for themselves: a session opens no API.
_BETWEEN = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"proxy-authorization"}
_OURS = {b"host", b"cookie", b"traceparent", b"tracestate", b"content-length"}
_NOT_TOLD = _BETWEEN | {b"set-cookie", b"date", b"server"}


def client(transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """What carries it to the services: connections of its own, so that no file that is read slowly holds up a page."""
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=CONNECTIONS_MAX)
    timeout = httpx.Timeout(PATIENCE_SECONDS, connect=2.0, pool=5.0)
    return httpx.AsyncClient(limits=limits, timeout=timeout, cookies=no_cookies(), transport=transport)


@router.api_route(API + "/{service}/{path:path}", methods=METHODS, include_in_schema=False)
async def pass_on(request: Request, service: str) -> Response:
    """Have the service answer. Nothing is added to what the client may do: its own token goes on, a cookie does not."""
    path = _path_of(request, service)
    if path is None:
        return problem_response(NOT_FOUND)
    if request.method in CHANGING and not _is_open(path) and not _has_token(request):
        return problem_response(UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="billing"'})
    # All of it is here before a service is asked: who sends slowly holds up nobody, whichever clinic a token names
    # that nobody has checked yet.
    with Kept(request.app.state.bodies) as body:
        try:
            await body.fill(request.stream(), BODY_BYTES_MAX)
        except ClientDisconnect:
            return problem_response(BAD_REQUEST)  # to nobody
        except TooLong:
            return problem_response(TOO_LARGE)
        except Full:
            return problem_response(OVERLOADED)
        return await _in_place(request, service, path, body)


async def _in_place(request: Request, service: str, path: bytes, body: Kept) -> Response:
    """The service's answer, or that the clinic has no place for another, or the service no answer."""
    whose, places = _whose(request), request.app.state.places
    if places[whose] >= OF_ONE_MAX:
        return problem_response(TOO_MANY_REQUESTS, headers={"Retry-After": "1"})
    places[whose] += 1
    async with AsyncExitStack() as held:
        held.callback(_leave, places, whose)
        try:
            answer = await _asked(request, service, path, body)
            held.push_async_callback(answer.aclose)
            told = await _kept(request, answer) if _is_for_anybody(request, path, answer) else _Told(answer)
        except httpx.TransportError as fault:
            problem = LATE if isinstance(fault, httpx.TimeoutException) else UNAVAILABLE
            return problem_response(problem, headers={"Retry-After": "1"})
        except TooLong:
            return problem_response(UNAVAILABLE)
        except Full:
            return problem_response(OVERLOADED)
        if told.kept is None:
            told.held = held.pop_all()
    told.raw_headers = [(name.lower(), value) for name, value in answer.headers.raw if _is_told(name)]
    if answer.headers.get("location", "").startswith("/v1/"):
        told.headers["location"] = f"{API}/{service}{answer.headers['location']}"
    return told


def _is_for_anybody(request: Request, path: bytes, answer: httpx.Response) -> bool:
    """Whether a stranger may be answered so, too: no token was asked for, or none was sent, or it is refused."""
    return answer.is_error or _is_open(path) or not _has_token(request)


async def _kept(request: Request, answer: httpx.Response) -> _Told:
    """The answer once all of it is here, so that its reader holds nothing of a clinic's. Raises TooLong or Full."""
    kept = Kept(request.app.state.answers)
    try:
        await kept.fill(answer.aiter_raw(), KEPT_BYTES_MAX)
    except BaseException:
        kept.close()
        raise
    return _Told(answer, kept)


async def _asked(request: Request, service: str, path: bytes, body: Kept) -> httpx.Response:
    http: httpx.AsyncClient = request.app.state.api
    headers = _passed_on(request) + [(b"content-length", b"%d" % body.size)] * _has_body(request)
    with telemetry.client_span(request.method, service, "/v1"):
        asked = http.build_request(
            request.method,
            httpx.URL(request.app.state.urls[service]).copy_with(raw_path=path),
            headers=headers + [(name.encode(), value.encode()) for name, value in telemetry.trace_headers().items()],
            content=body.parts() if _has_body(request) else None,
        )
        return await http.send(asked, stream=True)


def _path_of(request: Request, service: str) -> bytes | None:
    """What the service is asked for, as it was written; None of what is not offered here, as its health is not."""
    raw = bytes(request.scope["raw_path"]).removeprefix(f"{API}/{service}".encode())
    offered = raw == b"/openapi.json" or raw.startswith(b"/v1/")
    if service not in SERVICES or not offered or {b".", b".."} & set(raw.split(b"/")):
        return None
    query = request.scope["query_string"]
    return raw + (b"?" + query if query else b"")


def _is_open(path: bytes) -> bool:
    """Whether it is answered without a token; a service reads it as it is meant, not as it is written."""
    meant = unquote_to_bytes(path.partition(b"?")[0])
    return meant == b"/openapi.json" or meant.startswith(b"/v1/open/")


def _passed_on(request: Request) -> list[tuple[bytes, bytes]]:
    """Headers byte by byte: what they may be is the service's to say, of which many are read by nobody."""
    named = {name.strip().lower().encode("latin-1") for name in request.headers.get("connection", "").split(",")}
    left = _BETWEEN | _OURS | named
    kept = [(name, value) for name, value in request.headers.raw if name not in left]
    # What a client does not say is not said for it: it would be sent what it cannot read.
    return kept if "accept-encoding" in request.headers else [*kept, (b"accept-encoding", b"identity")]


def _has_body(request: Request) -> bool:
    return "content-length" in request.headers or "transfer-encoding" in request.headers


def _has_token(request: Request) -> bool:
    return bool(request.headers.get("authorization"))


def _is_told(name: bytes) -> bool:
    return name.lower() not in _NOT_TOLD


class _Told(StreamingResponse):
    """An answer as it was kept, or else as it comes; what it holds is free, however it ends."""

    def __init__(self, answer: httpx.Response, kept: Kept | None = None) -> None:
        super().__init__(answer.aiter_raw() if kept is None else kept.parts(), answer.status_code)
        self.kept, self.held = kept, AsyncExitStack()
        if kept is not None:
            self.held.callback(kept.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        async with self.held:
            await super().__call__(scope, receive, send)


def _leave(places: Counter[str], whose: str) -> None:
    places[whose] -= 1
    if places[whose] <= 0:
        del places[whose]


def _whose(request: Request) -> str:
    """The clinic that a token says, unread but for that: who makes one up is refused by the service, at once.

    So a place is held for others than the clinic's own only until the service has answered (`_is_for_anybody`).
    """
    said = request.headers.get("clinic-id", "")
    payload = request.headers.get("authorization", "").partition(".")[2].partition(".")[0]
    try:
        claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return said
    return str(claims.get("clinic_id") or said) if isinstance(claims, dict) else said
