"""The load that faults meet: clerks who never wait and repeat under the same key, and a practice whose visits end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from uuid import UUID, uuid4

from front_office import FrontOffice
from hurried_office import HurriedOffice
from local_stack.practice.announcing import Announcer
from local_stack.practice.events import Announced, of_visit
from local_stack.practice.front_desk import money
from local_stack.practice.ledger import Procedure, Visit
from local_stack.practice.problems import PlayError, StackUnreachable

PAUSE_SECONDS = 0.3
ANNOUNCING_ATTEMPTS = 40
CLOSED_FIRST = 0.3
"""How often the visit is closed before its procedures are told of (K9)."""
TOLD_TWICE = 0.2
REMITTANCES = 0.06
"""How often what a clerk does is to enter an insurer's transfer."""
COPIES = 0.04
"""How often it is to have a mail that was sent go out again."""
FEWEST_INVOICES = 2


class PersistentAnnouncer:
    """The practice's systems: they announce the same events again, under their ids, until the broker has them."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._announcer: Announcer | None = None
        self._turn = asyncio.Lock()

    async def announce(self, events: Iterable[Announced], trace: str | None = None) -> None:
        """Publish events in order. Raises StackUnreachable when all patience is over."""
        these = list(events)
        async with self._turn:
            for _ in range(ANNOUNCING_ATTEMPTS):
                try:
                    await (await self._connected()).announce(these, trace)
                except StackUnreachable:
                    await self.close()
                    await asyncio.sleep(PAUSE_SECONDS)
                else:
                    return
        raise StackUnreachable("Kafka never took the practice's events")

    async def close(self) -> None:
        """Drop the connection: a producer may stay broken after a fault, a fresh one does not."""
        announcer, self._announcer = self._announcer, None
        if announcer is not None:
            await announcer.__aexit__()

    async def _connected(self) -> Announcer:
        if self._announcer is None:
            self._announcer = await Announcer(self._bootstrap).__aenter__()
        return self._announcer


@dataclass
class Clerk:
    """Somebody at a desk who does whatever comes to mind, one after the other."""

    hurried: HurriedOffice
    counted: Counter[str]

    async def work(self, stop: asyncio.Event) -> None:
        """Until told to stop. What no answer came for is noted where it was asked for."""
        while not stop.is_set():
            try:
                await self._act()
            except PlayError:
                self.counted["without an answer"] += 1
                await asyncio.sleep(PAUSE_SECONDS)

    async def _act(self) -> None:
        if len(self.hurried.invoices) < FEWEST_INVOICES:
            await self.hurried.issue()
        elif (drawn := self.hurried.dice.random()) < REMITTANCES:
            await self._remit()
        elif drawn < REMITTANCES + COPIES:
            await self._send_again()
        else:
            await self.hurried.act()

    async def _send_again(self) -> None:
        """A copy of a mail that a patient did not get."""
        sent = (await self.hurried.office._get("notifications", "/v1/messages?state=sent"))["items"]
        if sent:
            path = f"/v1/messages/{self.hurried.dice.choice(sent)['id']}/resend"
            await self.hurried._ask("copy", "notifications", path, {"reason": "it did not arrive"})

    async def _remit(self) -> None:
        """An insurer's transfer for one invoice or two, of which it pays all, a part, or too much."""
        chosen = {self.hurried._invoice() for _ in range(2)}
        parts = [(one, *self.hurried.invoices[one]) for one in sorted(chosen)]
        paid = [(one, patient, self.hurried._about(total)) for one, patient, total in parts]
        body = {
            "insurer": {"payer_id": str(UUID(int=77)), "name": "Delta Dental"},
            "external_reference": f"ERA {uuid4()}",
            "amount": money(sum(cents for *_, cents in paid)),
            "payments": [
                {"patient_id": patient, "amount": money(cents), "allocations": [{"invoice_id": one}]}
                for one, patient, cents in paid
            ],
            "allow_overpayment": True,
        }
        await self.hurried._ask("remittance", "payments", "/v1/remittances", body)


@dataclass
class Visits:
    """A practice's day: visits that end, at times before what was done in them is told of, and told of twice."""

    office: FrontOffice
    announcer: PersistentAnnouncer
    patients: Sequence[str]
    dice: Random
    pause_seconds: float = 1.0
    told: dict[UUID, UUID] = field(default_factory=dict)
    """The clinic of each visit that the broker has, by the visit."""

    async def happen(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            visit = self._visit()
            *procedures, closed = of_visit(visit)
            events = [closed, *procedures] if self.dice.random() < CLOSED_FIRST else [*procedures, closed]
            await self.announcer.announce(events)
            self.told[visit.id] = visit.clinic_id
            if self.dice.random() < TOLD_TWICE:
                await self.announcer.announce(events)
            await asyncio.sleep(self.dice.random() * 2 * self.pause_seconds)

    def _visit(self) -> Visit:
        now = datetime.now(UTC)
        fees = [self.dice.choice([2_000, 9_500, 12_345]) for _ in range(self.dice.choice([1, 1, 2, 3]))]
        procedures = tuple(
            Procedure(uuid4(), "SNOMED-CT", "34043003", "Dental consultation and report", now, now, fee) for fee in fees
        )
        patient = UUID(self.dice.choice(list(self.patients)))
        clinic = self.office.clinic.id
        return Visit(uuid4(), clinic, uuid4(), patient, None, now, now, procedures, (), sum(fees))
