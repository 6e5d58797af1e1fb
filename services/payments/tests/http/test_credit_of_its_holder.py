"""Credit goes back to whoever holds it now, in that patient's account and on that patient's receipt (PAY-21)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentRefunded, RefundCancelled
from payments_desk import FrontDesk, good, problem, usd


async def transfer(desk: FrontDesk, giver: UUID, taker: UUID, amount: str) -> dict[str, Any]:
    body = {"to_patient_id": str(taker), "amount": usd(amount), "reason": "family"}
    return good(await desk.client.post(f"/v1/patients/{giver}/credit/transfers", json=body), 201)


async def withdraw(desk: FrontDesk, patient: UUID, amount: str) -> httpx.Response:
    body = {"amount": usd(amount), "reason": "moves away"}
    return await desk.client.post(f"/v1/patients/{patient}/credit/withdrawals", json=body)


async def withdrawn(desk: FrontDesk, patient: UUID, amount: str) -> dict[str, Any]:
    (refund,) = good(await withdraw(desk, patient, amount), 201)["refunds"]
    found: dict[str, Any] = refund
    return found


async def kinds(desk: FrontDesk, patient: UUID) -> list[str]:
    return [line["kind"] for line in await desk.account(patient)]


@pytest.mark.rule("PAY-21.1", "PAY-21.2")
async def test_what_another_gave_is_refunded_to_its_holder_and_comes_back_to_them(desk: FrontDesk) -> None:
    """W3: Eve deposits 100 and gives Dee 40; Dee's refund is Dee's, and cancelled, Dee has the 40 again."""
    eve, dee = desk.patient_id, new_id()
    payment = await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    refund = await withdrawn(desk, dee, "40.00")
    assert (refund["patient_id"], refund["payment_id"]) == (str(dee), payment["id"])
    assert refund["patient_credit_change"] == usd("-40.00")
    assert (await desk.credit(eve), await desk.credit(dee)) == ("60.00", "0.00")
    assert await kinds(desk, eve) == ["payment", "credit_transfer_out"]
    assert await kinds(desk, dee) == ["credit_transfer_in", "refund"]
    assert (await desk.account(dee))[-1]["balance"] == usd("0.00")
    undone = good(await desk.cancel_refund(refund["id"]), 201)
    assert (undone["patient_id"], undone["patient_credit_change"]) == (str(dee), usd("40.00"))
    assert (await desk.credit(eve), await desk.credit(dee)) == ("60.00", "40.00")
    (told,), (taken_back,) = await desk.events(PaymentRefunded), await desk.events(RefundCancelled)
    assert {told.patient_id, taken_back.patient_id} == {dee}
    assert (told.patient_credit_change.amount, told.patient_credit_balance.amount) == ("-40.00", "0.00")
    assert (await desk.payment(payment["id"]))["refundable"] == usd("60.00")


@pytest.mark.rule("PAY-21.1", "PAY-21.2")
async def test_credit_handed_on_twice_is_the_last_ones(desk: FrontDesk) -> None:
    eve, dee, fay = desk.patient_id, new_id(), new_id()
    await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    await transfer(desk, dee, fay, "30.00")
    refund = await withdrawn(desk, fay, "20.00")
    assert refund["patient_id"] == str(fay)
    assert await kinds(desk, fay) == ["credit_transfer_in", "refund"]
    good(await desk.client.post(f"/v1/transactions/{refund['id']}/cancellation", json={"reason": "wrong"}), 201)
    assert [await desk.credit(id_) for id_ in (eve, dee, fay)] == ["60.00", "10.00", "30.00"]


async def test_withdrawal_over_own_and_given_credit_is_all_the_holders(desk: FrontDesk) -> None:
    eve, dee = desk.patient_id, new_id()
    await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    await desk.paid("10.00", patient_id=str(dee))
    refunds = good(await withdraw(desk, dee, "45.00"), 201)["refunds"]
    assert [(refund["patient_id"], refund["amount"]) for refund in refunds] == [
        (str(dee), usd("40.00")),
        (str(dee), usd("5.00")),
    ]
    body = {"transaction_ids": [refund["id"] for refund in refunds], "reason": "wrong"}
    good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)
    assert (await desk.credit(eve), await desk.credit(dee)) == ("60.00", "50.00")


async def test_refund_of_the_givers_payment_leaves_the_other_patients_credit(desk: FrontDesk) -> None:
    """W3: what the giver holds and what is allocated goes back; beyond it the figures are named."""
    eve, dee = desk.patient_id, new_id()
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("100.00", invoice, allow_overpayment=True)
    await transfer(desk, eve, dee, "40.00")
    refused = problem(await desk.refund(payment["id"], "60.01"), 409, "credit-held-by-another-patient")
    assert (refused["refundable"], refused["held_by_others"]) == (usd("60.00"), usd("40.00"))
    assert refused["errors"][0]["field"] == "amount"
    assert str(dee) not in refused["detail"]
    assert "40.00 USD of it is another patient's credit" in refused["detail"]
    problem(await desk.refund(payment["id"], "100.01"), 422, "refund-exceeds-payment")
    needs = problem(await desk.refund(payment["id"], "10.01", "overpayment"), 422, "refund-needs-reason")
    assert needs["unallocated"] == usd("10.00")
    good(await desk.refund(payment["id"], "60.00"), 201)
    assert (await desk.credit(eve), await desk.credit(dee)) == ("0.00", "40.00")
    shown = await desk.payment(payment["id"])
    assert (shown["status"], shown["refundable"], shown["unallocated"]) == (
        "partly_refunded",
        usd("0.00"),
        usd("40.00"),
    )
    assert await kinds(desk, dee) == ["credit_transfer_in"]


async def test_selected_refund_of_all_that_is_left_leaves_the_other_patients_credit(desk: FrontDesk) -> None:
    eve, dee = desk.patient_id, new_id()
    payment = await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    body = {"refunds": [{"payment_id": payment["id"]}], "reason_code": "goodwill"}
    (refund,) = good(await desk.client.post("/v1/transactions/refunds", json=body), 201)["items"]
    assert refund["amount"] == usd("60.00")
    assert (await desk.credit(eve), await desk.credit(dee)) == ("0.00", "40.00")
    refused = problem(await desk.client.post("/v1/transactions/refunds", json=body), 409, "selection-refused")
    assert refused["errors"][0]["type"].endswith(":credit-held-by-another-patient")
    assert refused["errors"][0]["held_by_others"] == usd("40.00")


async def test_requested_withdrawal_is_the_holders_when_it_is_approved(desk: FrontDesk) -> None:
    eve, dee = desk.patient_id, new_id()
    await desk.limit_refunds("10.00")
    await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    request = good(await withdraw(desk, dee, "40.00"), 202)
    async with desk.person("manager:bo") as manager:
        done = good(await manager.post(f"/v1/refund-requests/{request['id']}/approval"))
    (refund_id,) = done["transactions"]
    shown = good(await desk.client.get(f"/v1/transactions/{refund_id}"))
    assert (shown["patient_id"], shown["request_id"]) == (str(dee), request["id"])
    assert (await desk.credit(eve), await desk.credit(dee)) == ("60.00", "0.00")


@pytest.mark.parametrize("undo", ["cancellation", "chargeback"])
async def test_payment_reversed_takes_what_another_holds_in_both_accounts(desk: FrontDesk, undo: str) -> None:
    """PAY-5: the money never came, or is gone, whoever has it; each account says so."""
    eve, dee = desk.patient_id, new_id()
    payment = await desk.paid("100.00", method="check")
    await transfer(desk, eve, dee, "40.00")
    good(await desk.client.post(f"/v1/payments/{payment['id']}/{undo}", json={"reason": "bounced"}), 201)
    assert (await desk.credit(eve), await desk.credit(dee)) == ("0.00", "0.00")
    assert await kinds(desk, dee) == ["credit_transfer_in", "credit_transfer_out"]
    assert await kinds(desk, eve) == ["payment", "credit_transfer_out", "credit_transfer_in", undo]


async def test_payment_with_its_holders_refund_standing_is_not_cancelled(desk: FrontDesk) -> None:
    eve, dee = desk.patient_id, new_id()
    payment = await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    refund = await withdrawn(desk, dee, "40.00")
    refused = problem(await desk.cancel(payment["id"]), 409, "refund-standing")
    assert refused["refund_ids"] == [refund["id"]]
    body = {"transaction_ids": [payment["id"], refund["id"]], "reason": "wrong"}
    good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)
    assert (await desk.credit(eve), await desk.credit(dee)) == ("0.00", "0.00")


async def test_insurers_money_goes_back_to_the_insurer_whoevers_invoice_it_was_on(desk: FrontDesk) -> None:
    """INS-4, PAY-21: what a credit note frees on another patient's invoice is the insurer's, held where it was paid."""
    other = new_id()
    invoice = await desk.invoice("50.00", patient_id=other)
    payer = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}
    payment = await desk.paid("50.00", invoice, payer=payer, method="insurance")
    await desk.harness.deliver(desk.credit_note(invoice, "20.00", patient_id=other))
    assert (await desk.payment(payment["id"]))["refundable"] == usd("50.00")
    refund = good(await desk.refund(payment["id"], "20.00", "overpayment"), 201)
    assert (refund["patient_id"], await desk.outstanding(invoice)) == (str(desk.patient_id), "0.00")
    good(await desk.cancel_refund(refund["id"]), 201)
    found = [good(await desk.client.get(f"/v1/patients/{id_}/credit")) for id_ in (desk.patient_id, other)]
    assert [[insurer["balance"] for insurer in of["insurers"]] for of in found] == [[usd("20.00")], []]


@pytest.mark.parametrize("_round", range(3))
async def test_withdrawals_refunds_and_transfers_at_once_pay_each_cent_once(desk: FrontDesk, _round: int) -> None:
    eve, dee = desk.patient_id, new_id()
    payment = await desk.paid("100.00")
    await transfer(desk, eve, dee, "40.00")
    body = {"to_patient_id": str(eve), "amount": usd("40.00"), "reason": "back"}
    answers = await asyncio.gather(
        withdraw(desk, dee, "40.00"),
        desk.refund(payment["id"], "100.00", "overpayment"),
        desk.client.post(f"/v1/patients/{dee}/credit/transfers", json=body),
        desk.refund(payment["id"], "60.00", "overpayment"),
    )
    assert {answer.status_code for answer in answers} <= {201, 409, 422}, [answer.text for answer in answers]
    left = (await desk.payment(payment["id"]))["unallocated"]
    refunded = sum(float(event.amount.amount) for event in await desk.events(PaymentRefunded))
    assert refunded + float(left["amount"]) == 100.0
