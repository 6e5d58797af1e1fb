"""Invoices created by hand, with all that can be on them (`INV-3` to `INV-5`)."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceDrafted, InvoiceIssued


@pytest.mark.rule("MON-4.3", "INV-3.1", "INV-3.2", "INV-5.1", "INV-5.2")
async def test_an_invoice_mixes_typed_procedures_products_and_custom_items(clinic: Any) -> None:
    made = await clinic.invoice(
        {"kind": "extra_procedure", "code_system": "CDT", "code": "D1110", "tooth": "14"},
        {"kind": "product", "sku": "BRUSH", "quantity": "2"},
        {"kind": "custom", "description": "Parking", "unit_price": clinic.usd("3.00")},
        discount={"amount": clinic.usd("5.00"), "reason": "family"},
        note="Thank you.",
    )
    assert [line["net"]["amount"] for line in made["lines"]] == ["90.56", "8.58", "2.86"]
    totals = made["totals"]
    assert (totals["discount"], totals["tax"]) == (clinic.usd("5.00"), clinic.usd("1.89"))
    assert totals["total"] == made["outstanding"] == clinic.usd("103.89")
    assert [tax["exemption_reason"] for tax in totals["taxes"]] == ["Dental care", None]
    assert made["number"] == "INV-2026-000001"
    assert (made["status"], made["issue_date"], made["due_date"]) == ("issued", "2026-11-23", "2026-12-23")
    assert made["discount"]["author"] == "clerk:test"


async def test_the_event_of_an_issued_invoice_says_what_the_answer_says(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("10.00", quantity="1.5", provider_name="Dr. Calderón", tooth="36"))
    (event,) = await clinic.announced(InvoiceIssued)
    assert (str(event.invoice_id), event.number, event.by.subject) == (made["id"], made["number"], "clerk:test")
    assert event.totals.total.amount == made["totals"]["total"]["amount"] == "15.00"
    (line,) = event.lines
    assert (line.quantity, line.provider_name, line.tooth) == ("1.5", "Dr. Calderón", "36")
    assert event.rounding.id == made["rounding"]["id"] == "en16931-net-half-up"
    assert await clinic.announced(InvoiceDrafted) == []


@pytest.mark.rule("INV-3.1", "INV-3.2")
async def test_procedures_of_an_appointment_are_chosen_for_an_invoice(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    visit = new_id()
    first, second, third = (clinic.completed(visit, fee) for fee in ("80.00", "20.00", "7.00"))
    await clinic.harness.deliver(first, second, third)
    open_ones = await clinic.listed("/v1/billable-procedures", appointment_id=str(visit), state="billable")
    assert {one["procedure_id"] for one in open_ones} == {str(one.procedure_id) for one in (first, second, third)}
    made = await clinic.invoice(
        {
            "kind": "procedure",
            "procedure_id": str(second.procedure_id),
            "discount": {"percent": "50", "reason": "kind"},
        },
        procedure_ids=[str(first.procedure_id)],
        appointment_id=str(visit),
    )
    assert made["totals"]["total"] == clinic.usd("90.00")
    left = await clinic.listed("/v1/billable-procedures", state="billable")
    assert [one["procedure_id"] for one in left] == [str(third.procedure_id)]


@pytest.mark.rule("INV-3.4")
async def test_a_procedure_is_billed_once_and_the_second_try_names_the_first(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None)
    await clinic.harness.deliver(procedure)
    first = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)])
    refused = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)], status=409)
    assert refused["type"].endswith("procedure-already-invoiced")
    assert (refused["invoice_id"], refused["invoice_number"]) == (first["id"], first["number"])


@pytest.mark.rule("INV-3.3", "INV-3.4")
async def test_of_many_who_bill_a_procedure_at_once_one_wins(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None)
    await clinic.harness.deliver(procedure)
    body = {"patient_id": str(clinic.patient_id), "procedure_ids": [str(procedure.procedure_id)], "issue": True}
    answers = await asyncio.gather(*(clinic.api.post("/v1/invoices", json=body) for _ in range(8)))
    won = [answer.json() for answer in answers if answer.status_code == 201]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 7)
    assert {one["invoice_id"] for one in lost} == {won[0]["id"]}
    assert won[0]["number"] == "INV-2026-000001"
    await clinic.prove()


async def test_another_patients_procedure_is_refused(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None, patient_id=new_id())
    await clinic.harness.deliver(procedure)
    refused = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)], status=422)
    assert refused["errors"][0]["field"] == "procedure_ids[0]"
    unknown = await clinic.invoice(procedure_ids=[str(uuid4())], status=404)
    assert unknown["type"].endswith("not-found")


@pytest.mark.rule("ALL-2.2", "ALL-2.3")
@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"unit_price": {"amount": "1.0000005", "currency": "USD"}}, "lines[0].unit_price"),
        ({"unit_price": {"amount": "1.00", "currency": "EUR"}}, "lines[0].unit_price"),
        ({"unit_price": {"amount": "-1.00", "currency": "USD"}}, "lines[0].unit_price"),
        ({"quantity": "0"}, "lines[0].quantity"),
        ({"quantity": "1.00001"}, "lines[0].quantity"),
        ({"tax_category": "X"}, "lines[0].tax_category"),
        ({"discount": {"percent": "101", "reason": "r"}}, "lines[0].discount.percent"),
        ({"discount": {"amount": {"amount": "9.01", "currency": "USD"}, "reason": "r"}}, "lines[0].discount"),
        ({"discount": {"reason": "r"}}, "lines[0].discount"),
        ({"colour": "red"}, "lines[0].colour"),
        ({"kind": "extra_procedure", "code": "D9", "unit_price": None}, "lines[0].unit_price"),
    ],
)
async def test_bad_input_is_refused_naming_the_field_and_changes_nothing(
    clinic: Any, line: dict[str, Any], field: str
) -> None:
    refused = await clinic.invoice(clinic.custom("9.00") | line, status=422)
    assert refused["errors"][0]["field"].startswith(field), refused
    assert await clinic.listed() == []
    assert await clinic.announced(InvoiceIssued) == []


async def test_a_clinic_without_settings_bills_nothing(harness: Any, clinic: Any) -> None:
    async with harness.client() as api:
        body = {"patient_id": str(new_id()), "lines": [clinic.custom("1.00")]}
        answer = await api.post("/v1/invoices", json=body)
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "clinic-not-configured")
        assert (await api.get("/v1/clinic")).status_code == 404
        assert (await api.get("/v1/invoices")).json()["items"] == []
        assert (await api.get("/v1/outstanding")).json()["currency"] is None


async def test_the_same_request_again_gets_the_first_answer(clinic: Any) -> None:
    body = {"patient_id": str(clinic.patient_id), "lines": [clinic.custom("1.00")], "issue": True}
    key = {"Idempotency-Key": str(new_id())}
    first, second = [await clinic.api.post("/v1/invoices", json=body, headers=key) for _ in range(2)]
    assert second.headers["idempotency-replayed"] == "true"
    assert first.json() == second.json()
    assert len(await clinic.listed()) == 1


async def test_numbers_have_no_gap_under_parallel_issues_and_refusals(clinic: Any) -> None:
    async def create(n: int) -> int:
        # Every third request fails after its number was taken back: the due date is refused at issue.
        more = {"due_date": "2020-01-01"} if n % 3 == 0 else {}
        body = {"patient_id": str(new_id()), "lines": [clinic.custom("1.00")], "issue": True} | more
        return int((await clinic.api.post("/v1/invoices", json=body)).status_code)

    codes = await asyncio.gather(*(create(n) for n in range(100)))
    assert codes.count(201) == 66
    assert codes.count(422) == 34
    listed = await clinic.listed(limit="200")
    assert sorted(one["number"] for one in listed) == [f"INV-2026-{n:06}" for n in range(1, 67)]
    await clinic.prove()


async def test_a_preview_shows_totals_and_makes_nothing(clinic: Any) -> None:
    body = {"lines": [clinic.custom("5350.66", tax_category="S")]}
    answer = await clinic.api.post("/v1/invoices/preview", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["totals"]["total"] == clinic.usd("6527.81")
    assert await clinic.listed() == []


async def test_an_invoice_of_zero_is_paid_at_once(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("12.34"), discount={"percent": "100", "reason": "warranty"})
    assert (made["status"], made["outstanding"]) == ("paid", clinic.usd("0.00"))


async def test_two_hundred_lines_are_one_invoice(clinic: Any) -> None:
    made = await clinic.invoice(*(clinic.custom("0.07", tax_category="S") for _ in range(200)))
    assert Decimal(made["totals"]["total"]["amount"]) == Decimal("17.08")
