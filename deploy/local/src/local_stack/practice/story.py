"""One patient's story at a clinic of their own, through Kafka and HTTP as the practice's systems and staff tell it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.events import Announced, of_visit, registration
from local_stack.practice.front_desk import configure
from local_stack.practice.ledger import Clinic, Patient, Procedure, Visit, in_cents
from local_stack.practice.problems import Refused, Stuck
from local_stack.practice.proving import prove
from local_stack.practice.unusual import FrontDesk, Scene

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.05
NOT_FOUND = 404

T = TypeVar("T")


async def until(check: Callable[[], Awaitable[T]], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """What `check` gives as soon as it is true. Raises Stuck, naming what was waited for."""
    deadline = time.monotonic() + seconds
    while not (found := await check()):
        if time.monotonic() > deadline:
            raise Stuck(f"{what}: not within {seconds:.0f} s")
        await asyncio.sleep(PAUSE_SECONDS)
    return found


@dataclass(frozen=True)
class Story:
    """A clinic and a patient that no other story has, their desk, and what the services show of them."""

    api: Api
    announcer: Announcer
    scene: Scene
    desk: FrontDesk

    @classmethod
    async def begin(cls, api: Api, announcer: Announcer) -> Story:
        """Set a clinic up and register a patient with it, who wants their documents by email."""
        clinic_id = uuid4()
        clinic = Clinic(
            clinic_id, str(clinic_id), "Journey Dental", "1 Main Street", "Salem", "MA", "01970", "9785550100"
        )
        patient_id = UUID(int=uuid4().int // 10 * 10)  # one that has an address and consents, see contact_points
        patient = Patient(patient_id, "Ana", "Peña", date(1980, 5, 17), "2 Elm Street", "Salem", "MA", "01970")
        scene = Scene("journey", clinic, patient, datetime.now(UTC).date())
        await configure(api, clinic)
        await announcer.announce([registration(clinic, patient)])
        return cls(api, announcer, scene, FrontDesk(api, scene))

    @property
    def clinic_id(self) -> UUID:
        """The clinic."""
        return self.scene.clinic.id

    def visit(self, *fees: int) -> Visit:
        """A visit with a procedure for each fee (in cents), that nobody knows of yet."""
        now = datetime.now(UTC)
        procedures = tuple(
            Procedure(uuid4(), "SNOMED-CT", "34043003", "Dental consultation and report", now, now, fee) for fee in fees
        )
        patient_id = self.scene.patient.id
        return Visit(uuid4(), self.clinic_id, uuid4(), patient_id, None, now, now, procedures, (), sum(fees))

    async def happen(self, *fees: int) -> dict[str, Any]:
        """A visit with these fees happens; its invoice, which the following payments are for."""
        return await self.announced(list(of_visit(self.visit(*fees))))

    async def announced(self, events: list[Announced]) -> dict[str, Any]:
        """Publish a visit's events (its closing last); its invoice."""
        await self.announcer.announce(events)
        return await self.invoice_of(events[-1].subject)

    async def invoice_of(self, visit_id: UUID) -> dict[str, Any]:
        """The invoice of a visit, as soon as it is issued; the following payments are for it."""

        async def issued() -> dict[str, Any]:
            found = await self.invoices(appointment_id=str(visit_id))
            return next((one for one in found if one["status"] != "draft"), {})

        invoice = await until(issued, "the visit's invoice is issued")
        self.scene.invoice_id = invoice["id"]
        return invoice

    async def invoices(self, **query: str) -> list[dict[str, Any]]:
        """The clinic's invoices as invoicing lists them."""
        return [page async for page in self.api.pages("invoicing", self.clinic_id, "/v1/invoices", **query)]

    async def settled(self, outstanding: int, status: str) -> None:
        """Wait until invoicing and payments both show this outstanding of the invoice, and invoicing this status."""

        async def agreed() -> bool:
            path = f"/v1/invoices/{self.scene.invoice_id}"
            invoice = (await self.api.get("invoicing", self.clinic_id, path)).body
            owed = (await self.api.get("payments", self.clinic_id, path)).body
            shown = [in_cents(one["outstanding"]["amount"]) for one in (invoice, owed)]
            return shown == [outstanding] * 2 and invoice["status"] == status

        await until(agreed, f"{outstanding} cents outstanding, {status}, in both services")

    async def credit(self) -> int:
        """The patient's credit, in cents."""
        path = f"/v1/patients/{self.scene.patient.id}/credit"
        return in_cents((await self.api.get("payments", self.clinic_id, path)).body["balance"]["amount"])

    async def receipt(self, transaction_id: str, *states: str) -> dict[str, Any]:
        """The one receipt of a transaction, as soon as it is in one of these states (`issued` or `void`)."""

        async def stored() -> dict[str, Any]:
            pages = self.api.pages("receipts", self.clinic_id, "/v1/receipts", transaction_id=transaction_id)
            found = [page async for page in pages]
            if len(found) > 1:
                raise Stuck(f"{len(found)} receipts for one transaction")
            return found[0] if found and found[0]["state"] in (states or ("issued",)) else {}

        return await until(stored, f"the receipt of {transaction_id}")

    async def messages(self, notice: str, state: str = "sent", count: int = 1) -> list[dict[str, Any]]:
        """The messages of this kind, as soon as there are so many in this state."""

        async def there() -> list[dict[str, Any]]:
            found = [message for message in await self.listed_messages(notice) if message["state"] == state]
            return found if len(found) >= count else []

        return await until(there, f"{count} {notice} {state}")

    async def listed_messages(self, notice: str) -> list[dict[str, Any]]:
        """The messages of this kind, in whatever state."""
        return [page async for page in self.api.pages("notifications", self.clinic_id, "/v1/messages", notice=notice)]

    async def proven(self) -> None:
        """All four services prove their books and agree with each other. Raises Stuck with the differences."""
        if found := (await prove(self.api, [self.clinic_id])).told():
            raise Stuck("; ".join(found))

    async def refused(self, attempt: Awaitable[Any]) -> Refused:
        """The refusal that an attempt must meet. Raises Stuck when it is accepted."""
        try:
            await attempt
        except Refused as refused:
            return refused
        raise Stuck("it was accepted")
