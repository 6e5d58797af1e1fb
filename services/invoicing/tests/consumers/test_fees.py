"""Fees as the practice's events name them: a zero is a fee, a foreign fee is nobody's price (`INV-1`, `MON-2`)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Amount
from contracts.invoicing import InvoiceIssued

LISTED = {"code_system": "CDT", "code": "D1110"}
FREE = Amount(amount="0.00", currency="USD")
FOREIGN = [Amount(amount="50.00", currency="EUR"), Amount(amount="50", currency="JPY")]


def planned(clinic: Any, *fees: Amount) -> TreatmentPlanAccepted:
    return TreatmentPlanAccepted(
        clinic_id=clinic.id,
        occurred_at=clinic.completed(None).occurred_at,
        treatment_plan_id=new_id(),
        patient_id=clinic.patient_id,
        name="Two cleanings",
        items=tuple(PlannedItem(item_id=new_id(), description="Prophylaxis", fee=fee, **LISTED) for fee in fees),
    )


async def test_a_fee_of_zero_stays_zero_until_it_is_invoiced_by_hand(clinic: Any) -> None:
    """Also where the price list knows another price of the code (W13)."""
    await clinic.configure(billing_policy="manual")
    free = clinic.completed(new_id(), fee=None, **LISTED).model_copy(update={"fee": FREE})
    await clinic.harness.deliver(free)
    (listed,) = await clinic.listed("/v1/billable-procedures")
    assert listed["fee"] == clinic.usd("0.00")
    named = [str(free.procedure_id)]
    shown = await clinic.post("/v1/invoices/preview", {"procedure_ids": named}, 200)
    assert shown["totals"]["total"] == clinic.usd("0.00")
    made = await clinic.invoice(procedure_ids=named)
    assert made["totals"]["total"] == clinic.usd("0.00")


async def test_a_fee_of_zero_is_issued_by_itself_as_zero(clinic: Any) -> None:
    for policy in ("per_appointment", "per_procedure"):
        await clinic.configure(billing_policy=policy)
        visit = new_id()
        free = clinic.completed(visit, fee=None, **LISTED).model_copy(update={"fee": FREE})
        await clinic.harness.deliver(free, clinic.closed(visit))
    assert [one.totals.total.amount for one in await clinic.announced(InvoiceIssued)] == ["0.00", "0.00"]
    assert await clinic.listed("/v1/invoice-reviews") == []


@pytest.mark.parametrize("fee", FOREIGN, ids=["EUR", "JPY"])
@pytest.mark.parametrize("policy", ["per_appointment", "per_procedure"])
async def test_a_foreign_fee_is_never_issued_by_itself_at_the_lists_price(
    clinic: Any, policy: str, fee: Amount
) -> None:
    """MON-2 holds for what events say too (W14): a person names the price."""
    await clinic.configure(billing_policy=policy)
    visit = new_id()
    foreign = clinic.completed(visit, fee=None, **LISTED).model_copy(update={"fee": fee})
    await clinic.harness.deliver(foreign, clinic.closed(visit))
    assert await clinic.announced(InvoiceIssued) == []
    (draft,) = await clinic.listed()
    assert (draft["status"], draft["totals"]["total"]) == ("draft", clinic.usd("0.00"))
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert (review["cause"], review["procedure_id"]) == ("fee_in_other_currency", str(foreign.procedure_id))
    (listed,) = await clinic.listed("/v1/billable-procedures")
    assert (listed["fee"], listed["fee_in_other_currency"]) == (fee.model_dump(), True)


async def test_a_foreign_fee_is_issued_only_at_a_price_that_a_person_typed(clinic: Any) -> None:
    visit = new_id()
    foreign = clinic.completed(visit, fee=None, **LISTED).model_copy(update={"fee": FOREIGN[0]})
    await clinic.harness.deliver(foreign, clinic.closed(visit))
    (draft,) = await clinic.listed()
    path = f"/v1/invoices/{draft['id']}"
    await clinic.post(f"{path}/issue", status=409)
    await clinic.post(f"{path}/review", {"reason": "seen"}, 200)
    refused = await clinic.post(f"{path}/issue", status=422)
    assert (refused["type"].rsplit(":", 1)[-1], refused["errors"][0]["field"]) == (
        "fee-in-other-currency",
        "lines[0].unit_price",
    )
    line = {"kind": "procedure", "procedure_id": str(foreign.procedure_id)}
    headers = {"If-Match": (await clinic.api.get(path)).headers["etag"]}
    left_out = await clinic.api.put(path, json={"lines": [line]}, headers=headers)
    assert (left_out.status_code, left_out.json()["errors"][0]["field"]) == (422, "lines[0].unit_price")
    assert "50.00 EUR" in left_out.json()["detail"]
    typed = await clinic.api.put(path, json={"lines": [line | {"unit_price": clinic.usd("54.00")}]}, headers=headers)
    assert typed.status_code == 200, typed.text
    issued = await clinic.post(f"{path}/issue", status=200)
    assert issued["totals"]["total"] == clinic.usd("54.00")


async def test_a_procedure_with_a_foreign_fee_is_not_invoiced_by_hand_at_the_lists_price(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    foreign = clinic.completed(new_id(), fee=None, **LISTED).model_copy(update={"fee": FOREIGN[1]})
    await clinic.harness.deliver(foreign)
    for path in ("/v1/invoices", "/v1/invoices/preview"):
        body: dict[str, Any] = {"procedure_ids": [str(foreign.procedure_id)]}
        body |= {"patient_id": str(clinic.patient_id)} if path == "/v1/invoices" else {}
        refused = await clinic.post(path, body, 422)
        assert refused["errors"][0]["field"].startswith("procedure_ids[0]")


async def test_a_plans_foreign_fees_are_neither_summed_nor_invoiced_as_local_ones(clinic: Any) -> None:
    plan = planned(clinic, FREE, Amount(amount="40.00", currency="USD"), *FOREIGN)
    await clinic.harness.deliver(plan)
    (listed,) = await clinic.listed("/v1/treatment-plans")
    assert (listed["items"], listed["planned"]) == (4, clinic.usd("40.00"))
    ahead = [{"kind": "extra_procedure", "treatment_plan_item_id": str(item.item_id)} for item in plan.items]
    made = await clinic.invoice(*ahead[:2])
    assert made["totals"]["total"] == clinic.usd("40.00")
    refused = await clinic.invoice(ahead[2], status=422)
    assert refused["errors"][0]["field"] == "lines[0].unit_price"
