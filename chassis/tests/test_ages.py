"""Ages of what is owed: each begins on the day after the one before ends."""

from __future__ import annotations

from datetime import date, timedelta

from chassis.ages import AGES, age_of

DUE = date(2026, 11, 23)
LATE = {-400: "not_due", 0: "not_due", 1: "days_1_30", 30: "days_1_30", 31: "days_31_60", 60: "days_31_60"}
LATER = {61: "days_61_90", 90: "days_61_90", 91: "over_90_days", 4_000: "over_90_days"}


def test_what_is_owed_is_as_old_as_the_days_since_it_was_due() -> None:
    known = LATE | LATER
    assert {late: AGES[age_of(DUE, DUE + timedelta(days=late))] for late in known} == known
