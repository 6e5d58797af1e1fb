"""Whoever breaks what runs: kills, pauses, cuts and stops at named points, drawn from a seed, and measures recovery."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import asyncpg
import psutil
from disk import Disk
from far_broker import StackSeenFromAfar, cut_connections, may_cut_connections
from local_stack.layout import ROLES, SERVICES
from local_stack.supervisor import _says_ready
from local_stack.trouble import CannotRun
from second_processes import SecondProcesses, clock_library

RECOVERED_SECONDS_MAX = 180.0
"""Longer than every lease, claim and rebalance lasts, on a machine that is busy."""
STARTED_SECONDS_MAX = 120.0
ACT_SECONDS_MAX = 300.0
"""Longer than all that one act may wait for: one that never ends would have the round stand still, and say nothing."""
POINT_SECONDS_MAX = 6.0
"""How long it is waited for that somebody comes to a named point."""
CUT_OFF = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
"""What a connection of the nemesis' own meets where the other of two faults was one of PostgreSQL's."""
POLL_SECONDS = 0.1
PAIRS = 0.2
"""How often two faults come one upon the other; a rolling restart is let be by others."""
OURS = ("invoicing-api", "invoicing-worker", "payments-api", "payments-worker", "receipts-api-worker")
PROCESSES = (*OURS, "notifications-api-worker", "frontdesk", "edge")
POINTS = (
    ("payments-api", "payments", "outbox", "before its answer is kept"),
    ("payments-api", "payments", "journal_entries", "amidst its postings"),
    ("payments-worker", "payments", "outbox", "after it has published, before it knows"),
    ("payments-worker", "payments", "inbox", "amidst a batch"),
    ("invoicing-api", "invoicing", "outbox", "before its answer is kept"),
    ("invoicing-worker", "invoicing", "outbox", "after it has published, before it knows"),
    ("invoicing-worker", "invoicing", "number_series", "before a number is taken"),
    ("receipts-api-worker", "receipts", "object_removals", "before a document's bytes are in the store"),
    ("receipts-api-worker", "receipts", "stored_documents", "after they are, before the document is stored"),
    ("receipts-api-worker", "receipts", "number_series", "before a number is taken"),
    ("notifications-api-worker", "notifications", "attempts", "after a mail was taken, before it knows"),
    ("notifications-api-worker", "notifications", "inbox", "amidst a batch"),
    (
        "notifications-api-worker",
        "notifications",
        "webhook_deliveries",
        "after a partner was told, before it knows",
    ),
    ("notifications-api-worker", "notifications", "messages", "amidst a copy, or what is planned"),
    ("payments-api", "payments", "payment_positions", "amidst an insurer's transfer, or a payment"),
    ("payments-api", "payments", "credit_parts", "amidst credit"),
)
"""Who is killed where: it is let come to a table that it cannot write, and dies there."""
WAITS = """
SELECT count(*) FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
 WHERE c.relname = $1 AND NOT l.granted
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


@dataclass
class Fault:
    """One fault: what it was, how long it lasted, and how long after it everything was ready again (None: never)."""

    kind: str
    what: str
    at: float
    lasted: float = 0.0
    recovered: float | None = None


