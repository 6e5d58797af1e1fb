"""Many rows as one parameter of a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as JSON, which PostgreSQL makes a recordset of again."""
    # asyncpg's own UUIDs, which rows have, are none to orjson.
    return orjson.dumps(rows, default=str).decode()
