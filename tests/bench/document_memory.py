"""Whether memory stays flat while very many receipts are made: of the service, and of the processes that render."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import asyncpg
import psutil
from clinic import Clinic
from figures import Figure
from local_stack.supervisor import Stack

DOCUMENTS = 5_000
FIRST = 500
PATIENTS, CLERKS = 20, 4
SERVICE_GROWS_MB, PROCESS_MB = 20.0, 250.0
LOOK_SECONDS = 0.5
STANDS_STILL_SECONDS = 600.0
STORED = "SELECT count(*) FROM receipts WHERE clinic_id = $1 AND stored_at IS NOT NULL"


class Memory:
    """What was seen of the service's process and of the largest one that renders, document by document."""

    def __init__(self, process_id: int) -> None:
        self._service = psutil.Process(process_id)
        self.seen: list[tuple[int, float, float]] = []

    def look(self, documents: int) -> None:
        """Look once, when so many documents are made."""
        rendering = max(self._megabytes_of_children(), default=0.0)
        self.seen.append((documents, self._service.memory_info().rss / 1e6, rendering))

    def _megabytes_of_children(self) -> Iterator[float]:
        for child in self._service.children(recursive=True):
            try:
                yield child.memory_info().rss / 1e6
            except psutil.NoSuchProcess:
                continue  # one was just replaced

    def service_at(self, documents: int) -> float:
        """The service's resident memory when so many were made, in MB."""
        return next(service for made, service, _ in self.seen if made >= documents)

    def rendering_between(self, first: int, last: int) -> float:
        """The largest rendering process while these documents were made, in MB."""
        return max(rendering for made, _, rendering in self.seen if first <= made <= last)


async def document_memory(stack: Stack, clinic: Clinic, documents: int) -> list[Figure]:
    """So many payments, each with its receipt, while both kinds of processes are looked at."""
    memory = Memory(stack.processes["receipts-api-worker"].pid)
    receipts = await asyncpg.connect(stack.database_dsn("receipts"))
    try:
        paying = asyncio.create_task(_pay(clinic, documents))
        await _until_stored(receipts, clinic, documents, memory)
        await paying
    finally:
        await receipts.close()
    first = min(FIRST, documents // 2)
    early, late = memory.service_at(first), memory.service_at(documents)
    begun, ended = memory.rendering_between(0, first), memory.rendering_between(documents - first, documents)
    return [
        Figure(
            "receipts' process has grown by",
            late - early,
            "MB",
            SERVICE_GROWS_MB,
            at_least=False,
            detail=f"{early:.0f} MB after {first:,} documents, {late:.0f} MB after {documents:,}",
        ),
        Figure(
            "largest rendering process at the end",
            ended,
            "MB",
            PROCESS_MB,
            at_least=False,
            detail=f"{begun:.0f} MB among the first {first:,} documents, {ended:.0f} MB among the last",
        ),
    ]


async def _pay(clinic: Clinic, documents: int) -> None:
    patients = await clinic.open(PATIENTS)
    invoices = [await clinic.issue_invoice(patient, price_minor=100_000_000) for patient in patients]

    async def clerk(number: int) -> None:
        for payment in range(number, documents, CLERKS):
            await clinic.pay(patients[payment % PATIENTS], invoices[payment % PATIENTS], 100)

    await asyncio.gather(*(clerk(number) for number in range(CLERKS)))


async def _until_stored(receipts: asyncpg.Connection, clinic: Clinic, documents: int, memory: Memory) -> None:
    made, moved_at = 0, time.monotonic()
    while made < documents:
        await asyncio.sleep(LOOK_SECONDS)
        before, made = made, await receipts.fetchval(STORED, clinic.id)
        memory.look(made)
        moved_at = time.monotonic() if made > before else moved_at
        if time.monotonic() - moved_at > STANDS_STILL_SECONDS:
            raise TimeoutError(f"only {made} of {documents} receipts were made")
