"""A whole service, declared in a few lines: what it answers, what it listens to, what it does on the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.callers import Verifier
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.database.clinic_directory import all_clinics, prove_clinics
from chassis.database.tallies import Tally
from chassis.http import idempotency
from chassis.http.app import create_app
from chassis.http.auth import JwksOverHttp, StaticKeys, TokenVerifier
from chassis.http.health import database_check
from chassis.http.problems import Problem
from chassis.http.proofs import proof_router
from chassis.messaging import Subscription
from chassis.messaging.jobs import Job
from chassis.messaging.restoring import Announcing, RecordAgain, SkipNumbers, TakeOver
from chassis.messaging.sweep import empty_dismissed_letters, sweep_outbox
from chassis.proof import Difference, Proven
from chassis.resources import Resources
from chassis.settings import Settings

Lifespan = Callable[[Resources], AbstractAsyncContextManager[None]]
Say = Callable[[Mapping[str, Any]], None]
"""Prints a JSON document as a line: what a command has to tell."""

_SWEEP_SECONDS = 600.0


class Part(Protocol):
    """A part of a process that goes on until it is told to stop."""

    async def run(self) -> None:
        """Go on until stopped; raising ends the process, so that something starts it again."""
        ...

    def stop(self) -> None:
        """End after what is in work."""
        ...


class Loop(Part, Protocol):
    """A part of a worker. It outlives faults of its surroundings, so readiness asks it how it is."""

    @property
    def trouble(self) -> str | None:
        """What keeps it from its work at the moment, in words for a log; None where nothing does."""
        ...


class Provable(Protocol):
    """A recomputation of what a service keeps (`ALL-8`)."""

    @property
    def name(self) -> str:
        """What it is told by."""
        ...

    async def run(self, resources: Resources) -> Proven:
        """The proof of all clinics."""
        ...


@dataclass(frozen=True, slots=True)
class OutsideProof:
    """A proof of what is kept outside of the database; no connection is held while it is looked at."""

    name: str
    of_clinic: Callable[[Resources, UUID], Awaitable[Proven]]

    async def run(self, resources: Resources) -> Proven:
        """The proof of all clinics."""
        figures, differences = 0, list[Difference]()
        for clinic_id in await all_clinics(resources.database):
            proven = await self.of_clinic(resources, clinic_id)
            figures += proven.figures
            differences += [replace(found, clinic_id=clinic_id) for found in proven.differences]
        return Proven(figures, differences)


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """A command that only this service has: `receipts move-documents`."""

    name: str
    help: str
    run: Callable[[Resources, Say], Awaitable[bool]]
    """Does it and says how far it is; false where something is wrong, which is exit code 1."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A recomputation of what is stored, from what it was derived from (`ALL-8`). No difference means proven."""

    name: str
    of_clinic: Callable[[AsyncConnection, UUID], Awaitable[Proven]]
    """What is proven of a clinic, on a connection that sees only that."""

    async def run(self, resources: Resources) -> Proven:
        """The proof of all clinics."""
        return await prove_clinics(resources.database, self.of_clinic)


@dataclass(frozen=True, kw_only=True)
class Service:
    """The declaration of a service; `chassis.cli.run` is its console script."""

    name: str
    settings: type[Settings] = Settings
    routers: Sequence[APIRouter] = ()
    problems: Mapping[type[Exception], Problem] = field(default_factory=dict)
    subscriptions: Sequence[Subscription] = ()
    announces: Sequence[str] = ()
    """The topics that only this service writes."""
    take_over: TakeOver | None = None
    """Has it know again what it announced after the moment that its database was restored to; else that is lost."""
    record_again: RecordAgain | None = None
    """Has it make again, after a restore, what it announced, as far as it can."""
    built_upon: Collection[str] = ()
    """Types of events that it makes that upon: heard again before it, where all others are heard after it."""
    skip_numbers: SkipNumbers | None = None
    """Has it number its documents, after a restore, above all numbers that it had announced (`INV-7`)."""
    without_person: Callable[[bytes], bytes] | None = None
    """Leaves of a message what names no person; of a service that is told whom to forget (`ALL-9`)."""
    batch: int = 1_000
    """The most messages taken from Kafka at once: more works a backlog off faster, and holds more memory meanwhile."""
    jobs: Sequence[Job] = ()
    loops: Callable[[Resources], Sequence[Loop]] | None = None
    """What a worker does besides, each for as long as it lives: one that ends by itself ends the process."""
    migrations: Path
    lifespan: Lifespan | None = None
    proofs: Sequence[Provable] = ()
    commands: Sequence[OwnCommand] = ()
    """Those that only it has."""
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    says_which_clinics: bool = False
    """Whether the service is the one to say which clinics there are."""
    description: str = ""
    printed: bool = False
    """Whether what is entered here comes to stand on documents: text that no font has is refused then (`RCP-10`)."""

    @property
    def version(self) -> str:
        """The installed distribution's."""
        try:
            return version(self.name)
        except PackageNotFoundError:
            return "0"

    @property
    def announcing(self) -> Announcing:
        """What it announces, and what it does about that after its database was restored."""
        return Announcing(
            self.name, self.announces, self.take_over, self.skip_numbers, self.record_again, self.built_upon
        )

    @property
    def all_jobs(self) -> list[Job]:
        """The service's own jobs and the chassis's: sweeping and measuring."""
        return [
            *self.jobs,
            Job(name="sweep_outbox", every_seconds=_SWEEP_SECONDS, run=sweep_outbox),
            Job(name="empty_dismissed_letters", every_seconds=_SWEEP_SECONDS, run=empty_dismissed_letters),
            Job(name="sweep_idempotency_keys", every_seconds=_SWEEP_SECONDS, run=_sweep_idempotency_keys),
        ]

    def app(self, resources: Resources | None = None) -> FastAPI:
        """The HTTP application; without resources it can only describe itself."""
        return create_app(
            self.name,
            [*self.routers, proof_router(self.tallies)],
            self.problems,
            version=self.version,
            description=self.description,
            resources=resources,
            printed=self.printed,
        )

    @asynccontextmanager
    async def opened(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | None = None,
        verifier: Verifier | None = None,
    ) -> AsyncIterator[Resources]:
        """The resources of a process, the service's own included, closed in the end."""
        settings = settings or self.settings()
        clock = clock or SystemClock()
        database = Database(
            settings.database_url.get_secret_value(),
            clock=clock,
            pool_size=settings.database_pool_size,
            name=self.name,
        )
        resources = Resources(
            name=self.name,
            settings=settings,
            database=database,
            verifier=verifier or verifier_of(settings),
            clock=clock,
        )
        resources.checks["database"] = database_check(resources)
        try:
            if self.lifespan is None:
                yield resources
            else:
                async with self.lifespan(resources):
                    yield resources
        finally:
            await database.close()


def verifier_of(settings: Settings) -> TokenVerifier:
    """Verifies tokens with the issuer's keys; without JWKS_URL no token is valid."""
    keys = JwksOverHttp(settings.jwks_url) if settings.jwks_url else StaticKeys()
    return TokenVerifier(keys, audience=settings.token_audience, issuer=settings.token_issuer)


async def _sweep_idempotency_keys(resources: Any) -> None:
    await idempotency.sweep(resources.database)
