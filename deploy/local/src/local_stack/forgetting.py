"""Have every service forget a patient where the patient register cannot say so itself (`ALL-9`)."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from aiokafka.errors import KafkaError
from chassis.broker import Broker
from chassis.broker_settings import BrokerSettings
from chassis.identifiers import new_id
from chassis.messaging import cloudevents, kafka
from chassis.tls import refusal
from chassis.trace_context import TraceContext
from contracts.patients import PatientForgotten
from pydantic import ValidationError

from local_stack.looking import layout_of
from local_stack.trouble import CannotRun

SOURCE = "/dental-billing/operator"


def forget(home: Path, clinic_id: UUID, patient_id: UUID) -> int:
    """Announce it to the broker that the environment names, else to the running stack's. Raises CannotRun.

    Doing it again changes nothing. Who was never heard of is forgotten beforehand.
    """
    broker = _broker(home)
    event = PatientForgotten(clinic_id=clinic_id, occurred_at=datetime.now(UTC), patient_id=patient_id)
    try:
        event_id = asyncio.run(announce(broker, event))
    except kafka.BrokerUnreachable as unreachable:
        said = unreachable.setting or "KAFKA_BOOTSTRAP"
        raise CannotRun(f"Kafka does not take it ({said} is not usable): {unreachable}") from None
    except (KafkaError, OSError) as trouble:
        raise CannotRun(f"Kafka does not take it: {refusal(trouble) or trouble}") from None
    print(f"{event.event_type} {event_id} is announced: each service forgets {patient_id} as it comes to it.")  # noqa: T201 - its result
    return 0


async def announce(broker: Broker, event: PatientForgotten) -> UUID:
    """Publish the event as the register would; its id. Raises KafkaError."""
    event_id = new_id()
    producer = await kafka.started(kafka.producer(broker, "operator"), broker)
    try:
        headers = cloudevents.headers(
            event_id=str(event_id),
            source=SOURCE,
            event_type=event.event_type,
            subject=str(event.patient_id),
            clinic_id=str(event.clinic_id),
            sequence=0,
            time=event.occurred_at,
            trace=TraceContext(),
        )
        value = event.model_dump_json().encode()
        await producer.send_and_wait(event.topic, value, key=event.partition_key.encode(), headers=headers)
    finally:
        await kafka.stopped(producer)
    return event_id


def _broker(home: Path) -> Broker:
    try:
        told = BrokerSettings().broker()
    except ValidationError as error:
        raise CannotRun(f"What the environment says of Kafka cannot be used: {error.errors()[0]['msg']}") from None
    if os.environ.get("KAFKA_BOOTSTRAP"):
        return told
    return dataclasses.replace(told, bootstrap=layout_of(home).addresses().kafka_bootstrap)
