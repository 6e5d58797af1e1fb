"""How an amount is spread over invoices (PAY-2)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from payments.domain.allocation import Wish, spread
from payments.domain.allocation_errors import AllocationsExceedAmount, MoreThanOutstanding, NotAllocated
from payments.domain.errors import AmountNotPositive, InvoiceUnknown
from payments.domain.invoice_balance import InvoiceBalance


def invoice(number: int, total_minor: int) -> InvoiceBalance:
    return InvoiceBalance(UUID(int=number), UUID(int=99), f"INV-{number}", "USD", date(2026, 12, 1), total_minor)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def wished(minor: int | None) -> Money | None:
    return None if minor is None else usd(minor)


@given(
    amount=st.integers(1, 10_000),
    totals=st.lists(st.integers(0, 5_000), min_size=1, max_size=5),
    fixed=st.lists(st.none() | st.integers(1, 3_000), min_size=5, max_size=5),
)
def test_no_invoice_gets_more_than_it_asks_for_and_no_cent_more_than_the_amount_is_spread(
    amount: int, totals: list[int], fixed: list[int | None]
) -> None:
    invoices = {UUID(int=i): invoice(i, total) for i, total in enumerate(totals)}
    wishes = [Wish(UUID(int=i), wished(fixed[i])) for i in range(len(totals))]
    try:
        shares = spread(usd(amount), wishes, invoices, surplus_allowed=True)
    except AllocationsExceedAmount:
        assert sum(wish.amount_minor or 0 for wish in wishes) > amount
        return
    assert sum(share.minor for share in shares) <= amount
    for share in shares:
        assert 0 < share.minor <= share.invoice.outstanding_minor
    if all(wish.amount_minor is None for wish in wishes):
        assert sum(share.minor for share in shares) == min(amount, sum(totals))


def test_fixed_parts_are_served_before_open_ones() -> None:
    invoices = {UUID(int=i): invoice(i, 100) for i in (1, 2)}
    shares = spread(usd(120), [Wish(UUID(int=1)), Wish(UUID(int=2), usd(90))], invoices, surplus_allowed=False)
    assert [(share.invoice.number, share.minor) for share in shares] == [("INV-1", 30), ("INV-2", 90)]


def test_surplus_names_the_field_and_what_is_outstanding() -> None:
    invoices = {UUID(int=1): invoice(1, 100)}
    with pytest.raises(MoreThanOutstanding) as refused:
        spread(usd(150), [Wish(UUID(int=1), usd(120))], invoices, surplus_allowed=False)
    assert refused.value.field == "allocations[0].amount"
    assert refused.value.surplus == usd(20)
    assert [money for _, _, money in refused.value.outstanding] == [usd(100)]
    with pytest.raises(NotAllocated) as left:
        spread(usd(150), [Wish(UUID(int=1), usd(100))], invoices, surplus_allowed=False)
    assert (left.value.field, left.value.left) == ("allocations", usd(50))
    with pytest.raises(MoreThanOutstanding) as refused:
        spread(usd(150), [Wish(UUID(int=1))], invoices, surplus_allowed=False)
    assert (refused.value.field, refused.value.surplus) == ("amount", usd(50))


def test_nothing_and_nobody_cannot_be_allocated() -> None:
    with pytest.raises(AmountNotPositive):
        spread(usd(0), [], {}, surplus_allowed=True)
    with pytest.raises(InvoiceUnknown):
        spread(usd(1), [Wish(UUID(int=1))], {}, surplus_allowed=True)
    assert spread(usd(1), [], {}, surplus_allowed=False) == []
