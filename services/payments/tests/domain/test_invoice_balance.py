"""An invoice's figures and status (INV-9), and the journal's refusal of what does not balance (PAY-12)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from payments.domain.errors import Unbalanced
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import Entry, balanced

DUE = date(2026, 12, 1)


def invoice(**figures: Any) -> InvoiceBalance:
    return InvoiceBalance(UUID(int=1), UUID(int=2), "INV-1", "USD", DUE, **({"total_minor": 100} | figures))


@pytest.mark.rule("INV-9.4", "INV-9.5", "INV-15.1")
@pytest.mark.parametrize(
    ("figures", "status", "overdue"),
    [
        ({}, "issued", True),
        ({"settled_minor": 40}, "partially_paid", True),
        ({"settled_minor": 100}, "paid", False),
        ({"credited_minor": 100}, "credited", False),
    ],
)
def test_status_follows_the_figures_and_overdue_the_clinics_day(
    figures: dict[str, int], status: str, overdue: bool
) -> None:
    """INV-9: two things, in the words of invoicing."""
    one = invoice(**figures)
    days = (DUE, date(2026, 12, 2))
    assert (one.status, [one.is_overdue(day) for day in days]) == (status, [False, overdue])


def test_a_void_invoice_asks_for_nothing_and_is_never_overdue() -> None:
    gone = invoice()
    gone.become_void()
    assert (gone.status, gone.outstanding_minor, gone.is_overdue(date(2027, 1, 1))) == ("void", 0, False)


@pytest.mark.rule("INV-16.1")
@pytest.mark.parametrize(
    ("figures", "status"),
    [
        ({"credited_minor": 100, "forgiven_minor": 100}, "written_off"),
        ({"credited_minor": 60, "forgiven_minor": 60, "settled_minor": 40}, "written_off"),
        ({"credited_minor": 100, "contractual_minor": 20}, "written_off"),
        ({"credited_minor": 20, "contractual_minor": 20, "settled_minor": 80}, "paid"),
        ({"refund_adjusted_minor": 100}, "credited"),
        ({"credited_minor": 60, "settled_minor": 40}, "paid"),
        ({"total_minor": 0}, "paid"),
    ],
)
def test_what_closed_an_invoice_is_its_status(figures: dict[str, int], status: str) -> None:
    """INV-16, as invoicing has it."""
    assert invoice(**figures).status == status


@pytest.mark.rule("INV-9.1", "INV-9.3")
def test_outstanding_is_total_and_debits_less_credits_and_settlements() -> None:
    one = invoice(debited_minor=20, credited_minor=30, refund_adjusted_minor=10, settled_minor=25)
    assert (one.asked_minor, one.outstanding_minor, one.surplus_minor) == (80, 55, 0)
    one.credited_minor += 60
    assert (one.outstanding_minor, one.surplus_minor) == (0, 5)


@pytest.mark.rule("PAY-12.1")
def test_posting_whose_debits_and_credits_differ_is_refused() -> None:
    with pytest.raises(Unbalanced) as refused:
        balanced([Entry("money", 100), Entry("revenue", -99)])
    assert refused.value.difference_minor == 1
