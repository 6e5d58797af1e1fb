"""A clinic in both services, and what its people do there; each service hears the other when it is told to."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment
from insurers_cases import Decided, Forgiven, Outcome, Paid
from sqlalchemy import text

from contracts import Amount

SETTLED = text(
    """
    SELECT j.invoice_id, coalesce(t.payer_name, 'patient') AS payer, -sum(j.minor)::bigint AS minor
      FROM journal_entries AS j JOIN transactions AS t ON t.transaction_id = j.payment_id
     WHERE j.account = 'receivable' AND j.clinic_id = :clinic
     GROUP BY 1, 2 HAVING sum(j.minor) <> 0
    """
)
CREDIT = text(
    """
    SELECT h.patient_id, coalesce(t.payer_name, 'patient') AS payer, sum(h.minor)::bigint AS minor
      FROM credit_parts AS h JOIN transactions AS t ON t.transaction_id = h.payment_id
     WHERE h.clinic_id = :clinic AND h.minor > 0 GROUP BY 1, 2
    """
)
ASKED = text(
    "SELECT invoice_id, total_minor + debited_minor - credited_minor AS minor FROM invoices WHERE clinic_id = :clinic"
)
TURNS = ("primary", "secondary", "tertiary")
NAMES = ("Delta", "Cigna", "Guardian")


@dataclass
class Office:
    """A clinic in both services, and an invoice of 100 for each order of things; each patient has one."""

    invoicing: ServiceHarness
    payments: ServiceHarness
    clinic: UUID
    bills: httpx.AsyncClient
    till: httpx.AsyncClient
    insurers: list[UUID] = field(default_factory=lambda: [new_id() for _ in NAMES])
    heard: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def listen(self, *, payments_first: bool = False) -> None:
        """Let each service hear what the other has announced, until neither says anything more."""
        ways = ((self.invoicing, self.payments), (self.payments, self.invoicing))
        while True:
            said = 0
            for one, other in reversed(ways) if payments_first else ways:
                announced = await one.announced(clinic_id=self.clinic)
                fresh = announced[self.heard[one.service.name] :]
                self.heard[one.service.name] = len(announced)
                await other.deliver(*(event.message() for event in fresh))
                said += len(fresh)
            if not said:
                return

    async def configure(self, **more: Any) -> None:
        settings = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en", "billing_policy": "manual"}
        good(await self.bills.put("/v1/clinic", json=settings | more))
        await self.listen()

    async def invoice(self) -> dict[str, Any]:
        line = {"kind": "custom", "description": "Crown", "unit_price": usd(100)}
        body = {"patient_id": str(new_id()), "issue": True, "lines": [line]}
        made: dict[str, Any] = good(await self.bills.post("/v1/invoices", json=body))
        return made

    async def decide(self, some: Sequence[tuple[dict[str, Any], Decided]]) -> None:
        """Claims that the insurance system tells of together."""
        await self.invoicing.deliver(*(self._decision(invoice, one) for invoice, one in some))

    def _decision(self, invoice: Mapping[str, Any], one: Decided) -> ClaimAdjudicated:
        charge = one.paid + sum(amount for *_, amount in one.adjusted)
        made = tuple(
            ClaimAdjustment(group=group, reason_code=reason, amount=Amount(**usd(amount)))
            for group, reason, amount in one.adjusted
        )
        line = AdjudicatedLine(
            invoice_line_id=invoice["lines"][0]["id"],
            charge=Amount(**usd(charge)),
            adjustments=made,
            paid=Amount(**usd(one.paid)),
        )
        return ClaimAdjudicated(
            clinic_id=self.clinic,
            occurred_at=self.invoicing.clock.now(),
            claim_id=new_id(),
            decision_id=new_id(),
            patient_id=UUID(invoice["patient_id"]),
            invoice_id=UUID(invoice["id"]),
            payer_id=self.insurers[one.by],
            payer_name=NAMES[one.by],
            payer_sequence=TURNS[one.by],
            charge=line.charge,
            paid=line.paid,
            lines=(line,),
        )

    async def pay(self, some: Sequence[tuple[dict[str, Any], Paid]]) -> None:
        """Each insurer's transfer over its patients, and what patients pay."""
        for by in range(len(NAMES)):
            own = [(invoice, one.amount) for invoice, one in some if one.by == by]
            if own:
                good(await self.till.post("/v1/remittances", json=self._transfer(by, own)), 201)
        for invoice, one in some:
            if one.by is None:
                body = {"patient_id": invoice["patient_id"], "method": "cash", "amount": usd(one.amount)}
                body |= {"allocations": [{"invoice_id": invoice["id"]}], "allow_overpayment": True}
                good(await self.till.post("/v1/payments", json=body), 201)

    async def forgive(self, some: Sequence[tuple[dict[str, Any], Forgiven]]) -> None:
        """What a clerk credits of each invoice as a courtesy."""
        for invoice, one in some:
            note = {"kind": "courtesy", "reason": "as asked", "amount": usd(one.amount)}
            good(await self.bills.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=note), 201)

    def _transfer(self, by: int, own: Sequence[tuple[dict[str, Any], int]]) -> dict[str, Any]:
        parts = [
            {
                "patient_id": invoice["patient_id"],
                "amount": usd(amount),
                "allocations": [{"invoice_id": invoice["id"]}],
            }
            for invoice, amount in own
            if amount > 0
        ]
        taken = [{"invoice_id": invoice["id"], "amount": usd(-amount)} for invoice, amount in own if amount < 0]
        return {
            "insurer": {"payer_id": str(self.insurers[by]), "name": NAMES[by]},
            "amount": usd(sum(amount for _, amount in own)),
            "external_reference": f"ERA {new_id()}",
            "payments": parts,
            "take_backs": taken,
            "allow_overpayment": True,
        }

    async def asked(self) -> dict[str, int]:
        """What each invoice asks for, before anything is settled, as payments has heard it."""
        async with self.payments.database.reading([self.clinic]) as connection:
            return {str(row.invoice_id): row.minor for row in await connection.execute(ASKED, {"clinic": self.clinic})}

    async def outcomes(self, invoices: Sequence[dict[str, Any]]) -> list[Outcome]:
        settled: dict[str, dict[str, str]] = defaultdict(dict)
        credit: dict[str, dict[str, str]] = defaultdict(dict)
        async with self.payments.database.reading([self.clinic]) as connection:
            for row in await connection.execute(SETTLED, {"clinic": self.clinic}):
                settled[str(row.invoice_id)][row.payer] = f"{row.minor / 100:.2f}"
            for row in await connection.execute(CREDIT, {"clinic": self.clinic}):
                credit[str(row.patient_id)][row.payer] = f"{row.minor / 100:.2f}"
        found = await asyncio.gather(*(self.bills.get(f"/v1/invoices/{invoice['id']}") for invoice in invoices))
        return [self._outcome(good(answer), settled, credit) for answer in found]

    def _outcome(
        self, invoice: dict[str, Any], settled: Mapping[str, dict[str, str]], credit: Mapping[str, dict[str, str]]
    ) -> Outcome:
        names = ("paid", "written_off", "patient_part", "undecided", "overpaid")
        insured = invoice["insurance"]
        divided = tuple(insured["decided"][name]["amount"] for name in names) if insured else ()
        held = dict(credit.get(invoice["patient_id"], {}))
        own = held.pop("patient", "0.00")
        return invoice["outstanding"]["amount"], settled.get(invoice["id"], {}), own, held, divided

    async def prove(self) -> None:
        for client in (self.bills, self.till):
            assert good(await client.get("/v1/prove"))["differences"] == []


def usd(amount: int) -> dict[str, str]:
    return {"amount": f"{amount}.00", "currency": "USD"}


def good(answer: httpx.Response, status: int | None = None) -> Any:
    assert answer.status_code == status if status else answer.is_success, answer.text
    return answer.json()


@asynccontextmanager
async def office_of(services: tuple[ServiceHarness, ServiceHarness], **settings: Any) -> AsyncIterator[Office]:
    clinic = new_id()
    bills, till = services
    async with bills.client(clinic_id=clinic) as desk, till.client(clinic_id=clinic) as clerk:
        one = Office(bills, till, clinic, desk, clerk)
        await one.configure(**settings)
        yield one
