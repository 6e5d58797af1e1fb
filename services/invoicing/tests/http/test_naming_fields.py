"""A refused invoice or note names the field as the request has it, and nothing that was sent is ignored (ALL-2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import START
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from contracts.event import Amount

OVER = {"discount": {"amount": {"amount": "9.01", "currency": "USD"}, "reason": "r"}}


def estimated(clinic: Any, amount: str) -> dict[str, Any]:
    return {"estimates": [{"payer_id": str(new_id()), "payer_name": "Delta", "expected": clinic.usd(amount)}]}


async def billable(clinic: Any, **changes: Any) -> str:
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None, **changes)
    await clinic.harness.deliver(procedure)
    return str(procedure.procedure_id)


def fields(refused: dict[str, Any]) -> list[str]:
    return [error["field"] for error in refused["errors"]]


async def test_a_line_beside_procedures_is_named_by_its_own_place(clinic: Any) -> None:
    """Lines of `procedure_ids` come first on the invoice; they do not shift the names of the others."""
    procedure = await billable(clinic)
    for more, field in (
        (OVER, "lines[0].discount"),
        (estimated(clinic, "9.01"), "lines[0].estimates[0].expected"),
        ({"quantity": "999999999", "unit_price": clinic.usd("999999999999.00")}, "lines[0].quantity"),
    ):
        line = clinic.custom("9.00") | more
        refused = await clinic.invoice(line, procedure_ids=[procedure], status=422)
        assert fields(refused) == [field]
        assert fields(
            await clinic.post("/v1/invoices/preview", {"procedure_ids": [procedure], "lines": [line]}, 422)
        ) == [field]


async def test_a_procedure_that_cannot_be_billed_is_named_where_it_stands(clinic: Any) -> None:
    own, foreign = await billable(clinic), await billable(clinic, patient_id=new_id())
    line = {"kind": "procedure", "procedure_id": foreign}
    assert fields(await clinic.invoice(line, procedure_ids=[own], status=422)) == ["lines[0].procedure_id"]
    assert fields(await clinic.invoice(procedure_ids=[own, foreign], status=422)) == ["procedure_ids[1]"]


async def test_what_is_named_twice_is_named_where_it_stands_again(clinic: Any) -> None:
    own, item = await billable(clinic), str(new_id())
    line = {"kind": "procedure", "procedure_id": own}
    assert fields(await clinic.invoice(line, procedure_ids=[own], status=422)) == ["lines[0].procedure_id"]
    assert fields(await clinic.invoice(procedure_ids=[own, own], status=422)) == ["procedure_ids[1]"]
    ahead = {"kind": "extra_procedure", "treatment_plan_item_id": item}
    refused = await clinic.invoice(clinic.custom("1.00"), ahead, ahead, status=422)
    assert fields(refused) == ["lines[2].treatment_plan_item_id"]


async def test_an_id_that_is_not_there_is_named_where_it_stands(clinic: Any) -> None:
    """ALL-2: of a procedure, of a treatment plan's item, and of the draft that a preview is about."""
    own, unknown = await billable(clinic), str(new_id())
    item = {"kind": "extra_procedure", "description": "Crown", "treatment_plan_item_id": unknown}
    for body, field in (
        ({"procedure_ids": [own, unknown]}, "procedure_ids[1]"),
        ({"lines": [clinic.custom("1.00"), {"kind": "procedure", "procedure_id": unknown}]}, "lines[1].procedure_id"),
        ({"lines": [clinic.custom("1.00"), item]}, "lines[1].treatment_plan_item_id"),
    ):
        for path in ("/v1/invoices", "/v1/invoices/preview"):
            said = body if path.endswith("preview") else body | {"patient_id": str(clinic.patient_id)}
            refused = await clinic.post(path, said, 404)
            assert (refused["type"].rpartition(":")[2], fields(refused)) == ("not-found", [field])
    draft = {"lines": [clinic.custom("1.00")], "invoice_id": unknown}
    assert fields(await clinic.post("/v1/invoices/preview", draft, 404)) == ["invoice_id"]


