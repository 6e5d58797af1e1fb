"""What is left to insurers where none has decided: said without the invoice as with it (`PAY-16`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.ageing import Owed, aged
from invoicing.domain.estimate import TURNS, Estimate
from invoicing.domain.patients_part import left_as_estimated, left_to_insurers
from invoicing_making import draft, line

PAYERS = [UUID(int=number) for number in (1, 2)]
estimates = st.lists(
    st.builds(
        Estimate,
        payer_id=st.sampled_from(PAYERS),
        payer_name=st.just("x"),
        sequence=st.sampled_from(TURNS),
        expected=st.integers(0, 500),
        write_off=st.integers(0, 50),
        patient_part=st.just(0),
    ),
    max_size=3,
    unique_by=lambda one: one.sequence,
)


@given(st.lists(estimates, min_size=1, max_size=3), st.dictionaries(st.sampled_from(PAYERS), st.integers(-50, 900)))
def test_estimates_added_up_say_the_same_as_the_invoice_as_a_whole(
    of_lines: list[list[Estimate]], received: dict[UUID, int]
) -> None:
    """INS-1: in turn, less what came in, a payer in two turns included."""
    made = draft([replace(line(10_000), estimates=tuple(of_line)) for of_line in of_lines])
    whole = left_to_insurers(AdjudicatedInvoice(made, ()), received, sum(received.values()), made.totals.total)
    assert left_as_estimated(made.expected_shares, received, sum(received.values()), made.totals.total) == whole


@pytest.mark.rule("INS-1.5")
@pytest.mark.parametrize(
    ("came_in", "asked", "left", "off"),
    [
        (0, 1_000, 880, 80),
        (300, 700, 580, 80),
        (800, 200, 80, 80),
        (820, 180, 60, 60),
        (880, 120, 0, 0),
        (0, 840, 840, 40),
    ],
)
def test_of_what_is_left_to_an_insurer_what_is_to_be_paid_goes_first(
    came_in: int, asked: int, left: int, off: int
) -> None:
    """Of 10.00 it is expected to pay 8.00 and to have 0.80 written off."""
    estimate = Estimate(
        payer_id=PAYERS[0], payer_name="x", sequence="primary", expected=800, write_off=80, patient_part=120
    )
    made = draft([replace(line(1_000), estimates=(estimate,))])
    day = date(2026, 11, 30)
    whole = left_as_estimated(made.expected_shares, {PAYERS[0]: came_in}, came_in, made.totals.total)
    rows = aged(UUID(int=9), [Owed(day, asked)], whole, day)
    found = [(row.total, row.expected_write_off) for row in rows if row.debtor.insurer]
    assert found == ([(left, off)] if left else [])
