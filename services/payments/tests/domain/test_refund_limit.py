"""Refunds are not split to stay below the clinic's limit: neither of a payment, nor to a patient in a day (ALL-5)."""

from __future__ import annotations

from uuid import UUID

from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from payments.domain.payment import Payment
from payments.domain.refund_limit import above_limit

ADA, BO = UUID(int=1), UUID(int=2)
LIMIT = Money(5_000, "USD")


def paid(number: int, *, patient: UUID = ADA, refunded: int = 0, currency: str = "USD") -> Payment:
    payment = Payment(UUID(int=100 + number), patient, Money(100_000, currency), "cash")
    payment.refunded_minor = refunded
    return payment


def test_a_refund_up_to_the_limit_needs_nobody_else() -> None:
    assert above_limit(LIMIT, [(paid(1), 5_000)], {}) == {}
    (refusal,) = above_limit(LIMIT, [(paid(1), 5_001)], {}).values()
    assert (refusal.refunded, refusal.limit) == (Money(5_001, "USD"), LIMIT)


def test_what_was_refunded_of_the_payment_counts() -> None:
    (refusal,) = above_limit(LIMIT, [(paid(1, refunded=4_000), 1_001)], {}).values()
    assert "50.01 USD is refunded of the payment" in str(refusal)


def test_what_went_back_to_the_patient_that_day_counts() -> None:
    assert above_limit(LIMIT, [(paid(1), 1_000)], {ADA: 4_000, BO: 9_000}) == {}
    (refusal,) = above_limit(LIMIT, [(paid(1), 1_001)], {ADA: 4_000}).values()
    assert "50.01 USD is refunded to the patient in one day" in str(refusal)
    assert refusal.extensions == {
        "refunded_with_it": {"amount": "50.01", "currency": "USD"},
        "limit": {"amount": "50.00", "currency": "USD"},
    }


def test_all_that_goes_back_to_one_patient_is_named_and_no_other() -> None:
    mine = [(paid(number), 2_000) for number in (1, 2, 3)]
    refused = above_limit(LIMIT, [*mine, (paid(4, patient=BO), 5_000)], {})
    assert list(refused) == [payment.payment_id for payment, _ in mine]
    assert {one.refunded for one in refused.values()} == {Money(6_000, "USD")}


def test_a_withdrawal_counts_for_whoevers_credit_it_is_too() -> None:
    parts = [(paid(1), 3_000), (paid(2, patient=BO), 3_000)]
    assert above_limit(LIMIT, parts, {}) == {}
    assert len(above_limit(LIMIT, parts, {}, withdrawn_by=UUID(int=3))) == 2


def test_a_limit_in_another_currency_allows_nothing() -> None:
    (refusal,) = above_limit(LIMIT, [(paid(1, currency="EUR"), 1)], {}).values()
    assert refusal.limit == Money(0, "EUR")


@given(st.lists(st.tuples(st.sampled_from([ADA, BO]), st.integers(1, 3_000)), max_size=8))
def test_whatever_is_done_one_by_one_at_most_the_limit_goes_back_to_each(refunds: list[tuple[UUID, int]]) -> None:
    """What is let through and what is refused is the same sum, however it is divided."""
    paid_out: dict[UUID, int] = {}
    for number, (patient, minor) in enumerate(refunds):
        before = paid_out.get(patient, 0)
        refused = above_limit(LIMIT, [(paid(number, patient=patient), minor)], paid_out)
        assert bool(refused) == (before + minor > LIMIT.minor)
        if not refused:
            paid_out[patient] = before + minor
    assert all(minor <= LIMIT.minor for minor in paid_out.values())
