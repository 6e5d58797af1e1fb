"""The database put back to an earlier moment: receipts are those that were announced, lost ones are said (K4)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from chassis.broker import Broker
from chassis.testing.harness import ServiceHarness, admin_dsn
from chassis.testing.restoring import backup, publish, put, restored
from contracts.participants import ANNOUNCES
from contracts.receipts import ReceiptIssued
from local_stack.kafka import Topics, create_topics
from receipts.jobs.render_documents import Rendering
from receipts_events import Practice
from receipts_rendering import render_due


async def issued(harness: ServiceHarness, practice: Practice) -> dict[str, Any]:
    events = await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)
    return {event.data["number"]: event.data["transaction_id"] for event in events}


async def bytes_of(harness: ServiceHarness, practice: Practice, *transactions: UUID) -> list[bytes]:
    async with harness.client("receipts:read", practice.clinic_id) as client:
        answers = [await client.get(f"/v1/transactions/{one}/receipt.pdf") for one in transactions]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content for answer in answers]


async def render(rendering: Rendering) -> None:
    while await render_due(rendering):
        pass


@pytest.mark.rule("INV-7.1", "ALL-7.1", "RCP-1.2")
@pytest.mark.parametrize("stored", [True, False])
async def test_after_a_restore_receipts_are_those_that_were_announced(
    request: pytest.FixtureRequest,
    harness: ServiceHarness,
    practice: Practice,
    rendering: Rendering,
    kafka_server: str,
    tmp_path: Path,
    *,
    stored: bool,
) -> None:
    """Of four receipts the database knows the first; what the others prove is heard again, but for one transaction.

    Numbers, ids and, where the store of documents has them still, the bytes are the same, and nothing is told again.
    """
    broker = Broker(kafka_server)
    await create_topics(broker, Topics(tuple(ANNOUNCES), 2))
    invoice = practice.invoiced()
    first, second, third, gone = (practice.paid(invoice, minor) for minor in (10_000, 5_000, 2_000, 1_000))
    await harness.deliver(invoice, first)
    await render(rendering)
    folder = harness.resources.settings.document_store_url if stored else tmp_path.as_uri()
    if not stored:
        copytree(Path(urlsplit(harness.resources.settings.document_store_url).path), tmp_path, dirs_exist_ok=True)
    async with backup(harness, admin_dsn(request), render_processes=1, document_store_url=folder) as earlier:
        heard = await harness.deliver(second, third)
        harness.clock.advance(
            timedelta(seconds=3)
        )  # what is printed later says when it was numbered, which no event does
        await render(rendering)
        undone = await harness.deliver(practice.cancelled(third))
        await harness.deliver(gone)
        await render(rendering)
        before = await issued(harness, practice)
        ids = [one.transaction_id for one in (first, second)]
        pdfs = await bytes_of(harness, practice, *ids)
        await publish(harness, broker)
        await put(broker, [*reversed(heard), *undone])

        said = [one for one in await restored(earlier, broker) if one.get("clinic") in (practice.clinic_id, None)]
        (named,) = (one for one in said if "lost_event" in one)
        assert (named["number"], named["transaction_id"], named["amount"]) == (
            "REC-2026-000004", str(gone.transaction_id), "10.00 USD",
        )  # fmt: skip
        again: Rendering = earlier.resources.state.rendering
        await render(again)
        assert await known(earlier, practice) == {
            number: transaction for number, transaction in before.items() if number != named["number"]
        }
        told = [event.data["number"] for event in await earlier.announced(ReceiptIssued, clinic_id=practice.clinic_id)]
        assert told == ["REC-2026-000001"] if stored else sorted(told) == sorted(set(before) - {named["number"]})
        assert (await bytes_of(earlier, practice, *ids) == pdfs) == stored
        await earlier.deliver(practice.paid(invoice, 500))
        assert "REC-2026-000005" in await known(earlier, practice)
        await render(again)
        async with earlier.client("operations", practice.clinic_id) as client:
            proof = (await client.get("/v1/prove")).json()
        assert (proof["differences"], proof["receipts"], proof["last_number"]) == ([], 4, 5)
        repeated = [one for one in await restored(earlier, broker) if "lost_event" in one]
        assert [one["number"] for one in repeated if one["clinic"] == practice.clinic_id] == ["REC-2026-000004"]


async def known(harness: ServiceHarness, practice: Practice) -> dict[str, str]:
    async with harness.client("receipts:read", practice.clinic_id) as client:
        items = (await client.get("/v1/receipts")).json()["items"]
    return {one["number"]: one["transaction_id"] for one in items}
