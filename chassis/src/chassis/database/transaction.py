"""Transactions: the only place of the system that commits, with the clinics that row-level security lets through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.clock import Clock, SystemClock
from chassis.database import outbox
from chassis.database.address import engine
from chassis.database.bell import Bell
from chassis.database.driver import Statement, driver_of
from chassis.database.faults import CUT, SESSION_FAULTS, ReadOnly, is_disk_full, is_read_only
from chassis.trace_context import TraceContext, current_trace

ROLLBACK_TIMEOUT_SECONDS = 5
FULL_SECONDS = 15.0
"""So long a process is not ready after its database had no room for something: that it answers says nothing."""
_TAKES_NO_WRITES = text("SELECT current_setting('transaction_read_only') = 'on'")
COMMAND_TIMEOUT_SECONDS = 40.0
"""Longer than the server lets a statement take: only a server that says nothing at all is given up on by this."""


class Announceable(Protocol):
    """What can be announced: an event of the contracts."""

    event_type: ClassVar[str]
    topic: ClassVar[str]

    @property
    def clinic_id(self) -> UUID:
        """The clinic it belongs to."""
        ...

    @property
    def partition_key(self) -> str:
        """What its order is kept by."""
        ...

    @property
    def occurred_at(self) -> datetime:
        """When it happened."""
        ...

    def model_dump_json(self) -> str:
        """The data as JSON."""
        ...


class WritesWhileReading(Exception):
    """A look at rows would change some: that is our fault, and no database's that takes no writes."""


class Work:
    """One transaction in progress: what it may see, when it happens, by whom, and what it will announce.

    Whatever is written through `connection` and announced here commits together or not at all (`ALL-7`).
    """

    def __init__(self, connection: AsyncConnection, clinic_ids: tuple[UUID, ...], actor: str, now: datetime) -> None:
        self.connection = connection
        self.clinic_ids = clinic_ids
        self.actor = actor
        self.now = now
        self.bells: set[str] = set()
        self._outgoing: list[outbox.Outgoing] = []
        self._piggyback: list[outbox.PiggybackStatement] = []
        self._traces: dict[str, TraceContext] = {}

    @property
    def clinic_id(self) -> UUID:
        """The only clinic of this transaction. Raises ValueError where there are several."""
        (only,) = self.clinic_ids
        return only

    def announce(self, event: Announceable, *, subject: UUID, sequence: int) -> None:
        """Publish an event once this transaction has committed, in the order of the calls.

        `subject` is the aggregate and `sequence` its version after the change. Raises EventTooLarge for what no topic
        takes: nothing is changed, and the relay never meets it.
        """
        data = event.model_dump_json().encode()
        if len(data) > outbox.LARGEST_EVENT_BYTES:
            raise outbox.EventTooLarge(event.event_type, len(data))
        self._outgoing.append(
            outbox.Outgoing(
                topic=event.topic,
                key=event.partition_key,
                type=event.event_type,
                subject=subject,
                clinic_id=event.clinic_id,
                sequence=sequence,
                time=event.occurred_at,
                data=data,
                trace=self.trace_of(event.partition_key),
            )
        )

    def trace_of(self, key: str) -> TraceContext:
        """The trace that led here: of the batch's message with this id or key, else of the current span."""
        return self._traces.get(key) or current_trace()

    def follow(self, traces: dict[str, TraceContext]) -> None:
        """Let what is announced with one of these keys continue the trace of the message that caused it."""
        self._traces = traces

    def ring(self, bell: str) -> None:
        """After the commit, wake whoever waits for this bell (a hint: they poll as well)."""
        self.bells.add(bell)

    def write_at_the_end(self, statement: Statement, values: Mapping[str, Any]) -> None:
        """Write this just before the commit, in the round trip of the announcements.

        All that is written so sees the database as it was before any of it.
        """
        self._piggyback.append(outbox.PiggybackStatement(statement, values))

    async def write_announcements(self) -> None:
        """Write what was announced into the outbox; called once, just before the commit."""
        if self._outgoing or self._piggyback:
            await outbox.insert(self.connection, self._outgoing, self._piggyback)
        if self._outgoing:
            self.ring(outbox.BELL)


