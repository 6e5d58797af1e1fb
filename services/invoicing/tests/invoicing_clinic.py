"""A clinic of the running service, for the tests of this service: its front desk, and the events of its practice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
from chassis.identifiers import new_id
from chassis.messaging import Message
from chassis.testing.harness import START, ServiceHarness
from contracts.clinical import AppointmentClosed, ProcedureCompleted, ProcedureReverted
from contracts.event import Actor, Amount
from contracts.payments import Payer, PaymentRecorded, SettlementChange

SETTINGS: dict[str, Any] = {
    "name": "Maple Street Dental",
    "currency": "USD",
    "time_zone": "America/New_York",
    "language": "en-US",
    "billing_policy": "per_appointment",
    "auto_issue": True,
    "tax_categories": [
        {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Dental care"},
        {"code": "S", "category": "S", "rate": "22"},
    ],
    "price_list": [
        {
            "code_system": "CDT",
            "code": "D1110",
            "description": "Prophylaxis",
            "unit_price": {"amount": "95.00", "currency": "USD"},
        },
        {
            "code_system": "SKU",
            "code": "BRUSH",
            "description": "Toothbrush",
            "unit_price": {"amount": "4.50", "currency": "USD"},
            "tax_category": "S",
        },
    ],
}


@dataclass
class Clinic:
    """A clinic of the running service: its front desk over HTTP, and the events of its practice."""

    harness: ServiceHarness
    api: httpx.AsyncClient
    id: UUID
    patient_id: UUID = field(default_factory=new_id)
    leaves_wrong_rows: bool = False
    """Set by a test that plants some: the proof that ends every other test would find them."""

    @staticmethod
    def usd(amount: str) -> dict[str, str]:
        return {"amount": amount, "currency": "USD"}

    def custom(self, amount: str, **more: Any) -> dict[str, Any]:
        return {"kind": "custom", "description": "a thing", "unit_price": self.usd(amount)} | more

    async def configure(self, **changes: Any) -> dict[str, Any]:
        found = await self.api.get("/v1/clinic")
        headers = {"If-Match": found.headers["etag"]} if found.status_code == 200 else {}
        answer = await self.api.put("/v1/clinic", json=SETTINGS | changes | {"reason": "as agreed"}, headers=headers)
        assert answer.status_code == 200, answer.text
        settings: dict[str, Any] = answer.json()
        return settings

    async def close_books(self, until: str) -> None:
        """Close the books on the day itself, and be a day before it afterwards, as a clock can be that goes back."""
        clock = self.harness.clock
        ahead = datetime.fromisoformat(f"{until}T15:00:00Z") - clock.now()
        clock.advance(ahead)
        await self.configure(books_closed_until=until)
        clock.advance(-ahead)

    async def post(self, path: str, body: dict[str, Any] | None = None, status: int = 201) -> dict[str, Any]:
        answer = await self.api.post(path, json=body)
        assert answer.status_code == status, (answer.status_code, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    async def settle(
        self, invoice: dict[str, Any], change: str, event_class: Any = PaymentRecorded, **more: Any
    ) -> Any:
        """What payments announces when money settled so much of an invoice."""
        settlement = SettlementChange(
            invoice_id=UUID(invoice["id"]),
            invoice_number=invoice["number"],
            payment_id=more.pop("of_payment", None) or new_id(),
            change=Amount(amount=change, currency="USD"),
            credited=Amount(amount=more.pop("credited", "0.00"), currency="USD"),
            outstanding=Amount(amount="0.00", currency="USD"),
            installment_id=more.pop("installment", None),
        )
        zero = Amount(amount="0.00", currency="USD")
        given: dict[str, Any] = {
            "clinic_id": self.id,
            "occurred_at": self.harness.clock.now(),
            "transaction_id": new_id(),
            "patient_id": self.patient_id,
            "amount": Amount(amount=change.removeprefix("-"), currency="USD"),
            "payer": Payer(kind="patient"),
            "method": "cash",
            "recorded_at": START,
            "booked_on": START.date(),
            "received_at": START,
            "payment_id": settlement.payment_id,
            "refunded_so_far": zero,
            "settlements": (settlement,),
            "patient_credit_change": zero,
            "patient_credit_balance": zero,
            "by": Actor(subject="clerk:test"),
        }
        event = event_class(**(given | more))
        await self.harness.deliver(event)
        return event

    async def invoice(
        self, *lines: dict[str, Any], issue: bool = True, status: int = 201, **more: Any
    ) -> dict[str, Any]:
        body = {"patient_id": str(self.patient_id), "lines": list(lines), "issue": issue} | more
        return await self.post("/v1/invoices", body, status)

    async def read(self, invoice_id: str) -> dict[str, Any]:
        answer = await self.api.get(f"/v1/invoices/{invoice_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def listed(self, path: str = "/v1/invoices", **wanted: Any) -> list[dict[str, Any]]:
        answer = await self.api.get(path, params=wanted)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def announced(self, contract: type[Any]) -> list[Any]:
        return [one.read_as(contract) for one in await self.harness.announced(contract, clinic_id=self.id)]

    async def prove(self) -> None:
        answer = await self.api.get("/v1/prove")
        assert answer.json()["differences"] == [], answer.text

    def completed(self, appointment_id: UUID | None, fee: str | None = "100.00", **changes: Any) -> ProcedureCompleted:
        given = {
            "clinic_id": self.id,
            "occurred_at": START,
            "procedure_id": new_id(),
            "patient_id": self.patient_id,
            "appointment_id": appointment_id,
            "code_system": "SNOMED-CT",
            "code": "34043003",
            "description": "Dental consultation and report",
            "date_of_service": date(2026, 11, 23),
            "fee": Amount(amount=fee, currency="USD") if fee else None,
        }
        return ProcedureCompleted(**(given | changes))

    def reverted(self, procedure: ProcedureCompleted) -> ProcedureReverted:
        return ProcedureReverted(
            clinic_id=self.id,
            occurred_at=START,
            procedure_id=procedure.procedure_id,
            patient_id=self.patient_id,
            appointment_id=procedure.appointment_id,
            reason="charted on the wrong tooth",
        )

    def closed(self, appointment_id: UUID, **changes: Any) -> AppointmentClosed:
        given = {
            "clinic_id": self.id,
            "occurred_at": START,
            "appointment_id": appointment_id,
            "patient_id": self.patient_id,
        }
        return AppointmentClosed(**(given | changes))

    def message(self, event: Any, sequence: int) -> Message:
        """An event as Kafka brings it, with a sequence of the test's choosing."""
        return Message(
            id=str(new_id()),
            type=event.event_type,
            source="/test",
            subject=event.partition_key,
            clinic_id=event.clinic_id,
            sequence=sequence,
            time=event.occurred_at,
            key=event.partition_key,
            topic=event.topic,
            partition=0,
            offset=sequence,
            data=event.model_dump_json().encode(),
        )
