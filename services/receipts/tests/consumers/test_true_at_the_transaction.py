"""A document says what was true at its transaction, however late the service came to read it (`RCP-9`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.event import Event
from contracts.patients import PatientChanged, PatientForgotten
from receipts.documents.content.frozen import receipt_from_json
from receipts.documents.content.receipt import ReceiptContent
from receipts.persistence import installment_plans, invoices, notes, receipts
from receipts.persistence.people import EARLIER_KEPT
from receipts_events import AT, Practice
from sqlalchemy import text

LATER = AT + timedelta(seconds=70)


def changed(practice: Practice, family_name: str, *, version: int = 2, **changes: Any) -> PatientChanged:
    told = practice.registered(version=version, family_name=family_name, occurred_at=LATER, **changes)
    return PatientChanged(**told.model_dump())


async def receipt_of(harness: ServiceHarness, clinic_id: UUID, transaction_id: UUID) -> ReceiptContent:
    async with harness.database.reading([clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, transaction_id)
        assert receipt is not None
        return receipt_from_json(await receipts.content_of(connection, receipt.receipt_id))


async def kept(harness: ServiceHarness, practice: Practice) -> list[tuple[int, str]]:
    async with harness.database.reading([practice.clinic_id]) as connection:
        rows = await connection.execute(
            text("SELECT version, details ->> 'family_name' AS name FROM patient_versions ORDER BY version")
        )
        return [(row.version, row.name) for row in rows]


@pytest.mark.rule("RCP-9.1", "RCP-9.2")
async def test_a_receipt_says_the_names_of_its_payment_whatever_was_renamed_before_it_was_read(
    harness: ServiceHarness, practice: Practice
) -> None:
    renamed = practice.configured(version=2, name="Harbor Dental", occurred_at=LATER)
    invoice = practice.invoiced()
    before, after = practice.paid(invoice, 10_000), practice.paid(invoice, 5_000, recorded_at=LATER)
    await harness.deliver(renamed, changed(practice, "Thornton"), invoice, before, after)
    then = await receipt_of(harness, practice.clinic_id, before.transaction_id)
    assert (then.patient.name, then.clinic_version) == ("Andrés Muñoz", 1)
    since = await receipt_of(harness, practice.clinic_id, after.transaction_id)
    assert (since.patient.name, since.clinic_version) == ("Andrés Thornton", 2)


@pytest.mark.rule("RCP-9.2")
async def test_invoices_notes_and_agreements_say_the_names_of_their_issue(
    harness: ServiceHarness, practice: Practice
) -> None:
    renamed = practice.configured(version=2, name="Harbor Dental", occurred_at=LATER)
    invoice, plan_id = practice.invoiced(), new_id()
    note = practice.credited(invoice)
    plan = practice.agreed(invoice, plan_id, [(new_id(), AT.date(), 34_775, 34_775)])
    told: list[Event] = [renamed, changed(practice, "Thornton"), invoice, note, plan]
    await harness.deliver(*told)
    async with harness.database.reading([practice.clinic_id]) as connection:
        found = [await invoices.find(connection, invoice.invoice_id), await notes.find(connection, note.credit_note_id)]
        agreement = await installment_plans.find(connection, plan_id, None)
    contents = [one.content for one in (*found, agreement) if one is not None]
    assert [(content["patient"]["name"], content["clinic_version"]) for content in contents] == [
        ("Andrés Muñoz", 1)
    ] * 3


@pytest.mark.rule("RCP-9.2")
async def test_a_receipt_shows_what_the_clinic_had_set_at_its_payment(
    harness: ServiceHarness, practice: Practice
) -> None:
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 10_000, recorded_at=harness.clock.now() - timedelta(seconds=1))
    later = practice.paid(invoice, 5_000, recorded_at=harness.clock.now() + timedelta(seconds=1))
    async with harness.client("settings:write", practice.clinic_id) as client:
        wanted = {"paper": "Letter", "show_procedures": False, "reason": "Asked for"}
        saved = await client.put("/v1/document-settings", json=wanted, headers={"If-Match": '"0"'})
    assert saved.status_code == 200, saved.text
    await harness.deliver(invoice, payment, later)
    shown = [await receipt_of(harness, practice.clinic_id, one.transaction_id) for one in (payment, later)]
    assert [(one.paper, one.show_procedures) for one in shown] == [("A4", True), ("Letter", False)]


async def test_versions_that_come_together_or_late_are_each_known(harness: ServiceHarness, practice: Practice) -> None:
    third, second = changed(practice, "Thornton", version=3), changed(practice, "Larsen", version=2)
    await harness.deliver(third, second)
    assert await kept(harness, practice) == [(1, "Muñoz"), (2, "Larsen")]
    another = Practice(clinic_id=practice.clinic_id, patient_id=new_id())
    await harness.deliver(another.registered(), changed(another, "Berg"), changed(another, "Quist", version=3))
    invoice = another.invoiced()
    payment = another.paid(invoice, 10_000)
    await harness.deliver(invoice, payment)
    assert (await receipt_of(harness, practice.clinic_id, payment.transaction_id)).patient.name == "Andrés Muñoz"


async def test_earlier_versions_of_a_patient_end_in_time(harness: ServiceHarness, practice: Practice) -> None:
    """Nothing grows without bound: no service is behind for so long."""
    long_ago = harness.clock.now() - EARLIER_KEPT - timedelta(days=1)
    second = PatientChanged(**practice.registered(version=2, family_name="Larsen", occurred_at=long_ago).model_dump())
    await harness.deliver(second, changed(practice, "Thornton", version=3))
    assert await kept(harness, practice) == [(2, "Larsen")]


@pytest.mark.rule("ALL-9.1")
async def test_earlier_names_of_who_is_forgotten_go_with_them(harness: ServiceHarness, practice: Practice) -> None:
    await harness.deliver(changed(practice, "Thornton"))
    forgotten = PatientForgotten(clinic_id=practice.clinic_id, occurred_at=LATER, patient_id=practice.patient_id)
    await harness.deliver(forgotten)
    assert await kept(harness, practice) == []
    await harness.deliver(changed(practice, "Berg", version=3), changed(practice, "Quist", version=4))
    assert await kept(harness, practice) == []
