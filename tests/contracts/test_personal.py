"""What is about a person is marked in the schemas, and no member is forgotten (`ALL-6`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from contracts.event import EVENTS
from contracts.golden import GOLDEN
from contracts.personal import HEALTH, IDENTITY, OF_PART, OPAQUE, WORDS, is_personal, public
from contracts.rendering.schemas import schema_of


def parts(event_type: str) -> Iterator[tuple[str, dict[str, Any]]]:
    schema = schema_of(EVENTS[event_type])
    yield schema["title"], schema["properties"]
    for name, part in schema.get("$defs", {}).items():
        yield name, part.get("properties", {})


def is_free_text(member: dict[str, Any]) -> bool:
    variants = [member, *member.get("anyOf", []), member.get("items", {})]
    return any(
        variant.get("type") == "string" and not variant.keys() & {"format", "enum", "const"} for variant in variants
    )


@pytest.mark.parametrize("event_type", EVENTS)
def test_every_free_text_is_known_to_be_personal_or_not(event_type: str) -> None:
    """ALL-6: a new member is put into one of the tables of `contracts.personal`."""
    for name, members in parts(event_type):
        for member, said in members.items():
            personal = is_personal(name, member)
            assert bool(said.get("x-personal")) is personal, f"{name}.{member}"
            assert personal or not is_free_text(said) or member in OPAQUE, f"{name}.{member}"


def test_the_tables_name_members_that_there_are() -> None:
    there = {member for event_type in EVENTS for _, members in parts(event_type) for member in members}
    assert (IDENTITY | HEALTH | WORDS | OPAQUE).union(*OF_PART.values()) - there == set()


def test_a_patient_is_marked_and_an_amount_is_not() -> None:
    schema = schema_of(EVENTS["dental.patient.registered.v1"])
    assert schema["properties"]["family_name"]["x-personal"] is True
    assert schema["$defs"]["ContactPoint"]["properties"]["value"]["x-personal"] is True
    assert "x-personal" not in schema["properties"]["patient_id"]


def members_of(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from members_of(one)


@pytest.mark.parametrize("event_type", GOLDEN)
def test_what_anybody_may_know_of_an_event_names_nobody_and_nothing_that_was_done(event_type: str) -> None:
    """ALL-6: it is the event, without what is marked."""
    event = GOLDEN[event_type].event
    said = public(event)
    assert set(members_of(said)) & (IDENTITY | HEALTH | WORDS) == set()
    assert "name" not in said.get("payer", {})
    assert said.keys() == {name for name in type(event).model_fields if not is_personal(type(event).__name__, name)}
    assert said["clinic_id"] == str(event.clinic_id)
