"""A whole service in a test: its API over ASGI, its consumers given messages, its jobs run, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import builtins
import os
import weakref
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio
from pydantic import BaseModel
from sqlalchemy import text

from chassis.clock import Clock, ManualClock
from chassis.database import Database
from chassis.database.machinery import every_clinic
from chassis.database.transaction import Announceable
from chassis.http.problems import MEDIA_TYPE
from chassis.identifiers import new_id
from chassis.messaging import Message
from chassis.messaging.inbound import Inbound
from chassis.resources import Resources
from chassis.service import Service
from chassis.testing.databases import TestDatabase, migrated_database
from chassis.testing.tokens import ALL_SCOPES, Issuer

M = TypeVar("M", bound=BaseModel)

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Where a harness's clock stands when nothing else is said: a Monday, morning in America."""

_OUTBOX = text(
    """
    SELECT event_id, topic, key, type, subject, clinic_id, sequence, time, data, traceparent
      FROM outbox WHERE (CAST(:clinic AS uuid) IS NULL OR clinic_id = :clinic) ORDER BY id
    """
)


@dataclass(frozen=True, slots=True)
class Announced:
    """An event in the outbox."""

    event_id: UUID
    topic: str
    key: str
    type: str
    subject: UUID
    clinic_id: UUID
    sequence: int
    time: datetime
    raw: bytes
    traceparent: str | None

    @property
    def data(self) -> dict[str, Any]:
        """Its JSON."""
        found: dict[str, Any] = orjson.loads(self.raw)
        return found

    def read_as(self, contract: builtins.type[M]) -> M:
        """As a consumer reads it."""
        return contract.model_validate_json(self.raw)

    def message(self) -> Message:
        """As Kafka would bring it to another service."""
        return Message(
            id=str(self.event_id),
            type=self.type,
            source="/dental-billing/test",
            subject=str(self.subject),
            clinic_id=self.clinic_id,
            sequence=self.sequence,
            time=self.time,
            key=self.key,
            topic=self.topic,
            partition=0,
            offset=0,
            data=self.raw,
        )


class ServiceHarness:
    """One service, running without a network: what comes in by HTTP, by messages and by the clock is handed to it."""

    def __init__(self, service: Service, resources: Resources, issuer: Issuer, owned: TestDatabase) -> None:
        self.service = service
        self.resources = resources
        self.issuer = issuer
        self.owned = owned
        """The database's names and addresses, the owning role's included."""
        self.app = service.app(resources)
        self.app.openapi = partial(_description_of, service)  # type: ignore[method-assign]
        self.inbound = Inbound(service.name, resources.database, service.subscriptions, service.without_person)
        self._sequence = 0
        self._offset = 0

    @property
    def database(self) -> Database:
        """The database as the working role sees it."""
        return self.resources.database

    @property
    def clock(self) -> ManualClock:
        """The service's clock, to be moved."""
        clock = self.resources.clock
        if not isinstance(clock, ManualClock):
            raise TypeError("this harness runs on the machine's clock")
        return clock

    def client(
        self,
        scopes: str | Iterable[str] = ALL_SCOPES,
        clinic_id: UUID | None = None,
        *,
        subject: str = "clerk:test",
        give_keys: bool = True,
    ) -> httpx.AsyncClient:
        """A client with a token for a clinic, a new one if none is given (`client.headers["x-clinic"]` says which).

        It gives each POST that has none an Idempotency-Key of its own, unless told not to. A problem that says no more
        than its title fails the test that gets it (`ALL-2`).
        """
        clinic_id = clinic_id or new_id()
        token = self.issuer.token(clinic_id, scopes, subject=subject)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}", "X-Clinic": str(clinic_id)},
            event_hooks={"request": [_give_key] if give_keys else [], "response": [_require_detail]},
        )

    @contextmanager
    def patient(self, seconds: float = 5.0) -> Iterator[None]:
        """Let requests that are refused because of a figure that another service moves wait so long for that."""
        self.app.state.patience_seconds = seconds
        try:
            yield
        finally:
            self.app.state.patience_seconds = 0.0

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """The API on a socket, for tools that speak HTTP; gives its address."""
        from chassis.http.listening import Listening

        listening = Listening(self.app, self.resources.chassis_settings, 0)
        serving = asyncio.create_task(listening.run())
        try:
            yield f"http://127.0.0.1:{listening.port}"
        finally:
            listening.stop()
            await serving

    async def deliver(self, *given: Announceable | Announced | Message) -> list[Message]:
        """Hand events in as Kafka would, in this order, by the real way in: set-aside, inbox, handlers, one commit.

        Returns the messages, to be delivered again as duplicates. Raises only what is transient.
        """
        messages = [self._message(one) for one in given]
        for _, run in groupby(messages, key=lambda message: message.topic):
            listened = [one for one in run if self.inbound.listens_to(one.topic, one.type)]
            if listened:
                await self.inbound.handle(listened)
        return messages

    async def retry(self) -> int:
        """Try again what is set aside and due; returns how many were handled."""
        return await self.inbound.retry_waiting()

    async def announced(
        self, contract: type[Any] | str | None = None, *, clinic_id: UUID | None = None
    ) -> list[Announced]:
        """The outbox, in order: all of it, or one type's (an event class or a type), or one clinic's."""
        wanted = contract if contract is None or isinstance(contract, str) else contract.event_type
        async with self.database.reading([]) as connection, every_clinic(connection):
            rows = (await connection.execute(_OUTBOX, {"clinic": clinic_id})).all()
        return [Announced(*row) for row in rows if wanted is None or row.type == wanted]

    async def set_aside(self) -> Sequence[Any]:
        """All dead letters that are open, with their id, key, type, state and reason."""
        from chassis.messaging import dead_letters

        async with self.database.reading([]) as connection:
            open_ = sum((await dead_letters.counts(connection)).values())
            return await dead_letters.listed(connection, most=open_)

    async def run_job(self, name: str) -> None:
        """Run a job now. Raises KeyError for one that the service does not have."""
        jobs = {job.name: job for job in self.service.all_jobs}
        await jobs[name].run(self.resources)

    def _message(self, given: Announceable | Announced | Message) -> Message:
        if isinstance(given, Message):
            return given
        if isinstance(given, Announced):
            return given.message()
        self._sequence += 1
        return Message(
            id=str(new_id()),
            type=given.event_type,
            source="/test",
            subject=given.partition_key,
            clinic_id=given.clinic_id,
            sequence=self._sequence,
            time=given.occurred_at,
            key=given.partition_key,
            topic=given.topic,
            partition=0,
            offset=self._sequence,
            data=given.model_dump_json().encode(),
        )


