"""Insurers decide, correct and pay in every order, through real events of both services: all the same (INS-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from insurers_cases import CASES, DENIED, FIRST, Decided, Forgiven, Paid
from office import good, office_of, usd
from remittances.booking import book
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.payments import Payments
from remittances.posting import Entry, Posting
from remittances.remittance import Remittance


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
