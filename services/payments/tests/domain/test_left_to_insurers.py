"""To which insurers what of an invoice is left: decided, undecided, estimated, less what came of each (INS-4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from chassis.ages import AGES
from chassis.identifiers import new_id
from payments.domain.asked_now import AskedNow
from payments.domain.installment import Asking
from payments.domain.insurers_part import InsurersPart
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.left_to_insurers import UNNAMED, LeftToInsurers, together
from payments.domain.transaction import Payer

DELTA, CIGNA = (Payer("insurer", new_id(), name) for name in ("Delta", "Cigna"))
TODAY = date(2026, 11, 30)
ESTIMATES = ((DELTA, 60), (CIGNA, 20))


@pytest.mark.rule("PAY-9.4")
@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, []),
        ({"estimated_minor": 80}, [(DELTA, 60), (CIGNA, 20)]),
        ({"estimated_minor": 80, "received": ((DELTA, 50),)}, [(DELTA, 10), (CIGNA, 20)]),
        ({"part": InsurersPart(50, ((DELTA, 50),)), "estimated_minor": 20}, [(DELTA, 50), (CIGNA, 20)]),
        ({"part": InsurersPart(50, ((DELTA, 50),), 30)}, [(DELTA, 60), (CIGNA, 20)]),
        ({"part": InsurersPart(50, ((DELTA, 50), (CIGNA, 0)), 30)}, [(DELTA, 50), (CIGNA, 30)]),
        ({"part": InsurersPart(50, None), "estimates": ()}, [(UNNAMED, 50)]),
        ({"part": InsurersPart(0, (), 50), "estimates": (), "last": DELTA}, [(DELTA, 50)]),
        (
            {"part": InsurersPart(50, ((DELTA, 50),)), "received": ((Payer("insurer", None, "delta"), 20),)},
            [(DELTA, 30)],
        ),
        ({"part": InsurersPart(50, ((DELTA, 50),)), "received": ((CIGNA, 20),)}, [(DELTA, 30)]),
        ({"part": InsurersPart(150, ((DELTA, 150),))}, [(DELTA, 100)]),
    ],
)
def test_it_is_each_insurers_own_part_less_what_came_of_it(said: dict[str, Any], left: list[tuple[Payer, int]]) -> None:
    """Of an invoice that asks for 100, they are estimated to take 60 and 20."""
    one = LeftToInsurers(**({"estimates": ESTIMATES} | said))
    assert one.by_insurer(100) == left
    assert sum(minor for _, minor in left) == min(100, one.minor)


@pytest.mark.rule("INS-1.5")
@pytest.mark.parametrize(
    ("said", "off"),
    [
        ({}, []),
        ({"estimated_minor": 80}, [(DELTA, 10), (CIGNA, 5)]),
        ({"estimated_minor": 80, "received": ((DELTA, 50),)}, [(DELTA, 10), (CIGNA, 5)]),
        ({"estimated_minor": 80, "received": ((DELTA, 52), (CIGNA, 20))}, [(DELTA, 8)]),
        ({"part": InsurersPart(50, ((DELTA, 50),)), "estimated_minor": 20, "write_off_minor": 5}, [(CIGNA, 5)]),
        ({"part": InsurersPart(50, ((DELTA, 50),)), "estimated_minor": 20, "write_off_minor": 0}, []),
        (
            {"part": InsurersPart(50, ((DELTA, 50), (CIGNA, 0))), "estimated_minor": 9, "write_off_minor": 4},
            [(CIGNA, 4)],
        ),
        ({"estimated_minor": 80, "asked_of_lines_minor": 57}, [(DELTA, 7)]),
    ],
)
def test_what_of_it_is_expected_to_be_written_off(said: dict[str, Any], off: list[tuple[Payer, int]]) -> None:
    """Of what they are estimated to take, 10 and 5; what is to be paid goes first."""
    one = LeftToInsurers(**({"estimates": ESTIMATES, "write_offs": ((DELTA, 10), (CIGNA, 5))} | said))
    assert one.expected_write_offs(100) == off


def test_what_several_invoices_leave_to_one_insurer_is_added_up() -> None:
    typed = Payer("insurer", None, " DELTA ")
    assert together([(DELTA, 10), (CIGNA, 5), (typed, 1)]) == [(DELTA, 11), (CIGNA, 5)]


@pytest.mark.rule("PAY-9.4")
@pytest.mark.parametrize(
    ("days", "age"), [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (1000, 4)]
)
def test_something_is_not_due_on_its_day_and_a_day_late_on_the_next(days: int, age: int) -> None:
    """PAY-16.2."""
    due = TODAY - timedelta(days=days)
    invoice = InvoiceBalance(new_id(), new_id(), "INV-1", "USD", due, 70)
    aged = AskedNow((Asking(invoice, due, 70),)).aged(TODAY)
    assert [place for place, minor in enumerate(aged) if minor] == [age]
    assert (sum(aged), len(aged)) == (70, len(AGES))
