"""A span and a duration for each request, in OpenTelemetry's conventions, without anything personal (`ALL-6`)."""

from __future__ import annotations

import time

from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import clear_contextvars

from chassis import telemetry

_duration = telemetry.meter.create_histogram(
    "http.server.request.duration",
    unit="s",
    description="How long requests take",
    explicit_bucket_boundaries_advisory=telemetry.DURATION_BUCKETS_SECONDS,
)
_SERVER_ERROR = 500
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class Tracing:
    """ASGI middleware. Names the route and never the path: a path holds identifiers of persons."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request within its span, as part of the caller's trace if it names one."""
        if scope["type"] != "http" or scope["path"].startswith("/health"):
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        attributes = {"http.request.method": method, "url.scheme": scope["scheme"]}
        status = _SERVER_ERROR
        begun = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        parent = telemetry.extracted(_caller_of(scope))
        with telemetry.span(method, kind=SpanKind.SERVER, parent=parent, attributes=attributes) as span:
            try:
                await self._app(scope, receive, noted)
            finally:
                # A route that does not exist gives no name of its own, whatever is asked for.
                route = getattr(scope.get("route"), "path", None) or "unmatched"
                measured = attributes | {"http.route": route, "http.response.status_code": status}
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})
                if status >= _SERVER_ERROR:
                    measured["error.type"] = str(status)
                    span.set_status(Status(StatusCode.ERROR))
                _duration.record(time.perf_counter() - begun, measured)


def _caller_of(scope: Scope) -> str | None:
    """The caller's `traceparent`; what else a caller says of the trace would go on into Kafka, and ends here."""
    found = [value for name, value in scope["headers"] if name == b"traceparent"]
    return found[0].decode("latin-1") if len(found) == 1 else None
