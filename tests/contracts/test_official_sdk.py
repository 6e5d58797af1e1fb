"""Events that the official SDK of CloudEvents writes are read, in both modes of the Kafka binding."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from chassis.messaging import cloudevents
from cloudevents.http import CloudEvent
from cloudevents.kafka import from_binary, to_binary, to_structured
from cloudevents.kafka.conversion import KafkaMessage
from contracts.event import EVENTS
from contracts.golden import GOLDEN, data_of, headers_of

MODES: dict[str, Callable[[Any], Any]] = {
    "binary": to_binary,
    "structured": to_structured,
    "structured, of bytes": lambda event: to_structured(event, data_marshaller=lambda data: json.dumps(data).encode()),
}


def official(event_type: str) -> CloudEvent:
    golden = GOLDEN[event_type]
    attributes = {
        name.removeprefix("ce_"): value for name, value in headers_of(golden).items() if name.startswith("ce_")
    }
    attributes |= {"datacontenttype": "application/json", "partitionkey": golden.event.partition_key}
    return CloudEvent(attributes, data_of(golden))


def record(message: KafkaMessage, topic: str, content_type: bytes | None) -> Any:
    headers = dict(message.headers)
    if content_type is not None:
        headers["content-type"] = content_type
    key = message.key.encode() if isinstance(message.key, str) else message.key
    return SimpleNamespace(
        headers=list(headers.items()), key=key, value=message.value, topic=topic, partition=0, offset=0
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("event_type", EVENTS)
def test_an_event_of_the_official_sdk_is_read(event_type: str, mode: str) -> None:
    """ALL-7: as the SDK writes it, and with the content type that the binding asks of structured mode."""
    golden = GOLDEN[event_type]
    written = MODES[mode](official(event_type))
    content_types = (None,) if mode == "binary" else (None, b"application/cloudevents+json; charset=UTF-8")
    for content_type in content_types:
        given = record(written, golden.event.topic, content_type)
        assert cloudevents.type_of(given) == event_type
        message = cloudevents.message_of(given)
        assert EVENTS[message.type].model_validate_json(message.data) == golden.event
        assert (message.clinic_id, message.sequence) == (golden.event.clinic_id, golden.sequence)
        assert message.key == golden.event.partition_key


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_official_sdk_reads_the_examples(event_type: str) -> None:
    golden = GOLDEN[event_type]
    headers = {name: value.encode() for name, value in headers_of(golden).items()}
    value = json.dumps(data_of(golden)).encode()
    event = from_binary(KafkaMessage(headers, golden.event.partition_key, value))
    assert event["type"] == event_type
    assert event["clinicid"] == str(golden.event.clinic_id)
    assert EVENTS[event_type].model_validate(event.data) == golden.event
