"""Rows as JSON: many rows travel as one parameter, and domain values are kept as the JSON of their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def as_parameter(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows for `jsonb_to_recordset(CAST(:rows AS jsonb))`."""
    return orjson.dumps(list(rows), default=str).decode()


def parsed(column: Any) -> Any:
    """A jsonb column as the driver gives it."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column
