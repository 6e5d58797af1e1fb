"""What the practice's clinical events make of drafts and invoices (`INV-1`, `INV-2`, `INV-10`)."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Amount
from contracts.invoicing import InvoiceDrafted, InvoiceIssued


@pytest.mark.rule("INV-2.2", "INV-2.3")
async def test_the_procedures_of_a_visit_are_one_invoice_when_it_closes(clinic: Any) -> None:
    visit, insurer = new_id(), new_id()
    first, second = clinic.completed(visit, "80.00"), clinic.completed(visit, "20.50")
    await clinic.harness.deliver(first, second)
    (draft,) = await clinic.listed()
    assert (draft["status"], draft["totals"]["total"]) == ("draft", clinic.usd("100.50"))
    await clinic.harness.deliver(clinic.closed(visit, primary_payer_id=insurer, primary_payer_name="Delta"))
    issued = await clinic.read(draft["id"])
    assert (issued["status"], issued["number"], issued["outstanding"]) == (
        "issued",
        "INV-2026-000001",
        clinic.usd("100.50"),
    )
    assert issued["primary_payer"] == {"id": str(insurer), "name": "Delta"}
    (drafted,) = await clinic.announced(InvoiceDrafted)
    (event,) = await clinic.announced(InvoiceIssued)
    assert (drafted.total.amount, drafted.lines, event.primary_payer_id) == ("100.50", 2, insurer)
    assert {line.procedure_id for line in event.lines} == {first.procedure_id, second.procedure_id}
    assert event.by.subject == "consumer:invoicing"
    await clinic.prove()


@pytest.mark.rule("INV-1.1")
async def test_duplicates_change_nothing(clinic: Any) -> None:
    """Also a completion that is told again under another event id (`INV-1`)."""
    visit = new_id()
    procedure, closing = clinic.completed(visit), clinic.closed(visit)
    messages = await clinic.harness.deliver(procedure, closing)
    await clinic.harness.deliver(*messages)
    await clinic.harness.deliver(procedure, closing)
    (invoice,) = await clinic.listed()
    assert invoice["totals"]["total"] == clinic.usd("100.00")
    assert len(await clinic.announced(InvoiceIssued)) == 1


@pytest.mark.rule("INV-2.2")
async def test_a_draft_collects_over_several_batches_and_is_announced_once(clinic: Any) -> None:
    visit = new_id()
    for fee in ("1.00", "2.00", "3.00"):
        await clinic.harness.deliver(clinic.completed(visit, fee), clinic.completed(visit, "10.00"))
    (draft,) = await clinic.listed()
    found = await clinic.read(draft["id"])
    assert [line["position"] for line in found["lines"]] == [1, 2, 3, 4, 5, 6]
    assert found["totals"]["total"] == clinic.usd("36.00")
    assert len(await clinic.announced(InvoiceDrafted)) == 1


async def test_many_visits_of_many_clinics_come_in_one_batch(harness: Any, clinic: Any) -> None:
    visits = [new_id() for _ in range(40)]
    events = [clinic.completed(visit, "2.50") for visit in visits for _ in range(3)]
    random.Random(7).shuffle(events)
    await harness.deliver(*events, *(clinic.closed(visit) for visit in visits))
    listed = await clinic.listed(limit="200")
    assert len(listed) == 40
    assert {one["totals"]["total"]["amount"] for one in listed} == {"7.50"}
    assert sorted(one["number"] for one in listed) == [f"INV-2026-{n:06}" for n in range(1, 41)]
    await clinic.prove()


@pytest.mark.rule("INV-1.1", "INV-1.2")
@pytest.mark.parametrize("order", list(permutations(["completed", "completed again", "reverted"])))
async def test_completion_and_reversal_end_the_same_in_any_order(clinic: Any, order: tuple[str, ...]) -> None:
    visit = new_id()
    procedure = clinic.completed(visit)
    told = {
        "completed": clinic.message(procedure, 1),
        "completed again": clinic.message(procedure, 1),
        "reverted": clinic.message(clinic.reverted(procedure), 2),
    }
    for name in order:
        await clinic.harness.deliver(told[name])
    (found,) = await clinic.listed("/v1/billable-procedures")
    assert (found["state"], found["invoice_id"]) == ("reverted", None)
    assert await clinic.listed() == []


async def test_a_procedure_completed_anew_after_its_reversal_is_billed(clinic: Any) -> None:
    visit = new_id()
    procedure = clinic.completed(visit)
    for message in (
        clinic.message(procedure, 1),
        clinic.message(clinic.reverted(procedure), 2),
        clinic.message(procedure, 3),
    ):
        await clinic.harness.deliver(message)
    (draft,) = await clinic.listed()
    assert draft["totals"]["total"] == clinic.usd("100.00")


DONE = {"code": "D1110", "description": "Cleaning"}
CORRECTED = {"code": "D4341", "description": "Scaling"}


@pytest.mark.rule("INV-1.1", "INV-1.5")
@pytest.mark.parametrize("policy", ["per_appointment", "per_procedure"])
@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2), (0, 2, 1), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
async def test_a_completion_that_corrects_another_is_what_the_draft_bills(
    clinic: Any, order: tuple[int, ...], policy: str
) -> None:
    """It was the one or the other by when it arrived, and the procedure read as what was not billed."""
    await clinic.configure(billing_policy=policy, auto_issue=False)
    visit = new_id()
    first, other = clinic.completed(visit, "100.00", **DONE), clinic.completed(visit, "7.00")
    second = first.model_copy(update=CORRECTED | {"fee": Amount(**clinic.usd("80.00"))})
    told = [clinic.message(first, 1), clinic.message(clinic.reverted(first), 2), clinic.message(second, 3)]
    await clinic.harness.deliver(clinic.message(other, 1))
    for place in order:
        await clinic.harness.deliver(told[place])
    drafts = [await clinic.read(one["id"]) for one in await clinic.listed()]
    assert len(drafts) == (1 if policy == "per_appointment" else 2)
    lines = {line["code"]: line["unit_price"]["amount"] for draft in drafts for line in draft["lines"]}
    assert lines == {other.code: "7.00", "D4341": "80.00"}
    assert sum(float(draft["totals"]["total"]["amount"]) for draft in drafts) == 87
    found = {one["code"]: one["state"] for one in await clinic.listed("/v1/billable-procedures")}
    assert found == {other.code: "invoiced", "D4341": "invoiced"}
    assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.prove()


@pytest.mark.rule("INV-1.4", "INV-1.5")
@pytest.mark.parametrize("order", [(1, 2), (2,), (2, 1)])
async def test_an_issued_invoice_of_what_was_corrected_is_for_a_person_until_it_is_as_billed(
    clinic: Any, order: tuple[int, ...]
) -> None:
    """The review closed by itself, and nobody was told that what was done is not what is billed."""
    visit = new_id()
    first = clinic.completed(visit, "100.00", **DONE)
    second = first.model_copy(update=CORRECTED | {"fee": Amount(**clinic.usd("80.00"))})
    told = [clinic.message(first, 1), clinic.message(clinic.reverted(first), 2), clinic.message(second, 3)]
    await clinic.harness.deliver(told[0], clinic.closed(visit))
    for place in order:
        await clinic.harness.deliver(told[place])
    (invoice,) = await clinic.listed()
    assert (invoice["status"], invoice["outstanding"]) == ("issued", clinic.usd("100.00"))
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert (review["invoice_id"], review["cause"]) == (invoice["id"], "procedure_reverted")
    await clinic.harness.deliver(clinic.message(first, 4))
    assert await clinic.listed("/v1/invoice-reviews") == []


async def test_a_completion_told_again_with_a_later_sequence_changes_no_draft(clinic: Any) -> None:
    """Nor what a person typed there."""
    visit = new_id()
    procedure = clinic.completed(visit, "100.00", **DONE)
    await clinic.harness.deliver(clinic.message(procedure, 1))
    (before,) = await clinic.listed()
    await clinic.harness.deliver(clinic.message(procedure, 2))
    (after,) = await clinic.listed()
    assert (after["id"], after["version"]) == (before["id"], before["version"])


@pytest.mark.rule("INV-1.3")
async def test_a_reverted_procedure_leaves_its_draft(clinic: Any) -> None:
    visit = new_id()
    kept, reverted = clinic.completed(visit, "80.00"), clinic.completed(visit, "20.00")
    await clinic.harness.deliver(kept, reverted, clinic.reverted(reverted))
    (draft,) = await clinic.listed()
    assert draft["totals"]["total"] == clinic.usd("80.00")
    await clinic.harness.deliver(clinic.reverted(kept))
    assert await clinic.listed() == []


@pytest.mark.rule("INV-1.4")
async def test_a_reverted_procedure_on_an_issued_invoice_is_for_a_person(clinic: Any) -> None:
    visit = new_id()
    procedure = clinic.completed(visit)
    await clinic.harness.deliver(procedure, clinic.closed(visit), clinic.reverted(procedure))
    (invoice,) = await clinic.listed()
    assert (invoice["status"], invoice["outstanding"]) == ("issued", clinic.usd("100.00"))
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert (review["invoice_id"], review["cause"]) == (invoice["id"], "procedure_reverted")
    assert review["procedure_id"] == str(procedure.procedure_id)
    path = f"/v1/invoices/{invoice['id']}/review"
    await clinic.post(path, {"reason": "credited by hand"}, 200)
    assert await clinic.listed("/v1/invoice-reviews") == []
    await clinic.post(path, {"reason": "again"}, 409)


async def test_voiding_does_not_make_a_reverted_procedure_billable(clinic: Any) -> None:
    visit = new_id()
    procedure = clinic.completed(visit)
    await clinic.harness.deliver(procedure, clinic.closed(visit), clinic.reverted(procedure))
    (invoice,) = await clinic.listed()
    await clinic.post(f"/v1/invoices/{invoice['id']}/void", {"reason": "reverted"}, 200)
    assert await clinic.listed("/v1/invoice-reviews") == []
    refused = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)], status=422)
    assert refused["type"].endswith("procedure-not-billable")


async def test_a_procedure_after_the_close_is_issued_once_left_alone(clinic: Any) -> None:
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit), clinic.closed(visit))
    await clinic.harness.deliver(clinic.completed(visit, "7.00"))
    await clinic.harness.deliver(clinic.completed(visit, "8.00"))
    await clinic.harness.run_job("issue_late_drafts")
    assert [one["status"] for one in await clinic.listed()] == ["draft", "issued"]
    clinic.harness.clock.advance(timedelta(minutes=5))
    await clinic.harness.run_job("issue_late_drafts")
    late, first = await clinic.listed()
    assert (late["status"], late["totals"]["total"]) == ("issued", clinic.usd("15.00"))
    assert (first["number"], late["number"]) == ("INV-2026-000001", "INV-2026-000002")


@pytest.mark.rule("INV-2.1", "INV-11.1")
async def test_the_manual_policy_starts_nothing(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit), clinic.closed(visit))
    assert await clinic.listed() == []
    (found,) = await clinic.listed("/v1/billable-procedures", state="billable")
    assert found["fee"] == clinic.usd("100.00")


@pytest.mark.rule("INV-2.4")
@pytest.mark.parametrize(("auto_issue", "status"), [(True, "issued"), (False, "draft")])
async def test_the_policy_per_procedure_gives_each_its_own(clinic: Any, auto_issue: bool, status: str) -> None:
    await clinic.configure(billing_policy="per_procedure", auto_issue=auto_issue)
    await clinic.harness.deliver(clinic.completed(new_id(), "1.00"), clinic.completed(None, "2.00"))
    listed = await clinic.listed()
    assert sorted((one["status"], one["totals"]["total"]["amount"]) for one in listed) == [
        (status, "1.00"),
        (status, "2.00"),
    ]
    await clinic.prove()


@pytest.mark.rule("INV-2.3")
async def test_without_auto_issue_the_draft_waits_for_a_person(clinic: Any) -> None:
    await clinic.configure(auto_issue=False)
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit), clinic.closed(visit, primary_payer_name="Delta"))
    (draft,) = await clinic.listed()
    assert draft["status"] == "draft"
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    assert issued["primary_payer"]["name"] == "Delta"


@pytest.mark.rule("INV-11.1")
async def test_a_missing_fee_comes_from_the_price_list(clinic: Any) -> None:
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit, None, code_system="CDT", code="D1110"), clinic.closed(visit))
    (invoice,) = await clinic.listed()
    assert (invoice["status"], invoice["totals"]["total"]) == ("issued", clinic.usd("95.00"))


async def test_a_procedure_without_any_price_is_never_issued_at_zero_silently(clinic: Any) -> None:
    visit = new_id()
    procedure = clinic.completed(visit, None)
    await clinic.harness.deliver(procedure, clinic.closed(visit))
    (draft,) = await clinic.listed()
    assert draft["status"] == "draft"
    (review,) = await clinic.listed("/v1/invoice-reviews")
    assert (review["cause"], review["invoice_id"]) == ("price_missing", draft["id"])
    assert (await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=409))["type"].endswith("price-not-reviewed")
    line = {"kind": "procedure", "procedure_id": str(procedure.procedure_id), "unit_price": clinic.usd("55.00")}
    changed = await clinic.api.put(
        f"/v1/invoices/{draft['id']}", json={"lines": [line]}, headers={"If-Match": f'"{draft["version"]}"'}
    )
    assert changed.status_code == 200, changed.text
    issued = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    assert issued["totals"]["total"] == clinic.usd("55.00")


async def test_procedures_before_the_clinic_is_configured_are_billed_when_it_is(harness: Any, clinic: Any) -> None:
    other_id, visit = new_id(), new_id()
    early = clinic.completed(visit, "30.00", clinic_id=other_id)
    await harness.deliver(early, clinic.closed(visit, clinic_id=other_id))
    async with harness.client(clinic_id=other_id) as api:
        settings = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en", "auto_issue": True}
        body = settings | {"billing_policy": "per_appointment"}
        assert (await api.put("/v1/clinic", json=body)).status_code == 200
        (draft,) = (await api.get("/v1/invoices")).json()["items"]
        assert (draft["status"], draft["totals"]["total"]["amount"]) == ("draft", "30.00")
        harness.clock.advance(timedelta(minutes=5))
        await harness.run_job("issue_late_drafts")
        (issued,) = (await api.get("/v1/invoices")).json()["items"]
        assert issued["status"] == "issued"


async def test_a_fee_in_fractions_of_a_cent_is_set_aside_with_its_reason(clinic: Any) -> None:
    bad = clinic.completed(new_id(), "1.005", patient_id=new_id())
    good = clinic.completed(new_id(), "1.00")
    await clinic.harness.deliver(good, bad)
    (letter,) = [one for one in await clinic.harness.set_aside() if one.key == str(bad.patient_id)]
    assert (letter.state, "TooManyDecimals" in letter.reason) == ("dead", True)
    assert len(await clinic.listed()) == 1


def accepted(clinic: Any, item_id: UUID, plan_id: UUID) -> TreatmentPlanAccepted:
    item = PlannedItem(
        item_id=item_id,
        code_system="CDT",
        code="D2740",
        description="Crown, ceramic",
        tooth="30",
        fee=Amount(amount="900.00", currency="USD"),
    )
    return TreatmentPlanAccepted(
        clinic_id=clinic.id,
        occurred_at=clinic.harness.clock.now(),
        treatment_plan_id=plan_id,
        patient_id=clinic.patient_id,
        name="Crown on 30",
        items=(item,),
    )


@pytest.mark.rule("INV-10.1", "INV-10.2")
async def test_a_plans_item_invoiced_ahead_is_not_billed_again_when_done(clinic: Any) -> None:
    item_id, plan_id, visit = new_id(), new_id(), new_id()
    await clinic.harness.deliver(accepted(clinic, item_id, plan_id))
    line = {"kind": "extra_procedure", "treatment_plan_item_id": str(item_id)}
    ahead = await clinic.invoice(line)
    assert (ahead["totals"]["total"], ahead["lines"][0]["tooth"]) == (clinic.usd("900.00"), "30")
    refused = await clinic.invoice(line, status=409)
    assert (refused["type"].endswith("plan-item-already-invoiced"), refused["invoice_id"]) == (True, ahead["id"])
    done = clinic.completed(visit, "900.00", treatment_plan_id=plan_id, treatment_plan_item_id=item_id)
    await clinic.harness.deliver(done, clinic.closed(visit))
    (found,) = await clinic.listed("/v1/billable-procedures")
    assert (found["state"], found["invoice_id"], found["invoiced_ahead"]) == ("invoiced", ahead["id"], True)
    assert [one["id"] for one in await clinic.listed(treatment_plan_id=str(plan_id))] == [ahead["id"]]
    await clinic.post(f"/v1/invoices/{ahead['id']}/void", {"reason": "typo"}, 200)
    assert len(await clinic.listed("/v1/billable-procedures", state="billable")) == 1


@pytest.mark.rule("INV-10.1", "INV-10.4")
@pytest.mark.parametrize("fee", ["900.00", "0.00"])
async def test_a_plans_item_done_without_a_fee_costs_what_the_patient_accepted(clinic: Any, fee: str) -> None:
    """A zero is a price. It stood at zero without one, while typed ahead it cost what the plan says."""
    item_id, plan_id, visit = new_id(), new_id(), new_id()
    plan = accepted(clinic, item_id, plan_id)
    item = plan.items[0].model_copy(update={"fee": Amount(**clinic.usd(fee))})
    done = clinic.completed(visit, None, treatment_plan_id=plan_id, treatment_plan_item_id=item_id)
    await clinic.harness.deliver(plan.model_copy(update={"items": (item,)}), done, clinic.closed(visit))
    (invoice,) = await clinic.listed()
    assert (invoice["number"], invoice["totals"]["total"]) == ("INV-2026-000001", clinic.usd(fee))
    await clinic.prove()


async def test_a_planned_item_that_was_done_cannot_be_invoiced_ahead(clinic: Any) -> None:
    item_id, plan_id, visit = new_id(), new_id(), new_id()
    done = clinic.completed(visit, "900.00", treatment_plan_id=plan_id, treatment_plan_item_id=item_id)
    await clinic.harness.deliver(accepted(clinic, item_id, plan_id), done, clinic.closed(visit))
    line = {"kind": "extra_procedure", "treatment_plan_item_id": str(item_id)}
    refused = await clinic.invoice(line, status=409)
    assert refused["invoice_number"] == "INV-2026-000001"
