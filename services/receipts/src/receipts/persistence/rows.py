"""Domain values are kept as the JSON of their fields."""

from __future__ import annotations

from typing import Any

import orjson


def parsed(column: Any) -> Any:
    """A jsonb column as the driver gives it."""
    return orjson.loads(column) if isinstance(column, str | bytes) else column
