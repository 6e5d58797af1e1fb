"""A patient whom the register does not tell of: their documents are made after an hour, by the id (`ALL-11`)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from receipts.jobs.render_documents import Rendering
from receipts.persistence import installment_plans, invoices, notes, receipts
from receipts_events import Practice
from receipts_rendering import render_due
from receipts_set_aside import an_hour_passes


@pytest.fixture
def stranger(practice: Practice) -> Practice:
    """A patient of the clinic whom the register never told of."""
    return Practice(clinic_id=practice.clinic_id)


async def waits(harness: ServiceHarness, stranger: Practice) -> list[tuple[str, str]]:
    return [(one.state, one.reason) for one in await harness.set_aside() if one.key == str(stranger.patient_id)]


@pytest.mark.rule("ALL-11.1", "ALL-11.2")
async def test_invoices_notes_plans_and_money_have_their_documents_and_nothing_is_dead(
    harness: ServiceHarness, stranger: Practice, rendering: Rendering
) -> None:
    """ALL-11, RCP-1."""
    invoice = stranger.invoiced()
    payment = stranger.paid(invoice, 20_000)
    refund = stranger.refunded(payment, invoice, 5_000)
    note = stranger.credited(invoice)
    plan = stranger.agreed(invoice, new_id(), [(new_id(), date(2026, 12, 20), 34_775, 34_775)])
    await harness.deliver(invoice, note, plan, payment, refund)
    found = await waits(harness, stranger)
    assert {state for state, _ in found} == {"waiting"}
    assert f"patient {stranger.patient_id} is not known yet" in {reason for _, reason in found}
    await an_hour_passes(harness, stranger)
    assert await waits(harness, stranger) == []
    while await render_due(rendering):
        pass
    issued = [
        one.read_as(ReceiptIssued) for one in await harness.announced(ReceiptIssued, clinic_id=stranger.clinic_id)
    ]
    assert sorted(one.kind for one in issued) == ["payment", "refund"]
    assert {one.patient_id for one in issued} == {stranger.patient_id}
    async with harness.database.reading([stranger.clinic_id]) as connection:
        contents: list[Any] = [await receipts.content_of(connection, one.receipt_id) for one in issued]
        kept: list[Any] = [
            await invoices.find(connection, invoice.invoice_id),
            await notes.find(connection, note.credit_note_id),
            await installment_plans.find(connection, plan.plan_id, None),
        ]
    named = [one["patient"]["name"] for one in [*contents, *(one.content for one in kept)]]
    assert named == [str(stranger.patient_id)] * 5


@pytest.mark.rule("ALL-11.2")
async def test_whom_the_register_tells_of_meanwhile_is_named(harness: ServiceHarness, stranger: Practice) -> None:
    """ALL-11: it is waited for as long as it may only be late."""
    payment = stranger.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    while await harness.retry():
        pass
    assert len(await waits(harness, stranger)) == 1
    await harness.deliver(stranger.registered())
    await an_hour_passes(harness, stranger)
    async with harness.database.reading([stranger.clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, payment.transaction_id)
        assert receipt is not None
        assert (await receipts.content_of(connection, receipt.receipt_id))["patient"]["name"] == "Andrés Muñoz"
