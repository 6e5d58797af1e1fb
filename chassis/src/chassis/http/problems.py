"""Every error as an RFC 9457 problem document with a stable type, naming the field that it is about (`ALL-2`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from chassis import telemetry
from chassis.http.sentences import sentence_of
from chassis.money import Money
from chassis.sentence import Sentence

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem:dental-billing:"
"""A problem's `type` is this and its slug. It names, and is not to be fetched; the API's description lists them."""

_ERRORS_MAX = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: its HTTP status, the slug of its type, and the title that never changes with the case."""

    status: int
    slug: str
    title: str
    retry_after_seconds: int | None = None
    figure: Any = None
    """What of another service's it rests on, read again (`deciding.Figure`): once that moves, it is decided anew."""
    advice: str | None = None
    """What to do about it: the detail where a case says nothing of its own."""

    @property
    def type(self) -> str:
        """The stable URI that clients tell problems apart by."""
        return TYPE_PREFIX + self.slug


ProblemTable = Mapping[type[Exception], Problem]
"""From domain error to problem: a service's table stands in its `http/problems.py`."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, as in `lines[0].quantity`. Never holds the value sent: it may be personal data."""

    field: str
    detail: str

    def shown(self) -> dict[str, Any]:
        """As the wire has it: with the sentence's form and its values where the detail has some."""
        told: dict[str, Any] = {"field": self.field, "detail": str(self.detail)}
        if isinstance(self.detail, Sentence) and self.detail.values:
            told["sentence"] = self.detail.form
            told["values"] = {name: _on_the_wire(value) for name, value in self.detail.values.items()}
        return told


def _on_the_wire(value: Any) -> Any:
    """Money as everywhere, days in ISO 8601; all else as the sentence has it."""
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    return value.isoformat() if isinstance(value, date) else str(value)


class ProblemError(Exception):
    """A problem to answer with, raised below a route.

    ProblemError
    ├── Invalid                a field of the request cannot be accepted (422)
    ├── NotFound               there is no such thing for this clinic (404)
    ├── PreconditionFailed     someone changed it since it was read (412)
    └── PreconditionRequired   a change must name the version it is about (428)
    """

    def __init__(
        self,
        problem: Problem,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or problem.title)
        self.problem = problem
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.extensions = extensions or {}


