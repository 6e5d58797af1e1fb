"""What the next installment is, after whatever was paid since a plan's version (`PLN-2`, `RCP-2`)."""

from __future__ import annotations

from uuid import UUID

import pytest
from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from receipts.domain.installment_plan import Installment
from receipts_samples import installment_plan, invoice, money

PLAN = installment_plan(invoice())
DOWN, FIRST, SECOND, THIRD = (installment.installment_id for installment in PLAN.installments)


def following(outstanding: str, **named: str) -> Installment | None:
    ids = {"down": DOWN, "first": FIRST, "second": SECOND, "third": THIRD}
    return PLAN.next(money(outstanding), {ids[one]: money(amount).minor for one, amount in named.items()})


@pytest.mark.parametrize(
    ("outstanding", "named", "expected"),
    [
        ("347.75", {}, (DOWN, "47.75")),
        ("300.00", {}, (FIRST, "100.00")),
        ("260.00", {}, (FIRST, "60.00")),
        ("247.75", {"second": "100.00"}, (DOWN, "47.75")),
        ("200.00", {"second": "100.00"}, (FIRST, "100.00")),
        ("100.00", {"second": "100.00"}, (THIRD, "100.00")),
        ("300.00", {"second": "100.00"}, (DOWN, "47.75")),
        ("360.00", {}, (DOWN, "47.75")),
    ],
)
def test_a_payment_settles_the_installment_it_names_else_the_oldest(
    outstanding: str, named: dict[str, str], expected: tuple[UUID, str]
) -> None:
    """PLN-2."""
    found = following(outstanding, **named)
    assert found is not None
    assert (found.installment_id, found.remaining) == (expected[0], money(expected[1]))


def test_what_is_paid_has_no_next_installment() -> None:
    assert following("0") is None


@given(
    outstanding=st.integers(0, 60_000),
    named=st.dictionaries(st.sampled_from([DOWN, FIRST, SECOND, THIRD]), st.integers(-20_000, 20_000)),
)
def test_the_next_installment_never_asks_for_more_than_the_invoice_or_than_itself(
    outstanding: int, named: dict[UUID, int]
) -> None:
    """PLN-3: whatever was named, and in whatever order it was heard of."""
    found = PLAN.next(Money(outstanding, "USD"), named)
    assert (found is None) == (outstanding == 0)
    if found:
        assert 0 < found.remaining.minor <= found.amount.minor
        assert found.remaining.minor <= outstanding
