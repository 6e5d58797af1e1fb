"""Whatever a record holds, reading it says what it is or why it is none, and raises nothing else (`ALL-7`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.messaging import cloudevents
from chassis.messaging.cloudevents import NotACloudEvent
from chassis.messaging.mentions import mentions_of
from hypothesis import given, settings
from hypothesis import strategies as st

A, B = UUID(int=10), UUID(int=11)
STRUCTURED = "application/cloudevents+json"
GOOD = {
    "specversion": "1.0",
    "id": "1",
    "source": "/clinical",
    "type": "word",
    "subject": "thing",
    "time": "2026-11-28T08:00:00Z",
    "clinicid": str(A),
    "sequence": "000000000001",
}
ODD_JSON = (
    *("NaN", "-Infinity", "1e400", "9" * 40, "-0", '"\\ud800"', '"\\u0000"', "true", "null", "{}", '""'),
    *("[" * deep + "]" * deep for deep in (150, 260, 600, 1_010, 1_500)),
    *('{"clinic_id":' * deep + "1" + "}" * deep for deep in (150, 260, 1_010)),
    *(f'"{text}"' for text in (A, str(B).upper(), B.hex, f"urn:uuid:{B}", UUID(int=0), "0x" + "1" * 30, "x" * 5_000)),
)
ODD_HEADERS = (
    *(b"", b"\0", b"\xff\xfe", b" ", b"1" * 5_000, b"-1", b"1_0", b"2.0", b"0001-01-01T00:00:00+14:00"),
    *(str(one).encode() for one in (A, B, f"7 /clinical {A}", "/dental-billing/payments", STRUCTURED, "a b")),
)


@dataclass(frozen=True)
class Bytes:
    """A record as aiokafka hands it over."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp: int
    topic: str = "words"
    partition: int = 0
    offset: int = 0


@st.composite
def documents(draw: st.DrawFn, names: Sequence[str]) -> bytes:
    """JSON, or what some reader takes for it, of these members and others, also twice."""
    members = draw(st.lists(st.tuples(st.sampled_from([*names, "more"]), st.sampled_from(ODD_JSON)), max_size=4))
    written = "{" + ", ".join(f'"{name}": {value}' for name, value in members) + "}"
    return draw(st.sampled_from([written.encode(), written[:-1].encode(), b"\xef\xbb\xbf" + written.encode()]))


@st.composite
def records(draw: st.DrawFn) -> Bytes:
    """A record in either mode, good but for up to three of its attributes and whatever its data are."""
    data = draw(st.one_of(documents(("clinic_id", "patient_id", "data")), st.binary(max_size=40), st.just(b"{}")))
    spoilt = draw(st.dictionaries(st.sampled_from(sorted(GOOD)), st.sampled_from(ODD_HEADERS), max_size=3))
    if draw(st.booleans()):
        attributes = {name: json.dumps(value) for name, value in GOOD.items()}
        attributes |= {name: draw(st.sampled_from(ODD_JSON)) for name in spoilt} | {"data": data.decode("latin-1")}
        value = "{" + ", ".join(f'"{name}": {one}' for name, one in attributes.items()) + "}"
        headers = [("content-type", STRUCTURED.encode())] if draw(st.booleans()) else []
        return Bytes(b"key", value.encode(), headers, 0)
    headers_ = {f"ce_{name}": value.encode() for name, value in GOOD.items()}
    headers_ |= {f"ce_{name}": value for name, value in spoilt.items()}
    twice = draw(st.lists(st.tuples(st.sampled_from(sorted(headers_)), st.sampled_from([*ODD_HEADERS, None]))))
    key = draw(st.sampled_from([None, b"", b"\0", b"\xff", b"key", b"k" * 5_000]))
    return Bytes(key, data, [*headers_.items(), *twice], draw(st.sampled_from([0, -1, 10**30])))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(record=records())
def test_reading_a_record_raises_nothing_but_that_it_is_no_event(record: Any) -> None:
    """What is raised besides ends each process that reads it."""
    cloudevents.type_of(record)
    kept = cloudevents.unreadable(record)
    try:
        message = cloudevents.message_of(record)
    except NotACloudEvent:
        message = kept
    mentions_of(message.lane, message.sequence, message.data)
    for text in (message.id, message.type, message.key, message.subject):
        assert "\0" not in text
        assert text.encode().decode() == text


@settings(max_examples=150, deadline=None, derandomize=True)
@given(record=records())
def test_a_record_is_of_a_clinic_that_it_names_alone(record: Any) -> None:
    """ALL-4: what names two is of neither, nor is it taken for an event of the other one."""
    named = {value for name, value in record.headers if name == "ce_clinicid" and value is not None}
    kept = cloudevents.unreadable(record)
    if len(named) > 1 and named == {str(A).encode(), str(B).encode()}:
        assert kept.clinic_id == cloudevents.NO_CLINIC
    try:
        message = cloudevents.message_of(record)
    except NotACloudEvent:
        return
    assert message.clinic_id in (A, B)
    assert message.id.endswith(str(message.clinic_id)) or " " not in message.id
