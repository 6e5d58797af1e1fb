"""Exact money: what is refused, how it prints, and that splits and rounding add up."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from chassis.money import (
    CurrencyMismatch,
    InvalidAmount,
    Money,
    TooManyDecimals,
    UnknownCurrency,
    fill_in_order,
    left_in_order,
    minor_of,
    round_half_up,
    split_by_largest_remainder,
)
from hypothesis import given
from hypothesis import strategies as st

CURRENCIES = st.sampled_from(["JPY", "USD", "KWD"])


@pytest.mark.rule("MON-1.1")
@given(st.integers(-(10**15), 10**15), CURRENCIES)
def test_an_amount_survives_the_wire_exactly(minor: int, currency: str) -> None:
    """MON-1."""
    money = Money(minor, currency)
    assert Money.parse(money.amount, currency) == money


@pytest.mark.rule("MON-1.2")
@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("86.28", "USD", 8628), ("0.5", "KWD", 500), ("1200", "JPY", 1200), ("-0.05", "EUR", -5)],
)
def test_an_amount_is_held_in_minor_units_of_its_currency(amount: str, currency: str, minor: int) -> None:
    """MON-1."""
    assert Money.parse(amount, currency).minor == minor


@pytest.mark.rule("MON-1.4")
@pytest.mark.parametrize(("amount", "currency"), [("1.001", "USD"), ("0.5", "JPY"), ("1.0001", "KWD")])
def test_more_decimals_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    """MON-1."""
    with pytest.raises(TooManyDecimals):
        Money.parse(amount, currency)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e400", "twelve", "", "1e17"])
def test_what_is_no_bill_is_refused(amount: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(amount, "USD")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        Money.parse("1", "XXX")


def test_money_has_no_truth_value() -> None:
    """`if fee` would take a fee of zero for no fee at all."""
    for minor in (0, 1):
        with pytest.raises(TypeError, match="truth value"):
            bool(Money(minor, "USD"))


def test_two_currencies_do_not_add_up() -> None:
    """MON-2."""
    with pytest.raises(CurrencyMismatch):
        Money(1, "USD") + Money(1, "EUR")


@pytest.mark.rule("MON-3.1")
@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("2.49", 2)]
)
def test_halves_round_away_from_zero(value: str, rounded: int) -> None:
    """MON-3."""
    assert round_half_up(Decimal(value)) == rounded
    assert round_half_up(Fraction(value)) == rounded


@pytest.mark.rule("MON-3.2")
@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=60).filter(any))
def test_parts_sum_to_the_whole_and_none_is_further_than_one_unit_from_its_share(
    total: int, weights: list[int]
) -> None:
    """MON-3."""
    parts = split_by_largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(total * weight, sum(weights)) - part) < 1


@pytest.mark.rule("MON-3.4")
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60).filter(any), st.data())
def test_no_part_exceeds_its_weight_while_the_total_does_not(weights: list[int], data: st.DataObject) -> None:
    """MON-3: a share never exceeds its line, nor goes below zero."""
    total = data.draw(st.integers(0, sum(weights)))
    parts = split_by_largest_remainder(total, weights)
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@pytest.mark.rule("MON-3.3")
def test_ties_go_in_line_order() -> None:
    """MON-3."""
    assert split_by_largest_remainder(10, [1, 1, 1]) == [4, 3, 3]


def test_nothing_can_be_split_over_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to split over"):
        split_by_largest_remainder(1, [0, 0])


ROOMS = st.lists(st.integers(0, 10**6), max_size=12)


@pytest.mark.rule("PLN-2.1")
@given(st.integers(-(10**6), 10**7), ROOMS)
def test_rooms_are_filled_one_after_the_other(total: int, rooms: list[int]) -> None:
    """PLN-2: the oldest first."""
    taken = fill_in_order(total, rooms)
    assert sum(taken) == max(0, min(total, sum(rooms)))
    assert all(0 <= part <= room for part, room in zip(taken, rooms, strict=True))
    assert all(taken[place] == rooms[place] for place in range(len(rooms)) if any(taken[place + 1 :]))


@given(ROOMS, st.integers(0, 10**7), st.data())
def test_what_is_left_is_what_is_outstanding_and_named_parts_are_paid_first(
    asked: list[int], outstanding: int, data: st.DataObject
) -> None:
    """PLN-2, PLN-3."""
    named = data.draw(st.lists(st.integers(0, 10**6), min_size=len(asked), max_size=len(asked)))
    left = left_in_order(asked, outstanding, named)
    assert sum(left) == min(outstanding, sum(asked))
    assert all(0 <= part <= whole for part, whole in zip(left, asked, strict=True))
    if sum(asked) - outstanding >= sum(min(part, of) for part, of in zip(asked, named, strict=True)):
        assert all(part <= max(0, whole - of) for part, whole, of in zip(left, asked, named, strict=True))


def test_what_named_a_later_part_leaves_the_first_one_as_it_is() -> None:
    """PLN-2."""
    assert left_in_order([50, 50, 50], 100, [0, 50, 0]) == [50, 0, 50]
    assert left_in_order([50, 50, 50], 100) == [0, 50, 50]
    assert left_in_order([50, 50], 200) == [50, 50]


def test_an_amount_as_it_was_stated_is_taken_exactly() -> None:
    """MON-1."""
    stated = SimpleNamespace(amount="86.28", currency="USD")
    assert Money.of(stated) == Money(8_628, "USD")
    assert (minor_of(stated), minor_of(None)) == (8_628, 0)
    with pytest.raises(TooManyDecimals):
        minor_of(SimpleNamespace(amount="86.2", currency="JPY"))
