"""CloudEvents 1.0 over Kafka: attributes in `ce_*` headers, the value is the data (binary mode).

That is how events are written here; the whole event as the value (structured mode) is read as well.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic_core import from_json

from chassis.messaging.message import Message
from chassis.messaging.records import Unread
from chassis.trace_context import TraceContext

LONGEST_ATTRIBUTE = 255
"""Characters of a key or of an attribute: they are indexed, and an index takes no text of any length."""
NO_CLINIC = UUID(int=0)
"""Stands for the clinic of a record whose headers could not be read."""

UNREADABLE = -1
"""Stands for the sequence of a record that could not be read: it is never handled."""
PREFIX = "ce_"
_CLINIC = f"{PREFIX}clinicid"
STRUCTURED = "application/cloudevents+json"

_LARGEST_SEQUENCE = 2**63 - 1
_OURS = "/dental-billing/"
"""What the sources of these services begin with: their ids are unique by themselves."""
_NUL = "\0"

Headers = list[tuple[str, bytes]]


class NotACloudEvent(ValueError):
    """A record whose headers are not those of a CloudEvent as these services exchange them."""


def source_of(service: str) -> str:
    """The source of what a service of these announces."""
    return f"{_OURS}{service}"


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
    """Read a Kafka record. Raises NotACloudEvent, naming what is missing, contradictory or no database could keep.

    A `tracestate` is not taken over, as at the edge: it may be anything, a name, too, and would go on from here.
    """
    read = _read(record)
    found = read.attributes
    kept: dict[str, str] = {}
    name = ""
    try:
        for name in ("id", "type", "source", "subject"):
            kept[name] = _kept(found[name])
        name = "source"
        _require_reference(kept[name])
        name = "specversion"
        _require_version(found.get(name, "1.0"))
        name = "clinicid"
        clinic_id = _clinic(found[name])
        name = "time"
        time = _instant(found[name])
        name = "sequence"
        sequence = _sequence(found.get(name, "0"))
    except (KeyError, ValueError, OverflowError):
        raise NotACloudEvent(f"the {read.what} {read.prefix}{name} is missing or malformed") from None
    _require_same_clinic(read, clinic_id)
    return Message(
        id=_identity(kept["source"], clinic_id, kept["id"]),
        type=kept["type"],
        source=kept["source"],
        subject=kept["subject"],
        clinic_id=clinic_id,
        sequence=sequence,
        time=time,
        key=_key(record),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        data=read.data,
        trace=TraceContext(_unless_nul(found.get("traceparent"))),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A record's attributes by their CloudEvents names, its data, and how a refusal calls an attribute."""

    attributes: dict[str, str]
    data: bytes
    what: str = "header"
    prefix: str = PREFIX


def _read(record: Any) -> _Read:
    for _, value in record.headers:
        if isinstance(value, Unread):
            raise NotACloudEvent(value.decode())
    if _is_structured(record):
        return _structured(record.value, _traces(record))
    attributes: dict[str, str] = {}
    for header, value in record.headers:
        if header.startswith(PREFIX) and value is not None:
            name = header.removeprefix(PREFIX)
            attributes[name] = _once(attributes.get(name), _decoded(value, header), header)
    return _Read(attributes | _traces(record), record.value or b"")


def _once(before: str | None, now: str, header: str) -> str:
    """Of two that differ, one reader takes the first and another the last."""
    if before not in (None, now):
        raise NotACloudEvent(f"the header {header} is there twice, and differs")
    return now


