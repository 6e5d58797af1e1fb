"""The trace that requests, messages and what is stored for later carry along: W3C Trace Context."""

from __future__ import annotations

from typing import NamedTuple

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.trace import Span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


class TraceContext(NamedTuple):
    """`traceparent` and `tracestate` as W3C writes them; empty where nothing is traced."""

    traceparent: str | None = None
    tracestate: str | None = None

    def restored(self) -> otel_context.Context:
        """As OpenTelemetry's context, to be a span's parent."""
        carrier = {"traceparent": self.traceparent or "", "tracestate": self.tracestate or ""}
        return _PROPAGATOR.extract(carrier)


def trace_of(span: Span) -> TraceContext:
    """The context that makes others children of this span."""
    if not span.get_span_context().is_valid:
        return TraceContext()
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    return TraceContext(carrier.get("traceparent"), carrier.get("tracestate"))


def current_trace() -> TraceContext:
    """The context of the span that is open here."""
    return trace_of(trace.get_current_span())
