"""Three ways to divide an outstanding into installments (`PLN-1`)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.errors import Invalid
from invoicing.domain.installment_schedule import INSTALLMENTS_MAX, InstallmentSchedule, Part, Recurrence

TODAY = date(2027, 1, 15)
MONTHLY = Recurrence(date(2027, 1, 31))

amounts = st.integers(1, 5_000_000)
schedules = st.builds(
    Recurrence,
    anchor=st.dates(TODAY, date(2030, 12, 31)),
    every=st.integers(1, 12),
    unit=st.sampled_from(["days", "weeks", "months"]),
)


@pytest.mark.rule("PLN-1.3")
@pytest.mark.parametrize(
    ("anchor", "days"),
    [
        (date(2027, 1, 31), [(2027, 1, 31), (2027, 2, 28), (2027, 3, 31), (2027, 4, 30)]),
        (date(2028, 1, 31), [(2028, 1, 31), (2028, 2, 29), (2028, 3, 31), (2028, 4, 30)]),
        (date(2027, 12, 30), [(2027, 12, 30), (2028, 1, 30), (2028, 2, 29), (2028, 3, 30)]),
        (date(2028, 2, 29), [(2028, 2, 29), (2028, 3, 29), (2028, 4, 29), (2028, 5, 29)]),
    ],
)
def test_months_are_clamped_each_time_from_the_anchor(anchor: date, days: list[tuple[int, int, int]]) -> None:
    assert [Recurrence(anchor).day(k) for k in range(4)] == [date(*day) for day in days]


@pytest.mark.rule("PLN-1.3")
def test_days_and_weeks_are_counted_from_the_anchor() -> None:
    anchor = date(2027, 2, 22)
    assert [Recurrence(anchor, 10, "days").day(k) for k in range(3)] == [anchor, date(2027, 3, 4), date(2027, 3, 14)]
    assert Recurrence(anchor, 2, "weeks").day(3) == date(2027, 4, 5)
    assert Recurrence(date(2027, 1, 31), 3, "months").day(1) == date(2027, 4, 30)


@pytest.mark.rule("PLN-1.2")
def test_equal_installments_are_split_by_largest_remainder() -> None:
    parts = InstallmentSchedule("USD", count=3, schedule=MONTHLY).of(1_000, TODAY)
    assert [(part.amount, part.due_date) for part in parts] == [
        (334, date(2027, 1, 31)),
        (333, date(2027, 2, 28)),
        (333, date(2027, 3, 31)),
    ]


@pytest.mark.rule("PLN-1.2")
def test_an_amount_per_period_leaves_the_rest_to_the_last() -> None:
    parts = InstallmentSchedule("USD", amount_per_period=300, schedule=MONTHLY).of(1_000, TODAY)
    assert [part.amount for part in parts] == [300, 300, 300, 100]
    assert [
        part.amount for part in InstallmentSchedule("USD", amount_per_period=500, schedule=MONTHLY).of(1_000, TODAY)
    ] == [
        500,
        500,
    ]


@pytest.mark.rule("PLN-1.2")
def test_given_amounts_and_dates_are_taken_as_they_are() -> None:
    wanted = (Part(date(2027, 1, 20), 400), Part(date(2027, 5, 2), 600))
    assert InstallmentSchedule("USD", given=wanted).of(1_000, TODAY) == list(wanted)


@pytest.mark.rule("PLN-1.1")
def test_a_down_payment_comes_first_and_is_part_of_the_whole() -> None:
    down = Part(TODAY, 400, is_down_payment=True)
    parts = InstallmentSchedule("USD", count=2, schedule=MONTHLY, down_payment=down).of(1_001, TODAY)
    assert [part.amount for part in parts] == [400, 301, 300]
    assert [part.is_down_payment for part in parts] == [True, False, False]


@pytest.mark.rule("PLN-1.4")
@given(amounts, schedules, st.integers(1, INSTALLMENTS_MAX), st.integers(1, 5_000_000), st.data())
def test_parts_sum_to_the_outstanding_and_none_is_zero(
    outstanding: int, schedule: Recurrence, count: int, each: int, data: st.DataObject
) -> None:
    """PLN-1, for the three ways, with and without a down payment."""
    down = data.draw(st.one_of(st.none(), st.integers(1, outstanding)))
    down_payment = None if down is None else Part(TODAY, down, is_down_payment=True)
    left = outstanding - (down or 0)
    cut = data.draw(st.integers(1, max(1, left)))
    wanted = [part for part in (Part(schedule.day(0), cut), Part(schedule.day(1), left - cut)) if part.amount]
    for division in (
        InstallmentSchedule("USD", count=count, schedule=schedule, down_payment=down_payment),
        InstallmentSchedule("USD", amount_per_period=each, schedule=schedule, down_payment=down_payment),
        InstallmentSchedule("USD", given=tuple(wanted), down_payment=down_payment),
    ):
        try:
            parts = division.of(outstanding, TODAY)
        except Invalid as refused:
            assert refused.field in ("count", "amount_per_period", "down_payment.amount", "every")  # noqa: PT017
            continue
        assert sum(part.amount for part in parts) == outstanding
        assert all(part.amount > 0 for part in parts)
        assert [part.due_date for part in parts] == sorted(part.due_date for part in parts)


@pytest.mark.rule("MON-12.1")
def test_where_cash_is_rounded_installments_are_in_its_steps_and_sum_to_the_whole() -> None:
    """MON-12: 100.00 in three where cash is rounded to 0.05."""
    assert [
        part.amount for part in InstallmentSchedule("CHF", count=3, schedule=MONTHLY, step=5).of(10_000, TODAY)
    ] == [
        3335,
        3335,
        3330,
    ]
    by_amount = InstallmentSchedule("CHF", amount_per_period=3335, schedule=MONTHLY, step=5).of(10_002, TODAY)
    assert [part.amount for part in by_amount] == [3335, 3335, 3332], "the last takes what is not round"
    given_ = (Part(date(2027, 1, 20), 405), Part(date(2027, 5, 2), 602))
    assert InstallmentSchedule("CHF", given=given_, step=5).of(1_007, TODAY) == list(given_)


@given(amounts, st.integers(1, 40), st.sampled_from([1, 5, 10, 100]))
def test_all_but_the_last_of_equal_installments_are_multiples_of_the_step(left: int, count: int, step: int) -> None:
    """MON-12, PLN-1: at most one step apart from each other but for the last's rest, none zero."""
    try:
        parts = [
            one.amount for one in InstallmentSchedule("CHF", count=count, schedule=MONTHLY, step=step).of(left, TODAY)
        ]
    except Invalid as refused:
        assert (refused.field, -(-left // step) < count) == ("count", True)  # noqa: PT017
        return
    assert sum(parts) == left
    assert len(parts) == count
    assert all(part > 0 for part in parts)
    assert all(part % step == 0 for part in parts[:-1])
    assert max(parts) - min(parts) < 2 * step


REFUSED = [
    (InstallmentSchedule("CHF", amount_per_period=333, schedule=MONTHLY, step=5), "amount_per_period"),
    (InstallmentSchedule("CHF", given=(Part(TODAY, 333), Part(MONTHLY.anchor, 667)), step=5), "installments[0].amount"),
    (
        InstallmentSchedule("CHF", count=2, schedule=MONTHLY, down_payment=Part(TODAY, 333), step=5),
        "down_payment.amount",
    ),
    (InstallmentSchedule("CHF", count=201, schedule=MONTHLY, step=5), "count"),
    (InstallmentSchedule("USD"), "count"),
    (InstallmentSchedule("USD", count=2, amount_per_period=100, schedule=MONTHLY), "count"),
    (InstallmentSchedule("USD", count=0, schedule=MONTHLY), "count"),
    (InstallmentSchedule("USD", count=361, schedule=MONTHLY), "count"),
    (InstallmentSchedule("USD", count=2), "first_due_date"),
    (InstallmentSchedule("USD", count=2, schedule=Recurrence(date(2027, 1, 14))), "first_due_date"),
    (InstallmentSchedule("USD", count=300, schedule=Recurrence(TODAY, 400, "months")), "every"),
    (InstallmentSchedule("USD", amount_per_period=0, schedule=MONTHLY), "amount_per_period"),
    (InstallmentSchedule("USD", amount_per_period=2, schedule=MONTHLY), "amount_per_period"),
    (InstallmentSchedule("USD", given=(Part(MONTHLY.anchor, 999),)), "installments"),
    (InstallmentSchedule("USD", given=(Part(MONTHLY.anchor, 1_001),)), "installments"),
    (
        InstallmentSchedule("USD", given=(Part(MONTHLY.anchor, 1_000), Part(date(2027, 3, 1), 0))),
        "installments[1].amount",
    ),
    (
        InstallmentSchedule("USD", given=(Part(MONTHLY.anchor, 1_100), Part(date(2027, 3, 1), -100))),
        "installments[1].amount",
    ),
    (
        InstallmentSchedule("USD", given=(Part(MONTHLY.anchor, 500), Part(MONTHLY.anchor, 500))),
        "installments[1].due_date",
    ),
    (InstallmentSchedule("USD", given=(Part(date(2027, 1, 14), 1_000),)), "installments[0].due_date"),
    (InstallmentSchedule("USD", given=(Part(MONTHLY.anchor, 1_000),), schedule=MONTHLY), "first_due_date"),
    (InstallmentSchedule("USD", count=2, schedule=MONTHLY, down_payment=Part(TODAY, 1_000)), "down_payment.amount"),
    (InstallmentSchedule("USD", count=2, schedule=MONTHLY, down_payment=Part(TODAY, 0)), "down_payment.amount"),
    (
        InstallmentSchedule("USD", count=2, schedule=MONTHLY, down_payment=Part(date(2027, 2, 1), 10)),
        "down_payment.due_date",
    ),
    (
        InstallmentSchedule("USD", count=2, schedule=MONTHLY, down_payment=Part(date(2027, 1, 14), 10)),
        "down_payment.due_date",
    ),
]


@pytest.mark.parametrize(("division", "field"), REFUSED)
def test_what_cannot_be_divided_names_the_field(division: InstallmentSchedule, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        division.of(1_000, TODAY)
    assert refused.value.field == field


def test_more_installments_than_minor_units_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        InstallmentSchedule("JPY", count=6, schedule=MONTHLY).of(5, TODAY)
    assert refused.value.field == "count"
    assert "5 JPY" in str(refused.value)
