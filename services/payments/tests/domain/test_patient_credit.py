"""Credit is spent on a plan's invoices from its deposits first, and never twice (PAY-3)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from payments.domain.installment import Installment, by_due_date
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.patient_credit import apply_credit, preferred, share_out
from payments.domain.payment import Payment

PATIENT = UUID(int=1)
PLANS = st.sampled_from([None, UUID(int=7), UUID(int=8)])
AMOUNTS = st.integers(1, 500)


def payment(number: int, minor: int, plan: UUID | None) -> Payment:
    one = Payment(UUID(int=100 + number), PATIENT, Money(minor, "USD"), "cash", treatment_plan_id=plan)
    one.held[PATIENT] = minor
    return one


def invoice(number: int, minor: int, plan: UUID | None) -> InvoiceBalance:
    plans = frozenset({plan}) if plan else frozenset[UUID]()
    return InvoiceBalance(
        UUID(int=200 + number), PATIENT, f"INV-{number}", "USD", date(2026, 11, 23), minor, treatment_plan_ids=plans
    )


def halves(one: InvoiceBalance) -> list[Installment]:
    """Two installments of it, the second due before the invoices that have no plan, or after them."""
    half = one.outstanding_minor // 2 or 1
    days = (date(2026, 12, 1), date(2026, 12, 1 + one.invoice_id.int % 28))
    amounts = (half, one.outstanding_minor - half or 1)
    return [Installment(UUID(int=place), place, days[place], minor) for place, minor in enumerate(amounts)]


HELD = st.lists(st.tuples(AMOUNTS, PLANS), min_size=1, max_size=6)
OWED = st.lists(st.tuples(AMOUNTS, PLANS), min_size=1, max_size=6)


@given(held=HELD, owed=OWED, amount=st.integers(1, 2_000))
def test_what_is_shared_out_is_there_and_goes_where_it_may(
    held: list[tuple[int, UUID | None]], owed: list[tuple[int, UUID | None]], amount: int
) -> None:
    payments = [payment(number, *one) for number, one in enumerate(held)]
    invoices = [invoice(number, *one) for number, one in enumerate(owed)]
    asking = by_due_date(invoices, {one.invoice_id: halves(one) for one in invoices[::2]})
    shares = share_out(payments, PATIENT, Money(amount, "USD"), asking)
    given_out = sum(share.minor for share in shares)
    assert given_out <= min(amount, sum(minor for minor, _ in held))
    assert all(0 < share.minor <= share.invoice.outstanding_minor for share in shares)
    if not shares:
        return
    movement = apply_credit(payments, PATIENT, shares, named=False)
    plans = {one.payment_id: one.treatment_plan_id for one in payments}
    wanted = {one.invoice_id: one.treatment_plan_ids for one in invoices}
    for part in movement.settlements:
        plan = plans[part.payment_id]
        assert plan is None or plan in wanted[part.invoice_id]
    assert sum(part.change_minor for part in movement.settlements) == given_out
    assert all(one.unallocated_minor >= 0 for one in payments)
    # What is left over could not have been spent: the amount, the credit that may be, or the invoices are used up.
    if given_out < amount:
        for one in payments:
            for open_one in invoices:
                usable = one in preferred(payments, open_one, named=False)
                assert not (usable and one.unallocated_minor and open_one.outstanding_minor)


@given(held=HELD, plan=PLANS)
def test_named_invoice_takes_its_plans_deposits_first_and_other_plans_last(
    held: list[tuple[int, UUID | None]], plan: UUID | None
) -> None:
    payments = [payment(number, *one) for number, one in enumerate(held)]
    order = preferred(payments, invoice(0, 1, plan), named=True)
    assert sorted(order, key=lambda one: one.payment_id) == payments
    turns = [
        0 if one.treatment_plan_id == plan and plan else 1 if one.treatment_plan_id is None else 2 for one in order
    ]
    assert turns == sorted(turns)
    for turn in range(3):
        ids = [one.payment_id for one, its in zip(order, turns, strict=True) if its == turn]
        assert ids == sorted(ids)