async def test_what_is_on_another_invoice_is_named_where_it_stands(clinic: Any) -> None:
    """INV-3, INV-10."""
    own, item = await billable(clinic), await planned_item(clinic)
    ahead = {"kind": "extra_procedure", "treatment_plan_item_id": item}
    await clinic.invoice(ahead, procedure_ids=[own])
    for body, field in (
        ({"procedure_ids": [own]}, "procedure_ids[0]"),
        ({"lines": [clinic.custom("1.00"), {"kind": "procedure", "procedure_id": own}]}, "lines[1].procedure_id"),
        ({"lines": [clinic.custom("1.00"), ahead]}, "lines[1].treatment_plan_item_id"),
    ):
        assert fields(await clinic.post("/v1/invoices/preview", body, 409)) == [field]
        made = body | {"patient_id": str(clinic.patient_id)}
        assert fields(await clinic.post("/v1/invoices", made, 409)) == [field]


async def planned_item(clinic: Any, patient_id: UUID | None = None) -> str:
    """An item of an accepted treatment plan, of the clinic's patient where no other is named."""
    item = PlannedItem(
        item_id=new_id(), code_system="CDT", code="D2740", description="Crown", fee=Amount(**clinic.usd("900.00"))
    )
    accepted = TreatmentPlanAccepted(
        clinic_id=clinic.id,
        occurred_at=START,
        treatment_plan_id=new_id(),
        patient_id=patient_id or clinic.patient_id,
        name="Crown 14",
        items=(item,),
    )
    await clinic.harness.deliver(accepted)
    return str(item.item_id)


async def test_another_patients_plan_item_is_named_where_it_stands(clinic: Any) -> None:
    """INV-10."""
    item = await planned_item(clinic, new_id())
    ahead = {"kind": "extra_procedure", "treatment_plan_item_id": item}
    refused = await clinic.invoice(clinic.custom("1.00"), ahead, status=422)
    assert fields(refused) == ["lines[1].treatment_plan_item_id"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"kind": "procedure", "code": "D1110"}, "lines[0].procedure_id"),
        ({"kind": "product"}, "lines[0].sku"),
        ({"kind": "custom", "procedure_id": True}, "lines[0].procedure_id"),
        ({"kind": "extra_procedure", "procedure_id": True}, "lines[0].procedure_id"),
    ],
)
async def test_a_line_names_what_its_kind_bills_and_nothing_else(clinic: Any, line: dict[str, Any], field: str) -> None:
    """INV-3, INV-4: a procedure its completed procedure, a product its SKU."""
    if line.get("procedure_id"):
        line = line | {"procedure_id": await billable(clinic)}
    said = {"description": "a thing", "unit_price": clinic.usd("5.00")} | line
    assert fields(await clinic.invoice(said, status=422)) == [field]
    assert fields(await clinic.post("/v1/invoices/preview", {"lines": [said]}, 422)) == [field]
    assert await clinic.listed() == []


async def test_a_credit_note_is_of_an_amount_or_of_lines_and_not_of_both(clinic: Any) -> None:
    """MON-5: neither is dropped in silence."""
    made = await clinic.invoice(clinic.custom("12.00"))
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("5.00")}
    body["lines"] = [{"line_id": made["lines"][0]["id"], "amount": clinic.usd("7.00")}]
    for path in ("credit-notes", "credit-notes/preview"):
        refused = await clinic.post(f"/v1/invoices/{made['id']}/{path}", body, 422)
        assert fields(refused) == ["lines"]
    assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("12.00")


async def test_a_credit_that_cannot_be_made_says_so_in_plain_words(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("12.00"))
    path, line_id = f"/v1/invoices/{made['id']}/credit-notes", made["lines"][0]["id"]
    body = {"kind": "courtesy", "reason": "r"}
    for amount, field, detail in (
        ("-7.00", "lines[0].amount", "a credit is more than zero"),
        ("12.01", "lines[0].amount", "12.01 USD is more than the 12.00 USD that is left to credit"),
    ):
        refused = await clinic.post(path, body | {"lines": [{"line_id": line_id, "amount": clinic.usd(amount)}]}, 422)
        assert [(error["field"], error["detail"]) for error in refused["errors"]] == [(field, detail)]
    await clinic.post(path, body)
    refused = await clinic.post(path, body, 422)
    assert (refused["detail"], refused.get("errors")) == ("nothing is left to credit", None)
    refused = await clinic.post(path, body | {"lines": [{"line_id": line_id}]}, 422)
    assert (refused["detail"], fields(refused)) == ("nothing is left to credit", ["lines[0].line_id"])
