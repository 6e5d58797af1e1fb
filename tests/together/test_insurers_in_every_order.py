"""Insurers decide, correct and pay in every order, through real events of both services: all the same (INS-4)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment
from insurers_cases import CASES, DENIED, FIRST, Decided, Forgiven, Outcome, Paid
from invoicing.app import service as invoicing
from payments.app import service as payments
from remittances.booking import book
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.payments import Payments
from remittances.posting import Entry, Posting
from remittances.remittance import Remittance
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

    async def listen(self) -> None:
        """Let each service hear what the other has announced, until neither says anything more."""
        while True:
            said = 0
            for one, other in ((self.invoicing, self.payments), (self.payments, self.invoicing)):
                announced = await one.announced(clinic_id=self.clinic)
                fresh = announced[self.heard[one.service.name] :]
                self.heard[one.service.name] = len(announced)
                await other.deliver(*(event.message() for event in fresh))
                said += len(fresh)
            if not said:
                return

    async def configure(self) -> None:
        settings = {"name": "A", "currency": "USD", "time_zone": "UTC", "language": "en", "billing_policy": "manual"}
        good(await self.bills.put("/v1/clinic", json=settings))
        await self.listen()

    async def invoice(self) -> dict[str, Any]:
        line = {"kind": "custom", "description": "Crown", "unit_price": usd(100)}
        return good(
            await self.bills.post("/v1/invoices", json={"patient_id": str(new_id()), "issue": True, "lines": [line]})
        )

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
        found = await asyncio.gather(*(self.bills.get(f"/v1/invoices/{one['id']}") for one in invoices))
        return [self._outcome(good(one), settled, credit) for one in found]

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


@pytest.fixture(scope="module")
async def services(request: pytest.FixtureRequest) -> AsyncIterator[tuple[ServiceHarness, ServiceHarness]]:
    """Both services, each on a database of its own."""
    dsn = admin_dsn(request)
    async with running(invoicing, dsn) as bills, running(payments, dsn) as till:
        yield bills, till


@asynccontextmanager
async def office_of(services: tuple[ServiceHarness, ServiceHarness]) -> AsyncIterator[Office]:
    clinic = new_id()
    bills, till = services
    async with bills.client(clinic_id=clinic) as desk, till.client(clinic_id=clinic) as clerk:
        one = Office(bills, till, clinic, desk, clerk)
        await one.configure()
        yield one


def covered(order: Sequence[object]) -> bool:
    """Whether each insurer had paid, by then, what it takes back."""
    had: dict[int | None, int] = defaultdict(int)
    for one in order:
        if isinstance(one, Paid):
            had[one.by] += one.amount
            if had[one.by] < 0:
                return False
    return True


@pytest.mark.rule("INS-4.7")
@pytest.mark.parametrize("case", CASES)
async def test_decisions_and_money_in_every_order_come_to_the_same(
    services: tuple[ServiceHarness, ServiceHarness], case: str
) -> None:
    """INS-4, INS-7, INS-9: each order is an invoice of its own; after each step both services hear of it."""
    before, steps, after, expected = CASES[case]
    orders = [[*before, *order, *after] for order in permutations(steps) if covered([*before, *order, *after])]
    async with office_of(services) as office:
        invoices = [await office.invoice() for _ in orders]
        await office.listen()
        for place in range(len(orders[0])):
            now = [(invoice, order[place]) for invoice, order in zip(invoices, orders, strict=True)]
            await office.decide([(invoice, one) for invoice, one in now if isinstance(one, Decided)])
            await office.pay([(invoice, one) for invoice, one in now if isinstance(one, Paid)])
            await office.forgive([(invoice, one) for invoice, one in now if isinstance(one, Forgiven)])
            await office.listen()
            if not any(one == DENIED or isinstance(one, Forgiven) for one in orders[0]):
                assert min((await office.asked()).values()) >= 9_000, "what a payer repeats was written off twice"
        found = await office.outcomes(invoices)
        wrong = {
            tuple(steps.index(one) for one in order[len(before) : len(before) + len(steps)]): outcome
            for order, outcome in zip(orders, found, strict=True)
            if outcome != expected
        }
        assert not wrong, f"{len(wrong)} of {len(orders)} orders come to something else: {next(iter(wrong.items()))}"
        await office.prove()


async def test_a_take_back_that_was_a_mistake_is_undone_in_both_services(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """PAY-5, INS-9: the invoice asks for what it asked for before it, and its story says why."""
    async with office_of(services) as office:
        invoice = await office.invoice()
        await office.listen()
        await office.decide([(invoice, FIRST)])
        await office.listen()
        await office.pay([(invoice, Paid(50, 0))])
        await office.listen()
        before = await office.outcomes([invoice])
        transfer = office._transfer(0, [(invoice, -20)])
        taken = good(await office.till.post("/v1/remittances", json=transfer), 201)["take_backs"][0]
        await office.listen()
        assert (await office.outcomes([invoice]))[0][:2] == ("60.00", {"Delta": "30.00"})
        path = f"/v1/transactions/{taken['id']}/cancellation"
        good(await office.till.post(path, json={"reason": "another patient's"}), 201)
        await office.listen()
        assert await office.outcomes([invoice]) == before
        story = good(await office.bills.get(f"/v1/invoices/{invoice['id']}/story"))["steps"]
        kinds = [one["kind"] for one in story if one["kind"] in ("payment", "take_back", "take_back_cancellation")]
        assert kinds == ["payment", "take_back", "take_back_cancellation"]
        await office.prove()


async def test_a_transfer_whose_check_a_clerk_had_booked_is_credit_and_the_importer_says_by_which_payment(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """INS-4, INS-6: the check came under a number of its own; the file brings the same 50.00 a second time."""
    async with office_of(services) as office:
        invoice = await office.invoice()
        await office.listen()
        await office.decide([(invoice, FIRST)])
        await office.listen()
        check = office._transfer(0, [(invoice, 50)]) | {"external_reference": "check 17"}
        (first,) = good(await office.till.post("/v1/remittances", json=check), 201)["payments"]
        head = Remittance(1, "0001", amount=Decimal("50.00"), reference="EFT-1", payer_name="DELTA INC",
                          decided_at=office.payments.clock.now())  # fmt: skip
        entry = Entry(
            UUID(invoice["id"]), UUID(invoice["patient_id"]), office.insurers[0], "Delta", Decimal("50.00"), "USD"
        )
        posting = Posting(new_id(), head, {new_id(): entry})
        one = Imported(posting.remittance_id, head.reference, head.payer_name, head.amount, posting)
        async with Invoices("http://test", "", OfOffice(office.bills)) as bills:
            async with Payments("http://test", "", OfOffice(office.till)) as till:
                for state in ("booked", "before"):
                    booked = await book(one, bills, till, office.payments.clock.now())
                    assert booked.state == state
                    (said,) = booked.credited
                    assert said.startswith(
                        f"50.00 of Delta for invoice {invoice['number']} is credit: its part was paid"
                    )
                    assert said.endswith(f"by payment {first['id']} of {first['booked_on']} (check 17)")
        await office.listen()
        (outcome,) = await office.outcomes([invoice])
        assert outcome[:4] == ("40.00", {"Delta": "50.00"}, "0.00", {"Delta": "50.00"})
        await office.prove()


@pytest.mark.rule("PAY-22.2")
async def test_a_plan_asks_again_for_nothing_that_was_given_for_its_invoice(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """PAY-22, PLN-4, PLN-7: paid in whole, 60.00 credited and that undone: agreed as before, and nothing unpaid."""
    async with office_of(services) as office:
        invoice = await office.invoice()
        path = f"/v1/invoices/{invoice['id']}"
        day = str(office.invoicing.clock.now().date())
        plan = {"count": 4, "first_due_date": day, "unit": "weeks"}
        good(await office.bills.post(f"{path}/installment-plan", json=plan), 201)
        await office.listen()
        await office.pay([(invoice, Paid(100))])
        await office.listen()
        note = {"kind": "courtesy", "reason": "as asked", "amount": usd(60)}
        made = good(await office.bills.post(f"{path}/credit-notes", json=note), 201)
        await office.listen()
        assert (await office.outcomes([invoice]))[0][:3] == ("0.00", {"patient": "40.00"}, "60.00")
        good(await office.bills.post(f"/v1/credit-notes/{made['id']}/undo", json={"reason": "not so"}), 201)
        await office.listen()
        assert (await office.outcomes([invoice]))[0][:3] == ("0.00", {"patient": "100.00"}, "0.00")
        found = good(await office.bills.get(f"{path}/installment-plan"))["installments"]
        assert [(one["amount"]["amount"], one["remaining"]["amount"]) for one in found] == [("25.00", "0.00")] * 4
        await office.prove()


class OfOffice(httpx.AsyncBaseTransport):
    """To a service of the office, with its token."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["Authorization"] = self._client.headers["Authorization"]
        return await self._client._transport.handle_async_request(request)
