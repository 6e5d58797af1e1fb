"""Cancellations and chargebacks: the invoices ask again for what the payment had settled (PAY-5, PAY-6)."""

from __future__ import annotations

from typing import get_args

import pytest
from chassis.identifiers import new_id
from contracts.payments import CreditTransferred, PaymentCancelled, PaymentChargedBack
from payments.domain.transaction import Method
from payments_desk import FrontDesk, good, problem, usd


@pytest.mark.rule("PAY-5.1", "PAY-5.2")
async def test_cancelled_payment_raises_outstanding_by_exactly_its_allocations(desk: FrontDesk) -> None:
    first, second = await desk.invoice("40.00"), await desk.invoice("30.00")
    await desk.paid("10.00", first)
    payment = await desk.paid("65.00", first, second, allow_overpayment=True)
    assert await desk.credit() == "5.00"
    cancelled = good(await desk.cancel(payment["id"]), 201)
    assert cancelled["kind"] == "cancellation"
    assert cancelled["reason"] == "entered twice"
    assert cancelled["patient_credit_change"] == usd("-5.00")
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("30.00", "30.00")
    assert await desk.credit() == "0.00"
    (event,) = await desk.events(PaymentCancelled)
    assert {settlement.change.amount for settlement in event.settlements} == {"-30.00"}
    assert event.by.reason == "entered twice"


@pytest.mark.rule("PAY-5.10")
@pytest.mark.parametrize("given", [{}, {"reason": None}, {"reason": ""}, {"reason": "  "}, {"reason": "\u200b\u2060"}])
async def test_nothing_is_cancelled_without_a_reason(desk: FrontDesk, given: dict[str, str | None]) -> None:
    payment = await desk.paid("10.00")
    refund = good(await desk.refund(payment["id"], "1.00"), 201)
    for path in (
        f"/v1/payments/{payment['id']}/cancellation",
        f"/v1/refunds/{refund['id']}/cancellation",
        f"/v1/transactions/{refund['id']}/cancellation",
        f"/v1/payments/{payment['id']}/chargeback",
    ):
        refused = problem(await desk.client.post(path, json=given), 422, "invalid-request")
        assert [error["field"] for error in refused["errors"]] == ["reason"]
    assert (await desk.payment(payment["id"]))["refunded"] == usd("1.00")


@pytest.mark.rule("PAY-5.12")
async def test_cancelling_twice_is_one_cancellation(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("45.00", invoice, allow_overpayment=True)
    first = good(await desk.cancel(payment["id"]), 201)
    second = good(await desk.cancel(payment["id"]), 200)
    assert second == first
    assert len(await desk.events(PaymentCancelled)) == 1
    assert await desk.outstanding(invoice) == "40.00"


@pytest.mark.rule("PAY-5.3")
async def test_payment_with_a_standing_refund_is_not_cancelled_until_the_refund_is(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice)
    refund = good(await desk.refund(payment["id"], "10.00"), 201)
    refused = problem(await desk.cancel(payment["id"]), 409, "refund-standing")
    assert refused["refund_ids"] == [refund["id"]]
    good(await desk.cancel_refund(refund["id"]), 201)
    good(await desk.cancel(payment["id"]), 201)
    assert await desk.outstanding(invoice) == "40.00"


async def test_nothing_is_done_with_a_cancelled_payment(desk: FrontDesk) -> None:
    payment = await desk.paid("40.00")
    good(await desk.cancel(payment["id"]), 201)
    problem(await desk.refund(payment["id"], "1.00"), 409, "payment-reversed")
    problem(await desk.charge_back(payment["id"]), 409, "payment-reversed")
    problem(await desk.client.post(f"/v1/payments/{payment['id']}/cancellation", json={}), 422, "invalid-request")


@pytest.mark.rule("PAY-6.1", "PAY-6.2")
async def test_chargeback_raises_outstanding_and_stays_in_the_history(desk: FrontDesk) -> None:
    """PAY-6."""
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice, method="check")
    first = good(await desk.charge_back(payment["id"]), 201)
    assert good(await desk.charge_back(payment["id"]), 200) == first
    assert await desk.outstanding(invoice) == "40.00"
    shown = await desk.payment(payment["id"])
    assert (shown["status"], shown["transactions"][0]["kind"]) == ("charged_back", "chargeback")
    problem(await desk.cancel(payment["id"]), 409, "payment-reversed")
    (event,) = await desk.events(PaymentChargedBack)
    assert event.amount.amount == "40.00"


