"""The database put back to an earlier moment: what others know of is in the books again (K4, `ALL-7`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.broker import Broker
from chassis.identifiers import new_id
from chassis.messaging import Message
from chassis.testing.harness import ServiceHarness, admin_dsn
from chassis.testing.restoring import backup, publish, put, restored
from contracts.participants import ANNOUNCES
from local_stack.kafka import Topics, create_topics
from payments_desk import FrontDesk, good, usd


async def seen(client: Any, desk: FrontDesk, patients: list[UUID], payments: list[str]) -> list[Any]:
    """What people see: payments, credit, what is asked for and which transactions there are, and no difference."""
    asked = [f"/v1/payments/{payment}" for payment in payments]
    asked += [f"/v1/patients/{patient}/{what}" for patient in patients for what in ("credit", "transactions")]
    asked += [f"/v1/invoices/{number}" for number in desk.numbers]
    assert good(await client.get("/v1/prove"))["differences"] == []
    return [_apart_from_order(good(await client.get(one))) for one in asked]


def _apart_from_order(shown: Any) -> Any:
    """Versions count what was done, in whatever order; of a document that is heard again the moment is a later one."""
    if isinstance(shown, list):
        return sorted(map(_apart_from_order, shown), key=str)
    if isinstance(shown, dict):
        return {name: _apart_from_order(one) for name, one in shown.items() if name != "version"}
    return shown


@pytest.mark.rule("ALL-7.1", "PAY-12.1")
async def test_after_a_restore_all_that_was_done_with_money_since_is_in_the_books_again(
    request: pytest.FixtureRequest, harness: ServiceHarness, desk: FrontDesk, kafka_server: str
) -> None:
    """Payments, refunds, cancellations, moves, credit and transfers: under their ids, once, and announced to nobody."""
    broker = Broker(kafka_server)
    await create_topics(broker, Topics(tuple(ANNOUNCES), 2))
    since = Since(desk, new_id())
    crown, filling = await desk.invoice("100.00"), await desk.invoice("80.00")
    known, mistaken = await desk.paid("60.00", crown), await desk.paid("15.00", filling)
    async with backup(harness, admin_dsn(request)) as earlier:
        since.payments = [known["id"], mistaken["id"]]
        await since.work_on_payments(known["id"], mistaken["id"], crown)
        await since.work_on_credit(filling)
        await since.hear_of_documents()
        await since.book_of_an_insurer(filling)
        expected = await since.shown(desk.client)
        await publish(harness, broker)
        await put(broker, since.heard)
        told = len(await earlier.announced(clinic_id=desk.clinic_id))

        said = [one for one in await restored(earlier, broker) if one.get("clinic") == desk.clinic_id]
        assert said == [], "nothing is lost"
        async with earlier.client(clinic_id=desk.clinic_id) as client:
            assert await since.shown(client) == expected
            assert len(await earlier.announced(clinic_id=desk.clinic_id)) == told, "others know it already"
            await restored(earlier, broker)
            assert await since.shown(client) == expected


class Since:
    """What people do after the moment that the database is put back to, at one desk, and what is heard meanwhile."""

    def __init__(self, desk: FrontDesk, child: UUID) -> None:
        self.desk = desk
        self.child = child
        self.heard: list[Message] = []
        self.payments: list[str] = []

    async def hear(self, *events: Any) -> None:
        self.heard += await self.desk.harness.deliver(*events)

    async def invoice(self, total: str, **details: Any) -> UUID:
        event = self.desk.issued(total, **details)
        await self.hear(event)
        return event.invoice_id

    async def pay(self, amount: str, *invoices: UUID, **more: Any) -> str:
        payment: str = (await self.desk.paid(amount, *invoices, **more))["id"]
        self.payments.append(payment)
        return payment

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        return good(await self.desk.client.post(path, json={"reason": "as agreed"} | body), 201)

    async def work_on_payments(self, known: str, mistaken: str, crown: UUID) -> None:
        """A refund and its note, a refund undone, a cancellation, a chargeback, a move and one undone."""
        bridge = await self.invoice("40.00")
        refund = good(await self.desk.refund(known, "10.00"), 201)["id"]
        await self.hear(self.desk.credit_note(crown, "10.00", refund_id=UUID(refund)))
        paid = await self.pay("90.00", crown, bridge, allow_overpayment=True)
        undone = good(await self.desk.refund(paid, "25.00"), 201)["id"]
        good(await self.desk.cancel_refund(undone), 201)
        good(await self.desk.cancel(mistaken), 201)
        good(await self.desk.charge_back(await self.pay("12.00", method="check")), 201)
        source = {"invoice_id": str(bridge)}
        await self.post(f"/v1/payments/{paid}/moves", **{"from": source, "to": None, "amount": usd("15.00")})
        moved = await self.post(f"/v1/payments/{paid}/moves", **{"from": source, "to": None, "amount": usd("5.00")})
        await self.post(f"/v1/transactions/{moved['id']}/cancellation")

    async def work_on_credit(self, filling: UUID) -> None:
        """A transfer that is used, one that is taken back, an application, one that is undone, a withdrawal."""
        braces = await self.invoice("30.00", patient_id=self.child)
        await self.pay("70.00")
        own, child = (f"/v1/patients/{id_}/credit" for id_ in (self.desk.patient_id, self.child))
        await self.post(f"{own}/transfers", to_patient_id=str(self.child), amount=usd("35.00"))
        back = await self.post(f"{own}/transfers", to_patient_id=str(self.child), amount=usd("5.00"))
        await self.post(f"/v1/transactions/{back['out']['id']}/cancellation")
        await self.post(f"{child}/applications", allocations=[{"invoice_id": str(braces), "amount": usd("20.00")}])
        named = [{"invoice_id": str(filling), "amount": usd("10.00")}]
        undone = await self.post(f"{own}/applications", allocations=named)
        await self.post(f"/v1/transactions/{undone['id']}/cancellation")
        await self.post(f"{own}/applications", allocations=named)
        await self.post(f"{child}/withdrawals", amount=usd("7.00"), reason_code="goodwill")

    async def hear_of_documents(self) -> None:
        """A note and a void that cross what was paid."""
        veneer, scan = await self.invoice("50.00"), await self.invoice("25.00")
        await self.pay("75.00", veneer, scan)
        await self.hear(self.desk.credit_note(veneer, "20.00"), self.desk.voided(scan))

    async def book_of_an_insurer(self, filling: UUID) -> None:
        """A transfer that withholds something, and one that takes back."""
        insurer = {"payer_id": str(new_id()), "name": "Delta Dental"}
        named = [{"invoice_id": str(filling)}]
        paid = {"patient_id": str(self.desk.patient_id), "amount": usd("30.00"), "allocations": named}
        of = {"insurer": insurer, "payments": [paid], "adjustments": [{"code": "WO", "amount": usd("4.00")}]}
        booked = await self._transferred("26.00", **of)
        self.payments.append(booked["payments"][0]["id"])
        taken = {"payment_id": self.payments[-1], "amount": usd("12.00")}
        await self._transferred("-12.00", insurer=insurer, payments=[], take_backs=[taken])

    async def _transferred(self, amount: str, **parts: Any) -> dict[str, Any]:
        body = {"amount": usd(amount), "external_reference": f"ERA {new_id()}"} | parts
        return good(await self.desk.client.post("/v1/remittances", json=body), 201)

    async def shown(self, client: Any) -> list[Any]:
        """What people see: payments and all that became of them, credit, accounts, invoices; and no difference."""
        assert (await client.get("/v1/prove")).json()["differences"] == []
        asked = [f"/v1/payments/{payment}" for payment in self.payments]
        asked += [f"/v1/invoices/{number}" for number in self.desk.numbers]
        asked += [f"/v1/patients/{id_}/credit" for id_ in (self.desk.patient_id, self.child)]
        found = [_counted(good(await client.get(one))) for one in asked]
        accounts = [f"/v1/patients/{id_}/account" for id_ in (self.desk.patient_id, self.child)]
        return [*found, *[_lines(good(await client.get(account, params={"limit": 100}))) for account in accounts]]


def _counted(shown: Any) -> Any:
    """Without versions, which count what was done in its order, and lists by content: the order is another's."""
    if isinstance(shown, list):
        return sorted(map(_counted, shown), key=str)
    if isinstance(shown, dict):
        return {name: _counted(one) for name, one in shown.items() if name != "version"}
    return shown


def _lines(account: Any) -> list[Any]:
    """Which transactions and documents changed an account by how much, on which day."""
    return sorted(
        [str(line[name]) for name in ("kind", "id", "date", "change", "insurers_credit_change")]
        for line in account["items"]
    )


@pytest.mark.rule("ALL-7.1")
async def test_a_payment_that_the_books_cannot_take_any_more_is_named(
    request: pytest.FixtureRequest, harness: ServiceHarness, desk: FrontDesk, kafka_server: str
) -> None:
    """Its invoice is not known there."""
    broker = Broker(kafka_server)
    await create_topics(broker, Topics(tuple(ANNOUNCES), 2))
    async with backup(harness, admin_dsn(request)) as earlier:
        invoice = await desk.invoice("100.00")
        lost = await desk.paid("60.00", invoice)
        await publish(harness, broker)
        said = [one for one in await restored(earlier, broker) if one.get("clinic") == desk.clinic_id]
        (named,) = [one for one in said if "lost_event" in one]
        assert (named["transaction_id"], named["amount"], named["method"]) == (lost["id"], "60.00 USD", lost["method"])
        assert UUID(named["settlements"][0]["invoice_id"]) == invoice
