"""A clinic to measure: configured, with patients, and the requests that a front desk makes all day."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from chassis.identifiers import new_id
from contracts.patients import ContactPoint, PatientRegistered
from local_stack.practice.addresses import Addresses
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.events import Announced

CURRENCY = "USD"


def money(minor: int) -> dict[str, str]:
    """An amount as the APIs take it."""
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": CURRENCY}


class Clinic:
    """One clinic, seen through the services' APIs and Kafka only."""

    def __init__(self, api: Api, addresses: Addresses) -> None:
        self.id = uuid4()
        self.api = api
        self.addresses = addresses

    async def open(self, patients: int) -> list[UUID]:
        """Configure it and register patients, who want their documents by email."""
        settings = {
            "name": "Bench Dental",
            "currency": CURRENCY,
            "time_zone": "America/New_York",
            "language": "en-US",
            "billing_policy": "per_appointment",
            "auto_issue": True,
        }
        await self.api.put("invoicing", self.id, "/v1/clinic", settings, None)
        found = [new_id() for _ in range(patients)]
        async with Announcer(self.addresses.kafka_bootstrap) as announcer:
            await announcer.announce(self._registered(number, patient) for number, patient in enumerate(found))
        return found

    async def issue_invoice(self, patient: UUID, *, price_minor: int = 12_000, lines: int = 3) -> UUID:
        """Create and issue an invoice in one request; its id."""
        wanted = [
            {
                "kind": "extra_procedure",
                "code_system": "CDT",
                "code": f"D{1100 + number}",
                "description": "Prophylaxis, adult",
                "unit_price": money(price_minor),
                "tooth": "14",
            }
            for number in range(lines)
        ]
        body = {"patient_id": str(patient), "lines": wanted, "issue": True}
        answer = await self.api.post("invoicing", self.id, "/v1/invoices", body, uuid4())
        return UUID(answer.body["id"])

    async def pay(self, patient: UUID, invoice: UUID, minor: int, method: str = "cash") -> Any:
        """Record a payment on an invoice."""
        body = {
            "patient_id": str(patient),
            "amount": money(minor),
            "method": method,
            "allocations": [{"invoice_id": str(invoice)}],
        }
        return (await self.api.post("payments", self.id, "/v1/payments", body, uuid4())).body

    def _registered(self, number: int, patient: UUID) -> Announced:
        event = PatientRegistered(
            clinic_id=self.id,
            occurred_at=datetime.now(UTC),
            patient_id=patient,
            version=1,
            given_name="Ada",
            family_name=f"Bench {number}",
            language="en-US",
            contact_points=(
                ContactPoint(channel="email", value=f"patient-{number}@example.org", consents=("documents",)),
            ),
        )
        return Announced(uuid4(), "/practice/patients", patient, event)


async def closed_loop(
    clients: int, times: int, once: Callable[[int], Awaitable[object]]
) -> tuple[float, Sequence[float]]:
    """So many clients, each asking again when it was answered: the rate per second, and each answer's seconds."""
    numbers = count()
    taken: list[float] = []

    async def client() -> None:
        while (number := next(numbers)) < times:
            began = time.perf_counter()
            await once(number)
            taken.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return times / (time.perf_counter() - began), taken
