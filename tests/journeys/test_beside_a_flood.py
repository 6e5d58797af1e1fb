"""One clinic floods every service with requests, broken messages and documents; another works on beside it (`ALL-4`).

What it is answered, and that its documents come, on the processes as they are in use.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from chassis.messaging import cloudevents
from chassis.trace_context import TraceContext
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack

FLOODING = 80
"""So many clients of the other clinic, none of which ever pauses: in one line, each would wait behind all of them."""
ROUNDS = 6
DOCUMENTS = 10
"""So many documents each of those who ask for any has made: their rendering takes the processors from both alike."""
POISONED = 400
LATER = frozenset({429, 503})
"""What whoever asks for too much is told, with the seconds after which it may ask again."""
TOPICS = ("dental.patients.v1", "dental.clinical.v1", "billing.invoices.v1", "billing.payments.v1")


@pytest.mark.rule("ALL-4.3")
@pytest.mark.timeout(600)
async def test_a_clinic_works_beside_one_that_floods_everything(
    stack: Stack, story: Story, api: Api, announcer: Announcer
) -> None:
    """ALL-4: answers and documents; how long it waits is a target of `make bench ARGS=overload`, not asserted."""
    other = await Story.begin(api, announcer)
    paid = await other.desk.pay(1_000, "cash") if await other.happen(5_000) else ""
    await story.happen(60_000)
    async with flooding(stack, other, paid) as (told, waits):
        payments = await worked(story)
    for payment in payments:
        await story.receipt(payment)
    assert told, "the other clinic did flood"
    assert told.keys() <= {200, 201, 404, 409, 422, *LATER}, told
    assert all(int(wait) > 0 for wait in waits), waits


async def worked(story: Story) -> list[str]:
    """A clinic's work at the desk, all of which is answered; the payments that it took."""
    payments = []
    account = f"/v1/patients/{story.scene.patient.id}/account"
    for _ in range(ROUNDS):
        payments.append(await story.desk.pay(100, "cash"))
        await story.api.get("payments", story.clinic_id, account)
        await story.api.get("invoicing", story.clinic_id, "/v1/invoices")
        await story.api.get("receipts", story.clinic_id, "/v1/receipts")
        await story.api.get("notifications", story.clinic_id, "/v1/messages")
    return payments


@asynccontextmanager
async def flooding(stack: Stack, other: Story, payment: str) -> AsyncIterator[tuple[Counter[int], list[str]]]:
    """Let a clinic do its worst for as long as this lasts; how often it was answered what, and how long to wait."""
    told: Counter[int] = Counter()
    waits: list[str] = []

    async def hear(answer: httpx.Response) -> None:
        told[answer.status_code] += 1
        if answer.status_code in LATER:
            waits.append(answer.headers.get("Retry-After", "0"))

    headers = {"Authorization": f"Bearer {await other.api.token()}", "Clinic-Id": str(other.clinic_id)}
    heard = {"response": [hear]}
    limits = httpx.Limits(max_connections=FLOODING)
    async with httpx.AsyncClient(headers=headers, timeout=60, limits=limits, event_hooks=heard) as client:
        asking = [asyncio.create_task(_ask(client, stack, other, payment, n)) for n in range(FLOODING)]
        poisoning = asyncio.create_task(_poison(stack, other))
        try:
            yield told, waits
        finally:
            for task in (*asking, poisoning):
                task.cancel()
            await asyncio.gather(*asking, poisoning, return_exceptions=True)


async def _ask(client: httpx.AsyncClient, stack: Stack, other: Story, payment: str, number: int) -> None:
    """Ask for one of these again and again; what is recorded would have to be followed up long after the flood."""
    at = stack.layout.addresses().services()
    patient = other.scene.patient.id
    nothing = {"patient_id": str(patient), "method": "cash", "amount": {"amount": "0.00", "currency": "USD"}}
    documents = (
        f"{at['receipts']}/v1/transactions/{payment}/receipt.pdf?copy=true",
        f"{at['receipts']}/v1/patients/{patient}/statement.pdf",
    )
    for _ in range(DOCUMENTS if number < len(documents) else 0):
        await client.get(documents[number])
    asked = (
        ("POST", f"{at['payments']}/v1/payments", nothing),
        ("GET", f"{at['invoicing']}/v1/invoices", None),
        ("GET", f"{at['payments']}/v1/patients/{patient}/account", None),
    )
    method, address, body = asked[number % len(asked)]
    while True:
        await client.request(method, address, json=body, headers={"Idempotency-Key": str(uuid4())})


async def _poison(stack: Stack, other: Story) -> None:
    """Broken records of the clinic, in the keys of its patient and of others', on every topic."""
    producer = AIOKafkaProducer(bootstrap_servers=stack.layout.addresses().kafka_bootstrap)
    await producer.start()
    try:
        for number in range(POISONED):
            headers = cloudevents.headers(
                event_id=str(uuid4()),
                source="/practice/broken",
                event_type="dental.patient.registered.v1",
                subject=str(uuid4()),
                clinic_id=str(other.clinic_id),
                sequence=1,
                time=datetime.now(UTC),
                trace=TraceContext(),
            )
            key = str(uuid4() if number % 2 else other.scene.patient.id).encode()
            await producer.send(TOPICS[number % len(TOPICS)], b'{"broken": ', key=key, headers=headers)
    finally:
        await producer.stop()