@dataclass
class Nemesis:
    """Breaks one thing after the other, at times two at once; everything is mended before it ends."""

    stack: StackSeenFromAfar
    dice: Random
    disk: Disk | None = None
    faults: list[Fault] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What went wrong at a fault itself, in words."""
    _began: float = 0.0

    def __post_init__(self) -> None:
        self.second = SecondProcesses(self.stack, self.dice, self.wrong)

    async def rage(self, seconds: float, say: Callable[[str], None]) -> None:
        """For so many seconds."""
        self._began = time.monotonic()
        while time.monotonic() < self._began + seconds:
            one = self._drawn()
            pair = [one, self._drawn()] if self.dice.random() < PAIRS else [one]
            pair = [one] if self.second.replace in pair else pair
            begun = [await self._begin(fault) for fault in {act.__name__: act for act in pair}.values()]
            recovered = await self._recovered()
            for fault in begun:
                fault.recovered = recovered
                say(f"{fault.at:7.1f} s  {fault.kind}: {fault.what}, {_words(recovered)}")
            await asyncio.sleep(self.dice.random() * 3)

    def _drawn(self) -> Callable[[], Awaitable[tuple[str, str]]]:
        weighed = {
            self.kill_process: 8,
            self.pause_process: 6,
            self.kill_at_a_point: 8,
            self.kill_renderer: 2,
            self.cut_connections: 4,
            self.second.join_and_leave: 3,
            self.second.join_from_afar: 3,
            self.second.vanish: 2,
            self.second.replace: 3,
            self.second.join_far_from_the_broker: 3,
            self.kill_kafka: 2,
            self.pause_kafka: 2,
            self.kill_postgres: 2,
            self.crash_postgres: 2,
            self.pause_postgres: 2,
        }
        if self.disk is not None:
            weighed[self.fill_disk] = 2
        if may_cut_connections():
            weighed[self.cut_broker] = 3
        if clock_library() is not None:
            weighed[self.second.join_with_another_clock] = 2
        acts = list(weighed)
        return self.dice.choices(acts, list(weighed.values()))[0]

    async def _begin(self, act: Callable[[], Awaitable[tuple[str, str]]]) -> Fault:
        began = time.monotonic()
        try:
            async with asyncio.timeout(ACT_SECONDS_MAX):
                kind, what = await act()
        except TimeoutError:
            kind, what = act.__name__, "never ended"
            self.wrong.append(f"{kind} {what}")
        except CUT_OFF as trouble:
            kind, what = act.__name__.replace("_", " "), f"cut short by what was done before it: {trouble}"
        fault = Fault(kind, what, began - self._began, time.monotonic() - began)
        self.faults.append(fault)
        return fault

    async def kill_process(self) -> tuple[str, str]:
        """A process is killed, and started again at once or later."""
        name = self.dice.choice(PROCESSES)
        away = self.dice.choice([0.0, 0.0, 1.0, 5.0])
        self.stack.processes[name].kill()
        await asyncio.sleep(away)
        await self._started(name)
        return "process killed", f"{name}, away for {away:.0f} s"

    async def pause_process(self) -> tuple[str, str]:
        """A process stands still; longer than a lease lasts, at times."""
        name = self.dice.choice(PROCESSES)
        seconds = self.dice.choice([0.5, 2.0, 5.0, 25.0])
        await self._still(_family(self.stack.processes[name].pid), seconds)
        return "process paused", f"{name} for {seconds:g} s"

    async def kill_renderer(self) -> tuple[str, str]:
        """A process that renders, or all of them."""
        rendering = psutil.Process(self.stack.processes["receipts-api-worker"].pid).children(recursive=True)
        chosen = rendering if self.dice.random() < 0.5 else rendering[:1]
        _signalled(chosen, signal.SIGKILL)
        return "renderer killed", f"{len(chosen)} of {len(rendering)}"

    async def kill_at_a_point(self) -> tuple[str, str]:
        """A process is killed where it is about to write a certain table; nothing where it does not come there."""
        name, service, table, where = self.dice.choice(POINTS)
        async with self._closed(service, table) as anybody_waits:
            came = await anybody_waits()
            self.stack.processes[name].kill()
        await self._started(name)
        return "process killed at a point", f"{name} {where if came else 'anywhere, as it did not come to ' + table}"

    async def cut_connections(self) -> tuple[str, str]:
        """All connections to a service's database."""
        service = self.dice.choice(SERVICES)
        connection = await self._connected("postgres")
        try:
            count = await connection.fetchval(CUT, service)
        finally:
            await connection.close()
        return "connections cut", f"{count} of {service}"

    async def cut_broker(self) -> tuple[str, str]:
        """All connections to the broker, of every process."""
        ends = cut_connections(self.stack.layout.ports["kafka"])
        return "connections to the broker cut", f"{ends} ends"

    async def fill_disk(self) -> tuple[str, str]:
        """There is no room for what the database writes, and then there is again."""
        assert self.disk is not None
        seconds = self.dice.choice([2.0, 6.0])
        self.disk.fill()
        try:
            await asyncio.sleep(seconds)
        finally:
            self.disk.empty()
        child = self.stack._postgres.child
        if child is None or not child.running:
            await self._started("postgres")
        return "disk full", f"for {seconds:g} s"

    async def kill_kafka(self) -> tuple[str, str]:
        """The broker."""
        await self._killed("kafka")
        return "broker killed", ""

    async def pause_kafka(self) -> tuple[str, str]:
        """The broker stands still."""
        seconds = self.dice.choice([1.0, 4.0, 12.0])
        child = self.stack._kafka.child
        assert child is not None
        await self._still(_family(child.pid), seconds)
        return "broker paused", f"for {seconds:g} s"

    async def kill_postgres(self) -> tuple[str, str]:
        """The database server."""
        await self._killed("postgres")
        return "PostgreSQL killed", ""

    async def crash_postgres(self) -> tuple[str, str]:
        """One of its processes, upon which it ends all the others and recovers."""
        chosen = self.dice.choice(self._postgres_processes()[1:])
        _signalled([chosen], signal.SIGKILL)
        return "a process of PostgreSQL killed", ""

    async def pause_postgres(self) -> tuple[str, str]:
        """All of its processes stand still."""
        seconds = self.dice.choice([1.0, 4.0, 12.0])
        await self._still(self._postgres_processes(), seconds)
        return "PostgreSQL paused", f"for {seconds:g} s"

    def _postgres_processes(self) -> list[psutil.Process]:
        child = self.stack._postgres.child
        assert child is not None
        return _family(child.pid)

    async def _killed(self, server: str) -> None:
        child = self.stack._postgres.child if server == "postgres" else self.stack._kafka.child
        assert child is not None
        child.kill()
        await asyncio.sleep(self.dice.choice([0.0, 3.0]))
        await self._started(server)

    async def _still(self, processes: Sequence[psutil.Process], seconds: float) -> None:
        _signalled(processes, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            _signalled(processes, signal.SIGCONT)

    async def _started(self, name: str) -> None:
        """Start a program as whoever keeps the stack would: again, until it runs."""
        deadline = time.monotonic() + STARTED_SECONDS_MAX
        (program,) = [one for one in self.stack._programs() if one.name == name]
        while True:
            try:
                await program.start()
            except CannotRun:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.5)
            else:
                return

    async def _connected(self, database: str) -> asyncpg.Connection[asyncpg.Record]:
        """A connection, once PostgreSQL takes one: what was done just before may have been done to it."""
        deadline = time.monotonic() + STARTED_SECONDS_MAX
        while True:
            try:
                return await asyncpg.connect(self.stack.database_dsn(database))
            except CUT_OFF:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(POLL_SECONDS)

    @asynccontextmanager
    async def _closed(self, service: str, table: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """While it lasts, nobody writes a table of a service; whether anybody comes to it, who then waits."""
        connection = await self._connected(service)

        async def anybody_waits() -> bool:
            deadline = time.monotonic() + POINT_SECONDS_MAX
            while time.monotonic() < deadline:
                if await connection.fetchval(WAITS, table):
                    await asyncio.sleep(self.dice.random() * 0.2)
                    return True
                await asyncio.sleep(POLL_SECONDS / 5)
            return False

        try:
            async with connection.transaction():
                await connection.execute(f'LOCK TABLE "{table}" IN SHARE MODE')
                yield anybody_waits
        finally:
            await connection.close()

    async def _recovered(self) -> float | None:
        """How long it takes until every process of ours says that it is ready; None where that is too long."""
        began = time.monotonic()
        urls = {self.stack.layout.health_url(name, role) for name in SERVICES for role in ROLES[name]}
        urls |= {f"{self.stack.layout.url(part)}/health/ready" for part in ("edge", "frontdesk")}
        while time.monotonic() - began < RECOVERED_SECONDS_MAX:
            if all(await asyncio.gather(*map(_says_ready, urls))):
                return time.monotonic() - began
            for name in PROCESSES:  # who ends where something it needs is away is started again
                if not self.stack.processes[name].running:
                    await self._started(name)
            await asyncio.sleep(POLL_SECONDS)
        return None


def _family(pid: int) -> list[psutil.Process]:
    """A process and all below it, the process first."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _signalled(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
            os.kill(process.pid, number)


def _words(recovered: float | None) -> str:
    return "never ready again" if recovered is None else f"ready after {recovered:.1f} s"


def say(line: str) -> None:
    """Tell the person in front of the screen."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
