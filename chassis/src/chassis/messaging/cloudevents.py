"""CloudEvents 1.0 over Kafka in binary mode: attributes in `ce_*` headers, the value is the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.messaging.message import Message
from chassis.messaging.tracing import TraceContext

LONGEST_ATTRIBUTE = 255
"""Characters of a key or of an attribute: they are indexed, and an index takes no text of any length."""
NO_CLINIC = UUID(int=0)
"""Stands for the clinic of a record whose headers could not be read."""

_LARGEST_SEQUENCE = 2**63 - 1
_NUL = "\0"

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
    """Read a Kafka record. Raises NotACloudEvent, naming the header that is missing or that no database could keep."""
    found = _decoded(record.headers)
    attributes: dict[str, str] = {}
    name = ""
    try:
        for name in ("ce_id", "ce_type", "ce_source", "ce_subject"):
            attributes[name] = _kept(found[name])
        name = "ce_clinicid"
        clinic_id = _clinic(found[name])
        name = "ce_time"
        time = _instant(found[name])
        name = "ce_sequence"
        sequence = _sequence(found.get(name, "0"))
    except (KeyError, ValueError, OverflowError) as error:
        missing = error.args[0] if isinstance(error, KeyError) else name
        raise NotACloudEvent(f"the header {missing} is missing or malformed") from None
    return Message(
        id=attributes["ce_id"],
        type=attributes["ce_type"],
        source=attributes["ce_source"],
        subject=attributes["ce_subject"],
        clinic_id=clinic_id,
        sequence=sequence,
        time=time,
        key=_key(record),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        data=record.value,
        trace=TraceContext(_unless_nul(found.get("traceparent")), _unless_nul(found.get("tracestate"))),
    )


def unreadable(record: Any) -> Message:
    """A record that is no CloudEvent, as far as it can be told and kept: to become a dead letter."""
    try:
        time = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        time = datetime.fromtimestamp(0, UTC)
    return Message(
        id=f"{record.topic}/{record.partition}/{record.offset}",
        type=type_of(record) or "",
        source="",
        subject="",
        clinic_id=NO_CLINIC,
        sequence=0,
        time=time,
        key=(record.key or b"").decode(errors="replace").replace(_NUL, "\N{REPLACEMENT CHARACTER}")[:LONGEST_ATTRIBUTE],
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        data=record.value or b"",
    )


def type_of(record: Any) -> str | None:
    """The event's type, read before anything else, so that types nobody listens to cost nothing."""
    for name, value in record.headers:
        if name == "ce_type":
            return str(value.decode(errors="replace"))
    return None


def _decoded(pairs: Iterable[tuple[str, bytes]] | Sequence[tuple[str, bytes]]) -> dict[str, str]:
    return {name: value.decode(errors="replace") for name, value in pairs}


def _key(record: Any) -> str:
    if record.key is None or record.value is None:
        raise NotACloudEvent("the record has no key or no value")
    try:
        return _kept(record.key.decode(errors="replace"))
    except ValueError:
        raise NotACloudEvent("the key is malformed") from None


def _kept(text: str) -> str:
    """The text, if a column with an index can keep it."""
    if _NUL in text or len(text) > LONGEST_ATTRIBUTE:
        raise ValueError(text)
    return text


def _clinic(text: str) -> UUID:
    clinic_id = UUID(text)
    if clinic_id == NO_CLINIC:
        raise ValueError(text)
    return clinic_id


def _instant(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(text)
    return time.astimezone(UTC)


def _sequence(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _LARGEST_SEQUENCE:
        raise ValueError(text)
    return number


def _unless_nul(text: str | None) -> str | None:
    return None if text is None or _NUL in text else text
