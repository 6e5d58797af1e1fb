"""A clinic at work, and records of others as Kafka brings them, for who looks at what is left of a patient."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

from beside import golden_messages
from chassis.messaging import Message
from chassis.messaging.cloudevents import STRUCTURED
from chassis.testing.harness import ServiceHarness
from contracts.golden.example import AMARA, CLINIC
from contracts.patients import TOPIC
from notifications.domain.webhook import EVENT_TYPES

WORD = "zzyzxq"
"""Stands nowhere else."""


def in_lanes_of_their_own(story: list[Message]) -> list[Message]:
    """What is no record of the register waits behind nothing: not behind what is about an invoice of no example."""
    return [message if message.topic == TOPIC else replace(message, key=str(uuid4())) for message in story]


async def work_begins(harness: ServiceHarness) -> None:
    """The clinic is set up where it is set up, and wants webhooks of all that it can have."""
    paths = harness.app.openapi()["paths"]
    async with harness.client(clinic_id=CLINIC) as client:
        if "put" in paths.get("/v1/clinic", {}):
            example = paths["/v1/clinic"]["put"]["requestBody"]["content"]["application/json"]["example"]
            assert (await client.put("/v1/clinic", json=example)).status_code == 200
        if "/v1/webhook-endpoints" in paths:
            types = sorted({message.type for message in golden_messages()} & set(EVENT_TYPES))
            body = {"url": "https://partner.example/hooks", "event_types": types, "reason": "for the accountant"}
            answer = await client.post("/v1/webhook-endpoints", json=body)
            assert answer.status_code == 201, answer.text


async def money_is_taken(harness: ServiceHarness) -> None:
    """Somebody pays at the desk, with a note, which is changed."""
    if harness.service.name != "payments":
        return
    paid = {"patient_id": str(AMARA), "amount": {"amount": "9.00", "currency": "USD"}, "method": "cash", "note": WORD}
    async with harness.client(clinic_id=CLINIC) as client:
        answer = await client.post("/v1/payments", json=paid)
        assert answer.status_code == 201, answer.text
        tag, path = answer.headers["ETag"], f"/v1/payments/{answer.json()['id']}"
        edited = await client.patch(path, json={"note": f"{WORD} again"}, headers={"If-Match": tag})
        assert edited.status_code == 200, edited.text


def record_of(message: Message, **changes: bytes | None) -> SimpleNamespace:
    """As Kafka brings it; a header that is None is missing."""
    written = {
        "ce_specversion": b"1.0",
        "ce_id": message.id.encode(),
        "ce_source": b"/dental-billing/test",
        "ce_type": message.type.encode(),
        "ce_subject": message.subject.encode(),
        "ce_time": message.time.isoformat().encode(),
        "ce_clinicid": str(message.clinic_id).encode(),
        "ce_sequence": b"1",
    } | changes
    return SimpleNamespace(
        topic=message.topic,
        partition=0,
        offset=int(uuid4()) % 2**60,
        key=message.key.encode(),
        value=message.data,
        headers=[(name, value) for name, value in written.items() if value is not None],
        timestamp=1_764_000_000_000,
    )


def structured(message: Message) -> SimpleNamespace:
    """The whole event in the value, its data in base64, and no sequence that can be read."""
    document = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/another/system",
        "subject": message.subject,
        "time": message.time.isoformat(),
        "clinicid": str(message.clinic_id),
        "sequence": "x",
        "data_base64": b64encode(message.data).decode(),
    }
    whole = replace(message, data=json.dumps(document).encode())
    return SimpleNamespace(**vars(record_of(whole)) | {"headers": [("content-type", STRUCTURED.encode())]})
