"""Two records of the register are one patient: invoices, debts, plans and searches of both are one's (`ALL-10`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import START
from contracts.patients import PatientMerged, PatientRegistered
from invoicing_insurers import Insurer, usd


def known(clinic: Any, patient_id: UUID, given: str, family: str) -> PatientRegistered:
    return PatientRegistered(
        clinic_id=clinic.id,
        occurred_at=START,
        patient_id=patient_id,
        version=1,
        given_name=given,
        family_name=family,
    )


def merged(clinic: Any, record: UUID, into: UUID, *, minute: int = 0) -> PatientMerged:
    return PatientMerged(
        clinic_id=clinic.id,
        occurred_at=START + timedelta(minutes=minute),
        patient_id=into,
        merged_patient_id=record,
    )


async def twice(clinic: Any) -> tuple[str, str]:
    """A patient whom the register has twice: the record that goes on, and the other, with an invoice each."""
    goes_on, other = new_id(), new_id()
    await clinic.harness.deliver(known(clinic, goes_on, "Amara", "Okafor"), known(clinic, other, "Amy", "Okafor-Nunez"))
    await clinic.invoice(clinic.custom("100.00"), patient_id=str(goes_on))
    await clinic.invoice(clinic.custom("40.00"), patient_id=str(other))
    await clinic.harness.deliver(merged(clinic, other, goes_on))
    return str(goes_on), str(other)


async def search(clinic: Any, **body: Any) -> list[tuple[str, str, str]]:
    answer = await clinic.api.post("/v1/patients/search", json=body)
    assert answer.status_code == 200, answer.text
    return [(item["patient_id"], item["name"], item["outstanding"]["amount"]) for item in answer.json()["items"]]


@pytest.mark.rule("ALL-10.1")
async def test_a_search_finds_one_with_what_both_owe(clinic: Any) -> None:
    """ALL-10, INV-18: by the words and the invoices of either record."""
    goes_on, other = await twice(clinic)
    (of_other,) = [
        one["number"] for one in await clinic.listed(patient_id=other) if one["totals"]["total"] == clinic.usd("40.00")
    ]
    for told in ("okafor", "amara", "amy", "nunez", of_other):
        assert await search(clinic, text=told) == [(goes_on, "Amara Okafor", "140.00")], told
    for told in ("amara", "thing amara", "thing amy"):
        found = await clinic.api.post("/v1/invoices/search", json={"text": told})
        assert sorted(item["totals"]["total"]["amount"] for item in found.json()["items"]) == ["100.00", "40.00"], told


@pytest.mark.rule("ALL-10.1", "ALL-10.2")
async def test_lists_of_either_record_are_of_both(clinic: Any) -> None:
    """ALL-10: invoices, plans, procedures; and all carry the name of the record that goes on."""
    goes_on, other = await twice(clinic)
    for one in (goes_on, other):
        listed = await clinic.listed(patient_id=one)
        assert [(each["patient_id"], each["patient_name"]) for each in listed] == [
            (other, "Amara Okafor"),
            (goes_on, "Amara Okafor"),
        ]
    await clinic.harness.deliver(clinic.completed(new_id(), patient_id=UUID(other)))
    (invoice,) = [one for one in await clinic.listed(patient_id=other) if one["totals"]["total"] == clinic.usd("40.00")]
    body = {"count": 2, "unit": "months", "first_due_date": "2026-12-31"}
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", body)
    for path in ("/v1/installment-plans", "/v1/billable-procedures", "/v1/treatment-plans", "/v1/invoice-reviews"):
        assert await clinic.listed(path, patient_id=goes_on) == await clinic.listed(path, patient_id=other)
    assert len(await clinic.listed("/v1/installment-plans", patient_id=goes_on)) == 1
    assert len(await clinic.listed("/v1/billable-procedures", patient_id=goes_on)) == 1


async def test_who_owes_is_one_debtor(clinic: Any) -> None:
    """ALL-10, PAY-16."""
    goes_on, _ = await twice(clinic)
    answer = await clinic.api.get("/v1/reports/ageing")
    assert [(item["id"], item["name"], item["total"]["amount"]) for item in answer.json()["items"]] == [
        (goes_on, "Amara Okafor", "140.00")
    ]


async def test_an_invoice_of_either_record_bills_what_was_done_under_the_other(clinic: Any) -> None:
    """ALL-10, INV-3."""
    await clinic.configure(billing_policy="manual")
    goes_on, other = await twice(clinic)
    procedure = clinic.completed(None, patient_id=UUID(other))
    await clinic.harness.deliver(procedure)
    line = {"kind": "procedure", "procedure_id": str(procedure.procedure_id)}
    made = await clinic.invoice(line, patient_id=goes_on)
    assert made["totals"]["total"] == clinic.usd("100.00")


async def test_a_visit_that_was_begun_under_one_record_goes_on_under_the_other(clinic: Any) -> None:
    """ALL-10, INV-2."""
    goes_on, other = await twice(clinic)
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit, patient_id=UUID(other)))
    await clinic.harness.deliver(clinic.completed(visit, patient_id=UUID(goes_on)))
    (draft,) = await clinic.listed(appointment_id=str(visit))
    assert draft["totals"]["total"] == clinic.usd("200.00")
    assert await clinic.harness.set_aside() == []


async def test_an_insurer_decides_on_the_invoice_of_either_record(clinic: Any) -> None:
    """ALL-10, INS-8."""
    goes_on, other = await twice(clinic)
    insurer = Insurer()
    (listed,) = [one for one in await clinic.listed(patient_id=other) if one["totals"]["total"] == clinic.usd("40.00")]
    made = await clinic.read(listed["id"])
    line = insurer.line(made["lines"][0], "30.00", CO="10.00")
    await clinic.harness.deliver(insurer.decides(made, [line], clinic_id=clinic.id, patient_id=UUID(goes_on)))
    assert await clinic.listed("/v1/set-aside-decisions") == []
    unbalanced = insurer.line(made["lines"][0], "30.00", CO="10.00").model_copy(update={"paid": usd("31.00")})
    await clinic.harness.deliver(insurer.decides(made, [unbalanced], clinic_id=clinic.id, patient_id=UUID(goes_on)))
    assert len(await clinic.listed("/v1/set-aside-decisions", patient_id=goes_on)) == 1
    decided = await clinic.listed("/v1/insurance-decisions", patient_id=goes_on)
    assert [one["invoice_id"] for one in decided] == [made["id"]]


async def test_what_one_person_forgives_one_patient_in_a_day_counts_under_either_record(clinic: Any) -> None:
    """ALL-10, PAY-15."""
    goes_on, _ = await twice(clinic)
    await clinic.configure(credit_limit="50.00")
    answers = []
    for invoice in await clinic.listed(patient_id=goes_on):
        body = {"kind": "courtesy", "reason": "moved away", "amount": clinic.usd("30.00")}
        answers.append((await clinic.api.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)).status_code)
    assert answers == [201, 202]
