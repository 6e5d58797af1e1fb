"""CloudEvents 1.0 over Kafka in binary mode: attributes in `ce_*` headers, the value is the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.messaging.message import Message
from chassis.messaging.tracing import TraceContext

Headers = list[tuple[str, bytes]]


class NotACloudEvent(ValueError):
    """A record whose headers are not those of a CloudEvent as these services exchange them."""


def headers(
    *,
    event_id: str,
    source: str,
    event_type: str,
    subject: str,
    clinic_id: str,
    sequence: int,
    time: datetime,
    trace: TraceContext,
) -> Headers:
    """The headers of an event. `ce_sequence` is zero-padded, so that it sorts as text (the sequence extension)."""
    written = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": source,
        "ce_type": event_type,
        "ce_subject": subject,
        "ce_time": time.isoformat(),
        "ce_clinicid": clinic_id,
        "ce_sequence": f"{sequence:012d}",
        "ce_dataschema": f"urn:dental-billing:schemas:{event_type}",
        "content-type": "application/json",
    }
    if trace.traceparent:
        written["traceparent"] = trace.traceparent
    if trace.tracestate:
        written["tracestate"] = trace.tracestate
    return [(name, value.encode()) for name, value in written.items()]


def message_of(record: Any) -> Message:
    """Read a Kafka record. Raises NotACloudEvent, naming the header that is missing or malformed."""
    found = _decoded(record.headers)
    name = "ce_id"
    try:
        attributes = {name: found[name] for name in ("ce_id", "ce_type", "ce_source", "ce_subject")}
        name = "ce_clinicid"
        clinic_id = UUID(found[name])
        name = "ce_time"
        time = datetime.fromisoformat(found[name])
        name = "ce_sequence"
        sequence = int(found.get(name, "0"))
    except (KeyError, ValueError) as error:
        missing = error.args[0] if isinstance(error, KeyError) else name
        raise NotACloudEvent(f"the header {missing} is missing or malformed") from None
    if record.key is None or record.value is None:
        raise NotACloudEvent("the record has no key or no value")
    return Message(
        id=attributes["ce_id"],
        type=attributes["ce_type"],
        source=attributes["ce_source"],
        subject=attributes["ce_subject"],
        clinic_id=clinic_id,
        sequence=sequence,
        time=time,
        key=record.key.decode(errors="replace"),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        data=record.value,
        trace=TraceContext(found.get("traceparent"), found.get("tracestate")),
    )


def type_of(record: Any) -> str | None:
    """The event's type, read before anything else, so that types nobody listens to cost nothing."""
    for name, value in record.headers:
        if name == "ce_type":
            return str(value.decode(errors="replace"))
    return None


def _decoded(pairs: Iterable[tuple[str, bytes]] | Sequence[tuple[str, bytes]]) -> dict[str, str]:
    return {name: value.decode(errors="replace") for name, value in pairs}
