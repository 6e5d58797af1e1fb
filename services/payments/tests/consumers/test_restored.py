"""The database put back to an earlier moment: payments that others know of are in the books again (K4, `ALL-7`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.broker import Broker
from chassis.testing.harness import ServiceHarness, admin_dsn
from chassis.testing.restoring import backup, publish, restored
from contracts.participants import ANNOUNCES
from front_desk import FrontDesk, good
from local_stack.kafka import Topics, create_topics


async def shown(client: Any, payment_id: str) -> Any:
    return (await client.get(f"/v1/payments/{payment_id}")).json()


@pytest.mark.rule("ALL-7.1", "PAY-12.1")
async def test_after_a_restore_payments_are_recorded_again_as_they_were_and_the_rest_is_named(
    request: pytest.FixtureRequest, harness: ServiceHarness, desk: FrontDesk, kafka_server: str
) -> None:
    """A payment of an invoice, with a surplus, and a deposit are; a refund since is not, and is said."""
    broker = Broker(kafka_server)
    await create_topics(broker, Topics(tuple(ANNOUNCES), 2))
    invoice, other = await desk.invoice("100.00"), await desk.invoice("80.00")
    known = await desk.paid("60.00", invoice)
    async with backup(harness, admin_dsn(request)) as earlier:
        surplus = await desk.paid("50.00", invoice, allow_overpayment=True)
        deposit = await desk.paid("20.00")
        part = await desk.paid("30.00", other)
        refund = good(await desk.refund(known["id"], "10.00"), 201)
        await publish(harness, broker)

        told = len(await earlier.announced(clinic_id=desk.clinic_id))
        said = [one for one in await restored(earlier, broker) if one.get("clinic") in (desk.clinic_id, None)]
        assert [one["transaction_id"] for one in said if "lost_event" in one] == [refund["id"]]
        assert said[-1]["lost"] >= 1
        async with earlier.client(clinic_id=desk.clinic_id) as client:
            for made in (surplus, deposit, part):
                assert await shown(client, made["id"]) == await shown(desk.client, made["id"])
            assert (await client.get("/v1/prove")).json()["differences"] == []
            assert len(await earlier.announced(clinic_id=desk.clinic_id)) == told, "others know it already"
            before = (await client.get(f"/v1/patients/{desk.patient_id}/account")).json()
            again = [one for one in await restored(earlier, broker) if one.get("clinic") == desk.clinic_id]
            assert [one["transaction_id"] for one in again if "lost_event" in one] == [refund["id"]]
            assert (await client.get(f"/v1/patients/{desk.patient_id}/account")).json() == before


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
