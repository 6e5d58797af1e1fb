"""Whom a message names besides those of its lane, whatever stands in it (`ALL-9`)."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from uuid import UUID, uuid4

import pytest
from chassis.messaging.cloudevents import NO_CLINIC, UNREADABLE
from chassis.messaging.mentions import mentions_of

CLINIC, OTHER, PATIENT = uuid4(), uuid4(), str(uuid4())


def named(data: Any, *, clinic: UUID = CLINIC, sequence: int = 1, whose: UUID = CLINIC) -> bool:
    written = data if isinstance(data, bytes) else json.dumps(data).encode()
    return mentions_of((clinic, "a key"), sequence, written).include((whose, PATIENT))


@pytest.mark.parametrize("value", ["\0", "ÿ" * 300, "\ud800", "", None, 7, ["x"], {"x": 1}, True, 1e300])
def test_what_is_no_id_names_nobody_and_is_asked_of_no_database(value: Any) -> None:
    """ALL-7."""
    found = mentions_of((CLINIC, "a key"), 1, json.dumps({"patient_id": value}).encode())
    assert found.keys == {"a key"}


def test_what_can_be_read_names_its_patient_in_its_clinic_only() -> None:
    """ALL-4, ALL-9."""
    assert named({"patient_id": PATIENT.upper()})
    assert not named({"patient_id": PATIENT}, whose=OTHER)
    assert not named({"referred_by": PATIENT})


def test_what_cannot_be_read_names_everybody_in_it() -> None:
    """ALL-9: of the clinics that it names, or of any where it names none."""
    data = {"clinic_id": str(OTHER), "anything": [PATIENT.upper()]}
    assert named(data, sequence=UNREADABLE)
    assert named(data, sequence=UNREADABLE, whose=OTHER)
    assert not named(data, sequence=UNREADABLE, whose=uuid4())
    assert named({"x": PATIENT}, clinic=NO_CLINIC, sequence=UNREADABLE, whose=uuid4())
    assert named(f"no JSON {PATIENT} {OTHER}".encode(), whose=OTHER)


def test_what_is_hidden_in_base64_is_named_too() -> None:
    """ALL-9: as an event in structured mode may have its data."""
    inner = json.dumps({"clinic_id": str(OTHER), "patient_id": PATIENT}).encode()
    data = {"data_base64": b64encode(inner).decode()}
    assert named(data, sequence=UNREADABLE, whose=OTHER)


def test_more_than_anybody_looks_for_is_said() -> None:
    """ALL-9."""
    data = {"x": [str(uuid4()) for _ in range(1_100)]}
    assert mentions_of((CLINIC, "a key"), UNREADABLE, json.dumps(data).encode()).are_too_many
