"""What payments recorded before a plan was agreed comes to the same, however long its event takes (`PLN-6`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from contracts.installments import InstallmentPlanCancelled, InstallmentPlanChanged
from contracts.payments import CreditApplied, PaymentCancelled
from invoicing.domain.installment_plan import COUNTED_THEN, GIVEN_THEN, UNKNOWN_THEN

Json = dict[str, Any]
COURTESY = {"kind": "courtesy", "reason": "kindness"}


def thrice(clinic: Any, **more: Any) -> Json:
    first = clinic.harness.clock.now().date() + timedelta(days=40)
    return {"count": 3, "first_due_date": str(first)} | more


async def agreed_after(clinic: Any, change: str, wanted: Json, event_class: Any = None) -> tuple[Json, Json, Any]:
    """100.00, of which so much is settled a second before the plan is agreed, and heard of once that is answered."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    before = clinic.harness.clock.now()
    clinic.harness.clock.advance(timedelta(seconds=1))
    plan = await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", wanted)
    given = [event_class] if event_class else []
    paid = await clinic.settle(invoice, change, *given, occurred_at=before)
    return invoice, plan, paid


async def plan_of(clinic: Any, invoice: Json) -> Json:
    answer = await clinic.api.get(f"/v1/invoices/{invoice['id']}/installment-plan")
    found: Json = answer.json()
    return found


def amounts(plan: Json, what: str = "amount") -> list[str]:
    return [installment[what]["amount"] for installment in plan["installments"]]


@pytest.mark.rule("PLN-6.3")
@pytest.mark.parametrize("event_class", [None, CreditApplied])
@pytest.mark.parametrize("named", [False, True])
async def test_a_payment_heard_of_after_the_plan_has_it_divided_anew(
    clinic: Any, event_class: Any, *, named: bool
) -> None:
    """W6: 40.00 of 100.00 paid, at once three installments, also with the stale figure named: 20.00 each."""
    wanted = thrice(clinic, **({"outstanding": clinic.usd("100.00")} if named else {}))
    invoice, plan, _ = await agreed_after(clinic, "40.00", wanted, event_class)
    assert amounts(plan) == ["33.34", "33.33", "33.33"]
    found = await plan_of(clinic, invoice)
    assert (amounts(found), amounts(found, "remaining")) == (["20.00"] * 3, ["20.00"] * 3)
    assert [installment["id"] for installment in found["installments"]] == [
        installment["id"] for installment in plan["installments"]
    ]
    assert found["settled_before"] == clinic.usd("40.00")
    version = found["versions"][-1]
    told = (version["version"], version["cause"], version["reason"], version["instead_of"])
    assert told == (2, "divided_anew", UNKNOWN_THEN, 1)
    assert version["by"] != "clerk:test", "nobody's doing"
    event = (await clinic.announced(InstallmentPlanChanged))[-1]
    assert (event.version, event.cause, event.exact_cause) == (2, "rescheduled", "divided_anew")
    assert [installment.remaining.amount for installment in event.installments] == ["20.00"] * 3
    story = (await clinic.api.get(f"/v1/invoices/{invoice['id']}/story")).json()["steps"]
    assert [one["detail"] for one in story if one["kind"] == "plan_changed"] == ["divided_anew"]


async def test_in_the_other_order_it_is_the_same_plan(clinic: Any) -> None:
    invoice = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(invoice, "40.00")
    clinic.harness.clock.advance(timedelta(seconds=1))
    plan = await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", thrice(clinic))
    assert (amounts(plan), len(plan["versions"])) == (["20.00"] * 3, 1)


async def test_a_payment_of_all_ends_the_plan_and_its_late_cancellation_gives_it_back(clinic: Any) -> None:
    """Nothing had been outstanding to be divided; and then it had."""
    invoice, plan, paid = await agreed_after(clinic, "100.00", thrice(clinic))
    found = await plan_of(clinic, invoice)
    assert (found["state"], found["remaining"]) == ("cancelled", clinic.usd("0.00"))
    assert (await clinic.read(invoice["id"]))["installment_plan_id"] is None
    ended = (await clinic.announced(InstallmentPlanCancelled))[-1]
    assert (ended.version, ended.cause, ended.exact_cause) == (2, "cancelled", "divided_anew")
    of_it = {"of_payment": paid.settlements[0].payment_id, "occurred_at": paid.occurred_at}
    await clinic.settle(invoice, "-100.00", PaymentCancelled, **of_it)
    found = await plan_of(clinic, invoice)
    assert (found["id"], found["state"], amounts(found)) == (plan["id"], "active", amounts(plan))
    assert (await clinic.read(invoice["id"]))["installment_plan_id"] == plan["id"]


