"""Events to a real Kafka and back: keyed by patient, in order, with their headers; invoices are heard as they come."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError
from contracts.clinical import AppointmentClosed, ProcedureCompleted
from contracts.invoicing import InvoiceIssued, InvoiceVoided
from local_stack.practice.announcing import Announcer
from local_stack.practice.events import of_visit
from local_stack.practice.extract import Extract
from local_stack.practice.issued import IssuedInvoices
from local_stack.practice.problems import StackUnreachable

PATIENCE_SECONDS = 20


@pytest.fixture
async def bootstrap(kafka_server: str) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    for topic in (ProcedureCompleted.topic, InvoiceIssued.topic):
        with contextlib.suppress(TopicAlreadyExistsError):
            await admin.create_topics([NewTopic(topic, num_partitions=12, replication_factor=1)])
    await admin.close()
    return kafka_server


async def test_a_visit_arrives_in_order_under_its_patients_key(bootstrap: str, clinic_day: Path) -> None:
    with Extract(clinic_day) as extract:
        visit = next(visit for visit in extract.visits() if len(visit.procedures) > 2)
    events = list(of_visit(visit))
    consumer = AIOKafkaConsumer(ProcedureCompleted.topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    async with consumer, Announcer(bootstrap) as announcer, asyncio.timeout(PATIENCE_SECONDS):
        await consumer.seek_to_end()
        await announcer.announce(events)
        records = [await consumer.getone() for _ in events]
    assert {record.key for record in records} == {str(visit.patient_id).encode()}
    headers = [dict(record.headers) for record in records]
    assert [header["ce_id"].decode() for header in headers] == [str(announced.id) for announced in events]
    assert headers[-1]["ce_type"].decode() == AppointmentClosed.event_type
    assert {header["ce_clinicid"].decode() for header in headers} == {str(visit.clinic_id)}
    assert len({header["traceparent"] for header in headers}) == 1, "a visit is one trace"
    assert ProcedureCompleted.model_validate_json(records[0].value) == events[0].event


async def test_invoices_of_appointments_are_heard_from_the_present_on(bootstrap: str) -> None:
    heard: asyncio.Queue[tuple[UUID, UUID]] = asyncio.Queue()

    async def hear(appointment_id: UUID, invoice_id: UUID) -> None:
        heard.put_nowait((appointment_id, invoice_id))

    async def issue(appointment_id: UUID | None, event_type: str = InvoiceIssued.event_type) -> UUID:
        invoice_id = uuid4()
        invoice = {"appointment_id": appointment_id, "invoice_id": invoice_id}
        headers = [("ce_type", event_type.encode())]
        await producer.send_and_wait(InvoiceIssued.topic, key=b"k", value=orjson.dumps(invoice), headers=headers)
        return invoice_id

    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    async with producer, asyncio.timeout(PATIENCE_SECONDS):
        await issue(uuid4())
        async with IssuedInvoices(bootstrap, hear):
            await issue(None)
            await issue(uuid4(), InvoiceVoided.event_type)
            appointment = uuid4()
            invoice = await issue(appointment)
            assert await heard.get() == (appointment, invoice)
    assert heard.empty()


async def test_a_kafka_that_does_not_run_is_named() -> None:
    with pytest.raises(StackUnreachable, match=r"Kafka does not answer at 127\.0\.0\.1:9"):
        async with Announcer("127.0.0.1:9"):
            pass
