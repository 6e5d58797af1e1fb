"""What is laid beside other services' figures, as they write it too (`ALL-8`)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from contracts.installments import InstallmentPlanCancelled, InstallmentPlanChanged
from installments_agreed import monthly, naming, plan, planned
from payments_desk import FrontDesk, good


def digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


async def told(desk: FrontDesk, name: str) -> dict[str, dict[str, Any]]:
    answer = good(await desk.client.get(f"/v1/tallies/{name}"))
    return {item["id"]: item["figures"] for item in answer["items"]}


async def test_plan_is_told_with_its_days_and_amounts_while_it_lives(desk: FrontDesk) -> None:
    """PLN-5: those of its highest version."""
    invoice, ids = await desk.invoice("100.00"), [new_id(), new_id()]
    again: dict[str, Any] = {"plan_id": new_id(), "ids": ids}
    await desk.harness.deliver(plan(desk, invoice, *monthly("50.00", "50.00"), **again))
    parts = [(date(2026, 12, 1), "40.00"), (date(2027, 1, 31), "60.00")]
    change: dict[str, Any] = {"event_class": InstallmentPlanChanged, "cause": "rescheduled", "version": 2}
    await desk.harness.deliver(plan(desk, invoice, *parts, **again, **change))
    written = digest(f"1:{ids[0]}:2026-12-01:4000,2:{ids[1]}:2027-01-31:6000")
    wanted = {"invoice": str(invoice), "version": 2, "live": True}
    wanted |= {"installments": f"2 of 10000 from 2026-12-01 to 2027-01-31, {written}"}
    assert await told(desk, "plans") == {str(again["plan_id"]): wanted}
    change = {"event_class": InstallmentPlanCancelled, "cause": "cancelled", "version": 3}
    await desk.harness.deliver(plan(desk, invoice, *parts, **again, **change))
    wanted |= {"version": 3, "live": False, "installments": "none"}
    assert await told(desk, "plans") == {str(again["plan_id"]): wanted}


async def test_invoice_is_told_with_what_decides_where_money_goes(desk: FrontDesk) -> None:
    """PAY-3: its due date, its number, the treatment plans of its lines."""
    treatment = new_id()
    invoice = await desk.invoice("100.00", plan=treatment, due=date(2027, 2, 3))
    plain = await desk.invoice("10.00")
    found = await told(desk, "invoices")
    assert found[str(invoice)]["number"] == desk.numbers[invoice]
    assert (found[str(invoice)]["due_date"], found[str(invoice)]["treatment_plans"]) == ("2027-02-03", str(treatment))
    assert found[str(plain)]["treatment_plans"] == "none"


async def test_invoice_is_told_with_what_each_payment_settles_of_each_installment(desk: FrontDesk) -> None:
    """PLN-2, PAY-4: with what a refund's credit note keeps settled counted as gone."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    payment = await desk.paid("30.00", allocations=naming(invoice, second))
    await desk.refund(payment["id"], "10.00")
    plain = await desk.paid("20.00", invoice)
    assert first
    parts = sorted([(UUID(payment["id"]), str(second), 2_000), (UUID(plain["id"]), "-", 2_000)])
    written = digest(",".join(f"{one}:{named}:{minor}" for one, named, minor in parts))
    assert (await told(desk, "invoices"))[str(invoice)]["settled_by"] == f"2 parts, {written}"
