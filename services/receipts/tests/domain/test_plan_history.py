"""Which version of a plan a transaction is of, and what was named of it by then, whatever was heard first (`RCP-9`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from chassis.money import Money
from receipts.domain.installment_plan import InstallmentPlan, PlanEnd
from receipts.domain.plan_history import KeptVersion, PlanHistory
from receipts.domain.transaction import NamedSettlement, PlanVersion, Settlement, named_settlements
from receipts_samples import CLINIC_ID, NOW, installment_plan, invoice, money

AGREED = installment_plan(invoice())
FIRST, SECOND = (part.installment_id for part in AGREED.installments[:2])
OTHER_PLAN = UUID(int=99)


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def version(number: int, decided: float, *, ended: bool = False, plan_id: UUID = AGREED.plan_id) -> InstallmentPlan:
    end = PlanEnd(at=minutes(decided), reason=None) if ended else None
    return replace(AGREED, version=number, decided_at=minutes(decided), end=end, plan_id=plan_id)


def history(*versions: InstallmentPlan, settlements: list[NamedSettlement] | None = None) -> PlanHistory:
    return PlanHistory([KeptVersion(one, {}) for one in versions], settlements or [])


def settlement(minor: int, at: float, installment_id: UUID = FIRST, place: int | None = None) -> NamedSettlement:
    return NamedSettlement(
        clinic_id=CLINIC_ID,
        transaction_id=UUID(int=int(at * 10)),
        invoice_id=AGREED.invoice_id,
        installment_id=installment_id,
        minor=minor,
        recorded_at=minutes(at),
        place=place,
    )


def version_at(known: PlanHistory, at: float, *named: UUID) -> int | None:
    then = known.at(minutes(at), None, named)
    return None if then is None else then.plan.version


@pytest.mark.rule("RCP-9.3")
def test_the_version_is_that_of_the_transaction_in_whatever_order_versions_are_known() -> None:
    ended = version(3, 20, ended=True)
    again = replace(version(1, 30, plan_id=OTHER_PLAN), version=1)
    for known in (
        history(version(1, 0), version(2, 10), ended, again),
        history(again, ended, version(2, 10), version(1, 0)),
    ):
        assert [version_at(known, at) for at in (-1, 0, 5, 10, 15, 20, 25, 30)] == [None, 1, 1, 2, 2, None, None, 1]


@pytest.mark.rule("RCP-9.3")
def test_of_versions_whose_times_are_out_of_order_the_higher_is_later() -> None:
    assert version_at(history(version(2, 10), version(3, 9)), 11) == 3


def test_the_first_version_that_was_kept_holds_since_ever_where_earlier_ones_were_not() -> None:
    known = history(version(4, 10), version(5, 20))
    assert [version_at(known, at) for at in (0, 15, 25)] == [4, 4, 5]
    assert known.has(UUID(int=1))


def test_a_payment_that_names_an_installment_knew_its_plan_whatever_the_clocks_say() -> None:
    known = history(version(1, 0.001))
    assert version_at(known, 0) is None
    assert version_at(known, 0, FIRST) == 1
    assert known.has(FIRST)
    assert not known.has(UUID(int=1))


@pytest.mark.rule("RCP-9.3")
def test_what_payments_knew_was_decided_before() -> None:
    """Whatever the clocks of two services say."""
    known = history(version(1, 0), version(2, 10), version(3, 20))
    heard = PlanVersion(AGREED.plan_id, 2)
    assert [known.reaches(PlanVersion(AGREED.plan_id, number)) for number in (2, 3, 4)] == [True, True, False]
    assert not known.reaches(PlanVersion(OTHER_PLAN, 1))
    found = [known.at(minutes(at), None, (), heard) for at in (9.999, 15, 25)]
    assert [then and then.plan.version for then in found] == [2, 2, 3]


@pytest.mark.rule("RCP-9.3")
def test_what_was_named_between_version_and_transaction_counts() -> None:
    known = history(version(1, 0), version(2, 10))
    known.count([settlement(500, 5), settlement(700, 15), settlement(300, 25)])
    found = [known.at(minutes(at), None, ()) for at in (1, 6, 11, 16, 26)]
    assert [then and then.named.get(FIRST, 0) for then in found] == [0, 500, 0, 700, 1_000]


@pytest.mark.rule("RCP-9.3")
def test_two_at_once_are_in_the_order_of_their_places_on_the_invoice() -> None:
    """Whoever began first may have waited for the other."""
    known = history(version(1, 0), settlements=[settlement(500, 5.1, place=1)])
    then = known.at(minutes(5), 2, ())
    assert then is not None
    assert then.named == {FIRST: 500}
    assert then.with_named([settlement(100, 5, SECOND), settlement(50, 5)]) == {FIRST: 550, SECOND: 100}


def test_what_a_release_before_counted_stays_with_its_version() -> None:
    kept = [KeptVersion(version(1, 0), {}), KeptVersion(version(2, 10), {FIRST: 900})]
    known = PlanHistory(kept, [settlement(50, 12)])
    found = [known.at(minutes(at), None, ()) for at in (5, 13)]
    assert [then and then.named for then in found] == [{}, {FIRST: 950}]


def test_what_a_transaction_names_is_summed_by_installment_and_a_refund_changes_nothing() -> None:
    def settled(minor: int, installment_id: UUID | None, credited: int = 0) -> Settlement:
        return Settlement(
            invoice_id=AGREED.invoice_id,
            invoice_number="1",
            change=Money(minor, "USD"),
            credited=Money(credited, "USD"),
            outstanding=money("0"),
            installment_id=installment_id,
        )

    parts = [
        settled(500, FIRST),
        settled(200, SECOND),
        settled(-100, FIRST),
        settled(900, None),
        settled(-70, SECOND, 70),
    ]
    named = named_settlements(CLINIC_ID, UUID(int=3), NOW, parts)
    assert {one.installment_id: one.minor for one in named} == {FIRST: 400, SECOND: 200}