BODY_MALFORMED = Problem(
    400, "malformed-json", "The request body is not JSON", advice="Send one JSON document in UTF-8 (RFC 8259)"
)
BAD_REQUEST = Problem(
    400,
    "bad-request",
    "The request cannot be understood",
    advice="Send it as the service describes it at /openapi.json",
)
KEY_MISSING = Problem(
    400,
    "idempotency-key-missing",
    "A change needs an Idempotency-Key",
    advice="Send an Idempotency-Key of your own making, a new one for each new change",
)
UNAUTHENTICATED = Problem(
    401, "unauthenticated", "A valid bearer token is required", advice="Send Authorization: Bearer and a token"
)
SCOPE_MISSING = Problem(
    403,
    "insufficient-scope",
    "The token does not permit this",
    advice="Ask for a token with the scope that is required",
)
CLINIC_MISSING = Problem(
    403, "clinic-missing", "The token names no clinic", advice="Ask for a token with the clinic's id in clinic_id"
)
NOT_FOUND = Problem(
    404,
    "not-found",
    "There is no such thing",
    advice="Look at the path and the ids in it: the clinic has none of these",
)
NOT_KNOWN_YET = Problem(
    404,
    "not-known-yet",
    "This is not known here, or not yet",
    retry_after_seconds=1,
    advice="If it was made a moment ago, ask again after Retry-After; else look at its id",
)
METHOD_NOT_ALLOWED = Problem(
    405, "method-not-allowed", "The method is not offered here", advice="Use one of the methods that Allow names"
)
TOO_SLOW = Problem(
    408, "request-timeout", "The request was not complete in time", advice="Send it again, whole and without a pause"
)
IN_PROGRESS = Problem(
    409,
    "request-in-progress",
    "The first request with this Idempotency-Key still runs",
    1,
    advice="Send it again after Retry-After, under the same key: it then gets the first one's answer",
)
OVERTAKEN = Problem(
    409,
    "request-overtaken",
    "A later request with this Idempotency-Key was refused, so this one is void",
    advice="Nothing was changed: if it is still wanted, send it again under a new key",
)
PRECONDITION_FAILED = Problem(
    412,
    "precondition-failed",
    "It was changed since it was read",
    advice="Read it again, and send the change with the ETag that it has now as If-Match",
)
TOO_LARGE = Problem(
    413, "payload-too-large", "The request body is too large", advice="Send less at once, in several requests"
)
MEDIA_TYPE_UNSUPPORTED = Problem(
    415,
    "unsupported-media-type",
    "The request body must be application/json",
    advice="Send the body as JSON, with Content-Type: application/json",
)
INVALID = Problem(
    422, "invalid-request", "The request is not valid", advice="Send it as the service describes it at /openapi.json"
)
KEY_REUSED = Problem(
    422,
    "idempotency-key-reused",
    "The Idempotency-Key was used for another request",
    advice="Send a new change under a new Idempotency-Key; a repetition has the first one's method, path and body",
)
PRECONDITION_REQUIRED = Problem(
    428,
    "precondition-required",
    "A change must name the version it is about",
    advice="Read it first, and send its ETag as If-Match",
)
TOO_MANY_REQUESTS = Problem(
    429,
    "too-many-requests",
    "The clinic sends more requests than its share",
    1,
    advice="Send it again after Retry-After, and fewer at once",
)
HEAD_TOO_LARGE = Problem(
    431,
    "head-too-large",
    "The request line and the headers are too large",
    advice="Send fewer or shorter headers and parameters",
)
INTERNAL = Problem(
    500,
    "internal",
    "Something went wrong on our side",
    advice="Ask for help with the trace_id; a change may be repeated under its Idempotency-Key",
)
OVERLOADED = Problem(
    503,
    "overloaded",
    "More requests came than can be answered soon",
    retry_after_seconds=1,
    advice="Send it again after Retry-After",
)
BUSY = Problem(
    503,
    "busy",
    "Too many changes at once; try again",
    retry_after_seconds=1,
    advice="Send it again after Retry-After, under the same Idempotency-Key: nothing was changed",
)
UNAVAILABLE = Problem(
    503,
    "unavailable",
    "The service cannot answer at the moment",
    retry_after_seconds=2,
    advice="Send it again after Retry-After, a change under the same Idempotency-Key",
)
LATE = Problem(
    504,
    "gateway-timeout",
    "The service did not answer in time",
    retry_after_seconds=1,
    advice="Ask again after Retry-After, a change under the same Idempotency-Key: whether it was made is not known",
)


class Invalid(ProblemError):
    """A field of the request cannot be accepted (422)."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(INVALID, errors=[FieldError(field, detail)])


class FieldRefused(ValueError):
    """What a model's validator raises about one of its members, so that the member is named and not the whole."""

    def __init__(self, field: str | int, *below: str | int, detail: str) -> None:
        super().__init__(detail)
        self.location = (field, *below)


class NotFound(ProblemError):
    """There is no such thing for this clinic (404); another clinic's is not told from none (`ALL-4`).

    `maybe_soon`: its event may only not have arrived yet, so the client is told to retry (`RCP-5`).
    """

    def __init__(self, detail: str, *, maybe_soon: bool = False) -> None:
        super().__init__(NOT_KNOWN_YET if maybe_soon else NOT_FOUND, detail)


def problem_response(
    problem: Problem,
    detail: str | None = None,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    extensions: Mapping[str, Any] | None = None,
) -> Response:
    """The answer that says it, with the trace's id where there is one.

    It always has a detail: what the case says, else what is wrong with its fields, else what to do about its kind.
    """
    document: dict[str, Any] = dict(extensions or {})
    document |= {"type": problem.type, "title": problem.title, "status": problem.status}
    document["detail"] = detail or _told(errors) or problem.advice or problem.title
    if errors:
        document["errors"] = [error.shown() for error in errors[:_ERRORS_MAX]]
    if trace := telemetry.trace_id():
        document["trace_id"] = trace
    sent = dict(headers or {})
    if problem.retry_after_seconds is not None:
        sent.setdefault("Retry-After", str(problem.retry_after_seconds))
    return Response(orjson.dumps(document, default=str), problem.status, sent, MEDIA_TYPE)


