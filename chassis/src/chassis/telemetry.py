"""Traces and metrics by OpenTelemetry, exported over OTLP/HTTP when an endpoint is set and next to free when not."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opentelemetry import context, metrics, trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACE_ID_BITS, _SPAN_ID_BITS = 128, 64
# Milliseconds matter here: a request takes 3 to 60 ms, a slow one seconds.
DURATION_BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

tracer = trace.get_tracer("chassis")
meter = metrics.get_meter("chassis")


@dataclass
class Exporting:
    """The providers of this process, to be flushed when it ends."""

    traces: TracerProvider | None = None
    metrics: MeterProvider | None = None
    _closed: bool = field(default=False, init=False)

    def close(self) -> None:
        """Send what is still held. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self.traces is not None:
            self.traces.shutdown()
        if self.metrics is not None:
            self.metrics.shutdown(timeout_millis=5_000)


def start_telemetry(
    *,
    service: str,
    version: str,
    endpoint: str | None,
    sample_ratio: float = 1.0,
    metrics_seconds: float = 10.0,
) -> Exporting:
    """Begin to export spans, and every so often metrics, of this process to `endpoint`; without one, do nothing."""
    if endpoint is None:
        return Exporting()
    # The SDK and its exporter cost 15 MB: only a process that exports pays for them.
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    base = endpoint.rstrip("/")
    # Every process tells its own figures: without a name of its own, one would overwrite another's.
    instance = f"{socket.gethostname()}-{os.getpid()}"
    named = {"service.name": service, "service.version": version, "service.namespace": "billing"}
    resource = Resource.create(named | {"service.instance.id": instance})
    traces = TracerProvider(resource=resource, sampler=ParentBased(TraceIdRatioBased(sample_ratio)))
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{base}/v1/traces")))
    every = metrics_seconds * 1_000
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{base}/v1/metrics"), export_interval_millis=every)
    measures = MeterProvider(resource=resource, metric_readers=[reader])
    trace.set_tracer_provider(traces)
    metrics.set_meter_provider(measures)
    return Exporting(traces, measures)


def inject() -> tuple[str | None, str | None]:
    """The W3C `traceparent` and `tracestate` of the current span, to travel with a message or request."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent"), carrier.get("tracestate")


def extracted(traceparent: str | None, tracestate: str | None = None) -> Context:
    """The remote context that a message or request came with; an empty one if it had none or a broken one."""
    if traceparent is None:
        return Context()
    carrier = {"traceparent": traceparent}
    if tracestate:
        carrier["tracestate"] = tracestate
    return _PROPAGATOR.extract(carrier, Context())


def linked(traceparent: str | None, tracestate: str | None = None) -> Link | None:
    """A link to the span that a message came from, for a batch that has many parents."""
    origin = trace.get_current_span(extracted(traceparent, tracestate)).get_span_context()
    return Link(origin) if origin.is_valid else None


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
    links: list[Link] | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Iterator[Span]:
    """A span around a piece of work; an error marks it by its type only, as its text may hold personal data (`ALL-6`).

    Where nothing is exported the span still has ids, so that logs and events of one request can be told together.
    """
    current = _with_ids(tracer.start_span(name, context=parent, kind=kind, links=links, attributes=attributes), parent)
    token = context.attach(trace.set_span_in_context(current, parent))
    try:
        yield current
    except BaseException as error:
        mark_failed(current, error)
        raise
    finally:
        context.detach(token)
        current.end()


def mark_failed(current: Span, error: BaseException) -> None:
    """Mark a span as failed with the type of the error."""
    current.set_attribute("error.type", type(error).__name__)
    current.set_status(Status(StatusCode.ERROR))


def client_span(method: str, host: str, route: str) -> Any:
    """A span around an outgoing HTTP request; `route` is a template, never a path with identifiers of persons."""
    attributes = {"http.request.method": method, "server.address": host, "url.template": route}
    return span(f"{method} {route}", kind=SpanKind.CLIENT, attributes=attributes)


def trace_headers() -> dict[str, str]:
    """The headers that make the receiver of an outgoing request part of the current trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier


def trace_id() -> str | None:
    """The current trace's id in hex, as problem documents and logs show it."""
    current = trace.get_current_span().get_span_context()
    return format(current.trace_id, "032x") if current.is_valid else None


def _with_ids(started: Span, parent: Context | None) -> Span:
    """The span itself if it records or is part of a trace; else one with random ids that is never exported."""
    if started.get_span_context().is_valid and not isinstance(started, NonRecordingSpan):
        return started
    outer = trace.get_current_span(parent).get_span_context()
    trace_number = outer.trace_id if outer.is_valid else secrets.randbits(_TRACE_ID_BITS) | 1
    flags = outer.trace_flags if outer.is_valid else TraceFlags(TraceFlags.DEFAULT)
    state = outer.trace_state if outer.is_valid else None
    return NonRecordingSpan(
        SpanContext(
            trace_number, secrets.randbits(_SPAN_ID_BITS) | 1, is_remote=False, trace_flags=flags, trace_state=state
        )
    )
