"""Plans follow what is undone, and overdue follows the plan, in answers, lists and sums (`PLN-7`, `INV-15`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from contracts.installments import InstallmentPlanCancelled, InstallmentPlanChanged
from contracts.payments import PaymentCancelled
from invoicing_insurers import Insurer
from sqlalchemy import text

Json = dict[str, Any]


def monthly(clinic: Any) -> Json:
    """Four, the first in forty days."""
    return {"count": 4, "first_due_date": str(clinic.harness.clock.now().date() + timedelta(days=40))}


async def planned(clinic: Any, total: str = "100.00", **wanted: Any) -> tuple[Json, Json]:
    invoice = await clinic.invoice(clinic.custom(total))
    plan = await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", wanted or monthly(clinic))
    return invoice, plan


async def plan_of(clinic: Any, invoice: Json) -> Json:
    answer = await clinic.api.get(f"/v1/invoices/{invoice['id']}/installment-plan")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def agreed(plan: Json) -> list[tuple[str, str, str]]:
    return [
        (installment["id"], installment["due_date"], installment["amount"]["amount"])
        for installment in plan["installments"]
    ]


def remaining(plan: Json) -> list[str]:
    return [installment["remaining"]["amount"] for installment in plan["installments"]]


async def credit(clinic: Any, invoice: Json, amount: str | None = None) -> Json:
    body = {"kind": "courtesy", "reason": "long wait"} | ({"amount": clinic.usd(amount)} if amount else {})
    made: Json = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    return made


async def sums(clinic: Any) -> tuple[int, str]:
    shown = (await clinic.api.get("/v1/outstanding")).json()
    return shown["overdue"], shown["overdue_amount"]["amount"]


@pytest.mark.rule("PLN-7.1")
async def test_a_credit_note_undone_gives_the_plan_back_as_it_was_agreed(clinic: Any) -> None:
    """PLN-7: 100 in 4 x 25, 60 credited, undone: 4 x 25 on the days agreed, as a version with who and why."""
    invoice, plan = await planned(clinic)
    note = await credit(clinic, invoice, "60.00")
    undone = await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "she waited not at all"})
    found = await plan_of(clinic, invoice)
    assert agreed(found) == agreed(plan)
    assert remaining(found) == ["25.00"] * 4
    version = found["versions"][-1]
    assert (version["version"], version["by"], version["note_id"]) == (3, "clerk:test", undone["id"])
    assert version["reason"] == f"{undone['number']}: she waited not at all"
    assert (await clinic.announced(InstallmentPlanChanged))[-1].outstanding.amount == "100.00"


async def test_a_plan_that_a_credit_of_all_had_ended_lives_again_when_it_is_undone(clinic: Any) -> None:
    """PLN-7: and is announced as changed, with all that is agreed."""
    invoice, plan = await planned(clinic)
    note = await credit(clinic, invoice)
    assert (await plan_of(clinic, invoice))["state"] == "cancelled"
    assert (await clinic.announced(InstallmentPlanCancelled))[-1].version == 2
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "she pays after all"})
    found = await plan_of(clinic, invoice)
    assert (found["id"], found["state"], agreed(found)) == (plan["id"], "active", agreed(plan))
    assert (await clinic.read(invoice["id"]))["installment_plan_id"] == plan["id"]
    event = (await clinic.announced(InstallmentPlanChanged))[-1]
    assert (event.version, [installment.remaining.amount for installment in event.installments]) == (3, ["25.00"] * 4)
    await clinic.settle(invoice, "30.00")
    assert remaining(await plan_of(clinic, invoice)) == ["0.00", "20.00", "25.00", "25.00"]


async def test_a_plan_does_not_live_again_where_another_was_agreed_since(clinic: Any) -> None:
    invoice, first = await planned(clinic)
    note = await credit(clinic, invoice)
    await clinic.post(
        f"/v1/invoices/{invoice['id']}/debit-notes",
        {"kind": "late_fee", "reason": "r", "amount": clinic.usd("30.00")},
    )
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    second = await clinic.post(path, monthly(clinic) | {"count": 2})
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "r"})
    found = await plan_of(clinic, invoice)
    assert (found["id"], remaining(found)) == (second["id"], ["15.00", "115.00"])
    old = (await clinic.api.get(f"/v1/installment-plans/{first['id']}")).json()
    assert old["state"] == "cancelled"


async def test_a_debit_note_undone_leaves_the_plan_as_it_was_agreed(clinic: Any) -> None:
    invoice, plan = await planned(clinic)
    payment = await clinic.settle(invoice, "100.00")
    body = {"kind": "late_fee", "reason": "r", "amount": clinic.usd("12.00")}
    fee = await clinic.post(f"/v1/invoices/{invoice['id']}/debit-notes", body)
    assert len((await plan_of(clinic, invoice))["installments"]) == 5
    await clinic.post(f"/v1/debit-notes/{fee['id']}/undo", {"reason": "r"})
    assert agreed(await plan_of(clinic, invoice)) == agreed(plan)
    await clinic.settle(invoice, "-100.00", PaymentCancelled, of_payment=payment.settlements[0].payment_id)
    assert remaining(await plan_of(clinic, invoice)) == ["25.00"] * 4


async def test_a_write_off_taken_back_by_a_later_decision_gives_the_installments_back(clinic: Any) -> None:
    """PLN-7, INS-3: written off by contract, and no longer; of all of it, which had ended the plan."""
    insurer = Insurer()
    body = clinic.custom("100.00", estimates=[insurer.estimate("0.00", "0.00", "100.00")])
    invoice = await clinic.invoice(body)
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    plan = await clinic.post(path, monthly(clinic))
    line = invoice["lines"][0]
    for written_off, left in (("60.00", ["25.00", "15.00"]), ("40.00", ["0.00", "0.00"])):
        decided = insurer.line(line, "0.00", CO=written_off, PR="0.00")
        await clinic.harness.deliver(insurer.decides(invoice, [decided], clinic_id=clinic.id))
        assert remaining(await plan_of(clinic, invoice)) == left
    taken_back = insurer.line(line, "0.00", negative=True, CO="100.00", PR="0.00")
    await clinic.harness.deliver(insurer.decides(invoice, [taken_back], clinic_id=clinic.id))
    found = await plan_of(clinic, invoice)
    assert (found["state"], agreed(found)) == ("active", agreed(plan))


@pytest.mark.rule("PLN-8.1")
async def test_what_a_cancelled_plan_says_remains_is_derived(clinic: Any) -> None:
    """PLN-8: cancelled at 70, 20 paid afterwards: 50 remain; credited, less; void or credited whole, nothing."""
    invoice, _ = await planned(clinic)
    await clinic.settle(invoice, "30.00")
    path = f"/v1/invoices/{invoice['id']}/installment-plan/cancel"
    cancelled = await clinic.post(path, {"reason": "she pays at once"}, 200)
    assert (cancelled["remaining"], remaining(cancelled)) == (clinic.usd("70.00"), ["0.00", "20.00", "25.00", "25.00"])
    paid = await clinic.settle(invoice, "20.00")
    found = await plan_of(clinic, invoice)
    assert (found["remaining"], remaining(found)) == (clinic.usd("50.00"), ["0.00", "0.00", "25.00", "25.00"])
    (listed,) = await clinic.listed("/v1/installment-plans", state="cancelled")
    assert listed["remaining"] == clinic.usd("50.00")
    await credit(clinic, invoice, "10.00")
    assert remaining(await plan_of(clinic, invoice)) == ["0.00", "0.00", "25.00", "15.00"]
    await clinic.settle(invoice, "-20.00", PaymentCancelled, of_payment=paid.settlements[0].payment_id)
    assert (await plan_of(clinic, invoice))["remaining"] == clinic.usd("60.00")
    await credit(clinic, invoice, "60.00")
    found = await plan_of(clinic, invoice)
    assert (found["remaining"], [installment["state"] for installment in found["installments"]]) == (
        clinic.usd("0.00"),
        ["paid", "cancelled", "cancelled", "cancelled"],
    )


@pytest.mark.rule("INV-15.2")
async def test_an_invoice_past_its_due_date_is_not_overdue_while_its_plan_is_on_time(clinic: Any) -> None:
    """INV-15: due today, agreed in installments from today on; tomorrow 0.00 is overdue, and nothing is listed."""
    await clinic.configure(due_days=0)
    today = clinic.harness.clock.now().date()
    invoice, _ = await planned(clinic, "90.00", count=3, first_due_date=str(today + timedelta(days=20)))
    clinic.harness.clock.advance(timedelta(days=1))
    assert (await clinic.read(invoice["id"]))["overdue"] is False
    assert (await clinic.listed(overdue="true"), await sums(clinic)) == ([], (0, "0.00"))
    assert [one["id"] for one in await clinic.listed(overdue="false")] == [invoice["id"]]
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan/cancel", {"reason": "r"}, 200)
    assert (await clinic.read(invoice["id"]))["overdue"] is True, "what ends is due as the invoice says"
    assert await sums(clinic) == (1, "90.00")


@pytest.mark.rule("INV-15.2")
async def test_an_invoice_with_a_late_installment_is_overdue_by_as_much_as_that_asks_for(clinic: Any) -> None:
    """INV-15: due in 30 days, the first of three installments late: 30.00, and 20.00 once 10.00 of it is paid."""
    await clinic.configure(due_days=30)
    today = clinic.harness.clock.now().date()
    invoice, plan = await planned(clinic, "90.00", count=3, first_due_date=str(today))
    other = await clinic.invoice(clinic.custom("10.00"))
    assert await sums(clinic) == (0, "0.00")
    clinic.harness.clock.advance(timedelta(days=1))
    assert (await clinic.read(invoice["id"]))["overdue"] is True
    assert ([one["id"] for one in await clinic.listed(overdue="true")], await sums(clinic)) == (
        [invoice["id"]],
        (1, "30.00"),
    )
    assert [one["id"] for one in await clinic.listed(overdue="false")] == [other["id"]]
    named = await clinic.settle(invoice, "30.00", installment=plan["installments"][2]["id"])
    assert await sums(clinic) == (1, "30.00"), "the last was named, the first is late"
    await clinic.settle(invoice, "10.00")
    assert await sums(clinic) == (1, "20.00")
    await clinic.settle(invoice, "20.00")
    assert ((await clinic.read(invoice["id"]))["overdue"], await sums(clinic)) == (False, (0, "0.00"))
    await clinic.settle(invoice, "-30.00", PaymentCancelled, of_payment=named.settlements[0].payment_id)
    assert await sums(clinic) == (0, "0.00")
    clinic.harness.clock.advance(timedelta(days=31))
    assert await sums(clinic) == (2, "40.00"), "the second installment, and the other invoice by its due date"


async def test_the_longest_overdue_comes_first_by_the_plan_page_by_page(clinic: Any) -> None:
    await clinic.configure(due_days=5)
    today = clinic.harness.clock.now().date()
    plain = await clinic.invoice(clinic.custom("10.00"))
    late, _ = await planned(clinic, "20.00", count=2, first_due_date=str(today))
    clinic.harness.clock.advance(timedelta(days=6))
    listed = await clinic.api.get("/v1/invoices", params={"overdue": "true", "limit": 1})
    assert [item["id"] for item in listed.json()["items"]] == [late["id"]]
    following = await clinic.api.get(
        "/v1/invoices", params={"overdue": "true", "limit": 1, "cursor": listed.json()["next"]}
    )
    assert [item["id"] for item in following.json()["items"]] == [plain["id"]]


async def test_what_is_kept_of_plans_that_are_older_is_derived_by_a_job(clinic: Any) -> None:
    """INV-15: as they were before their unpaid part was kept; then answered as any other."""
    await clinic.configure(due_days=30)
    today = clinic.harness.clock.now().date()
    invoice, plan = await planned(clinic, "90.00", count=3, first_due_date=str(today))
    await clinic.settle(invoice, "10.00")
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        parameters = {"plan": plan["id"], "invoice": invoice["id"]}
        await work.connection.execute(
            text("UPDATE installment_dues SET unpaid_minor = NULL WHERE plan_id = :plan"), parameters
        )
        await work.connection.execute(
            text("UPDATE invoices SET installment_due_on = NULL WHERE id = :invoice"), parameters
        )
    clinic.harness.clock.advance(timedelta(days=1))
    assert await sums(clinic) == (0, "0.00")
    await clinic.harness.run_job("note_unpaid_installments")
    assert await sums(clinic) == (1, "20.00")


async def test_the_proof_finds_what_is_kept_otherwise_than_it_follows(clinic: Any) -> None:
    """ALL-8, INV-15."""
    clinic.leaves_wrong_rows = True
    invoice, plan = await planned(clinic)
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        one_more = text("UPDATE installment_dues SET unpaid_minor = unpaid_minor + 1 WHERE plan_id = :plan")
        await work.connection.execute(one_more, {"plan": plan["id"]})
        later = text("UPDATE invoices SET installment_due_on = installment_due_on + 1 WHERE id = :invoice")
        await work.connection.execute(later, {"invoice": invoice["id"]})
    found = (await clinic.api.get("/v1/prove")).json()["differences"]
    assert len(found) == 5
    assert all("unpaid of" in one["what"] or "due next" in one["what"] for one in found)
