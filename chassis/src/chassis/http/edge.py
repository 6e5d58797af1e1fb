"""The outermost layer of an API: what cannot be taken in is refused here, and no error leaves without its problem."""

from __future__ import annotations

import json
from collections.abc import Iterable
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, NoReturn, Protocol
from urllib.parse import unquote_plus
from uuid import UUID

import orjson
import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.callers import Caller
from chassis.clock import uptime
from chassis.http.admission import Admission, Place
from chassis.http.auth import CLINIC_HEADER
from chassis.http.connection import BODY_BYTES_MAX, CONNECTION, end_early
from chassis.http.faults import response_to_fault
from chassis.http.problems import (
    BAD_REQUEST,
    BODY_MALFORMED,
    INVALID,
    MEDIA_TYPE_UNSUPPORTED,
    TOO_LARGE,
    FieldError,
    ProblemError,
    response_to,
)
from chassis.printing import first_unprintable
from chassis.resources import Resources
from chassis.text import NO_NUL, first_unkept

NESTED_MAX = 32
"""How deep objects and lists of a body may be nested: far deeper than anything that is asked for here."""
PARSED_BODY = "chassis.body"
"""Where the request's scope has its parsed JSON body."""
OPEN = "/v1/open/"
"""Paths that need no token of whoever asks, as their links say for whom they are and are signed by us: such a route
checks that itself, and is no part of the described API."""
NOBODYS = UUID(int=0)
"""In whose line such requests stand, all together."""
ARRIVED = "chassis.arrived"
"""Where it has when it came, before it stood in line, by the machine's uptime."""

_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
_ONCE = (b"authorization", b"clinic-id", b"content-type", b"idempotency-key", b"if-match")
"""Headers that say one thing: which of two would count, nobody could tell (RFC 9110, 5.3)."""
_SEND_JSON = "send one JSON document in UTF-8 (RFC 8259)"
_NUL_ESCAPED = b"\\u0000"

log = structlog.get_logger(__name__)


class _Connection(Protocol):
    """What is asked of a request's connection: see `connection.Connection`."""

    gone: bool
    still_sending: bool


class ClientGone(Exception):
    """The client went away before its request was complete."""


class Edge:
    """ASGI middleware: the token first, then the body within its limit, then a place to work in (`ALL-2`, `ALL-4`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever goes wrong before the answer began is answered as a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _keep_to_itself(message)
                end_early(scope, message)
            await send(message)

        try:
            await self._served(scope, receive, noted)
        except ClientGone:
            return
        except Exception as error:
            if begun:
                raise
            answer = response_to(error) if isinstance(error, ProblemError) else response_to_fault(error)
            await answer(scope, receive, noted)

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        _require_url_kept(scope)
        _require_headers_once(scope["headers"])
        resources: Resources = scope["app"].state.resources
        is_open = scope["path"].startswith(OPEN)
        caller = None if is_open else await _caller_of(scope, resources)
        if caller is None and not is_open:
            await self._app(scope, receive, send)
            return
        scope[ARRIVED] = uptime()
        admission: Admission = scope["app"].state.admission
        async with admission.present(NOBODYS if caller is None else caller.clinic_id) as place:
            if scope["method"] in _WITH_BODY:
                receive = await (_read_of_stranger(admission, scope, receive) if is_open else _read(scope, receive))
            async with place.worked_in():
                require_client(scope)
                await self._app(scope, receive, _leaving(place, send))


def _require_url_kept(scope: Scope) -> None:
    query: bytes = scope["query_string"]
    if "\0" in scope["path"]:
        raise ProblemError(INVALID, errors=[FieldError("url", NO_NUL)])
    if b"%00" in query:
        raise ProblemError(INVALID, errors=[FieldError(_parameter_with_nul(query), NO_NUL)])


def _parameter_with_nul(query: bytes) -> str:
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        if name and b"%00" not in name and b"%00" in value:
            return unquote_plus(name.decode("latin-1"))[:100]
    return "url"


def _require_headers_once(headers: Iterable[tuple[bytes, bytes]]) -> None:
    names = [name for name, _ in headers if name in _ONCE]
    if len(names) != len(set(names)):
        twice = next(name for place, name in enumerate(names) if name in names[:place]).decode()
        raise ProblemError(BAD_REQUEST, errors=[FieldError(twice, "is sent more than once")])


def _keep_to_itself(start: Message) -> None:
    """Answers hold personal data: no cache on the way may keep them, unless a route says otherwise (`ALL-6`).

    And they are what they say they are: a browser is not to guess otherwise.
    """
    headers = [*start["headers"], (b"x-content-type-options", b"nosniff")]
    if not any(name == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-store"))
    start["headers"] = headers


async def _caller_of(scope: Scope, resources: Resources) -> Caller | None:
    """Who asks; None where a request without a body says nobody, which its route refuses if it minds.

    No body is taken in of who may not send one. Raises ProblemError (401, 403, 503).
    """
    headers = Headers(scope=scope)
    try:
        return await resources.verifier.caller(headers.get("authorization"), headers.get(CLINIC_HEADER))
    except ProblemError:
        if scope["method"] in _WITH_BODY:
            raise
        return None


def require_client(scope: Scope) -> None:
    """See that somebody still waits: who stood in line may have gone meanwhile. Raises ClientGone."""
    connection: _Connection | None = scope.get(CONNECTION)
    if connection is not None and connection.gone:
        raise ClientGone


def _leaving(place: Place, send: Send) -> Send:
    """With its answer begun a request has done its work: however slowly that is read, its place is free."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            place.leave()
        await send(message)

    return sent


