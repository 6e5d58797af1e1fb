"""Measure the whole system on this machine: `make bench`, or `make bench ARGS="payments receipts"` for some of it."""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import accountant
import beside_loops
import books
import decisions
import desk
import document_memory
import document_time
import documents
import floors
import front_desk
import installments
import insurers
import intake
import invoice_work
import ledgers
import overload
import plans
import psutil
import queued_messages
import screens
import slow_consumers
import slow_readers
import till
import uvloop
from asking import Asking
from clinic import Clinic
from figures import Figure, missed, table
from local_stack.practice.api import Api
from local_stack.supervisor import Stack

ROOT = Path(__file__).parents[2]
WARM_START_SECONDS, API_MB = 10, 150
FLOOR_PATIENTS = 1
CLINICS = 8


class Bench:
    """One part: a fresh stack with everything running."""

    def __init__(self, stack: Stack, api: Api, scratch: Path, documents: int) -> None:
        self.stack = stack
        self.api = api
        self.scratch = scratch
        self.documents = documents

    def clinic(self) -> Clinic:
        """A new clinic."""
        return Clinic(self.api, self.stack.layout.addresses())

    async def payments(self) -> list[Figure]:
        """Payments over HTTP."""
        clinic = self.clinic()
        patient, *_ = await clinic.open(FLOOR_PATIENTS)
        paid = await clinic.pay(patient, await clinic.issue_invoice(patient), 100)
        floor = await floors.same_rows(
            self.stack, "payments", "transactions", "transaction_id", UUID(paid["id"]), self.scratch
        )
        return [*await front_desk.payments(self.clinic(), floor), self.memory()]

    async def crowds(self) -> list[Figure]:
        """Payments by many clerks, and all on one patient."""
        return await front_desk.crowds(self.clinic())

    async def overload(self) -> list[Figure]:
        """Two hundred clients who never pause, of several clinics and of one."""
        return await overload.overload(self.stack, [self.clinic() for _ in range(overload.CLINICS)])

    async def slow_consumers(self) -> list[Figure]:
        """Payments, by few and by two hundred, while receipts and notifications hardly move."""
        clinics = [self.clinic() for _ in range(slow_consumers.CLINICS)]
        return await slow_consumers.slow_consumers(self.stack, clinics)

    async def slow_readers(self) -> list[Figure]:
        """Payments beside fifty readers of a file who hardly read it."""
        till, *full = [await overload.till_of(self.clinic()) for _ in range(1 + slow_readers.CLINICS)]
        return await slow_readers.slow_readers(self.stack, till, full)

    async def books(self) -> list[Figure]:
        """A patient's account and a day sheet with very much in them."""
        return await books.books(self.stack, self.clinic(), self.clinic())

    async def invoices(self) -> list[Figure]:
        """Invoices over HTTP."""
        clinic = self.clinic()
        patient, *_ = await clinic.open(FLOOR_PATIENTS)
        invoice = await clinic.issue_invoice(patient)
        floor = await floors.same_rows(self.stack, "invoicing", "invoices", "id", invoice, self.scratch)
        return await front_desk.invoices([self.clinic() for _ in range(CLINICS)], floor)

    async def long_invoices(self) -> list[Figure]:
        """Invoices of 200 lines, previews, drafts issued at once, stories."""
        clinic = self.clinic()
        patient, *_ = await clinic.open(FLOOR_PATIENTS)
        invoice = await invoice_work.long_invoice(clinic, patient)
        written = ("invoicing", "invoices", "id", invoice)
        floor = await floors.same_rows(self.stack, *written, self.scratch, clients=1)
        return await invoice_work.long_invoices(self.clinic(), floor)

    async def lists(self) -> list[Figure]:
        """Lists of invoices among a thousand and among a million."""
        return await invoice_work.lists(self.stack, self.clinic(), self.clinic())

    async def reports(self) -> list[Figure]:
        """The accountant's reports over a hundred thousand invoices."""
        return await accountant.reports(self.stack, self.clinic())

    async def cycle(self) -> list[Figure]:
        """Invoices and payments in turn."""
        clinic = self.clinic()
        patient, *_ = await clinic.open(FLOOR_PATIENTS)
        invoice = await clinic.issue_invoice(patient)
        paid = await clinic.pay(patient, invoice, 100)
        issuing = await floors.same_rows(self.stack, "invoicing", "invoices", "id", invoice, self.scratch)
        written = ("payments", "transactions", "transaction_id", UUID(paid["id"]))
        paying = await floors.same_rows(self.stack, *written, self.scratch)
        return await front_desk.cycles(self.clinic(), 1 / (1 / issuing + 2 / paying))

    async def procedures(self) -> list[Figure]:
        """Kafka into drafts."""
        found = await intake.procedures(self.stack, self.clinic(), 0.0)
        floor = await floors.same_messages(self.stack.layout.addresses().kafka_bootstrap, "dental.clinical.v1")
        return [Figure(**(_fields(found[0]) | {"floor": floor})), *found[1:]]

    async def latency(self) -> list[Figure]:
        """Payment to receipt to email."""
        found = await documents.latency(self.stack, self.clinic())
        made, mailed = await floors.same_receipt(self.stack)
        told = ("the same HTML by bare WeasyPrint", "the same, then the mail by bare SMTP")
        return [
            Figure(**(_fields(figure) | {"floor": floor, "floor_of": of}))
            for figure, floor, of in zip(found, (made, mailed), told, strict=True)
        ]

    async def receipts(self) -> list[Figure]:
        """Rendering."""
        clinic = self.clinic()
        found = await documents.rendering(self.stack, clinic, 0.0)
        floor = await floors.same_documents(self.stack)
        return [Figure(**(_fields(found[0]) | {"floor": floor})), *found[1:]]

    async def document_memory(self) -> list[Figure]:
        """Memory over very many receipts."""
        return await document_memory.document_memory(self.stack, self.clinic(), self.documents)

    async def insurers(self) -> list[Figure]:
        """What insurers decide and pay."""
        return await insurers.insurers(self.stack, self.clinic())

    async def installments(self) -> list[Figure]:
        """What the calendar brings over very many plans."""
        return await installments.installments(self.stack, self.clinic())

    async def plans(self) -> list[Figure]:
        """Installment plans over HTTP."""
        return await plans.plans(self.asking())

    async def decisions(self) -> list[Figure]:
        """Insurers' decisions over HTTP."""
        return await decisions.decisions(self.asking())

    async def desk(self) -> list[Figure]:
        """Every other operation of invoicing."""
        return await desk.desk(self.asking())

    async def till(self) -> list[Figure]:
        """What changes payments, credit, requests and groups."""
        return await till.till(self.asking())

    async def ledgers(self) -> list[Figure]:
        """What is read of payments."""
        return await ledgers.ledgers(self.asking())

    async def queued_messages(self) -> list[Figure]:
        """Fifty thousand reminders that are due at once, and receipts beside them."""
        return await queued_messages.queued_messages(self.stack, self.clinic())

    async def screens(self) -> list[Figure]:
        """The front desk's pages, over HTTP and in a browser."""
        return await screens.screens(self.stack, self.clinic())

    def asking(self) -> Asking:
        """A new clinic, all of whose operations are asked."""
        return Asking(self.stack, self.clinic(), self.scratch)

    def memory(self) -> Figure:
        """What the API processes hold after thousands of requests."""
        names = [name for name in self.stack.processes if "api" in name]
        sizes = {n: psutil.Process(self.stack.processes[n].pid).memory_info().rss / 1e6 for n in names}
        return Figure(
            "largest API process",
            max(sizes.values()),
            "MB",
            API_MB,
            at_least=False,
            floor=floors.imports(self.stack)[1],
            floor_of="its imports alone",
            detail=", ".join(f"{name} {size:.0f}" for name, size in sizes.items()),
        )

    async def start(self) -> list[Figure]:
        """The stack stopped and started again, with its data: with one API process for each service, and as here."""
        return [await self._started_with(processes) for processes in sorted({1, self.stack.api_processes})]

    async def _started_with(self, processes: int) -> Figure:
        self.stack.api_processes = processes
        await self.stack.stop()
        began = time.perf_counter()
        await self.stack.start()
        seconds = time.perf_counter() - began
        name = f"warm start, {processes} API process{'es' if processes > 1 else ''} of invoicing and of payments"
        floor = floors.imports(self.stack)[0]
        told = "the imports of its processes, by bare Python at once"
        return Figure(name, seconds, "s", WARM_START_SECONDS, at_least=False, floor=floor, floor_of=told)