class Database:
    """A service's own database, as its working role sees it.

    `url` is as libpq has addresses (`chassis.database.address`). Connections are of a pool of at most `pool_size`.
    """

    def __init__(self, url: str, *, clock: Clock | None = None, pool_size: int = 10, name: str = "service") -> None:
        self.url = url
        self.clock = clock or SystemClock()
        # Transactions are begun and ended by hand below, with the clinics set in the same round trip.
        self.engine: AsyncEngine = engine(
            url,
            {
                "application_name": name,
                "statement_timeout": "30s",
                "idle_in_transaction_session_timeout": "60s",
                "jit": "off",
            },
            statements=500,
            command_timeout=COMMAND_TIMEOUT_SECONDS,
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=False,
            # The one that was in use last: its statements are prepared, and the others' are only when they are needed.
            pool_use_lifo=True,
            pool_recycle=1800,
        )
        self._pool_size = pool_size
        self._full_at: float | None = None
        self.bell = Bell(url)

    @property
    def is_full(self) -> bool:
        """Whether there was no room for something that was to be written a moment ago."""
        return self._full_at is not None and monotonic() - self._full_at < FULL_SECONDS

    @asynccontextmanager
    async def transaction(self, clinic_ids: Iterable[UUID], actor: str) -> AsyncIterator[Work]:
        """One transaction for these clinics: commits when the block ends well, else changes nothing."""
        clinics = tuple(clinic_ids)
        async with self._begun("BEGIN", clinics) as (connection, driver):
            work = Work(connection, clinics, actor, self.clock.now())
            yield work
            await work.write_announcements()
            await driver.execute("COMMIT")
        for bell in work.bells:
            self.bell.ring(bell)

    @asynccontextmanager
    async def reading(self, clinic_ids: Iterable[UUID]) -> AsyncIterator[AsyncConnection]:
        """A read-only look at these clinics' rows, at one instant."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        async with self._begun(begin, tuple(clinic_ids)) as (connection, driver):
            try:
                yield connection
            except SESSION_FAULTS as fault:
                if is_read_only(fault):
                    raise WritesWhileReading from fault
                raise
            await driver.execute("COMMIT")

    @asynccontextmanager
    async def _begun(self, begin: str, clinics: tuple[UUID, ...]) -> AsyncIterator[tuple[AsyncConnection, Any]]:
        # Only UUIDs are put into this text. `true` keeps the setting inside the transaction.
        allowed = ",".join(str(UUID(str(clinic))) for clinic in clinics)
        begin = f"{begin}; SELECT set_config('app.clinic_ids', '{allowed}', true)"
        async with self.engine.connect() as connection:
            try:
                driver = await self._begin(connection, begin)
                yield connection, driver
            except BaseException as error:
                if is_disk_full(error):
                    self._full_at = monotonic()
                await _roll_back(connection)
                if is_read_only(error):
                    await connection.invalidate()
                raise

    async def _begin(self, connection: AsyncConnection, begin: str) -> Any:
        """Begin on an open connection. One that was cut while it lay in the pool is replaced: nothing is lost by it."""
        stale = 0
        while True:
            driver = await driver_of(connection)
            try:
                await driver.execute(begin)
                return driver
            except CUT:
                stale += 1
                if stale > self._pool_size:
                    raise
                driver.terminate()
                await connection.invalidate()

    async def require_writable(self) -> None:
        """See that the database answers and takes writes. Raises ReadOnly, and what `SESSION_FAULTS` names."""
        async with self.engine.connect() as connection:
            if await connection.scalar(_TAKES_NO_WRITES):
                await connection.invalidate()
                raise ReadOnly("it takes no writes")

    async def close(self) -> None:
        """Close all connections."""
        await self.bell.close()
        await self.engine.dispose()


async def _roll_back(connection: AsyncConnection) -> None:
    """Undo the transaction; a connection that cannot even do that is thrown away, which undoes it too."""
    if connection.invalidated:
        return
    driver = await driver_of(connection)
    try:
        async with asyncio.timeout(ROLLBACK_TIMEOUT_SECONDS):
            await driver.execute("ROLLBACK")
    except BaseException as failure:
        driver.terminate()
        await connection.invalidate()
        if isinstance(failure, asyncio.CancelledError):
            raise