def _decoded(value: bytes, header: str) -> str:
    """Its text; with characters replaced, two different ids would be one."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise NotACloudEvent(f"the header {header} is missing or malformed") from None


def _traces(record: Any) -> dict[str, str]:
    return {
        name: value.decode(errors="replace")
        for name, value in record.headers
        if name == "traceparent" and value is not None
    }


def _is_structured(record: Any) -> bool:
    """By its content type, or (the official SDK for Python writes the data's) by its value, where no header says it."""
    binary = False
    for name, value in record.headers:
        if name.startswith(PREFIX):
            binary = True
        if name == "content-type" and bytes(value or b"").partition(b";")[0].strip().lower() == STRUCTURED.encode():
            return True
    return not binary and isinstance((_object(record.value) or {}).get("specversion"), str)


def _structured(value: bytes | None, traces: dict[str, str]) -> _Read:
    """An event in structured mode: attributes and data are members of one JSON object.

    Of strict JSON: its data is written anew, and what only a lenient reader takes (NaN) would become something else.
    """
    try:
        document = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise NotACloudEvent("the value is no JSON object, as an event in structured mode is")
    attributes = {name: str(one) for name, one in document.items() if isinstance(one, str | int)}
    return _Read(attributes | traces, _data_of(document), "attribute", "")


def _data_of(document: Mapping[str, Any]) -> bytes:
    """The data as JSON: a member of the document, or bytes in base64."""
    try:
        if isinstance(document.get("data"), dict):
            return orjson.dumps(document["data"])  # which is nested less deeply than what it reads: TypeError
        return b64decode(document["data_base64"], validate=True)
    except (KeyError, ValueError, TypeError):
        raise NotACloudEvent("the attribute data is missing or malformed") from None


def _require_same_clinic(read: _Read, clinic_id: UUID) -> None:
    """What the header says decides which rows are seen, and what the data says which are written: they are one."""
    said = (_object(read.data) or {}).get("clinic_id")
    named = _id_or_none(said)  # no id at all: the consumer says so of the member
    if named not in (None, clinic_id):
        raise NotACloudEvent(f"the {read.what} {read.prefix}clinicid says {clinic_id}, the data clinic_id {said}")


def _object(value: bytes | None) -> dict[str, Any] | None:
    """The JSON object, read by what handlers read it by where the stricter parser refuses it (NaN, say)."""
    try:
        found = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        try:
            found = from_json(value or b"")
        except ValueError:
            return None
    return found if isinstance(found, dict) else None


def _identity(source: str, clinic_id: UUID, event_id: str) -> str:
    """What makes an event the same one: its source and id (CloudEvents 1.0, 3.1.1), in its clinic (`ALL-4`).

    These services' own ids are UUIDs, which are unique by themselves; whatever else a source below our prefix calls its
    events (`7`, or what looks like another clinic's event) is unique within that source and clinic, as another system's
    is: taken for one of ours, the next of that id would be passed over.
    """
    ours = source.startswith(_OURS) and str(_id_or_none(event_id)) == event_id
    return event_id if ours else f"{event_id} {source} {clinic_id}"


def unreadable(record: Any) -> Message:
    """A record that is no CloudEvent, as far as it can be told and kept: to become a dead letter.

    It holds up what comes after it in its clinic, where that can be told, else nothing (`ALL-4`).
    """
    try:
        time = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        time = datetime.fromtimestamp(0, UTC)
    return Message(
        id=f"{record.topic}/{record.partition}/{record.offset}",
        type=(type_of(record) or "").replace(_NUL, "\N{REPLACEMENT CHARACTER}")[:LONGEST_ATTRIBUTE],
        source="",
        subject="",
        clinic_id=_clinic_told(record),
        sequence=UNREADABLE,
        time=time,
        key=(record.key or b"").decode(errors="replace").replace(_NUL, "\N{REPLACEMENT CHARACTER}")[:LONGEST_ATTRIBUTE],
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        data=record.value or b"",
    )


def type_of(record: Any) -> str | None:
    """The event's type, read before anything else, so that types nobody listens to cost nothing.

    None where it is not told for certain: by no header, an empty one, or several; the record is read whole, then.
    """
    if _is_structured(record):
        said = (_object(record.value) or {}).get("type")
        return said or None if isinstance(said, str) else None
    types = {value for name, value in record.headers if name == f"{PREFIX}type" and value is not None}
    if len(types) != 1:
        return None
    return str(types.pop().decode(errors="replace")) or None


def _clinic_told(record: Any) -> UUID:
    """The clinic of a record that cannot be read, by its header, else by its value; NO_CLINIC where neither says.

    So where its headers name several: whichever was taken, the record of one would hold up another.
    """
    document = _object(record.value) or {}
    data = document.get("data")
    headers_ = [bytes(value or b"").decode(errors="replace") for name, value in record.headers if name == _CLINIC]
    beside = [document.get("clinicid"), document.get("clinic_id")]
    beside.append(data.get("clinic_id") if isinstance(data, dict) else None)
    told = _ids(headers_) or _ids(beside)
    return told.pop() if len(told) == 1 else NO_CLINIC


def _ids(said: Iterable[object]) -> set[UUID]:
    return {found for one in said if (found := _id_or_none(one)) not in (None, NO_CLINIC)}


def _id_or_none(said: object) -> UUID | None:
    """The id, if that is what it is as text: what else may stand there is of any depth and size."""
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _key(record: Any) -> str:
    if not record.key or record.value is None:
        raise NotACloudEvent("the record has no key or no value")
    try:
        return _kept(record.key.decode(errors="replace"))
    except ValueError:
        raise NotACloudEvent("the key is malformed") from None


def _kept(text: str) -> str:
    """The text, if there is one and a column with an index can keep it."""
    if not text or _NUL in text or len(text) > LONGEST_ATTRIBUTE:
        raise ValueError(text)
    return text


def _require_reference(text: str) -> None:
    """A source is a URI reference, which has no space: with one, id and source could be told apart in two ways."""
    if any(character.isspace() for character in text):
        raise ValueError(text)


def _require_version(text: str) -> None:
    """Another major version of CloudEvents may mean something else by the same attributes."""
    if text.partition(".")[0] != "1":
        raise ValueError(text)


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
