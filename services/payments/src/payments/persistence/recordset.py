"""Many rows as one parameter of a statement; what of a filter matters, and how many rows a statement gives."""

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


def conditions_of(wanted: object, conditions: Mapping[str, str]) -> dict[str, Any]:
    """Which of these conditions a filter has, with its values, in their order; what is None does not matter."""
    return {name: value for name in conditions if (value := getattr(wanted, name, None)) is not None}


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as JSON, which PostgreSQL makes a recordset of again."""
    # asyncpg's own UUIDs, which rows have, are none to orjson.
    return orjson.dumps(rows, default=str).decode()
