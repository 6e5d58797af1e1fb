"""What is laid beside other services' figures, as they write it too (`ALL-8`)."""

from __future__ import annotations

import hashlib
from typing import Any

from chassis.identifiers import new_id


def written(plan: dict[str, Any], cents: int) -> str:
    """A plan's installments as each service writes them."""
    parts = [
        f"{one['position']}:{one['id']}:{one['due_date']}:{one['amount']['amount'].replace('.', '')}"
        for one in plan["installments"]
    ]
    days = [one["due_date"] for one in plan["installments"]]
    digest = hashlib.md5(",".join(parts).encode(), usedforsecurity=False).hexdigest()
    return f"{len(parts)} of {cents} from {days[0]} to {days[-1]}, {digest}"


async def changed(clinic: Any, path: str, version: int, **wanted: Any) -> dict[str, Any]:
    answer = await clinic.api.post(path, json=wanted | {"reason": "wishes so"}, headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


async def test_plan_is_told_with_its_days_and_amounts_while_it_lives(clinic: Any) -> None:
    """PLN-5: those of its last version."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    await clinic.post(path, {"count": 4, "first_due_date": "2026-12-31"})
    plan = await changed(clinic, f"{path}/reschedule", 1, count=3, first_due_date="2027-01-31")
    (told,) = await clinic.listed("/v1/tallies/plans")
    wanted = {"invoice": invoice["id"], "version": 2, "live": True, "installments": written(plan, 10_000)}
    assert told == {"id": plan["id"], "figures": wanted}
    await changed(clinic, f"{path}/cancel", 2)
    (told,) = await clinic.listed("/v1/tallies/plans", id=plan["id"])
    assert told["figures"] == wanted | {"version": 3, "live": False, "installments": "none"}


async def test_invoice_is_told_with_what_decides_where_money_goes(clinic: Any) -> None:
    """PAY-3: its due date, its number, the treatment plans of its lines."""
    plans = sorted(str(new_id()) for _ in range(2))
    lines = [clinic.custom("10.00", treatment_plan_id=one) for one in (*plans, plans[0])]
    made = await clinic.invoice(*lines, clinic.custom("1.00"), due_date="2027-02-03")
    plain = await clinic.invoice(clinic.custom("10.00"))
    told = {one["id"]: one["figures"] for one in await clinic.listed("/v1/tallies/invoices")}
    found = told[made["id"]]
    assert (found["number"], found["due_date"], found["treatment_plans"]) == (
        made["number"],
        "2027-02-03",
        ",".join(plans),
    )
    assert told[plain["id"]]["treatment_plans"] == "none"


async def test_invoice_is_told_with_what_each_payment_settles_of_each_installment(clinic: Any) -> None:
    """PLN-2."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    payment, installment = new_id(), new_id()
    await clinic.settle(invoice, "30.00", of_payment=payment, installment=installment)
    await clinic.settle(invoice, "20.00", of_payment=payment)
    (told,) = await clinic.listed("/v1/tallies/invoices")
    digest = hashlib.md5(f"{payment}:{installment}:3000,{payment}:-:2000".encode(), usedforsecurity=False).hexdigest()
    assert told["figures"]["settled_by"] == f"2 parts, {digest}"