PARTS = (
    "start",
    "latency",
    "payments",
    "crowds",
    "overload",
    "slow_consumers",
    "slow_readers",
    "books",
    "invoices",
    "long_invoices",
    "lists",
    "reports",
    "cycle",
    "receipts",
    "procedures",
    "insurers",
    "installments",
    "plans",
    "decisions",
    "desk",
    "till",
    "ledgers",
    "screens",
    "document_time",
)
ABREAST = ("slow_consumers", "queued_messages", "document_memory")
"""Parts in which workers do not stand back for APIs: slowed by the measurement alone, or what they hold is measured."""
ALONE = "document_time"
"""What needs no stack."""
BESIDE = "demo_beside_loops"
LONG = (BESIDE, "queued_messages", "document_memory")
"""Parts that are measured only where they are named: they take minutes, and the whole machine."""


def _fields(figure: Figure) -> dict[str, object]:
    return {name: getattr(figure, name) for name in Figure.__slots__}


async def _measure(wanted: list[str], api_processes: int, documents: int) -> list[Figure]:
    """Each part on a stack of its own, so that none waits behind what another has left to be worked off."""
    figures: list[Figure] = []
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            _say(f"Measuring: {name}")
            if name == BESIDE:
                measured = await beside_loops.demo_beside_loops(Path(scratch))
            elif name == ALONE:
                measured = await asyncio.to_thread(document_time.document_time)
            else:
                measured = await _on_a_stack(name, Path(scratch), api_processes, documents)
        for figure in measured:
            _say(f"  {figure.name}: {figure.value:,.1f} {figure.unit}")
        figures += measured
        _keep(figures)  # lest a part that fails takes with it what the others measured
    return figures


