"""The database put back to an earlier moment: no number stands for two receipts, and the lost ones are said (K4)."""

from __future__ import annotations

from typing import Any

import pytest
from chassis.broker import Broker
from chassis.testing.harness import ServiceHarness, admin_dsn
from chassis.testing.restoring import backup, publish, restored
from contracts.participants import ANNOUNCES
from contracts.receipts import ReceiptIssued
from local_stack.kafka import Topics, create_topics
from receipts.jobs.render_documents import Rendering
from receipts_events import Practice
from receipts_rendering import render_due


async def issued(harness: ServiceHarness, practice: Practice) -> dict[str, Any]:
    events = await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)
    return {event.data["number"]: event.data["transaction_id"] for event in events}


@pytest.mark.rule("INV-7.1", "ALL-7.1")
async def test_after_a_restore_receipts_are_numbered_above_those_that_were_announced(
    request: pytest.FixtureRequest,
    harness: ServiceHarness,
    practice: Practice,
    rendering: Rendering,
    kafka_server: str,
) -> None:
    """Of three receipts the database knows the first; the transactions of the others are heard again."""
    broker = Broker(kafka_server)
    await create_topics(broker, Topics(tuple(ANNOUNCES), 2))
    invoice = practice.invoiced()
    first, second, third = (practice.paid(invoice, minor) for minor in (10_000, 5_000, 2_000))
    await harness.deliver(invoice, first)
    while await render_due(rendering):
        pass
    folder = harness.resources.settings.document_store_url
    async with backup(harness, admin_dsn(request), render_processes=1, document_store_url=folder) as earlier:
        heard = await harness.deliver(second, third)
        while await render_due(rendering):
            pass
        before = await issued(harness, practice)
        await publish(harness, broker)

        said = [one for one in await restored(earlier, broker) if one.get("clinic") in (practice.clinic_id, None)]
        named = [one for one in said if "lost_event" in one]
        assert {one["number"]: one["transaction_id"] for one in named} == {
            number: transaction for number, transaction in before.items() if number != "REC-2026-000001"
        }
        assert {one["amount"] for one in named} == {"50.00 USD", "20.00 USD"}
        series = [one for one in said if "series" in one]
        assert [(sery["series"], sery["lost_from"], sery["lost_to"]) for sery in series] == [("receipt", 2, 3)]

        await earlier.deliver(*heard)
        again: Rendering = earlier.resources.state.rendering
        while await render_due(again):
            pass
        after = await issued(earlier, practice)
        assert {after[number] for number in ("REC-2026-000004", "REC-2026-000005")} == {
            str(one.transaction_id) for one in (second, third)
        }
        async with earlier.client("operations", practice.clinic_id) as client:
            assert (await client.get("/v1/prove")).json()["differences"] == []
        assert [one for one in await restored(earlier, broker) if "series" in one] == []
