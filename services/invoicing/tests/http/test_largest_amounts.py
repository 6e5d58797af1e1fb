"""No document asks for more than one payment can say, and every sum of what is asked for can be told (MON-1, ALL-2)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Amount
from contracts.invoicing import InvoiceDebited, InvoiceDrafted, InvoiceIssued
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

LARGEST = "999999999999.99"


def lines(clinic: Any, field: str) -> list[dict[str, Any]]:
    """One line that is too much by its quantity, or two that are too much together."""
    if field == "lines":
        return [clinic.custom(LARGEST), clinic.custom("0.01")]
    return [clinic.custom("1.00"), clinic.custom(LARGEST, quantity="999999999")]


@pytest.mark.parametrize("field", ["lines[1].quantity", "lines"])
async def test_an_invoice_beyond_the_largest_amount_is_refused_in_every_way(clinic: Any, field: str) -> None:
    """A draft, an invoice issued at once, a preview and a changed draft; nothing is announced."""
    draft = await clinic.invoice(clinic.custom("1.00"), issue=False)
    too_much = lines(clinic, field)
    for issue in (False, True):
        refused = await clinic.invoice(*too_much, issue=issue, status=422)
        assert [error["field"] for error in refused["errors"]] == [field]
    for body in ({"lines": too_much}, {"lines": too_much, "invoice_id": draft["id"]}):
        refused = await clinic.post("/v1/invoices/preview", body, 422)
        assert [error["field"] for error in refused["errors"]] == [field]
    changed = await clinic.api.put(f"/v1/invoices/{draft['id']}", json={"lines": too_much}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["errors"][0]["field"]) == (422, field)
    assert await clinic.announced(InvoiceIssued) == []
    assert len(await clinic.announced(InvoiceDrafted)) == 1


async def test_a_discount_does_not_hide_a_line_beyond_the_largest_amount(clinic: Any) -> None:
    free = {"percent": "100", "reason": "courtesy"}
    refused = await clinic.invoice(clinic.custom(LARGEST, quantity="2", discount=free), status=422)
    assert [error["field"] for error in refused["errors"]] == ["lines[0].quantity"]


async def test_the_largest_invoice_is_issued_and_its_event_keeps_its_contract(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom(LARGEST))
    (event,) = await clinic.announced(InvoiceIssued)
    assert InvoiceIssued.model_validate_json(event.model_dump_json()).totals.total.amount == LARGEST
    assert made["outstanding"] == clinic.usd(LARGEST)


async def test_no_note_raises_an_invoice_beyond_the_largest_amount(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("999999999000.00"))
    path = f"/v1/invoices/{made['id']}"
    fee = {"kind": "late_fee", "reason": "r", "amount": clinic.usd("1000.00")}
    for debit in ("debit-notes", "debit-notes/preview"):
        refused = await clinic.post(f"{path}/{debit}", fee, 422)
        assert [error["field"] for error in refused["errors"]] == ["amount"]
    courtesy = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("500.00")}
    credit = await clinic.post(f"{path}/credit-notes", courtesy)
    await clinic.post(f"{path}/debit-notes", fee)
    refused = await clinic.post(f"/v1/credit-notes/{credit['id']}/undo", {"reason": "r"}, 422)
    assert [error["field"] for error in refused["errors"]] == ["note_id"]
    assert len(await clinic.announced(InvoiceDebited)) == 1
    await clinic.prove()


async def test_sums_beyond_what_a_column_holds_can_be_read(clinic: Any) -> None:
    clinic.leaves_wrong_rows = True
    made = [await clinic.invoice(clinic.custom("1.00")) for _ in range(2)]
    engine = create_async_engine(clinic.harness.owned.owner_url)
    async with engine.begin() as connection:
        await connection.execute(text(f"SELECT set_config('app.clinic_ids', '{clinic.id}', true)"))
        for one in made:
            change = text("UPDATE invoices SET debited_minor = 9000000000000000000 WHERE id = CAST(:id AS uuid)")
            await connection.execute(change, {"id": one["id"]})
    await engine.dispose()
    answer = await clinic.api.get("/v1/outstanding")
    assert answer.status_code == 200, answer.text
    assert answer.json()["outstanding"] == clinic.usd("180000000000000002.00")


async def test_a_fee_beyond_the_largest_amount_is_set_aside(clinic: Any) -> None:
    await clinic.configure(billing_policy="per_procedure")
    procedure = clinic.completed(None, fee="1000000000000.00")
    await clinic.harness.deliver(procedure)
    set_aside = [one for one in await clinic.harness.set_aside() if one.key == procedure.partition_key]
    assert [one.reason for one in set_aside] == ["the fee is more than any invoice asks for"]


@pytest.mark.parametrize(
    ("fee", "reason"),
    [("1000000000000.00", "the fee is more than any invoice asks for"), ("-1.00", "the fee is below zero")],
)
async def test_a_planned_fee_that_no_invoice_can_ask_for_is_set_aside(clinic: Any, fee: str, reason: str) -> None:
    planned = PlannedItem(
        item_id=new_id(),
        code_system="CDT",
        code="D2740",
        description="Crown, ceramic",
        fee=Amount(amount=fee, currency="USD"),
    )
    accepted = TreatmentPlanAccepted(
        clinic_id=clinic.id,
        occurred_at=clinic.harness.clock.now(),
        treatment_plan_id=new_id(),
        patient_id=clinic.patient_id,
        name="Crown",
        items=(planned,),
    )
    await clinic.harness.deliver(accepted)
    assert [one.reason for one in await clinic.harness.set_aside() if one.key == accepted.partition_key] == [reason]