def _told(errors: Sequence[FieldError]) -> str:
    if not errors:
        return ""
    more = f"; and {len(errors) - 1} more in errors" if len(errors) > 1 else ""
    return f"{errors[0].field}: {errors[0].detail}{more}"


def response_to(error: ProblemError) -> Response:
    """The answer to an error that carries its problem."""
    return problem_response(
        error.problem, error.detail, errors=error.errors, headers=error.headers, extensions=error.extensions
    )


def response_to_domain_error(error: Exception, problem: Problem) -> Response:
    """The answer to a domain error: its text as the detail, its `field` and `extensions` where it has them."""
    field = getattr(error, "field", None)
    errors = [FieldError(field, Sentence.of(error))] if isinstance(field, str) else []
    return problem_response(problem, str(error), errors=errors, extensions=getattr(error, "extensions", None))


def problem_for_status(status: int) -> Problem:
    """The problem of a bare HTTP status, as the framework raises it for routes and methods that do not exist."""
    known = {
        problem.status: problem for problem in (BAD_REQUEST, UNAUTHENTICATED, NOT_FOUND, METHOD_NOT_ALLOWED, TOO_LARGE)
    }
    if status in known:
        return known[status]
    phrase = HTTPStatus(status).phrase
    return Problem(status, phrase.lower().replace(" ", "-"), phrase, advice=BAD_REQUEST.advice)


_DESCRIPTIONS = {
    400: "The request cannot be understood",
    401: "No valid bearer token",
    403: "The token's scopes do not permit it",
    404: "There is no such thing for this clinic",
    405: "The method is not offered here",
    409: "What is there does not permit it",
    412: "It was changed since it was read",
    413: "The request body is too large",
    415: "The request body is not JSON by its media type",
    422: "The request is not valid, or a rule refuses it",
    428: "The change names no version (If-Match)",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "The service cannot answer at the moment",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=`: the operation can answer with these problems. What every operation can say is added anyway."""
    return {status: documented(status) for status in statuses}


def documented(status: int) -> dict[str, Any]:
    """One problem answer in an OpenAPI document."""
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    answer: dict[str, Any] = {
        "description": _DESCRIPTIONS.get(status, HTTPStatus(status).phrase),
        "content": {MEDIA_TYPE: reference},
    }
    headers = _documented_headers(status)
    return answer | {"headers": headers} if headers else answer


def _documented_headers(status: int) -> dict[str, Any]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"Retry-After": {"description": "Seconds", "schema": {"type": "string"}}}
    return {}


def fields_of(errors: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors as field errors, without any value that was sent."""
    found = [(_location_of(error), error) for error in errors]
    return [
        FieldError(field_name(location), sentence_of(one))
        for location, one in found
        if not (one["type"] == "too_short" and _refused_below(location, found))
    ]


def _location_of(error: Mapping[str, Any]) -> tuple[str | int, ...]:
    cause = error.get("ctx", {}).get("error")
    return (*error["loc"], *(cause.location if isinstance(cause, FieldRefused) else ()))


def _refused_below(location: Sequence[str | int], found: Iterable[tuple[tuple[str | int, ...], Any]]) -> bool:
    """Whether a list is too short only for the items in it that were refused."""
    return any(len(other) > len(location) and other[: len(location)] == location for other, _ in found)


def field_name(location: Sequence[str | int]) -> str:
    """`("body", "lines", 0, "quantity")` as `lines[0].quantity`."""
    parts = location[1:] if location and location[0] in ("body", "query", "path", "header", "cookie") else location
    name = ""
    for part in parts:
        name += f"[{part}]" if isinstance(part, int) else f".{part[:100]}" if name else part[:100]
    return name or (str(location[0]) if location else "request")
