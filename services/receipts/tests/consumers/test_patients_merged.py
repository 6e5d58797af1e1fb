"""Two records of the register are one patient: documents name the record that goes on, lists have both (`ALL-10`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.patients import PatientMerged
from receipts.persistence import receipts
from receipts_events import AT, Practice


def merged(practice: Practice, record: UUID, into: UUID, *, minute: int = 0) -> PatientMerged:
    return PatientMerged(
        clinic_id=practice.clinic_id,
        occurred_at=AT + timedelta(minutes=minute),
        patient_id=into,
        merged_patient_id=record,
    )


async def printed_for(harness: ServiceHarness, practice: Practice, transaction_id: UUID) -> Any:
    async with harness.database.reading([practice.clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, transaction_id)
        assert receipt is not None
        return (await receipts.content_of(connection, receipt.receipt_id))["patient"]["name"]


async def listed(harness: ServiceHarness, practice: Practice, patient_id: UUID) -> list[str]:
    async with harness.client("receipts:read", practice.clinic_id) as client:
        answer = await client.get("/v1/receipts", params={"patient_id": str(patient_id)})
        assert answer.status_code == 200, answer.text
        return [item["transaction_id"] for item in answer.json()["items"]]


@pytest.mark.rule("ALL-10.1", "ALL-10.2", "ALL-10.3")
async def test_documents_name_the_record_that_goes_on_and_what_is_frozen_stays(
    harness: ServiceHarness, practice: Practice
) -> None:
    """ALL-10, RCP-1."""
    other = Practice(clinic_id=practice.clinic_id)
    await harness.deliver(other.registered(given_name="Andy", family_name="Munoz"))
    before = other.paid(None, 0, credit=1_000)
    await harness.deliver(before)
    await harness.deliver(merged(practice, other.patient_id, practice.patient_id))
    invoice = other.invoiced()
    after = other.paid(invoice, 20_000)
    await harness.deliver(invoice, after)
    assert await printed_for(harness, practice, before.transaction_id) == "Andy Munoz"
    assert await printed_for(harness, practice, after.transaction_id) == "Andrés Muñoz"
    for patient_id in (practice.patient_id, other.patient_id):
        assert await listed(harness, practice, patient_id) == [
            str(after.transaction_id),
            str(before.transaction_id),
        ]


async def test_a_record_that_was_never_told_of_is_the_one_that_goes_on(
    harness: ServiceHarness, practice: Practice
) -> None:
    """ALL-10: what waits for a patient goes on as soon as it is known who that is."""
    unknown = Practice(clinic_id=practice.clinic_id)
    payment = unknown.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    assert await listed(harness, practice, unknown.patient_id) == []
    await harness.deliver(merged(practice, unknown.patient_id, practice.patient_id))
    await harness.retry()
    assert await printed_for(harness, practice, payment.transaction_id) == "Andrés Muñoz"


async def test_one_that_goes_on_in_a_record_that_is_not_told_of_yet_keeps_its_own_name(
    harness: ServiceHarness, practice: Practice
) -> None:
    """ALL-10."""
    await harness.deliver(merged(practice, practice.patient_id, new_id()))
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    assert await printed_for(harness, practice, payment.transaction_id) == "Andrés Muñoz"
