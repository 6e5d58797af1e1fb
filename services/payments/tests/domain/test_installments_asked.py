"""What an invoice with a live plan asks for by which day (`PAY-3`, `PLN-3`)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payments.domain.allocation import Wish
from payments.domain.errors import InstallmentUnknown
from payments.domain.installment import Installment, by_due_date, require_installments
from payments.domain.invoice_balance import InvoiceBalance

FIRST = date(2026, 12, 1)


def invoice(number: int, total: int, settled: int = 0, due: date = FIRST) -> InvoiceBalance:
    balance = InvoiceBalance(UUID(int=number), UUID(int=99), f"INV-{number}", "USD", due, total)
    balance.settle(settled)
    return balance


def plan(*amounts: int, named: dict[int, int] | None = None) -> list[Installment]:
    """Monthly from the first of December."""
    return [
        Installment(UUID(int=100 + n), n + 1, FIRST + timedelta(days=31 * n), amount, (named or {}).get(n, 0))
        for n, amount in enumerate(amounts)
    ]


def test_what_is_due_first_comes_first_invoice_or_installment() -> None:
    planned, plain = invoice(1, 50), invoice(2, 60, due=date(2026, 12, 15))
    asking = by_due_date([planned, plain], {planned.invoice_id: plan(25, 25)})
    assert [(one.invoice.number, one.minor) for one in asking] == [("INV-1", 25), ("INV-2", 60), ("INV-1", 25)]


def test_what_was_settled_without_a_name_fills_the_oldest() -> None:
    planned = invoice(1, 75, settled=30)
    asking = by_due_date([planned], {planned.invoice_id: plan(25, 25, 25)})
    assert [(one.installment_id, one.minor) for one in asking] == [(UUID(int=101), 20), (UUID(int=102), 25)]


def test_what_was_settled_by_name_is_taken_from_that_installment() -> None:
    planned = invoice(1, 75, settled=40)
    asking = by_due_date([planned], {planned.invoice_id: plan(25, 25, 25, named={2: 25})})
    assert [(one.installment_id, one.minor) for one in asking] == [(UUID(int=100), 10), (UUID(int=101), 25)]


def test_an_installment_that_no_live_plan_has_is_named_as_the_fault() -> None:
    plans = {UUID(int=1): plan(25)}
    require_installments([Wish(UUID(int=1), None, UUID(int=100)), Wish(UUID(int=2))], plans)
    for wish in (Wish(UUID(int=1), None, UUID(int=101)), Wish(UUID(int=2), None, UUID(int=100))):
        with pytest.raises(InstallmentUnknown) as refused:
            require_installments([Wish(UUID(int=1)), wish], plans)
        assert refused.value.field == "allocations[1].installment_id"


@given(
    st.lists(st.integers(1, 1_000), min_size=1, max_size=6),
    st.integers(0, 8_000),
    st.integers(0, 8_000),
    st.dictionaries(st.integers(0, 5), st.integers(-50, 1_500), max_size=4),
)
def test_installments_always_ask_for_the_outstanding(
    amounts: list[int], total: int, settled: int, named: dict[int, int]
) -> None:
    """Whatever the projection knows: never more than the invoice asks, never less, nothing below zero."""
    planned = invoice(1, total, min(settled, total))
    asking = by_due_date([planned], {planned.invoice_id: plan(*amounts, named=named)})
    assert sum(one.minor for one in asking) == planned.outstanding_minor
    assert all(one.minor > 0 for one in asking)
    assert [one.due_date for one in asking] == sorted(one.due_date for one in asking)
