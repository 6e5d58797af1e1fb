"""A forgotten patient is found by no word and named in no answer; what they owe is asked for as before (`ALL-9`)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.database.outbox import MARK_PUBLISHED
from chassis.testing.scanning import places_of
from contracts.addresses import PostalAddress
from contracts.claims import Coverage, Subscriber
from contracts.invoicing import InvoiceIssued
from contracts.patients import PatientForgotten, PatientMerged, PatientRegistered
from invoicing_clinic import Clinic

WORDS = ("qqzyzx", "1931-07-19")


def registered(clinic: Clinic, version: int = 1) -> PatientRegistered:
    lives = PostalAddress(lines=("7 Qqzyzx Lane",), city="Springfield", postal_code="01103", country="US")
    return PatientRegistered(
        clinic_id=clinic.id,
        occurred_at=clinic.harness.clock.now(),
        patient_id=clinic.patient_id,
        version=version,
        given_name="Amara",
        family_name="Qqzyzx-Miller",
        birth_date=date(1931, 7, 19),
        chart_number="Qqzyzx-7",
        address=lives,
        coverages=(Coverage(payer_id=UUID(int=9), subscriber=Subscriber(family_name="Qqzyzx", address=lives)),),
    )


def forgotten(clinic: Clinic) -> PatientForgotten:
    return PatientForgotten(clinic_id=clinic.id, occurred_at=clinic.harness.clock.now(), patient_id=clinic.patient_id)


def merged(clinic: Clinic, record: UUID, *, into: UUID) -> PatientMerged:
    now = clinic.harness.clock.now()
    return PatientMerged(clinic_id=clinic.id, occurred_at=now, patient_id=into, merged_patient_id=record)


async def published(clinic: Clinic) -> None:
    """As the relay leaves the outbox."""
    connection = await asyncpg.connect(clinic.harness.owned.admin_dsn)
    try:
        ids = [row["id"] for row in await connection.fetch("SELECT id FROM outbox")]
        await connection.execute(MARK_PUBLISHED, ids)
    finally:
        await connection.close()


async def test_no_name_is_left_and_what_is_owed_is(clinic: Clinic) -> None:
    """ALL-9, INV-18, ALL-8: rows, search words, drafts' notes, answers kept for keys, the outbox."""
    await clinic.harness.deliver(registered(clinic))
    issued = await clinic.invoice(clinic.custom("120.00"))
    draft = await clinic.invoice(clinic.custom("30.00"), issue=False, note="ask Mrs Qqzyzx")
    (event,) = await clinic.announced(InvoiceIssued)
    assert event.patient_family_name == "Qqzyzx-Miller"
    assert (await clinic.read(issued["id"]))["patient_name"] == "Amara Qqzyzx-Miller"
    before = await places_of(clinic.harness.owned, WORDS)
    assert {"patients.family_name", "patient_words.word", "invoices.note", "outbox.data"} <= before.keys()
    assert "idempotency_keys.body" in before
    await published(clinic)
    await clinic.harness.deliver(forgotten(clinic), registered(clinic, 900))
    assert await places_of(clinic.harness.owned, WORDS) == {}
    assert (await clinic.read(issued["id"]))["patient_name"] is None
    assert (await clinic.read(draft["id"]))["note"] is None
    found = await clinic.post("/v1/patients/search", {"text": "qqzyzx"}, 200)
    assert found["items"] == []
    by_number = await clinic.post("/v1/patients/search", {"text": issued["number"]}, 200)
    assert [(item["name"], item["outstanding"]["amount"]) for item in by_number["items"]] == [("", "120.00")]


async def test_what_is_issued_afterwards_names_nobody(clinic: Clinic) -> None:
    """ALL-9, INS-2: a claim for a visit from before is still to be made out by the clinic that knows whom it is of."""
    await clinic.harness.deliver(forgotten(clinic), registered(clinic))
    invoice = await clinic.invoice(clinic.custom("95.00"))
    (event,) = await clinic.announced(InvoiceIssued)
    assert (invoice["patient_name"], event.patient_given_name, event.patient_family_name) == (None, None, None)
    assert event.patient_birth_date is None
    assert event.coverages == ()


@pytest.mark.parametrize("taken_back", [False, True])
async def test_a_kept_answer_about_a_merged_record_loses_the_name_of_the_one_it_went_on_in(
    clinic: Clinic, taken_back: bool
) -> None:
    """ALL-9, ALL-10: the answer is about the other record, and mentions it only."""
    other = uuid4()
    await clinic.harness.deliver(registered(clinic), merged(clinic, other, into=clinic.patient_id))
    body = {"patient_id": str(other), "lines": [clinic.custom("95.00")]}
    answer = await clinic.api.post("/v1/invoices", json=body, headers={"Idempotency-Key": "of the other"})
    assert answer.json()["patient_name"] == "Amara Qqzyzx-Miller"
    if taken_back:
        clinic.harness.clock.advance(timedelta(days=1))
        await clinic.harness.deliver(merged(clinic, other, into=other))
    await published(clinic)
    await clinic.harness.deliver(forgotten(clinic))
    assert await places_of(clinic.harness.owned, WORDS) == {}


async def test_a_key_gives_the_first_answer_again_without_the_name(clinic: Clinic) -> None:
    """ALL-9, ALL-1."""
    await clinic.harness.deliver(registered(clinic))
    body = {"patient_id": str(clinic.patient_id), "lines": [clinic.custom("95.00")], "issue": True}
    key = {"Idempotency-Key": "an invoice"}
    first = await clinic.api.post("/v1/invoices", json=body, headers=key)
    await clinic.harness.deliver(forgotten(clinic))
    again = await clinic.api.post("/v1/invoices", json=body, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json() | {"patient_name": None}


@pytest.mark.rule("ALL-9.3")
async def test_nothing_is_noted_on_a_forgotten_patient_s_invoice_any_more(clinic: Clinic) -> None:
    """ALL-9, ALL-2: not on a draft, nor on what is issued; the field is named, and nothing is made."""
    draft = await clinic.invoice(clinic.custom("30.00"), issue=False)
    await clinic.harness.deliver(forgotten(clinic))
    found = await clinic.api.get(f"/v1/invoices/{draft['id']}")
    body = {"lines": [clinic.custom("30.00")], "note": "for Mrs Qqzyzx"}
    created = {"patient_id": str(clinic.patient_id), **body}
    refused = [
        await clinic.api.post("/v1/invoices", json=created | {"issue": False}),
        await clinic.api.post("/v1/invoices", json=created | {"issue": True}),
        await clinic.api.put(f"/v1/invoices/{draft['id']}", json=body, headers={"If-Match": found.headers["etag"]}),
    ]
    for answer in refused:
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "patient-forgotten"), answer.text
        assert [error["field"] for error in answer.json()["errors"]] == ["note"]
    assert (await places_of(clinic.harness.owned, WORDS)).keys() <= {"outbox.data"}
    await clinic.invoice(clinic.custom("30.00"))
