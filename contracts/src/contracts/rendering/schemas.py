"""One JSON Schema (2020-12) and one golden example for each event."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from contracts.event import Event
from contracts.golden import GOLDEN, data_of, headers_of
from contracts.personal import marked

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def urn_of(event_type: str, version: int | None = None) -> str:
    """What a schema is called: the newest of an event type (as `ce_dataschema` says it), or one published version."""
    return f"urn:dental-billing:schemas:{event_type}" + (f":{version}" if version else "")


def named(schema: dict[str, Any], event_type: str, version: int) -> dict[str, Any]:
    """The schema as this published version: its `$id` says so."""
    return schema | {"$id": urn_of(event_type, version)}


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The schema of an event's data, with the topic and the key that it travels under."""
    described = event.model_json_schema(mode="serialization")
    return {
        "$schema": DIALECT,
        "$id": urn_of(event.event_type),
        "x-topic": event.topic,
        "x-key": key_of(event),
        **marked(without_titles(described), event.__name__),
        "title": event.__name__,
    }


def key_of(event: type[Event]) -> str:
    """The member that its messages are keyed by, as the class makes the key. Raises ValueError where none is."""
    golden = GOLDEN[event.event_type].event
    probe = uuid4()
    keys = [name for name in event.model_fields if golden.model_copy(update={name: probe}).partition_key == str(probe)]
    if len(keys) != 1:
        raise ValueError(f"{event.__name__} is keyed by no member of its own: {', '.join(keys) or 'none'}")
    return keys[0]


def example_of(event: type[Event]) -> dict[str, Any]:
    """The golden example of an event as it lies in Kafka: topic, key, headers, data."""
    golden = GOLDEN[event.event_type]
    return {
        "topic": event.topic,
        "key": golden.event.partition_key,
        "headers": headers_of(golden),
        "data": data_of(golden),
    }


def without_titles(schema: Any) -> Any:
    """Drop the titles that pydantic derives from field names: they say nothing that the name does not."""
    if isinstance(schema, dict):
        return {
            name: without_titles(value)
            for name, value in schema.items()
            if not (name == "title" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [without_titles(value) for value in schema]
    return schema


def written(document: dict[str, Any]) -> str:
    """JSON as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
