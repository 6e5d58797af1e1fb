"""How a clinic writes its numbers: by one pattern, in every service (INV-7)."""

from __future__ import annotations

from datetime import date

import pytest
from chassis.number_patterns import LONGEST_PATTERN, PatternUnusable, format_number, read_number, require_pattern
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.rule("INV-7.2")
def test_numbers_are_written_by_the_clinics_pattern() -> None:
    """INV-7."""
    assert format_number("INV-{year}-{number:06}", 42, date(2026, 1, 1)) == "INV-2026-000042"
    assert format_number("{number}/{year}", 1_234_567, date(2027, 1, 1)) == "1234567/2027"


@pytest.mark.parametrize(
    "pattern",
    [
        "INV",
        "{number}{number}",
        "{number.__class__}",
        "{number:>9}",
        "{clinic}-{number}",
        "{",
        "{number}\n",
        "{number}" + "x" * LONGEST_PATTERN,
    ],
)
def test_a_pattern_that_would_repeat_or_reach_elsewhere_is_refused(pattern: str) -> None:
    """INV-7."""
    with pytest.raises(PatternUnusable):
        require_pattern(pattern)


@given(
    st.sampled_from(["{number}", "{number:06}", "{number:012}"]),
    st.text("AZaz09-/ ", max_size=12),
    st.integers(1, 10**12),
)
def test_a_usable_pattern_tells_one_number_from_the_next_and_stays_short(field: str, before: str, number: int) -> None:
    """INV-7: it is printed, and stored in 60 characters."""
    pattern = require_pattern(f"{before}{{year}}{field}")
    printed = format_number(pattern, number, date(2026, 5, 1))
    assert printed != format_number(pattern, number + 1, date(2026, 5, 1))
    assert len(printed) <= 60


@given(
    st.sampled_from(["{number}", "{number:06}", "{year}{number:04}", "INV-{year}-{number:06}", "{number}/{year:06}"]),
    st.integers(1, 10**9),
    st.integers(2000, 2100),
)
@pytest.mark.rule("INV-7.2")
def test_a_number_is_read_from_what_was_printed(pattern: str, number: int, year: int) -> None:
    """And never below it where another pattern printed it."""
    printed = format_number(pattern, number, date(year, 1, 1))
    assert read_number(pattern, printed) == number
    assert read_number("another-{number}", printed) >= number
    assert read_number("", "none") == 0
