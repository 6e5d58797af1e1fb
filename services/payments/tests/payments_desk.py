"""What a front desk does, in one line each, over the service's real API and events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from chassis.identifiers import new_id
from chassis.money import Money
from chassis.testing.harness import ServiceHarness
from chassis.testing.tokens import ALL_SCOPES
from contracts.clinics import ClinicConfigured
from contracts.invoicing import (
    InvoiceCredited,
    InvoiceDebited,
    InvoiceIssued,
    InvoiceLine,
    InvoiceTotals,
    InvoiceVoided,
    RoundingPolicy,
)
from contracts.refund_adjustments import RefundAdjustmentDecided
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from contracts import Actor, Amount

CURRENCY = "USD"


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": CURRENCY}


class FrontDesk:
    """One clinic, one patient by default."""

    def __init__(self, harness: ServiceHarness) -> None:
        self.harness = harness
        self.clinic_id = new_id()
        self.patient_id = new_id()
        self.client: httpx.AsyncClient = harness.client(clinic_id=self.clinic_id, subject="clerk:ada")
        self.numbers: dict[UUID, str] = {}
        self.totals: dict[UUID, str] = {}

    async def configure(
        self,
        *,
        time_zone: str = "America/New_York",
        version: int = 1,
        currency: str = CURRENCY,
        retention_years: int = 10,
    ) -> None:
        await self.harness.deliver(
            ClinicConfigured(
                clinic_id=self.clinic_id,
                occurred_at=self.harness.clock.now(),
                version=version,
                name="Elm Street Dental",
                currency=currency,
                time_zone=time_zone,
                language="en-US",
                retention_years=retention_years,
            )
        )

    async def group(self, name: str, **more: Any) -> dict[str, Any]:
        """A payment group."""
        return good(await self.client.post("/v1/payment-groups", json={"name": name} | more), 201)

    @asynccontextmanager
    async def person(self, subject: str, scopes: str = ALL_SCOPES) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody else of the clinic."""
        async with self.harness.client(scopes, self.clinic_id, subject=subject) as client:
            yield client

    async def limit_refunds(self, amount: str | None, reason: str = "as the owner asked") -> None:
        """Set the clinic's limit of refunds."""
        tag = (await self.client.get("/v1/settings")).headers["ETag"]
        body = {"refund_limit": None if amount is None else usd(amount), "reason": reason}
        good(await self.client.put("/v1/settings", json=body, headers={"If-Match": tag}))

    def issued(
        self,
        total: str,
        *,
        patient_id: UUID | None = None,
        issue_date: date = date(2026, 11, 23),
        due: date = date(2026, 12, 23),
        plan: UUID | None = None,
    ) -> InvoiceIssued:
        """The event of a new invoice, not delivered yet; its lines are of a treatment plan where one is given."""
        amount, none = Amount(**usd(total)), Amount(**usd("0.00"))
        invoice_id = new_id()
        self.numbers[invoice_id] = f"INV-{len(self.numbers) + 1:06}"
        self.totals[invoice_id] = total
        return InvoiceIssued(
            clinic_id=self.clinic_id,
            occurred_at=self.harness.clock.now(),
            invoice_id=invoice_id,
            patient_id=patient_id or self.patient_id,
            number=self.numbers[invoice_id],
            issue_date=issue_date,
            due_date=due,
            lines=() if plan is None else (_planned(plan, amount),),
            totals=InvoiceTotals(net=amount, discount=none, tax=none, cash_rounding=none, total=amount, taxes=()),
            rounding=RoundingPolicy(id="half-up", version=1),
            by=Actor(subject="clerk:ada"),
        )

    async def invoice(self, total: str, **details: Any) -> UUID:
        event = self.issued(total, **details)
        await self.harness.deliver(event)
        return event.invoice_id

    def credit_note(
        self, invoice_id: UUID, total: str, *, refund_id: UUID | None = None, patient_id: UUID | None = None
    ) -> InvoiceCredited:
        return InvoiceCredited(
            credit_note_id=new_id(),
            kind="refund_adjustment" if refund_id else "courtesy",
            **self._note(invoice_id, total, refund_id, patient_id),
        )

    def debit_note(self, invoice_id: UUID, total: str, *, refund_id: UUID | None = None) -> InvoiceDebited:
        return InvoiceDebited(
            debit_note_id=new_id(),
            kind="undo_refund_adjustment" if refund_id else "late_fee",
            **self._note(invoice_id, total, refund_id, None),
        )

    def answer(self, invoice_id: UUID, refund_id: str, wanted: str, credited: str) -> RefundAdjustmentDecided:
        """What invoicing says where it credits less for a refund than was wanted (`PAY-20`)."""
        return RefundAdjustmentDecided(
            clinic_id=self.clinic_id,
            occurred_at=self.harness.clock.now(),
            adjustment_id=new_id(),
            refund_id=UUID(refund_id),
            transaction_id=UUID(refund_id),
            invoice_id=invoice_id,
            patient_id=self.patient_id,
            invoice_number=self.numbers[invoice_id],
            decided_on=date(2026, 11, 23),
            wanted=Amount(**usd(wanted)),
            credited=Amount(**usd(credited)),
            by=Actor(subject="consumer:invoicing", reason="Credited otherwise"),
        )

    def voided(self, invoice_id: UUID, *, patient_id: UUID | None = None) -> InvoiceVoided:
        return InvoiceVoided(
            clinic_id=self.clinic_id,
            occurred_at=self.harness.clock.now(),
            invoice_id=invoice_id,
            patient_id=patient_id or self.patient_id,
            number=self.numbers[invoice_id],
            voided_on=date(2026, 11, 23),
            total=Amount(**usd(self.totals[invoice_id])),
            by=Actor(subject="clerk:ada", reason="wrong patient"),
        )

    async def pay(self, amount: str, /, *invoices: UUID, **more: Any) -> httpx.Response:
        body = {
            "patient_id": str(self.patient_id),
            "amount": usd(amount),
            "method": "cash",
            "allocations": [{"invoice_id": str(invoice_id)} for invoice_id in invoices],
        }
        return await self.client.post("/v1/payments", json=body | more)

    async def paid(self, amount: str, /, *invoices: UUID, **more: Any) -> dict[str, Any]:
        return good(await self.pay(amount, *invoices, **more), 201)

    async def refund(
        self, payment_id: str, amount: str, /, reason_code: str = "goodwill", **more: Any
    ) -> httpx.Response:
        body = {"amount": usd(amount), "reason_code": reason_code} | more
        return await self.client.post(f"/v1/payments/{payment_id}/refunds", json=body)

    async def cancel(self, payment_id: str) -> httpx.Response:
        return await self.client.post(f"/v1/payments/{payment_id}/cancellation", json={"reason": "entered twice"})

    async def cancel_refund(self, refund_id: str) -> httpx.Response:
        return await self.client.post(f"/v1/refunds/{refund_id}/cancellation", json={"reason": "entered twice"})

    async def charge_back(self, payment_id: str) -> httpx.Response:
        return await self.client.post(f"/v1/payments/{payment_id}/chargeback", json={"reason": "check bounced"})

    async def payment(self, payment_id: str) -> dict[str, Any]:
        return good(await self.client.get(f"/v1/payments/{payment_id}"))

    async def outstanding(self, invoice_id: UUID) -> str:
        found: str = good(await self.client.get(f"/v1/invoices/{invoice_id}"))["outstanding"]["amount"]
        return found

    async def credit(self, patient_id: UUID | None = None) -> str:
        answer = await self.client.get(f"/v1/patients/{patient_id or self.patient_id}/credit")
        found: str = good(answer)["balance"]["amount"]
        return found

    async def account(self, patient_id: UUID | None = None, **query: str) -> list[dict[str, Any]]:
        answer = await self.client.get(f"/v1/patients/{patient_id or self.patient_id}/account", params=query)
        found: list[dict[str, Any]] = good(answer)["items"]
        return found

    async def events(self, contract: type[Any]) -> list[Any]:
        announced = await self.harness.announced(contract, clinic_id=self.clinic_id)
        return [one.read_as(contract) for one in announced]

    async def prove(self) -> None:
        found = good(await self.client.get("/v1/prove"))
        assert found["differences"] == [], found["differences"]
        assert await self.harness.set_aside() == [], await self.harness.set_aside()

    def _note(self, invoice_id: UUID, total: str, refund_id: UUID | None, patient_id: UUID | None) -> dict[str, Any]:
        return {
            "clinic_id": self.clinic_id,
            "occurred_at": self.harness.clock.now(),
            "invoice_id": invoice_id,
            "patient_id": patient_id or self.patient_id,
            "number": f"N-{new_id()}",
            "invoice_number": self.numbers[invoice_id],
            "issue_date": date(2026, 11, 23),
            "reason": "courtesy",
            "refund_id": refund_id,
            "lines": (),
            "net": Amount(**usd(total)),
            "tax": Amount(**usd("0.00")),
            "total": Amount(**usd(total)),
            "by": Actor(subject="clerk:ada"),
        }


def _planned(plan: UUID, amount: Amount) -> InvoiceLine:
    return InvoiceLine(
        line_id=new_id(),
        position=1,
        kind="custom",
        description="Crown",
        quantity="1",
        unit_price=amount,
        discount=Amount(**usd("0.00")),
        net=amount,
        tax_category="E",
        tax_rate="0",
        treatment_plan_id=plan,
    )


@asynccontextmanager
async def connected(url: str, clinic_id: UUID) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection, connection.begin():
            await connection.execute(text(f"SELECT set_config('app.clinic_ids', '{clinic_id}', true)"))
            yield connection
    finally:
        await engine.dispose()


def good(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    assert found["type"].endswith(":" + slug), found
    return found


def cents(amount: str) -> int:
    return Money.parse(amount, CURRENCY).minor
