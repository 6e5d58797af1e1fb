"""What of a filter matters to a statement, and how many rows it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PLANNED_LIMITS = (51, 201)


def planned_limit(limit: int) -> int:
    """A limit to be written into a statement: a parameter would be planned as a tenth of the table, by hash joins.

    At least the one wanted, and one of few, so that there are few statements; what is beyond is to be cut off.
    """
    return next((planned for planned in PLANNED_LIMITS if planned >= limit), limit)


def among(values: Iterable[str]) -> str:
    """Constants of ours as what stands behind IN."""
    return "({})".format(", ".join(f"'{value}'" for value in values))


def conditions_of(wanted: object, conditions: Mapping[str, str]) -> dict[str, Any]:
    """Which of these conditions a filter has, with its values, in their order; what is None does not matter."""
    return {name: value for name in conditions if (value := getattr(wanted, name, None)) is not None}