METHODS = {"bank_card": None, "bank_transfer": None, "check": None, "insurance": None, "other": "voucher"}


def test_every_method_but_cash_is_tried() -> None:
    assert {*METHODS, "cash"} == set(get_args(Method))


@pytest.mark.parametrize("method", METHODS)
async def test_a_bank_takes_back_what_came_in_any_way_but_cash(desk: FrontDesk, method: str) -> None:
    payment = await desk.paid("40.00", method=method, method_label=METHODS[method])
    good(await desk.charge_back(payment["id"]), 201)


@pytest.mark.rule("PAY-6.3")
async def test_no_bank_takes_cash_back(desk: FrontDesk) -> None:
    """PAY-6: else one person took any amount out of the drawer's sheet."""
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice)
    refused = problem(await desk.charge_back(payment["id"]), 422, "cash-charged-back")
    assert [error["field"] for error in refused["errors"]] == ["payment_id"]
    assert (refused["payment_id"], refused["method"]) == (payment["id"], "cash")
    shown = await desk.payment(payment["id"])
    assert (shown["status"], shown["transactions"], await desk.outstanding(invoice)) == ("recorded", [], "0.00")


async def test_chargeback_after_a_refund_reverses_what_was_left(desk: FrontDesk) -> None:
    """PAY-6: what had been refunded is the clinic's loss, not the patient's debt."""
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice, method="bank_card")
    refund = good(await desk.refund(payment["id"], "15.00"), 201)
    good(await desk.charge_back(payment["id"]), 201)
    assert await desk.outstanding(invoice) == "25.00"
    problem(await desk.cancel_refund(refund["id"]), 409, "payment-reversed")


@pytest.mark.rule("PAY-5.1")
async def test_cancellation_reaches_credit_that_others_hold_and_have_spent(desk: FrontDesk) -> None:
    """PAY-5: all its allocations, wherever they are."""
    sister = new_id()
    payment = await desk.paid("100.00")
    transfer = {"to_patient_id": str(sister), "amount": usd("60.00"), "reason": "for the sister"}
    good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=transfer), 201)
    invoice = await desk.invoice("25.00", patient_id=sister)
    good(await desk.client.post(f"/v1/patients/{sister}/credit/applications", json={"reason": "as agreed"}), 201)
    assert (await desk.credit(), await desk.credit(sister)) == ("40.00", "35.00")

    good(await desk.cancel(payment["id"]), 201)

    assert (await desk.credit(), await desk.credit(sister)) == ("0.00", "0.00")
    assert await desk.outstanding(invoice) == "25.00"
    moved = [(event.direction, event.patient_id, event.amount.amount) for event in await desk.events(CreditTransferred)]
    assert moved == [
        ("out", desk.patient_id, "60.00"),
        ("in", sister, "60.00"),
        ("out", sister, "35.00"),
        ("in", desk.patient_id, "35.00"),
    ]


async def test_a_chargeback_says_what_had_been_handed_out(desk: FrontDesk) -> None:
    """W19: 30 of 120 was refunded in cash before the check bounced; invoicing proposes to debit it (PAY-6)."""
    payment = await desk.paid("120.00", method="check")
    good(await desk.refund(payment["id"], "30.00", "overpayment"), 201)
    made = good(await desk.charge_back(payment["id"]), 201)
    assert made["lost"] == usd("30.00")
    (event,) = await desk.events(PaymentChargedBack)
    assert event.refunded_before.amount == "30.00"