async def test_a_rescheduling_and_a_move_are_gone_through_again(clinic: Any) -> None:
    """Agreed in two, 20.00 paid, rescheduled to four and one moved, then the payment is heard of: four of 20.00."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    await clinic.post(path, thrice(clinic, count=2))
    clinic.harness.clock.advance(timedelta(seconds=1))
    before = clinic.harness.clock.now()
    clinic.harness.clock.advance(timedelta(seconds=1))
    answer = await clinic.api.post(
        f"{path}/reschedule", json=thrice(clinic, count=4, reason="smaller steps"), headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200, answer.text
    first, day = answer.json()["installments"][0], str(clinic.harness.clock.now().date() + timedelta(days=500))
    await clinic.post(f"/v1/installments/{first['id']}/move", {"due_date": day, "reason": "she asked"}, 200)
    await clinic.settle(invoice, "20.00", occurred_at=before)
    found = await plan_of(clinic, invoice)
    assert amounts(found, "remaining") == ["0.00", *["20.00"] * 4]
    assert (found["installments"][-1]["id"], found["installments"][-1]["due_date"]) == (first["id"], day)


@pytest.mark.rule("PLN-6.4")
async def test_a_cancellation_heard_of_after_a_note_was_undone_is_told_by_a_version_of_its_own(clinic: Any) -> None:
    """10.00 of the first, cancelled before a courtesy is undone: what is to be signed then says that all is unpaid."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    plan = await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", thrice(clinic, count=2))
    paid = await clinic.settle(invoice, "10.00", installment=plan["installments"][0]["id"])
    made = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", COURTESY | {"amount": clinic.usd("20.00")})
    clinic.harness.clock.advance(timedelta(seconds=1))
    before = clinic.harness.clock.now()
    clinic.harness.clock.advance(timedelta(seconds=1))
    await clinic.post(f"/v1/credit-notes/{made['id']}/undo", {"reason": "a mistake"})
    told = (await clinic.announced(InstallmentPlanChanged))[-1]
    assert [installment.remaining.amount for installment in told.installments] == ["40.00", "50.00"]
    of_it = {"of_payment": paid.settlements[0].payment_id, "occurred_at": before}
    await clinic.settle(invoice, "-10.00", PaymentCancelled, installment=plan["installments"][0]["id"], **of_it)
    event = (await clinic.announced(InstallmentPlanChanged))[-1]
    assert (event.version, event.exact_cause) == (told.version + 1, "divided_anew")
    assert [installment.remaining.amount for installment in event.installments] == ["50.00", "50.00"]
    version = (await plan_of(clinic, invoice))["versions"][-1]
    assert (version["reason"], version["instead_of"]) == (COUNTED_THEN, None)


async def test_given_amounts_stay_and_the_plan_says_so(clinic: Any) -> None:
    days = [str(clinic.harness.clock.now().date() + timedelta(days=days)) for days in (10, 20)]
    wanted = {"installments": [{"amount": clinic.usd("50.00"), "due_date": day} for day in days]}
    invoice, _, _ = await agreed_after(clinic, "40.00", wanted)
    found = await plan_of(clinic, invoice)
    assert (amounts(found), amounts(found, "remaining")) == (["50.00"] * 2, ["10.00", "50.00"])
    assert (found["versions"][-1]["cause"], found["versions"][-1]["reason"]) == ("divided_anew", GIVEN_THEN)


async def test_many_plans_hear_of_one_batch_each_by_its_own_times(clinic: Any) -> None:
    """One was agreed before its payment was recorded, the other after it."""
    early = await clinic.invoice(clinic.custom("100.00"))
    await clinic.post(f"/v1/invoices/{early['id']}/installment-plan", thrice(clinic))
    clinic.harness.clock.advance(timedelta(seconds=1))
    late, _, _ = await agreed_after(clinic, "40.00", thrice(clinic))
    await clinic.settle(early, "40.00", occurred_at=clinic.harness.clock.now() - timedelta(seconds=1))
    assert amounts(await plan_of(clinic, early), "remaining") == ["0.00", "26.67", "33.33"]
    assert amounts(await plan_of(clinic, late), "remaining") == ["20.00"] * 3