async def _read(scope: Scope, receive: Receive) -> Receive:
    """The request with its body read and parsed."""
    body = await _body_of(scope, receive)
    if body:
        _require_json(Headers(scope=scope).get("content-type", ""))
        scope[PARSED_BODY] = document = parsed(body)
        if scope["app"].state.printed and not (body.isascii() and b"\\u" not in body):
            _require_printable(document)
    return _Replay(body, receive)


async def _read_of_stranger(admission: Admission, scope: Scope, receive: Receive) -> Receive:
    """The request with its body read: what strangers send, in forms of their own, is for its route to understand.

    However slowly some address sends, it leaves room in their line. Raises ProblemError (429).
    """
    async with admission.reading(NOBODYS, _network_of(scope)):
        return _Replay(await _body_of(scope, receive), receive)


def _network_of(scope: Scope) -> str:
    """Where the client is; in IPv6 its network, as whoever has one has all addresses of it."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address) or address.ipv4_mapped is not None:
        return host
    return str(ip_network((address, 64), strict=False))


class _Replay:
    """Gives the body that was read to the application, then whatever else the client does."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        message, self._message = self._message, None
        return message if message is not None else await self._receive()


async def _body_of(scope: Scope, receive: Receive) -> bytes:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > BODY_BYTES_MAX:
            _refuse_size()
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            _refuse_size()
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if len(chunks) > 1 else chunk


def _refuse_size() -> NoReturn:
    raise ProblemError(TOO_LARGE, f"A body has at most {BODY_BYTES_MAX} bytes", headers={"Connection": "close"})


def _require_json(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise ProblemError(MEDIA_TYPE_UNSUPPORTED)


def parsed(body: bytes) -> Any:
    """The JSON of a body. Raises ProblemError: 400 where it is none, 422 for text or numbers that nobody can keep."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        _refuse(body, error)
    _require_shallow(document)
    if _NUL_ESCAPED in body:
        _require_kept(document)
    if (twice := _given_twice(body)) is not None:
        raise ProblemError(INVALID, errors=[FieldError(twice[:100] or "body", "is given twice in one object")])
    return document


def _require_shallow(document: Any) -> None:
    if _deeper(document, NESTED_MAX):
        raise ProblemError(BODY_MALFORMED, f"Nothing here is nested more than {NESTED_MAX} deep")


def _require_kept(document: Any) -> None:
    if found := first_unkept(document):
        name, wrong = found
        raise ProblemError(INVALID, errors=[FieldError(name or "body", wrong)])


def _require_printable(document: Any) -> None:
    """What stands on documents is refused where it is entered, if no font has it (`RCP-10`)."""
    if found := first_unprintable(document):
        name, wrong = found
        raise ProblemError(INVALID, errors=[FieldError(name or "body", wrong)])


def _deeper(value: Any, levels: int) -> bool:
    """Whether objects and lists are nested deeper than so many levels; looks no further down than that."""
    if isinstance(value, dict):
        return levels == 0 or any(_deeper(one, levels - 1) for one in value.values())
    if isinstance(value, list):
        return levels == 0 or any(_deeper(one, levels - 1) for one in value)
    return False


def _given_twice(body: bytes) -> str | None:
    """A member that an object has more than once: which value counts is nobody's to guess (RFC 8259, 4)."""
    found: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> None:
        if len(pairs) != len({name for name, _ in pairs}):
            names = [name for name, _ in pairs]
            found.append(next(name for place, name in enumerate(names) if name in names[:place]))

    json.loads(body, object_pairs_hook=members)
    return found[0] if found else None


def _refuse(body: bytes, error: orjson.JSONDecodeError) -> NoReturn:
    """Tell what is no JSON at all (in UTF-8, RFC 8259, 8.1) from JSON with what can be kept nowhere."""
    where = f"line {error.lineno}, character {error.colno}"
    malformed = ProblemError(BODY_MALFORMED, f"It is no JSON at {where}: {_SEND_JSON}")
    try:
        document = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise malformed from None
    _require_shallow(document)
    _require_kept(document)
    raise malformed


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
