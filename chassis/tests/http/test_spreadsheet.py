"""What somebody typed in is no formula to a spreadsheet, however it begins."""

from __future__ import annotations

import pytest
from chassis.http.spreadsheet import said


@pytest.mark.parametrize(
    "typed",
    [
        "=2+2",
        "+1",
        "-1",
        "@SUM(A1)",
        " =2+2",
        "\t=2+2",
        "\n=HYPERLINK(1)",
        "\r\n=HYPERLINK(1)",
        "\N{NO-BREAK SPACE}=2+2",
        "\N{ZERO WIDTH NO-BREAK SPACE}=2+2",
        "\N{FULLWIDTH EQUALS SIGN}2+2",
        "\nnothing but a line break before it",
        "\tor a tabulator",
        "\ror a carriage return",
    ],
)
def test_what_would_begin_a_formula_is_marked_as_text(typed: str) -> None:
    assert said(typed) == "'" + typed


@pytest.mark.parametrize("typed", ["", "family's wish", " a space before", "a=b", "1-2", "é@x", "ends\n=1"])
def test_anything_else_is_said_as_it_is(typed: str) -> None:
    assert said(typed) == typed


def test_nothing_is_an_empty_cell() -> None:
    assert said(None) == ""
