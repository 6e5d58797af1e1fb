"""A patient is forgotten on the whole stack: by one event through Kafka, in all four databases (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from chassis.broker import Broker
from chassis.testing.databases import TestDatabase
from chassis.testing.scanning import places_of
from contracts.participants import SERVICES
from contracts.patients import PatientChanged, PatientForgotten
from local_stack.forgetting import announce
from local_stack.practice.announcing import Announcer
from local_stack.practice.events import Announced, registration
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack

WORD = "qqzyzx"
KNOWING = ("invoicing", "receipts", "notifications")
BOOKS = {"receipts invoices.content", "receipts receipts.content"}
"""Documents as they were issued; their PDFs are compressed."""


async def places(stack: Stack, services: Iterable[str] = SERVICES) -> set[str]:
    """Where the word stands, in every table of these services."""
    found = set()
    for service in services:
        database = TestDatabase(service, "", "", stack.database_dsn(service))
        found |= {f"{service} {place}" for place in await places_of(database, [WORD])}
    return found


@pytest.mark.rule("ALL-9.1", "ALL-9.2")
async def test_a_patient_is_forgotten_in_all_four_services_and_the_books_are_proven(
    stack: Stack, story: Story, announcer: Announcer
) -> None:
    """ALL-9, ALL-8: after an invoice, a payment, its receipt and the mails about them."""
    patient = replace(story.scene.patient, family_name="Qqzyzx", address="7 Qqzyzx Lane")
    told = registration(story.scene.clinic, patient).event
    changed = PatientChanged.model_validate(told.model_dump() | {"version": 2})
    await announcer.announce([Announced(uuid4(), "/practice/patients", patient.id, changed)])

    async def known() -> bool:
        return {place.partition(" ")[0] for place in await places(stack)} >= set(KNOWING)

    await until(known, "the new name in the three services that have names")
    await story.happen(5_000)
    payment = await story.desk.pay(5_000, "cash")
    await story.receipt(payment)
    await story.messages("payment_recorded")
    assert {"invoicing patient_words.word", "notifications messages.address", *BOOKS} <= await places(stack)
    gone = PatientForgotten(clinic_id=story.clinic_id, occurred_at=datetime.now(UTC), patient_id=patient.id)
    await announce(Broker(stack.layout.addresses().kafka_bootstrap), gone)

    async def forgotten() -> bool:
        return await places(stack) <= BOOKS

    await until(forgotten, "the name is nowhere but in what was issued")
    assert (await story.receipt(payment))["state"] == "issued"
    await story.settled(0, "paid")
