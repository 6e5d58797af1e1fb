"""Fifty thousand reminders that are due at once: how fast they go out, in how much memory, and who overtakes them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from clinic import Clinic
from figures import Figure
from local_stack.supervisor import Stack

HERE = Path(__file__).parent
REMINDERS, RECEIPTS = 50_000, 10
GROWTH_MB, OVERTAKEN_BY = 30, 32
"""What the process may grow by once it is warm, and how many reminders may go out while a receipt's mail waits: as many
as a worker has in work (`NOT-3.5`)."""
MEASURED_SECONDS = 300
"""What has not gone out by then stays queued: how much there is in the queue is the question, not when it is empty."""
SAMPLE_SECONDS = 1.0

KNOWN = "SELECT count(*) FROM clinics WHERE clinic_id = $1"
LEFT = "SELECT count(*) FROM sending_queue WHERE clinic_id = $1"
WAITED = """
SELECT r.sent_at - r.planned_at AS waited,
       (SELECT count(*) FROM messages AS m
         WHERE m.notice = 'invoice_overdue' AND m.sent_at > r.planned_at AND m.sent_at <= r.sent_at) AS others
  FROM messages AS r WHERE r.clinic_id = $1 AND r.notice = 'payment_recorded' AND r.state = 'sent'
"""
SENT = "SELECT count(*), max(sent_at) - min(sent_at) FROM messages WHERE notice = 'invoice_overdue' AND state = 'sent'"


async def queued_messages(stack: Stack, clinic: Clinic) -> list[Figure]:
    """All of one clinic, which takes payments meanwhile: its receipts are mailed before its reminders."""
    patient, *_ = await clinic.open(1)
    invoice = await clinic.issue_invoice(patient, price_minor=10_000_000)
    connection = await asyncpg.connect(stack.database_dsn("notifications"))
    try:
        await _until(connection, KNOWN, clinic, 1)
        await _queue(connection, clinic)
        sizes, _ = await asyncio.gather(_sizes(stack, connection, clinic), _pay(clinic, patient, invoice))
        sent, took = await connection.fetchrow(SENT)
        receipts = await connection.fetch(WAITED, clinic.id)
    finally:
        await connection.close()
    if len(receipts) != RECEIPTS:
        raise RuntimeError(f"of {RECEIPTS} receipts {len(receipts)} went out, beside {sent} reminders")
    return [
        Figure(
            f"reminders mailed, {REMINDERS:,} queued at once",
            sent / took.total_seconds(),
            "/s",
            detail=f"{sent:,} of them in {took.total_seconds():.0f} s",
        ),
        *_figures(sizes, receipts),
    ]


async def _queue(connection: Any, clinic: Clinic) -> None:
    """In one transaction, so that all are due at once."""
    for name, value in {"clinic": clinic.id, "messages": REMINDERS}.items():
        await connection.execute("SELECT set_config($1, $2, false)", f"queued.{name}", str(value))
    async with connection.transaction():
        await connection.execute((HERE / "queued_messages.sql").read_text(encoding="utf-8"), timeout=600)


async def _sizes(stack: Stack, connection: Any, clinic: Clinic) -> list[float]:
    """The resident megabytes of the process that sends, for so long or until nothing is queued any more."""
    process = psutil.Process(stack.processes["notifications-api-worker"].pid)
    sizes: list[float] = []
    deadline = time.monotonic() + MEASURED_SECONDS
    while time.monotonic() < deadline and await connection.fetchval(LEFT, clinic.id):
        sizes.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(SAMPLE_SECONDS)
    return sizes


async def _pay(clinic: Clinic, patient: Any, invoice: Any) -> None:
    for _ in range(RECEIPTS):
        await asyncio.sleep(2 * SAMPLE_SECONDS)
        await clinic.pay(patient, invoice, 100)


async def _until(connection: Any, query: str, clinic: Clinic, rows: int) -> None:
    deadline = time.monotonic() + MEASURED_SECONDS
    while await connection.fetchval(query, clinic.id) < rows:
        if time.monotonic() > deadline:
            raise TimeoutError("notifications has not heard of the clinic")
        await asyncio.sleep(0.1)


def _figures(sizes: list[float], receipts: list[Any]) -> list[Figure]:
    warm, peak = sizes[len(sizes) // 4], max(sizes)
    waited = sorted(row["waited"].total_seconds() * 1000 for row in receipts)
    detail = f"from planned to accepted {waited[len(waited) // 2]:.0f} ms p50, {waited[-1]:.0f} ms at the most"
    return [
        Figure(
            "growth of the sending process's memory after a quarter of that time",
            peak - warm,
            "MB",
            GROWTH_MB,
            at_least=False,
            detail=f"{sizes[0]:.0f} MB at the start, {warm:.0f} MB warm, {peak:.0f} MB at the most",
        ),
        Figure(
            f"most reminders that went out while one of {RECEIPTS} receipts of the same clinic waited",
            max(row["others"] for row in receipts),
            "",
            OVERTAKEN_BY,
            at_least=False,
            detail=detail,
        ),
    ]
