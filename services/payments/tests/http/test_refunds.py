"""Refunds return money and never raise what an invoice asks for (PAY-4)."""

from __future__ import annotations

import pytest
from contracts.payments import PaymentRefunded, RefundCancelled
from payments_desk import FrontDesk, good, problem, usd


@pytest.mark.rule("PAY-4.1", "PAY-4.2", "PAY-4.3")
async def test_refund_takes_the_unallocated_part_first(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("80.00", invoice, allow_overpayment=True)
    refund = good(await desk.refund(payment["id"], "20.00", "overpayment"), 201)
    assert refund["settlements"] == []
    assert refund["patient_credit_change"] == usd("-20.00")
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "10.00")
    (event,) = await desk.events(PaymentRefunded)
    assert (event.refunded_so_far.amount, event.patient_credit_balance.amount) == ("20.00", "10.00")


@pytest.mark.rule("PAY-4.5")
async def test_refund_beyond_the_unallocated_part_comes_with_a_credit_note(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("60.00", invoice, allow_overpayment=True)
    refund = good(await desk.refund(payment["id"], "25.00", "treatment_changed"), 201)
    (settlement,) = refund["settlements"]
    assert (settlement["change"], settlement["credited"]) == (usd("-15.00"), usd("15.00"))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "0.00")
    (event,) = await desk.events(PaymentRefunded)
    assert event.settlements[0].credited.amount == "15.00"
    assert event.settlements[0].outstanding.amount == "0.00"


async def test_credit_note_of_a_refund_is_not_counted_twice(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("40.00", invoice)
    refund = good(await desk.refund(payment["id"], "15.00"), 201)
    await desk.harness.deliver(desk.credit_note(invoice, "15.00", refund_id=refund["id"]))
    assert await desk.outstanding(invoice) == "10.00"
    good(await desk.cancel_refund(refund["id"]), 201)
    await desk.harness.deliver(desk.debit_note(invoice, "15.00", refund_id=refund["id"]))
    assert await desk.outstanding(invoice) == "10.00"


@pytest.mark.rule("PAY-4.4")
async def test_refund_of_what_settled_an_invoice_needs_a_reason(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("60.00", invoice, allow_overpayment=True)
    refused = problem(await desk.refund(payment["id"], "10.01", "overpayment"), 422, "refund-needs-reason")
    assert refused["unallocated"] == usd("10.00")


@pytest.mark.rule("PAY-4.1", "PAY-4.2", "PAY-4.6")
async def test_refund_larger_than_payment_is_refused(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("50.00", invoice)
    good(await desk.refund(payment["id"], "30.00"), 201)
    refused = problem(await desk.refund(payment["id"], "20.01"), 422, "refund-exceeds-payment")
    assert refused["refundable"] == usd("20.00")
    good(await desk.refund(payment["id"], "20.00"), 201)
    assert (await desk.payment(payment["id"]))["status"] == "refunded"
    assert await desk.outstanding(invoice) == "0.00"


async def test_refund_of_an_unknown_payment_or_a_bad_amount_is_refused(desk: FrontDesk) -> None:
    payment = await desk.paid("50.00")
    problem(await desk.refund(str(desk.patient_id), "1.00"), 404, "payment-unknown")
    problem(await desk.refund(payment["id"], "0.00"), 422, "amount-not-positive")
    problem(await desk.refund(payment["id"], "1.00", amount={"amount": "1", "currency": "JPY"}), 422, "wrong-currency")
    problem(await desk.refund(payment["id"], "1.00", "other"), 422, "invalid-request")


@pytest.mark.rule("PAY-5.4")
async def test_cancelled_refund_makes_the_amount_refundable_again(desk: FrontDesk) -> None:
    """PAY-5."""
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("60.00", invoice, allow_overpayment=True)
    refund = good(await desk.refund(payment["id"], "25.00"), 201)
    cancelled = good(await desk.cancel_refund(refund["id"]), 201)
    (settlement,) = cancelled["settlements"]
    assert (settlement["change"], settlement["credited"]) == (usd("15.00"), usd("-15.00"))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "10.00")
    shown = await desk.payment(payment["id"])
    assert (shown["refundable"], shown["status"]) == (usd("60.00"), "recorded")
    assert [transaction["kind"] for transaction in shown["transactions"]] == ["refund", "refund_cancellation"]
    (event,) = await desk.events(RefundCancelled)
    assert str(event.refund_id) == refund["id"]


async def test_cancelling_a_refund_twice_is_one_cancellation(desk: FrontDesk) -> None:
    payment = await desk.paid("60.00")
    refund = good(await desk.refund(payment["id"], "25.00"), 201)
    first = good(await desk.cancel_refund(refund["id"]), 201)
    second = good(await desk.cancel_refund(refund["id"]), 200)
    assert second == first
    assert len(await desk.events(RefundCancelled)) == 1
    problem(await desk.cancel_refund(payment["id"]), 404, "refund-unknown")


async def test_refund_cancelled_after_its_invoice_became_void_is_credit(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("50.00", invoice)
    refund = good(await desk.refund(payment["id"], "50.00"), 201)
    await desk.harness.deliver(desk.voided(invoice))
    cancelled = good(await desk.cancel_refund(refund["id"]), 201)
    assert cancelled["settlements"] == []
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "50.00")
