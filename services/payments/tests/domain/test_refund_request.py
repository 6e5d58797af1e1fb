"""A refund request is decided once: completed or rejected by another person, withdrawn by its own (ALL-5)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from payments.domain.errors import PaymentsError
from payments.domain.refund_request import PaymentRefundRequest, RefundRequest
from payments.domain.refund_request_errors import NotTheRequester, RefundRequestDecided, SecondPersonNeeded

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def request() -> RefundRequest:
    return PaymentRefundRequest(
        request_id=UUID(int=1),
        patient_id=UUID(int=2),
        payment_id=UUID(int=3),
        amount=Money(6_000, "USD"),
        limit=Money(5_000, "USD"),
        reason_code="complaint",
        reason=None,
        requested_by="ada",
        requested_at=NOW,
    )


def decide(one: RefundRequest, decision: str, by: str) -> None:
    if decision == "complete":
        one.complete(by, NOW)
    elif decision == "reject":
        one.reject(by, NOW, "no ground")
    else:
        one.withdraw(by, NOW, None)


DECISIONS = st.tuples(st.sampled_from(["complete", "reject", "withdraw"]), st.sampled_from(["ada", "bo", "cy"]))


@given(st.lists(DECISIONS, max_size=8))
def test_first_decision_that_is_allowed_is_the_only_one(steps: list[tuple[str, str]]) -> None:
    one = request()
    allowed = [(what, by) for what, by in steps if (by == "ada") == (what == "withdraw")]
    for what, by in steps:
        try:
            decide(one, what, by)
        except PaymentsError:
            continue
    if not allowed:
        assert (one.state, one.version, one.decided_by) == ("requested", 1, None)
        return
    what, by = allowed[0]
    state = {"complete": "completed", "reject": "rejected", "withdraw": "withdrawn"}[what]
    assert (one.state, one.version, one.decided_by) == (state, 2, by)


@pytest.mark.parametrize("other", ["Ada", " a d a", "a\u200bda\ufeff", "\uff41da", "a\u00adda"])
def test_a_name_with_what_is_not_seen_is_nobody_else(other: str) -> None:
    """PAY-15: whoever asked under a name with a zero-width space does not approve it without one."""
    one = request()
    with pytest.raises(SecondPersonNeeded):
        one.complete(other, NOW)
    one.withdraw(other, NOW, None)


def test_refusals_say_why() -> None:
    one = request()
    with pytest.raises(SecondPersonNeeded):
        one.complete("ada", NOW)
    with pytest.raises(SecondPersonNeeded):
        one.reject("ada", NOW, "x")
    with pytest.raises(NotTheRequester):
        one.withdraw("bo", NOW, None)
    one.complete("bo", NOW)
    with pytest.raises(RefundRequestDecided) as refused:
        one.reject("cy", NOW, "x")
    assert refused.value.state == "completed"
