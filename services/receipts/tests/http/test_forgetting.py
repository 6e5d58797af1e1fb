"""What was issued to a forgotten patient stays as it was issued; what is issued afterwards names the id (`ALL-9`)."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest
from chassis.testing.harness import ServiceHarness
from chassis.testing.scanning import places_of
from contracts.addresses import PostalAddress
from contracts.patients import PatientForgotten
from receipts.persistence import composed_documents, people
from receipts_events import AT, Practice
from sqlalchemy import text

WORDS = ("qqzyzx",)
BOOKS = {"invoices.content", "receipts.content"}


def forgotten(practice: Practice) -> PatientForgotten:
    return PatientForgotten(clinic_id=practice.clinic_id, occurred_at=AT, patient_id=practice.patient_id)


@pytest.fixture
async def named(harness: ServiceHarness, practice: Practice) -> Practice:
    """The patient under a name that stands nowhere else."""
    lives = PostalAddress(lines=("7 Qqzyzx Lane",), city="Boston", postal_code="02114", country="US")
    await harness.deliver(practice.registered(version=2, family_name="Qqzyzx", address=lives))
    return practice


async def names_on_receipts(harness: ServiceHarness, practice: Practice) -> list[str]:
    statement = text("SELECT content -> 'patient' ->> 'name' FROM receipts WHERE clinic_id = :id ORDER BY serial")
    async with harness.database.reading([practice.clinic_id]) as connection:
        return list((await connection.execute(statement, {"id": practice.clinic_id})).scalars())


@pytest.mark.rule("ALL-9.2")
async def test_documents_stay_as_they_were_issued_and_later_ones_name_the_id(
    harness: ServiceHarness, named: Practice
) -> None:
    """ALL-9, RCP-1: a refund after the event has its receipt all the same."""
    invoice = named.invoiced()
    payment = named.paid(invoice, 34_775)
    await harness.deliver(invoice, payment)
    await harness.deliver(forgotten(named), named.registered(version=900, family_name="Qqzyzx"))
    await harness.deliver(named.refunded(payment, invoice, 10_000))
    assert await names_on_receipts(harness, named) == ["Andrés Qqzyzx", str(named.patient_id)]
    left = await places_of(harness.owned, WORDS)
    assert {place for place in left if not place.startswith("outbox")} <= BOOKS
    async with harness.client("operations", named.clinic_id) as client:
        assert (await client.get("/v1/prove")).json()["differences"] == []


async def test_what_was_printed_for_a_day_goes_at_once_and_other_clinics_stays(
    harness: ServiceHarness, named: Practice
) -> None:
    """ALL-9: statements and demands are views, made again for whoever asks."""
    other = Practice()
    await harness.deliver(other.configured())
    mine, theirs = uuid4(), uuid4()
    for clinic_id, document_id in ((named.clinic_id, mine), (other.clinic_id, theirs)):
        async with harness.database.transaction([clinic_id], "test") as work:
            content = {"patient": {"name": "Andrés Qqzyzx"}}
            await composed_documents.keep(work.connection, document_id, clinic_id, "statement", content, work.now)
    await harness.deliver(forgotten(named))
    async with harness.database.reading([named.clinic_id, other.clinic_id]) as connection:
        assert await composed_documents.content_of(connection, mine) is None
        assert await composed_documents.content_of(connection, theirs) is not None
        known = await people.patients_of(connection, [(named.clinic_id, named.patient_id)])
    assert [patient.name for patient in known.values()] == [str(named.patient_id)]


async def test_whoever_asks_for_a_statement_of_a_forgotten_patient_is_answered(
    harness: ServiceHarness, named: Practice
) -> None:
    """ALL-9: as for one that is known; it is no 404 for ever."""
    await harness.deliver(forgotten(named))
    async with harness.client("receipts:read payments:read", named.clinic_id) as client:
        path = f"/v1/patients/{named.patient_id}/statement.pdf"
        answer: httpx.Response = await client.get(path, params={"from": "2026-11-01", "to": "2026-11-30"})
    assert answer.json()["type"].rpartition(":")[2] != "patient-not-known-yet"
