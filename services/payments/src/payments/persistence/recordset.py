"""Many rows as one parameter of a statement, and how many rows one gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

PLANNED_LIMITS = (51, 201)


def planned_limit(limit: int) -> int:
    """A limit to be written into a statement: a parameter would be planned as a tenth of the table, by hash joins.

    At least the one wanted, and one of few, so that there are few statements; what is beyond is to be cut off.
    """
    return next((one for one in PLANNED_LIMITS if one >= limit), limit)


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as JSON, which PostgreSQL makes a recordset of again."""
    # asyncpg's own UUIDs, which rows have, are none to orjson.
    return orjson.dumps(rows, default=str).decode()
