"""Messages in, rows and events out: payments, refunds, and what undoes them."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.payments import RefundedLine
from contracts.receipts import ReceiptIssued, ReceiptVoided
from receipts.domain.receipt import Receipt
from receipts.jobs.render_documents import Rendering
from receipts.persistence import receipts, stored_documents
from receipts.use_cases.prove_receipts import prove_receipts
from receipts_events import Practice, amount
from receipts_rendering import render_due

from contracts import Actor, Amount


async def render_all(rendering: Rendering) -> None:
    while await render_due(rendering):
        pass


async def receipt_of(harness: ServiceHarness, practice: Practice, transaction_id: object) -> Receipt | None:
    async with harness.database.reading([practice.clinic_id]) as connection:
        return await receipts.of_transaction(connection, transaction_id)  # type: ignore[arg-type]


@pytest.mark.rule("RCP-1.1", "RCP-1.2")
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
    receipt = await receipt_of(harness, practice, payment.transaction_id)
    async with harness.database.reading([practice.clinic_id]) as connection:
        kept = await stored_documents.find(connection, event.receipt_id, "original")
    assert receipt is not None
    assert receipt.state == "issued"
    assert kept is not None
    stored = await rendering.store.document(kept)
    assert stored.pdf.startswith(b"%PDF-1.7")
    assert hashlib.sha256(stored.pdf).hexdigest() == event.sha256
    assert len(stored.pdf) == event.size_bytes


@pytest.mark.rule("RCP-1.1", "RCP-2.5")
async def test_a_refund_has_a_receipt_that_names_the_payments(harness: ServiceHarness, practice: Practice) -> None:
    """RCP-1."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    refund = practice.refunded(payment, invoice, 5_000)
    await harness.deliver(invoice, payment, refund)
    receipt = await receipt_of(harness, practice, refund.transaction_id)
    assert receipt is not None
    assert (receipt.kind, receipt.number, receipt.amount.minor) == ("refund", "REC-2026-000002", 5_000)
    async with harness.database.reading([practice.clinic_id]) as connection:
        content = await receipts.content_of(connection, receipt.receipt_id)
    assert content["payment_number"] == "REC-2026-000001"
    assert "group_id" not in content


async def test_a_refund_is_told_with_its_own_reason_and_lines(harness: ServiceHarness, practice: Practice) -> None:
    """D6, PAY-19: with the lines as the issued invoice names them, and not with its payment's note."""
    invoice = practice.invoiced()
    (line,) = invoice.lines
    more = line.model_copy(update={"line_id": new_id(), "position": 2, "description": "Toothbrush"})
    invoice = invoice.model_copy(update={"lines": (line, more)})
    payment = practice.paid(invoice, 20_000, note="paid at the desk")
    by = Actor(subject="clerk:7f1c", reason="the brush was broken")
    refund = practice.refunded(payment, invoice, 5_000, note="paid at the desk", by=by)
    (change,) = refund.settlements
    named = change.model_copy(update={"lines": (RefundedLine(line_id=more.line_id),)})
    refund = refund.model_copy(update={"settlements": (named,)})
    shown = practice.configured(version=2, receipt_shows_note=True)
    await harness.deliver(shown, invoice, payment, refund)
    receipt = await receipt_of(harness, practice, refund.transaction_id)
    assert receipt is not None
    async with harness.database.reading([practice.clinic_id]) as connection:
        content = await receipts.content_of(connection, receipt.receipt_id)
    assert (content["note"], content["reason"]) == (None, "the brush was broken")
    assert [one["description"] for one in content["settled"][0]["lines"]] == ["Toothbrush"]


async def test_a_payment_waits_for_what_it_refers_to(harness: ServiceHarness) -> None:
    """A later topic may be faster than an earlier one."""
    practice = Practice()
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    await harness.deliver(payment)
    (waiting,) = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert waiting.state == "waiting"
    assert str(practice.clinic_id) in waiting.reason
    assert await receipt_of(harness, practice, payment.transaction_id) is None


async def test_one_that_waits_does_not_hold_up_the_others(harness: ServiceHarness, practice: Practice) -> None:
    stranger = Practice(clinic_id=practice.clinic_id)
    invoice = practice.invoiced()
    lost = stranger.paid(None, 0, credit=1_000)
    good = practice.paid(invoice, 20_000)
    await harness.deliver(invoice, lost, good)
    assert await receipt_of(harness, practice, good.transaction_id) is not None
    assert await receipt_of(harness, practice, lost.transaction_id) is None


async def test_a_payment_that_does_not_add_up_is_set_aside_with_its_reason(
    harness: ServiceHarness, practice: Practice
) -> None:
    """RCP-2, ALL-7."""
    invoice = practice.invoiced()
    wrong = practice.paid(invoice, 20_000, amount=amount(20_001))
    await harness.deliver(invoice, wrong)
    (dead,) = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert dead.state == "dead"
    assert "are not its amount" in dead.reason


