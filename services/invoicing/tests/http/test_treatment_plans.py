"""A treatment plan shows planned, invoiced, credited, paid and outstanding, by item and in sum (`INV-10`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Amount
from contracts.payments import PaymentCancelled

FIGURES = ("planned", "invoiced", "credited", "paid", "outstanding")


def accepted(clinic: Any, plan_id: UUID, items: dict[UUID, str], **more: Any) -> TreatmentPlanAccepted:
    planned = tuple(
        PlannedItem(
            item_id=item_id,
            code_system="CDT",
            code="D2740",
            description="Crown, ceramic",
            fee=Amount(amount=fee, currency="USD"),
        )
        for item_id, fee in items.items()
    )
    given = {"clinic_id": clinic.id, "occurred_at": clinic.harness.clock.now(), "patient_id": clinic.patient_id}
    return TreatmentPlanAccepted(**(given | more), treatment_plan_id=plan_id, name="Two crowns", items=planned)


async def plan(clinic: Any, plan_id: UUID) -> dict[str, Any]:
    answer = await clinic.api.get(f"/v1/treatment-plans/{plan_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amounts(found: dict[str, Any]) -> list[str]:
    return [found[name]["amount"] for name in FIGURES if name in found]


def ahead(item_id: UUID, **more: Any) -> dict[str, Any]:
    return {"kind": "extra_procedure", "treatment_plan_item_id": str(item_id)} | more


@pytest.mark.rule("INV-10.1", "INV-10.3")
async def test_a_plan_is_followed_from_planned_to_paid(clinic: Any) -> None:
    plan_id, first, second = new_id(), new_id(), new_id()
    await clinic.harness.deliver(accepted(clinic, plan_id, {first: "900.00", second: "600.00"}))
    found = await plan(clinic, plan_id)
    assert amounts(found["totals"]) == ["1500.00", "0.00", "0.00", "0.00", "0.00"]
    assert [one["state"] for one in found["items"]] == ["planned", "planned"]
    # The first is invoiced ahead beside something else; the second stands on a draft.
    made = await clinic.invoice(
        ahead(first, discount={"percent": "10", "reason": "family"}), clinic.custom("190.00", tax_category="S")
    )
    draft = await clinic.invoice(ahead(second), issue=False)
    await clinic.settle(made, "521.00")
    found = await plan(clinic, plan_id)
    # 521.00 of 810.00 + 231.80: 405.08 and 115.92.
    assert amounts(found["items"][0]) == ["900.00", "810.00", "0.00", "405.08", "404.92"]
    assert [(one["state"], one["invoice_id"]) for one in found["items"]] == [
        ("invoiced", made["id"]),
        ("drafted", draft["id"]),
    ]
    assert amounts(found["totals"]) == ["1500.00", "810.00", "0.00", "405.08", "404.92"]
    body = {
        "kind": "courtesy",
        "reason": "r",
        "lines": [{"line_id": made["lines"][0]["id"], "amount": clinic.usd("10.00")}],
    }
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    item = (await plan(clinic, plan_id))["items"][0]
    assert item["credited"] == clinic.usd("10.00")
    await clinic.settle(made, "510.80")
    item = (await plan(clinic, plan_id))["items"][0]
    assert amounts(item) == ["900.00", "810.00", "10.00", "800.00", "0.00"]


async def test_an_item_done_later_is_the_same_item_and_not_billed_again(clinic: Any) -> None:
    plan_id, item, visit = new_id(), new_id(), new_id()
    await clinic.harness.deliver(accepted(clinic, plan_id, {item: "900.00"}))
    made = await clinic.invoice(ahead(item))
    assert (await plan(clinic, plan_id))["items"][0]["done"] is False
    done = clinic.completed(visit, "950.00", treatment_plan_id=plan_id, treatment_plan_item_id=item)
    await clinic.harness.deliver(done, clinic.closed(visit))
    (found,) = (await plan(clinic, plan_id))["items"]
    assert (found["done"], found["invoice_number"]) == (True, made["number"])
    assert found["procedure_id"] == str(done.procedure_id)
    assert amounts(found) == ["900.00", "900.00", "0.00", "0.00", "900.00"]
    assert len(await clinic.listed()) == 1


async def test_a_completed_item_is_billed_once_and_shows_its_own_price(clinic: Any) -> None:
    plan_id, item, visit = new_id(), new_id(), new_id()
    done = clinic.completed(visit, "950.00", treatment_plan_id=plan_id, treatment_plan_item_id=item)
    await clinic.harness.deliver(accepted(clinic, plan_id, {item: "900.00"}), done, clinic.closed(visit))
    (found,) = (await plan(clinic, plan_id))["items"]
    assert amounts(found) == ["900.00", "950.00", "0.00", "0.00", "950.00"]


async def test_a_void_invoice_makes_its_items_planned_again(clinic: Any) -> None:
    plan_id, item = new_id(), new_id()
    await clinic.harness.deliver(accepted(clinic, plan_id, {item: "900.00"}))
    made = await clinic.invoice(ahead(item))
    payment = await clinic.settle(made, "100.00")
    of = payment.settlements[0].payment_id
    await clinic.settle(made, "-100.00", PaymentCancelled, of_payment=of)
    await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "typo"}, 200)
    found = await plan(clinic, plan_id)
    assert [one["state"] for one in found["items"]] == ["planned"]
    assert amounts(found["totals"]) == ["900.00", "0.00", "0.00", "0.00", "0.00"]


async def test_lines_of_a_plan_beside_its_items_count_too(clinic: Any) -> None:
    plan_id, item = new_id(), new_id()
    await clinic.harness.deliver(accepted(clinic, plan_id, {item: "900.00"}))
    made = await clinic.invoice(clinic.custom("80.00", treatment_plan_id=str(plan_id)), clinic.custom("5.00"))
    found = await plan(clinic, plan_id)
    assert [(line["line_id"], line["outstanding"]) for line in found["other_lines"]] == [
        (made["lines"][0]["id"], clinic.usd("80.00"))
    ]
    assert found["totals"]["invoiced"] == clinic.usd("80.00")


async def test_plans_are_listed_by_patient_the_newest_first(clinic: Any) -> None:
    plans = [new_id() for _ in range(3)]
    await clinic.harness.deliver(*(accepted(clinic, one, {new_id(): "100.00", new_id(): "50.00"}) for one in plans))
    await clinic.harness.deliver(accepted(clinic, new_id(), {}, patient_id=new_id()))
    wanted = {"patient_id": str(clinic.patient_id)}
    listed = await clinic.listed("/v1/treatment-plans", **wanted)
    assert [one["treatment_plan_id"] for one in listed] == [str(one) for one in reversed(plans)]
    assert (listed[0]["items"], listed[0]["planned"]) == (2, clinic.usd("150.00"))
    page = (await clinic.api.get("/v1/treatment-plans", params=wanted | {"limit": 2})).json()
    rest = (await clinic.api.get("/v1/treatment-plans", params=wanted | {"cursor": page["next"]})).json()
    assert [item["treatment_plan_id"] for item in rest["items"]] == [str(plans[0])]


async def test_another_clinics_plan_is_not_shown(harness: Any, clinic: Any) -> None:
    """ALL-4."""
    plan_id = new_id()
    await clinic.harness.deliver(accepted(clinic, plan_id, {new_id(): "900.00"}))
    async with harness.client() as other:
        assert (await other.get(f"/v1/treatment-plans/{plan_id}")).status_code == 404
        assert (await other.get("/v1/treatment-plans")).json()["items"] == []
