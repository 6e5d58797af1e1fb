"""Why a message is set aside names the member at fault, and never what it says (`ALL-6`, `ALL-7`)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from chassis.messaging.errors import reason_of
from pydantic import BaseModel, Field, ValidationError


class Part(BaseModel):
    note: str = Field(pattern=r"^[^\x00]*$")


class Whole(BaseModel):
    parts: list[Part]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"parts": [{"note": "Jane \\ud83e"}]}', "parts[0].note: is not Unicode text"),
        (b'{"parts": [{"note": "Jane \\u0000"}]}', "parts.0.note: string_pattern_mismatch"),
        (b'{"parts": [], "Jane Doe": "\\ud83e"}', "a member: is not Unicode text"),
        (b'{"parts": [{"note": "Jane"}', "is not JSON"),
        (b'{"parts": ' + b"[" * 100_000, "is not JSON"),
        (b"", "is not JSON"),
    ],
)
def test_the_member_that_cannot_be_read_is_named(data: bytes, reason: str) -> None:
    message: Any = SimpleNamespace(data=data)
    with pytest.raises(ValidationError) as refused:
        Whole.model_validate_json(data)
    assert reason_of(refused.value, message) == f"ValidationError: {reason}"
