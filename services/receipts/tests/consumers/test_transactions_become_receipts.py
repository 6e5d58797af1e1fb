"""Messages in, rows and events out: payments, refunds, and what undoes them."""

from __future__ import annotations

import hashlib

from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from receipts.jobs.rendering import Rendering
from receipts.persistence import receipts, stored_documents
from receipts_events import Practice


async def render_all(rendering: Rendering) -> None:
    while await rendering.render_due():
        pass


async def test_a_payment_has_one_numbered_stored_receipt_however_often_it_is_told(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-1."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    messages = await harness.deliver(invoice, payment)
    await harness.deliver(*messages)
    await harness.deliver(payment)
    await render_all(rendering)
    issued = await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)
    assert len(issued) == 1
    event = issued[0].read_as(ReceiptIssued)
    assert event.number == "REC-2026-000001"
    assert event.transaction_id == payment.transaction_id
    assert event.amount == payment.amount
    async with harness.database.reading([practice.clinic_id]) as connection:
        receipt = await receipts.of_transaction(connection, payment.transaction_id)
        stored = await stored_documents.find(connection, event.receipt_id, "original")
    assert receipt is not None
    assert receipt.state == "issued"
    assert stored is not None
    assert stored.pdf.startswith(b"%PDF-1.7")
    assert hashlib.sha256(stored.pdf).hexdigest() == event.sha256
    assert len(stored.pdf) == event.size_bytes