async def _on_a_stack(name: str, scratch: Path, api_processes: int, documents: int) -> list[Figure]:
    stand_back = name not in ABREAST
    stack = Stack(scratch / "stack", api_processes=api_processes, stand_back=stand_back, trace_ratio=0.01)
    try:
        async with stack, Api(stack.layout.addresses()) as api:
            part: Callable[[], Awaitable[list[Figure]]] = getattr(Bench(stack, api, scratch, documents), name)
            return await part()
    finally:
        stack.erase()


def _keep(figures: list[Figure]) -> None:
    kept = ROOT / ".local" / "bench.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps([figure.as_dict() for figure in figures], indent=2))


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", file=sys.stderr, flush=True)  # noqa: T201 - a person watches


def main() -> int:
    """Measure, print the table, keep it as JSON; 1 where a target is missed, with a sentence for each."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    known = [*PARTS, *LONG]
    told = f"of {', '.join(PARTS)} (default: all of these), {', '.join(LONG)}"
    parser.add_argument("parts", nargs="*", metavar="PART", help=told)
    parser.add_argument("--api-processes", type=int, default=2, help="of invoicing and of payments")
    parser.add_argument("--documents", type=int, default=document_memory.DOCUMENTS, help="of document_memory")
    arguments = parser.parse_args()
    named = {part.replace("-", "_") for part in arguments.parts}
    if unknown := named - set(known):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    wanted = [name for name in known if name in named] if named else list(PARTS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(_measure(wanted, arguments.api_processes, arguments.documents))
    print(f"{psutil.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}")  # noqa: T201
    print(table(figures))  # noqa: T201 - this is what was asked for
    for sentence in (sentences := missed(figures)):
        print(sentence, file=sys.stderr)  # noqa: T201 - and this is why it fails
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