_descriptions: Final[dict[int, dict[str, Any]]] = {}


def _description_of(service: Service) -> dict[str, Any]:
    """What a service says of its operations: the same whoever opened it, and a second of work for each who asks."""
    if id(service) not in _descriptions:
        _descriptions[id(service)] = service.app().openapi()
        weakref.finalize(service, _descriptions.pop, id(service))
    return _descriptions[id(service)]


async def _give_key(request: httpx.Request) -> None:
    if request.method == "POST" and "Idempotency-Key" not in request.headers:
        request.headers["Idempotency-Key"] = str(new_id())


async def _require_detail(answer: httpx.Response) -> None:
    if answer.headers.get("content-type") == MEDIA_TYPE:
        problem = orjson.loads(await answer.aread())
        if problem["detail"] in ("", problem["title"]):
            raise AssertionError(f"the problem {problem['type']} says no more than its title")


@asynccontextmanager
async def running(
    service: Service,
    admin_dsn: str,
    *,
    clock: Clock | None = None,
    issuer: Issuer | None = None,
    backup_of: TestDatabase | None = None,
    **settings: Any,
) -> AsyncIterator[ServiceHarness]:
    """A service on a database of its own, or on a backup of another; `settings` are the service's, by their names."""
    issuer = issuer or Issuer()
    async with migrated_database(admin_dsn, service.name, service.migrations, backup_of=backup_of) as owned:
        chosen: dict[str, Any] = {
            "database_url": owned.app_url,
            "migration_database_url": owned.owner_url,
            "database_pool_size": 10,
            # No other service moves a figure here, unless a test says so: then it is patient.
            "patience_seconds": 0.0,
            # However slow the machine is, nothing is refused for that, unless a test says so.
            "line_seconds": 3_600.0,
        }
        opened = service.opened(
            service.settings(**(chosen | settings)),
            clock=clock or ManualClock(START),
            verifier=issuer.verifier(),
        )
        async with opened as resources:
            yield ServiceHarness(service, resources, issuer, owned)


def service_fixture(service: Service, *, clock: Callable[[], Clock] | None = None, **settings: Any) -> Any:
    """A pytest fixture that gives each test module its own harness; a conftest names it `harness`.

    The server is TEST_POSTGRES's (a superuser's address), else that of the fixture `postgres_server`.
    """

    @pytest_asyncio.fixture(scope="module", loop_scope="session", name="harness")
    async def harness(request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
        started = partial(running, service, admin_dsn(request), clock=clock() if clock else None, **settings)
        async with started() as one:
            yield one

    return harness


def admin_dsn(request: pytest.FixtureRequest) -> str:
    """The superuser's address of a test server."""
    given = os.environ.get("TEST_POSTGRES")
    return given or str(request.getfixturevalue("postgres_server"))
