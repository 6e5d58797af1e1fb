"""From a payment to its receipt and its email: how long one takes, how many a second, in how much memory."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import psutil
from clinic import Clinic
from figures import Figure, percentile
from local_stack.supervisor import Stack

ONE_BY_ONE, STORED_P50_MS, ACCEPTED_P50_MS = 40, 150, 300
AT_ONCE, PER_SECOND, WORKER_MB = 400, 30, 250
GIVEN_UP_SECONDS = 300

STORED = "SELECT transaction_id, stored_at FROM receipts WHERE clinic_id = $1 AND stored_at IS NOT NULL"
SENT = """
SELECT about_event_id, sent_at FROM messages
 WHERE clinic_id = $1 AND state = 'sent' AND about_event_type = 'billing.receipt.issued.v1'
"""
ISSUED = """
SELECT o.event_id::text, r.transaction_id FROM outbox AS o JOIN receipts AS r ON r.receipt_id = o.subject
 WHERE o.clinic_id = $1 AND o.type = 'billing.receipt.issued.v1'
"""


async def latency(stack: Stack, clinic: Clinic) -> list[Figure]:
    """Payments one after the other, each as soon as the email about the one before is out."""
    patient, *_ = await clinic.open(1)
    invoice = await clinic.issue_invoice(patient, price_minor=10_000_000)
    committed: dict[UUID, datetime] = {}
    receipts = await asyncpg.connect(stack.database_dsn("receipts"))
    messages = await asyncpg.connect(stack.database_dsn("notifications"))
    try:
        for number in range(ONE_BY_ONE):
            paid = await clinic.pay(patient, invoice, 100)
            committed[UUID(paid["id"])] = datetime.fromisoformat(paid["recorded_at"])
            await _until(messages, SENT, clinic.id, number + 1)
        stored = {row[0]: row[1] for row in await receipts.fetch(STORED, clinic.id)}
        by_event = {row[0]: row[1] for row in await receipts.fetch(ISSUED, clinic.id)}
        sent = {by_event[row[0]]: row[1] for row in await messages.fetch(SENT, clinic.id)}
    finally:
        await receipts.close()
        await messages.close()
    to_receipt = [(stored[one] - at).total_seconds() * 1000 for one, at in committed.items()]
    to_email = [(sent[one] - at).total_seconds() * 1000 for one, at in committed.items()]
    return [
        _p50("payment to receipt stored, p50", to_receipt, STORED_P50_MS),
        _p50("payment to email accepted, p50", to_email, ACCEPTED_P50_MS),
    ]


async def rendering(stack: Stack, clinic: Clinic, floor: float) -> list[Figure]:
    """Many payments at once: how fast their receipts are rendered, stored and announced."""
    patients = await clinic.open(20)
    invoices = [await clinic.issue_invoice(patient, price_minor=10_000_000) for patient in patients]
    receipts = await asyncpg.connect(stack.database_dsn("receipts"))
    try:
        for number in range(AT_ONCE):
            await clinic.pay(patients[number % 20], invoices[number % 20], 100)
        at_start = len(await receipts.fetch(STORED, clinic.id))
        began = time.perf_counter()
        await _until(receipts, STORED, clinic.id, AT_ONCE)
        rate = (AT_ONCE - at_start) / (time.perf_counter() - began)
    finally:
        await receipts.close()
    largest = max(_rendering_megabytes(stack), default=0.0)
    return [
        Figure(
            "receipts, two rendering processes",
            rate,
            "/s",
            PER_SECOND,
            floor=floor,
            floor_of="the same HTML by bare WeasyPrint, two processes",
            detail=f"{AT_ONCE - at_start} that had piled up",
        ),
        Figure("largest rendering process", largest, "MB", WORKER_MB, at_least=False),
    ]


def _rendering_megabytes(stack: Stack) -> list[float]:
    service = psutil.Process(stack.processes["receipts-api-worker"].pid)
    return [child.memory_info().rss / 1e6 for child in service.children(recursive=True)]


async def _until(connection: Any, query: str, clinic_id: UUID, rows: int) -> None:
    deadline = time.monotonic() + GIVEN_UP_SECONDS
    while len(await connection.fetch(query, clinic_id)) < rows:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{rows} documents were not done in {GIVEN_UP_SECONDS} s")
        await asyncio.sleep(0.02)


def _p50(name: str, milliseconds: list[float], target: float) -> Figure:
    slowest = milliseconds.index(max(milliseconds)) + 1
    detail = (
        f"p90 {percentile(milliseconds, 0.9):.0f} ms, slowest {max(milliseconds):.0f} ms (the {slowest}. of "
        f"{len(milliseconds)}), one at a time"
    )
    return Figure(name, percentile(milliseconds, 0.5), "ms", target, at_least=False, detail=detail)
