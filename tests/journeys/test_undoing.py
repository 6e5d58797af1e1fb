"""What is undone: refunds, cancellations, both in turn, and a void that crosses a payment."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from local_stack.practice.api import Api
from local_stack.practice.ledger import derived_id
from local_stack.practice.problems import Refused
from local_stack.practice.story import Story, until


async def test_a_refund_leaves_the_invoice_as_settled_as_it_was(story: Story) -> None:
    """PAY-4, RCP-1."""
    await story.happen(20_000)
    payment = await story.desk.pay(20_000, "bank_card")
    await story.settled(0, "paid")
    refund = await story.desk.refund(payment, 5_000, "complaint", "crown came loose again")
    receipt = await story.receipt(refund)
    assert receipt["kind"] == "refund"
    await story.settled(0, "paid")
    assert await story.credit() == 0
    await story.messages("payment_refunded")


@pytest.mark.rule("RCP-3.1")
async def test_a_cancelled_payment_is_owed_again_and_its_receipt_is_void(story: Story, api: Api) -> None:
    """PAY-5, RCP-3."""
    await story.happen(8_400)
    payment = await story.desk.pay(4_800, "check")
    receipt = await story.receipt(payment)
    path = f"/v1/receipts/{receipt['id']}/pdf"
    original = await api.document("receipts", story.clinic_id, path)
    await story.desk.cancel(payment, "typed 48.00 for 84.00")
    await story.settled(8_400, "issued")
    await story.receipt(payment, "void")
    assert await api.document("receipts", story.clinic_id, f"{path}?original=true") == original
    assert await api.document("receipts", story.clinic_id, path) != original
    await story.messages("payment_cancelled")


async def test_a_refunded_payment_is_cancelled_only_after_its_refund(story: Story, api: Api) -> None:
    """PAY-5."""
    await story.happen(9_000)
    payment = await story.desk.pay(9_000, "cash")
    await story.settled(0, "paid")
    refund = await story.desk.refund(payment, 2_000, "treatment_changed", "second visit was not needed")
    with pytest.raises(Refused) as refused:
        await story.desk.cancel(payment, "wrong patient")
    assert refused.value.status == 409
    await cancel_refund(story, api, refund)
    await story.settled(0, "paid")
    await story.desk.cancel(payment, "wrong patient")
    await story.settled(9_000, "issued")


async def test_cancelling_twice_is_one_cancellation(story: Story) -> None:
    """PAY-5."""
    await story.happen(3_000)
    payment = await story.desk.pay(3_000, "cash")
    await asyncio.gather(*(story.desk.cancel(payment, "by mistake") for _ in range(2)), return_exceptions=True)
    await story.settled(3_000, "issued")
    assert await story.credit() == 0


async def test_refund_and_cancellation_at_once_leave_exactly_one(story: Story) -> None:
    """PAY-5."""
    await story.happen(7_000)
    payment = await story.desk.pay(7_000, "bank_card")
    attempts = [story.desk.refund(payment, 1_000, "goodwill", "long wait"), story.desk.cancel(payment, "by mistake")]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(Refused) == 1
    if isinstance(outcomes[1], Refused):
        await story.settled(0, "paid")
    else:
        await story.settled(7_000, "issued")


async def test_credit_applied_by_mistake_is_credit_again_and_the_invoice_asks_again(story: Story, api: Api) -> None:
    """PAY-5: in payments and invoicing, whose story of the invoice tells both; then it can be used where it belongs."""
    await story.happen(6_000)
    before = await story.credit()
    await api.post("payments", story.clinic_id, "/v1/payments", deposit(story, "45.00"), uuid4())
    applied = await apply(story, api)
    await story.settled(1_500, "partially_paid")
    path = f"/v1/transactions/{applied}/cancellation"
    undone = (await api.post("payments", story.clinic_id, path, {"reason": "the wrong invoice"}, uuid4())).body
    assert (undone["kind"], undone["reverses_id"]) == ("application_cancellation", applied)
    await story.settled(6_000, "issued")
    assert await story.credit() == before + 4_500
    steps = (await api.get("invoicing", story.clinic_id, f"/v1/invoices/{story.scene.invoice_id}/story")).body["steps"]
    (step,) = [one for one in steps if one["kind"] == "application_cancellation"]
    assert step["reason"] == "the wrong invoice"
    await apply(story, api)
    await story.settled(1_500, "partially_paid")


async def test_an_application_cancelled_against_a_void_gives_its_credit_once(story: Story, api: Api) -> None:
    """PAY-5, PAY-11: whichever comes first, and invoicing converges."""
    for _ in range(3):
        await story.happen(2_500)
        before = await story.credit()
        await api.post("payments", story.clinic_id, "/v1/payments", deposit(story, "25.00"), uuid4())
        applied = await apply(story, api)
        path = f"/v1/transactions/{applied}/cancellation"
        undoing = api.post("payments", story.clinic_id, path, {"reason": "the wrong invoice"}, uuid4())
        _, voided = await asyncio.gather(undoing, story.desk.void("another patient's"), return_exceptions=True)
        await until(partial(_has_credit, story, before + 2_500), "the credit that had been applied")
        await story.settled(
            2_500 if isinstance(voided, Refused) else 0, "issued" if isinstance(voided, Refused) else "void"
        )


def deposit(story: Story, amount: str) -> dict[str, Any]:
    return {
        "patient_id": str(story.scene.patient.id),
        "amount": {"amount": amount, "currency": "USD"},
        "method": "cash",
    }


async def apply(story: Story, api: Api) -> str:
    """Settle the invoice of the story from the patient's credit; returns the application."""
    body = {"allocations": [{"invoice_id": str(story.scene.invoice_id)}], "reason": "as agreed"}
    path = f"/v1/patients/{story.scene.patient.id}/credit/applications"
    made: str = (await api.post("payments", story.clinic_id, path, body, uuid4())).body["id"]
    return made


@pytest.mark.rule("INV-8.2")
async def test_an_invoice_with_money_on_it_is_not_voided(story: Story) -> None:
    """INV-8."""
    await story.happen(4_000)
    await story.desk.pay(1_000, "cash")
    await story.settled(3_000, "partially_paid")
    with pytest.raises(Refused) as refused:
        await story.desk.void("meant for another patient")
    assert refused.value.status == 409


async def test_a_payment_that_crosses_a_void_becomes_credit(story: Story, api: Api) -> None:
    """PAY-11: whichever of the two comes first, no money is lost and both services agree."""
    for _ in range(5):
        await story.happen(2_500)
        before = await story.credit()
        paid, voided = await asyncio.gather(
            story.desk.pay(2_500, "cash"), story.desk.void("meant for another patient"), return_exceptions=True
        )
        assert not isinstance(paid, BaseException) or not isinstance(voided, BaseException)
        expected = 0 if isinstance(paid, Refused) or isinstance(voided, Refused) else 2_500
        await until(partial(_has_credit, story, before + expected), "the credit of the crossed payment")
        invoice = (await api.get("invoicing", story.clinic_id, f"/v1/invoices/{story.scene.invoice_id}")).body
        assert invoice["status"] == ("void" if not isinstance(voided, Refused) else invoice["status"])


async def _has_credit(story: Story, cents: int) -> bool:
    return await story.credit() == cents


async def cancel_refund(story: Story, api: Api, refund: str) -> Any:
    path = f"/v1/refunds/{refund}/cancellation"
    key = derived_id("cancel-refund", refund)
    return await api.post("payments", story.clinic_id, path, {"reason": "the money was not given back"}, key)
