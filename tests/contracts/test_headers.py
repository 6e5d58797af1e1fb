"""The headers that are documented are those that the chassis writes, and it reads the golden examples."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from chassis.messaging import cloudevents
from chassis.trace_context import TraceContext
from contracts.event import EVENTS
from contracts.golden import GOLDEN, data_of, headers_of
from contracts.participants import announced_by
from contracts.rendering.asyncapi import HEADERS
from contracts.rendering.schemas import written


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_chassis_writes_the_headers_that_the_examples_have(event_type: str) -> None:
    golden = GOLDEN[event_type]
    documented = headers_of(golden)
    sent = cloudevents.headers(
        event_id=str(golden.event_id),
        source=golden.source,
        event_type=event_type,
        subject=str(golden.subject),
        clinic_id=str(golden.event.clinic_id),
        sequence=golden.sequence,
        time=golden.event.occurred_at,
        trace=TraceContext(documented["traceparent"], None),
    )
    assert {name: value.decode() for name, value in sent} == documented
    assert documented.keys() <= HEADERS.keys()


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_chassis_reads_the_examples(event_type: str) -> None:
    golden = GOLDEN[event_type]
    record = SimpleNamespace(
        headers=[(name, value.encode()) for name, value in headers_of(golden).items()],
        key=golden.event.partition_key.encode(),
        value=written(data_of(golden)).encode(),
        topic=golden.event.topic,
        partition=3,
        offset=7,
    )
    message = cloudevents.message_of(record)
    assert (message.type, message.key) == (event_type, golden.event.partition_key)
    # One of another system is the same by its source and clinic, too.
    assert message.id.split()[0] == str(golden.event_id)
    assert message.id.split()[1:] in ([], [golden.source, str(golden.event.clinic_id)])
    assert (message.clinic_id, message.sequence) == (golden.event.clinic_id, golden.sequence)
    assert EVENTS[message.type].model_validate_json(message.data) == golden.event


def test_an_example_comes_from_the_system_that_announces_it() -> None:
    for golden in GOLDEN.values():
        assert golden.source.rpartition("/")[2] == announced_by(type(golden.event))
