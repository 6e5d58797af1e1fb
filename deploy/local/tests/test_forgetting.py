"""`stack forget` puts on the topic what the register would (`ALL-9`)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from chassis.broker import Broker
from chassis.messaging import Message, kafka
from chassis.messaging.cloudevents import message_of
from contracts.patients import PatientForgotten
from local_stack.forgetting import forget
from local_stack.trouble import CannotRun


def test_where_nothing_runs_and_nothing_is_named_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP", raising=False)
    with pytest.raises(CannotRun, match="No stack runs"):
        forget(tmp_path, uuid4(), uuid4())


def test_the_event_is_on_the_topic_in_the_patients_place(
    kafka_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ALL-9: read back as a service reads it."""
    clinic_id, patient_id = uuid4(), uuid4()
    monkeypatch.setenv("KAFKA_BOOTSTRAP", kafka_server)
    assert forget(tmp_path, clinic_id, patient_id) == 0
    (message,) = asyncio.run(_read(kafka_server, str(patient_id)))
    assert (message.type, message.clinic_id, message.subject) == (
        PatientForgotten.event_type,
        clinic_id,
        str(patient_id),
    )
    event = PatientForgotten.model_validate_json(message.data)
    assert (event.clinic_id, event.patient_id) == (clinic_id, patient_id)
    assert message.id in capsys.readouterr().out


async def _read(bootstrap: str, key: str) -> list[Message]:
    broker = Broker(bootstrap)
    client = await kafka.started(kafka.consumer(broker, "test", None, PatientForgotten.topic), broker)
    try:
        partitions = sorted(client.assignment())
        ends = await client.end_offsets(partitions)
        for partition in partitions:
            client.seek(partition, 0)
        read: list[Any] = []
        while len(read) < sum(ends.values()):
            for records in (await client.getmany(timeout_ms=500)).values():
                read += records
        return [message_of(record) for record in read if record.key == key.encode()]
    finally:
        await kafka.stopped(client)
