"""The trace that a message carries: W3C Trace Context, from the request through the outbox to every consumer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from chassis.messaging.message import Message

_PROPAGATOR = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("chassis.messaging")


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


def start_send(topic: str, event_type: str, parent: TraceContext) -> Span:
    """Open the span of publishing one message; the caller ends it after the broker's ack."""
    if parent.traceparent is None:
        return trace.INVALID_SPAN
    attributes = {
        "messaging.system": "kafka",
        "messaging.operation.type": "send",
        "messaging.operation.name": "send",
        "messaging.destination.name": topic,
        "cloudevents.event_type": event_type,
    }
    return _tracer.start_span(f"send {topic}", parent.restored(), SpanKind.PRODUCER, attributes)


@contextmanager
def processing(consumer: str, topic: str, messages: Sequence[Message]) -> Iterator[dict[str, TraceContext]]:
    """Open one span a message, child of the trace it carries, and yield them by message id and by key (its last one's).

    A batch is handled at once, yet each message goes on in its own trace: what is announced because of it, and what is
    stored to be done later, continues there.
    """
    spans: list[Span] = []
    traces: dict[str, TraceContext] = {}
    for message in messages:
        if message.trace.traceparent is None:
            continue
        span = _start_process(consumer, topic, message, len(messages))
        spans.append(span)
        traces[message.key] = traces[message.id] = trace_of(span)
    try:
        with trace.use_span(spans[0] if len(messages) == 1 and spans else trace.INVALID_SPAN):
            yield traces
    finally:
        for span in spans:
            span.end()


def _start_process(consumer: str, topic: str, message: Message, batch_size: int) -> Span:
    attributes: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.destination.name": topic,
        "messaging.destination.partition.id": str(message.partition),
        "messaging.consumer.group.name": consumer,
        "messaging.batch.message_count": batch_size,
        "messaging.kafka.offset": message.offset,
        "cloudevents.event_id": message.id,
        "cloudevents.event_type": message.type,
    }
    parent = message.trace.restored()
    producer = trace.get_current_span(parent).get_span_context()
    links = [Link(producer)] if producer.is_valid else []
    return _tracer.start_span(f"process {topic}", parent, SpanKind.CONSUMER, attributes, links)
