"""Playing visits into the stack: events by Kafka, the front desk's work by HTTP, several visits at once, in bounds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from local_stack.practice.adjudications import decision_id, lines_of, of_insurers
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once, in_chunks, task_group
from local_stack.practice.events import ZONE, of_visit, registration
from local_stack.practice.extract import Extract, Size
from local_stack.practice.front_desk import configure, record
from local_stack.practice.issued import IssuedInvoices
from local_stack.practice.ledger import Clinic, Visit
from local_stack.practice.problems import Refused, Stuck
from local_stack.practice.progress import Steps
from local_stack.practice.recorded import Recorded, already_recorded
from local_stack.practice.wire import CONNECTIONS

VISITS_IN_FLIGHT = 256
VISITS_AT_ONCE = 16
REGISTRATIONS_AT_ONCE = 500
SILENCE_SECONDS = 60.0
"""How long no awaited invoice may be issued before the player gives up."""


@dataclass
class Played:
    """What the player did: how much was new, how much was there before, what was refused."""

    visits: int = 0
    already: int = 0
    payments: int = 0
    decisions: int = 0
    refusals: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Player:
    """Plays an extract. `day` moves all visits to that day, as one clinic day."""

    def __init__(self, extract: Extract, size: Size, api: Api, steps: Steps, day: date | None = None) -> None:
        self._extract = extract
        self._size = size
        self._api = api
        self._steps = steps
        self._day = day
        self._awaited: dict[UUID, Visit] = {}
        self._room = asyncio.Semaphore(VISITS_IN_FLIGHT)
        self._invoiced: asyncio.Queue[tuple[Visit, UUID] | None] = asyncio.Queue()
        self._stir = asyncio.Event()
        self._all_announced = False
        self._recorded = Recorded()
        self._announcer: Announcer | None = None
        self.played = Played()

    async def play(self) -> Played:
        """Set the clinics up, register the patients, then play every visit. Raises PlayError."""
        began = asyncio.get_running_loop().time()
        bootstrap = self._api.addresses.kafka_bootstrap
        async with Announcer(bootstrap) as announcer, IssuedInvoices(bootstrap, self._heard):
            self._announcer = announcer
            await self._open_clinics()
            await self._register(announcer)
            await self._play_visits(announcer)
        self.played.seconds = asyncio.get_running_loop().time() - began
        return self.played

    async def _open_clinics(self) -> None:
        self._steps.begin("clinics set up", self._size.clinics)
        await at_once(self._extract.clinics(), self._open_clinic)

    async def _open_clinic(self, clinic: Clinic) -> None:
        await configure(self._api, clinic)
        await already_recorded(self._api, clinic.id, self._recorded)
        self._steps.advance("clinics set up")

    async def _register(self, announcer: Announcer) -> None:
        self._steps.begin("patients registered", self._size.registrations)
        for some in in_chunks(self._extract.registrations(), REGISTRATIONS_AT_ONCE):
            await announcer.announce(registration(clinic, patient) for clinic, patient in some)
            self._steps.advance("patients registered", len(some))

    async def _play_visits(self, announcer: Announcer) -> None:
        for step, total in (
            ("procedures completed", self._size.procedures),
            ("visits invoiced", self._size.visits),
            ("insurers' decisions announced", self._size.decisions),
            ("payments recorded", self._size.payments),
        ):
            self._steps.begin(step, total)
        async with task_group() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._work())
            hearing = group.create_task(self._hear_all())
            await self._announce_visits(announcer)
            self._all_announced = True
            self._stir.set()
            await hearing
            for _ in range(CONNECTIONS):
                self._invoiced.put_nowait(None)

    async def _announce_visits(self, announcer: Announcer) -> None:
        for chunk in in_chunks(self._extract.visits(), VISITS_AT_ONCE):
            visits = [visit if self._day is None else on_day(visit, self._day) for visit in chunk]
            for _ in visits:
                await self._room.acquire()
            new = [visit for visit in visits if not self._known(visit)]
            await announcer.announce(event for visit in new for event in of_visit(visit))
            self._stir.set()
            self._steps.advance("procedures completed", sum(len(visit.procedures) for visit in visits))

    def _known(self, visit: Visit) -> bool:
        """Whether the visit has its invoice already; if not, it is awaited from now on."""
        invoice_id = self._recorded.invoices.get(visit.id)
        if invoice_id is None:
            self._awaited[visit.id] = visit
            return False
        self.played.already += 1
        self._invoiced.put_nowait((visit, invoice_id))
        return True

    async def _heard(self, appointment_id: UUID, invoice_id: UUID) -> None:
        visit = self._awaited.pop(appointment_id, None)
        if visit is None:  # of a play that was interrupted, before this one came to that visit
            self._recorded.invoices[appointment_id] = invoice_id
        else:
            self._stir.set()
            self._invoiced.put_nowait((visit, invoice_id))

    async def _hear_all(self) -> None:
        """Until every visit announced is invoiced. Raises Stuck where nothing comes for long."""
        while self._awaited or not self._all_announced:
            self._stir.clear()
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    await self._stir.wait()
            except TimeoutError:
                self._complain()

    def _complain(self) -> None:
        if self._awaited:
            some = ", ".join(str(visit_id) for visit_id in islice(self._awaited, 3))
            raise Stuck(
                f"{len(self._awaited)} visits were not invoiced within {SILENCE_SECONDS:.0f} s of their closing, "
                f"such as {some}",
                "invoicing",
            )

    async def _work(self) -> None:
        while (item := await self._invoiced.get()) is not None:
            visit, invoice_id = item
            self._steps.advance("visits invoiced")
            await self._decide(visit, invoice_id)
            await self._pay(visit, invoice_id)
            self._room.release()

    async def _decide(self, visit: Visit, invoice_id: UUID) -> None:
        """Have the visit's insurers decide on its claim, before any of them pays (`INS-1`)."""
        missing = [
            decision for decision in visit.decisions if decision_id(visit, decision) not in self._recorded.decisions
        ]
        if missing and self._announcer is not None:
            lines = await lines_of(self._api, visit, invoice_id)
            await self._announcer.announce(of_insurers(visit, missing, invoice_id, lines))
            self.played.decisions += len(missing)
        self._steps.advance("insurers' decisions announced", len(visit.decisions))

    async def _pay(self, visit: Visit, invoice_id: UUID) -> None:
        self.played.visits += 1
        for payment in visit.payments:
            if (visit.clinic_id, payment.reference) not in self._recorded.references:
                try:
                    await record(self._api, visit, invoice_id, payment)
                    self.played.payments += 1
                except Refused as refused:
                    self.played.refusals.append(f"visit {visit.id}, payment {payment.reference}: {refused}")
            self._steps.advance("payments recorded")


def on_day(visit: Visit, day: date) -> Visit:
    """The visit as if it had been on that day: whole days are added, so that the times of day stay.

    One that ran past midnight ends on that day: what is paid today was done by today.
    """
    last = max([visit.start, visit.stop, *(procedure.start for procedure in visit.procedures)])
    by = timedelta(days=(day - last.astimezone(ZONE).date()).days)
    return replace(
        visit,
        start=visit.start + by,
        stop=visit.stop + by,
        procedures=tuple(
            replace(procedure, start=procedure.start + by, stop=procedure.stop + by) for procedure in visit.procedures
        ),
        payments=tuple(replace(payment, received_at=payment.received_at + by) for payment in visit.payments),
    )