async def test_a_cancelled_payment_has_a_void_receipt_told_once(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-3."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    await harness.deliver(invoice, payment)
    await render_all(rendering)
    await harness.deliver(practice.cancelled(payment), practice.cancelled(payment))
    told = await harness.announced(clinic_id=practice.clinic_id)
    assert [(one.type, one.sequence) for one in told] == [
        (ReceiptIssued.event_type, 1),
        (ReceiptVoided.event_type, 2),
    ]
    voided = told[1].read_as(ReceiptVoided)
    assert (voided.cause, voided.reason) == ("cancellation", "Entered twice")
    receipt = await receipt_of(harness, practice, payment.transaction_id)
    assert receipt is not None
    assert receipt.state == "void"


@pytest.mark.rule("RCP-3.1")
async def test_a_receipt_voided_before_it_is_rendered_is_told_as_issued_first(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-3: whoever listens never hears of a void receipt that was not issued."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    await harness.deliver(invoice, payment, practice.charged_back(payment))
    assert await harness.announced(clinic_id=practice.clinic_id) == []
    await render_all(rendering)
    told = await harness.announced(clinic_id=practice.clinic_id)
    assert [one.type for one in told] == [ReceiptIssued.event_type, ReceiptVoided.event_type]
    assert told[1].read_as(ReceiptVoided).cause == "chargeback"


async def test_a_cancelled_refund_has_a_void_receipt_and_the_payments_stands(
    harness: ServiceHarness, practice: Practice
) -> None:
    """RCP-3, PAY-5."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    refund = practice.refunded(payment, invoice, 5_000)
    await harness.deliver(invoice, payment, refund, practice.refund_cancelled(refund))
    undone = await receipt_of(harness, practice, refund.transaction_id)
    stands = await receipt_of(harness, practice, payment.transaction_id)
    assert undone is not None
    assert stands is not None
    assert (undone.state, stands.state) == ("void", "pending")


@pytest.mark.rule("INV-7.1")
async def test_numbers_have_no_gap_when_batches_of_a_clinic_come_at_once(
    harness: ServiceHarness, practice: Practice
) -> None:
    """INV-7: eight partitions, each with refused, waiting and good payments of the same clinic."""
    patients = [Practice(clinic_id=practice.clinic_id) for _ in range(8)]
    await harness.deliver(*(patient.registered() for patient in patients))
    batches = []
    for patient in patients:
        stranger = Practice(clinic_id=practice.clinic_id)
        good = [patient.paid(None, 0, credit=100 + number) for number in range(5)]
        batches.append([*good[:2], stranger.paid(None, 0, credit=1), *good[2:]])
    await asyncio.gather(*(harness.deliver(*batch) for batch in batches))
    async with harness.database.reading([practice.clinic_id]) as connection:
        counts = (await prove_receipts(connection, practice.clinic_id)).counts
    assert [counts[name] for name in ("receipts", "highest_serial", "last_number")] == [40, 40, 40]


@pytest.mark.rule("RCP-1.1")
async def test_a_receipt_is_frozen_whatever_the_patient_and_the_clinic_change_afterwards(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-1."""
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    await harness.deliver(
        practice.configured(version=2, name="Renamed Dental"), practice.registered(version=2, family_name="Other")
    )
    receipt = await receipt_of(harness, practice, payment.transaction_id)
    assert receipt is not None
    async with harness.database.reading([practice.clinic_id]) as connection:
        content = await receipts.content_of(connection, receipt.receipt_id)
    assert content["patient"]["name"] == "Andrés Muñoz"
    assert content["clinic_version"] == 1
    await render_all(rendering)


async def test_older_details_that_come_late_change_nothing(harness: ServiceHarness, practice: Practice) -> None:
    await harness.deliver(
        practice.registered(version=3, language="fr-CA"), practice.registered(version=2, language="de")
    )
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    receipt = await receipt_of(harness, practice, payment.transaction_id)
    assert receipt is not None
    assert receipt.language == "fr-CA"


@pytest.mark.rule("RCP-9.1")
async def test_each_receipt_has_the_figures_of_its_own_transaction_whenever_it_is_read(
    harness: ServiceHarness, practice: Practice
) -> None:
    """RCP-9: the later payment is heard of first, and a service that is behind hears of both at once."""
    invoice = practice.invoiced()
    first, second = practice.paid(invoice, 10_000), practice.paid(invoice, 5_000)
    owed_after = {first.transaction_id: "247.75", second.transaction_id: "197.75"}
    told = [
        one.model_copy(
            update={
                "settlements": (
                    one.settlements[0].model_copy(
                        update={"outstanding": Amount(amount=owed_after[one.transaction_id], currency="USD")}
                    ),
                )
            }
        )
        for one in (second, first)
    ]
    await harness.deliver(invoice, *told, practice.cancelled(second))
    for transaction_id, owed in owed_after.items():
        receipt = await receipt_of(harness, practice, transaction_id)
        assert receipt is not None
        async with harness.database.reading([practice.clinic_id]) as connection:
            (settled,) = (await receipts.content_of(connection, receipt.receipt_id))["settled"]
        assert settled["outstanding"]["minor"] == int(owed.replace(".", ""))
