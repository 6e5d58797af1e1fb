"""Completed procedures from Kafka into drafts: the rate, and whether memory stays flat over a large backlog."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime
from itertools import islice
from uuid import UUID, uuid4

import asyncpg
import psutil
from chassis.identifiers import new_id
from clinic import CURRENCY, Clinic
from contracts.clinical import ProcedureCompleted
from figures import Figure
from local_stack.practice.announcing import Announcer
from local_stack.practice.events import Announced
from local_stack.supervisor import Stack

from contracts import Amount

BACKLOG, PER_SECOND = 100_000, 2_000
PATIENTS = 2_000
PER_VISIT = 4
CHUNK = 5_000
FLAT_MB = 40
GIVEN_UP_SECONDS = 600


async def procedures(stack: Stack, clinic: Clinic, floor: float) -> list[Figure]:
    """A backlog is published while the worker is down, and drained when it is up again."""
    patients = await clinic.open(PATIENTS)
    await stack.stop_service("invoicing", "worker")
    events = (_completed(clinic.id, patients[(number // PER_VISIT) % PATIENTS], number) for number in range(BACKLOG))
    async with Announcer(clinic.addresses.kafka_bootstrap) as announcer:
        sampled = True
        while chunk := list(islice(events, CHUNK)):
            await announcer.announce(chunk, _trace(sampled=sampled))
            sampled = False
    await stack.start_service("invoicing", "worker")
    rate, early, late = await _drained(stack, clinic)
    return [
        Figure(
            "procedures into drafts",
            rate,
            "/s",
            PER_SECOND,
            floor=floor,
            floor_of="the same messages by bare aiokafka",
            detail=f"a backlog of {BACKLOG:,}",
        ),
        Figure(
            "growth of the worker's memory meanwhile",
            late - early,
            "MB",
            FLAT_MB,
            at_least=False,
            detail=f"{early:.0f} MB after a fifth of the backlog, {late:.0f} MB after all of it",
        ),
    ]


async def _drained(stack: Stack, clinic: Clinic) -> tuple[float, float, float]:
    """The rate between the first row and the last, and the memory at a fifth and at the end, in MB."""
    worker = psutil.Process(stack.processes["invoicing-worker"].pid)
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    early = 0.0
    began, at_start, done = 0.0, 0, 0
    deadline = time.monotonic() + GIVEN_UP_SECONDS
    try:
        while done < BACKLOG:
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {done} of {BACKLOG} procedures became lines")
            await asyncio.sleep(0.2)
            done = await connection.fetchval("SELECT count(*) FROM billable_procedures WHERE clinic_id = $1", clinic.id)
            if done and not began:
                began, at_start = time.perf_counter(), done
            if done > BACKLOG / 5 and not early:
                early = worker.memory_info().rss / 1e6
        seconds = time.perf_counter() - began
    finally:
        await connection.close()
    return (BACKLOG - at_start) / seconds, early, worker.memory_info().rss / 1e6


def _trace(*, sampled: bool) -> str:
    """A trace that the practice begins. Only the first chunk's is kept, for a stack that samples 0.01."""
    return f"00-{uuid4().hex}-{uuid4().hex[:16]}-{'01' if sampled else '00'}"


def _completed(clinic_id: UUID, patient: UUID, number: int) -> Announced:
    event = ProcedureCompleted(
        clinic_id=clinic_id,
        occurred_at=datetime.now(UTC),
        procedure_id=new_id(),
        patient_id=patient,
        appointment_id=UUID(int=clinic_id.int ^ (number // PER_VISIT)),
        provider_id=patient,
        code_system="CDT",
        code="D1110",
        description="Prophylaxis, adult",
        date_of_service=date(2026, 11, 20),
        fee=Amount(amount="95.00", currency=CURRENCY),
    )
    return Announced(uuid4(), "/practice/clinical", event.procedure_id, event)
