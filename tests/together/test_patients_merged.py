"""Two records become one patient while money moves: at whichever moment each service hears of it, all is the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from contracts.patients import PatientMerged, PatientRegistered
from invoicing.app import service as invoicing
from payments.app import service as payments

Outcome = tuple[dict[str, str], str, str, list[str]]
"""What each invoice asks for, the balance, the credit, and what the patient owes as a search says."""


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def good(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


@dataclass
class Office:
    """A clinic of both services, with one patient whom the register has twice."""

    invoicing: ServiceHarness
    payments: ServiceHarness
    clinic: UUID
    bills: httpx.AsyncClient
    till: httpx.AsyncClient
    goes_on: UUID = field(default_factory=new_id)
    other: UUID = field(default_factory=new_id)
    heard: dict[str, int] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    async def open(self) -> None:
        settings = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en", "billing_policy": "manual"}
        good(await self.bills.put("/v1/clinic", json=settings))
        for patient_id in (self.goes_on, self.other):
            told = {"given_name": "Amara", "family_name": "Okafor", "version": 1, "patient_id": patient_id}
            at = self.invoicing.clock.now()
            await self.invoicing.deliver(PatientRegistered(clinic_id=self.clinic, occurred_at=at, **told))
        await self.listen()

    async def listen(self) -> None:
        """Let each service hear what the other has announced, until neither says anything more."""
        said = 1
        while said:
            said = 0
            for one, other in ((self.invoicing, self.payments), (self.payments, self.invoicing)):
                announced = await one.announced(clinic_id=self.clinic)
                fresh = announced[self.heard.get(one.service.name, 0) :]
                self.heard[one.service.name] = len(announced)
                await other.deliver(*(event.message() for event in fresh))
                said += len(fresh)

    async def merge(self, of: ServiceHarness) -> None:
        await of.deliver(
            PatientMerged(
                clinic_id=self.clinic,
                occurred_at=of.clock.now(),
                patient_id=self.goes_on,
                merged_patient_id=self.other,
            )
        )

    async def bill(self, name: str, patient_id: UUID, amount: str) -> None:
        line = {"kind": "custom", "description": name, "unit_price": usd(amount)}
        body = {"patient_id": str(patient_id), "issue": True, "lines": [line]}
        self.made[name] = good(await self.bills.post("/v1/invoices", json=body))["id"]

    async def pay(self, name: str, patient_id: UUID, amount: str) -> None:
        body = {
            "patient_id": str(patient_id),
            "amount": usd(amount),
            "method": "cash",
            "allow_overpayment": True,
            "allocations": [{"invoice_id": self.made[name]}],
        }
        self.made["payment"] = good(await self.till.post("/v1/payments", json=body))["id"]

    async def apply(self, patient_id: UUID, name: str, amount: str) -> None:
        body = {"amount": usd(amount), "reason": "as asked", "allocations": [{"invoice_id": self.made[name]}]}
        good(await self.till.post(f"/v1/patients/{patient_id}/credit/applications", json=body))

    async def refund(self, amount: str) -> None:
        body = {"amount": usd(amount), "reason_code": "goodwill", "reason": "as asked"}
        good(await self.till.post(f"/v1/payments/{self.made['payment']}/refunds", json=body))

    async def credit(self, name: str, amount: str) -> None:
        body = {"kind": "courtesy", "reason": "as asked", "amount": usd(amount)}
        good(await self.bills.post(f"/v1/invoices/{self.made[name]}/credit-notes", json=body))

    def steps(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            lambda: self.bill("crown", self.other, "40.00"),
            lambda: self.pay("crown", self.other, "50.00"),
            lambda: self.bill("cleaning", self.goes_on, "30.00"),
            lambda: self.apply(self.other, "cleaning", "6.00"),
            lambda: self.refund("9.00"),
            lambda: self.credit("crown", "3.00"),
        ]

    async def outcome(self) -> Outcome:
        """As the record that goes on; the other says the same."""
        asked = {
            name: good(await self.bills.get(f"/v1/invoices/{self.made[name]}"))["outstanding"]["amount"]
            for name in ("crown", "cleaning")
        }
        either = []
        for patient_id in (self.goes_on, self.other):
            statement = good(await self.till.get(f"/v1/patients/{patient_id}/statement"))
            credit = good(await self.till.get(f"/v1/patients/{patient_id}/credit"))
            assert {statement["patient_id"], credit["patient_id"]} == {str(self.goes_on)}
            assert not [line for line in statement["items"] if "transfer" in line["kind"]], "there is no other patient"
            either.append((statement["closing_balance"]["amount"], credit["balance"]["amount"]))
        assert either[0] == either[1]
        found = good(await self.bills.post("/v1/patients/search", json={"text": "okafor"}))["items"]
        assert [one["patient_id"] for one in found] == [str(self.goes_on)]
        return asked, *either[0], [one["outstanding"]["amount"] for one in found]

    async def compare(self) -> None:
        """Each service proves itself, and both have the same invoices."""
        tallies = []
        for client in (self.bills, self.till):
            assert good(await client.get("/v1/prove"))["differences"] == []
            items = good(await client.get("/v1/tallies/invoices"))["items"]
            tallies.append({item["id"]: item["figures"] for item in items})
        assert tallies[0].keys() == tallies[1].keys()
        for invoice_id, figures in tallies[0].items():
            shared = figures.keys() & tallies[1][invoice_id].keys()
            assert {"patient", "outstanding"} <= shared
            assert {one: figures[one] for one in shared} == {one: tallies[1][invoice_id][one] for one in shared}


@pytest.fixture
async def services(request: pytest.FixtureRequest) -> AsyncIterator[tuple[ServiceHarness, ServiceHarness]]:
    async with running(invoicing, admin_dsn(request)) as one, running(payments, admin_dsn(request)) as other:
        yield one, other


@pytest.mark.rule("ALL-10.4")
async def test_whenever_each_service_hears_of_it_all_is_the_same(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """ALL-10, ALL-8: the merge at every moment in each service, also after everything else."""
    outcomes: dict[tuple[int, ...], Outcome] = {}
    for moments in product(range(7), repeat=2):
        clinic = new_id()
        async with services[0].client(clinic_id=clinic) as bills, services[1].client(clinic_id=clinic) as till:
            office = Office(*services, clinic, bills, till)
            await office.open()
            for place, step in enumerate([*office.steps(), office.listen]):
                for service, moment in zip(services, moments, strict=True):
                    if moment == place:
                        await office.merge(service)
                await step()
                await office.listen()
            outcomes[moments] = await office.outcome()
            await office.compare()
    expected: Outcome = ({"crown": "0.00", "cleaning": "24.00"}, "21.00", "3.00", ["24.00"])
    assert outcomes == dict.fromkeys(outcomes, expected)
