"""Ages of what is owed: how long it has been due, in the groups that practices and their accountants look at."""

from __future__ import annotations

from datetime import date
from typing import Final

AGES: Final = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90_days")
"""How many days past the due date; on the day itself it is not due."""
_FIRST_DAYS: Final = (1, 31, 61, 91)


def age_of(due_date: date, as_of: date) -> int:
    """The place in `AGES` of what was due on a day."""
    late = (as_of - due_date).days
    return sum(late >= first for first in _FIRST_DAYS)
