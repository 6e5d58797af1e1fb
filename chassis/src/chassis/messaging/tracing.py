"""The spans of messages: of publishing one, and of handling it, each a child of the trace that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind

from chassis.messaging.message import Message
from chassis.trace_context import TraceContext, trace_of

_tracer = trace.get_tracer("chassis.messaging")


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
