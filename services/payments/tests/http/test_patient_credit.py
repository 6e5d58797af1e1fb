"""Patient credit: topped up, applied, withdrawn, transferred, never negative (PAY-3)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import CreditApplied, PaymentRefunded
from payments_desk import FrontDesk, good, problem, usd


async def apply(desk: FrontDesk, **body: Any) -> httpx.Response:
    body = {"reason": "as agreed"} | body
    return await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json=body)


async def transfer(desk: FrontDesk, to: UUID, amount: str) -> httpx.Response:
    body = {"to_patient_id": str(to), "amount": usd(amount), "reason": "family"}
    return await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body)


async def test_credit_settles_the_oldest_due_first(desk: FrontDesk) -> None:
    later = await desk.invoice("50.00", due=date(2027, 1, 31))
    sooner = await desk.invoice("30.00", due=date(2026, 12, 1))
    await desk.paid("20.00")
    await desk.paid("25.00")
    applied = good(await apply(desk), 201)
    assert applied["amount"] == usd("45.00")
    assert (await desk.outstanding(sooner), await desk.outstanding(later)) == ("0.00", "35.00")
    assert await desk.credit() == "0.00"
    (event,) = await desk.events(CreditApplied)
    assert event.patient_credit_change.amount == "-45.00"
    assert len({settlement.payment_id for settlement in event.settlements}) == 2


@pytest.mark.rule("PAY-3.1")
async def test_credit_settles_the_invoice_named_as_far_as_told(desk: FrontDesk) -> None:
    first, second = await desk.invoice("50.00"), await desk.invoice("30.00")
    await desk.paid("60.00")
    good(await apply(desk, allocations=[{"invoice_id": str(second), "amount": usd("10.00")}]), 201)
    good(await apply(desk, amount=usd("5.00")), 201)
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("45.00", "20.00")
    assert await desk.credit() == "45.00"
    read = good(await desk.client.get("/v1/payments", params={"invoice_id": str(second)}))
    assert read["items"][0]["allocations"][0]["invoice_number"] in ("INV-000001", "INV-000002")


@pytest.mark.rule("PAY-3.4")
async def test_credit_that_is_not_there_is_not_spent(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    problem(await apply(desk), 409, "nothing-to-settle")
    await desk.paid("10.00")
    refused = problem(
        await apply(desk, allocations=[{"invoice_id": str(invoice), "amount": usd("10.01")}]),
        422,
        "credit-insufficient",
    )
    assert refused["balance"] == usd("10.00")
    problem(await apply(desk, allocations=[{"invoice_id": str(new_id())}]), 404, "invoice-unknown")
    problem(await apply(desk, amount={"amount": "1.00", "currency": "EUR"}), 422, "wrong-currency")


@pytest.mark.rule("PAY-3.3", "PAY-3.5")
async def test_credit_is_transferred_by_two_linked_transactions(desk: FrontDesk) -> None:
    sister = new_id()
    await desk.paid("30.00")
    sides = good(await transfer(desk, sister, "12.00"), 201)
    assert sides["out"]["linked_id"] == sides["into"]["id"]
    assert sides["into"]["linked_id"] == sides["out"]["id"]
    assert (await desk.credit(), await desk.credit(sister)) == ("18.00", "12.00")
    problem(await transfer(desk, sister, "18.01"), 422, "credit-insufficient")
    problem(await transfer(desk, desk.patient_id, "1.00"), 422, "same-patient")
    problem(await transfer(desk, sister, "0.00"), 422, "amount-not-positive")
    for side, patient in (("out", desk.patient_id), ("into", sister)):
        shown = good(await desk.client.get(f"/v1/transactions/{sides[side]['id']}"))
        assert shown["patient_id"] == str(patient)
    assert [line["change"] for line in await desk.account(sister)] == [usd("-12.00")]
    assert [line["kind"] for line in await desk.account()] == ["payment", "credit_transfer_out"]


@pytest.mark.rule("PAY-3.2")
async def test_credit_is_withdrawn_by_a_refund(desk: FrontDesk) -> None:
    payment = await desk.paid("30.00")
    good(await desk.refund(payment["id"], "30.00", "overpayment"), 201)
    assert await desk.credit() == "0.00"


async def withdraw(desk: FrontDesk, amount: str, /, **more: Any) -> httpx.Response:
    body = {"amount": usd(amount), "reason": "moves away"} | more
    return await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/withdrawals", json=body)


async def read_credit(desk: FrontDesk, patient_id: UUID | None = None) -> dict[str, Any]:
    return good(await desk.client.get(f"/v1/patients/{patient_id or desk.patient_id}/credit"))


async def parts(desk: FrontDesk, patient_id: UUID | None = None, **query: str) -> list[dict[str, Any]]:
    path = f"/v1/patients/{patient_id or desk.patient_id}/credit/parts"
    found: list[dict[str, Any]] = good(await desk.client.get(path, params=query))["items"]
    return found


@pytest.mark.rule("PAY-3.2")
async def test_withdrawal_refunds_the_payments_that_hold_the_credit_oldest_first(desk: FrontDesk) -> None:
    invoice = await desk.invoice("25.00")
    first = await desk.paid("30.00", invoice, allow_overpayment=True)
    second = await desk.paid("10.00", method="bank_card")
    third = await desk.paid("20.00")
    done = good(await withdraw(desk, "18.00"), 201)
    assert [(refund["payment_id"], refund["amount"]["amount"], refund["method"]) for refund in done["refunds"]] == [
        (first["id"], "5.00", "cash"),
        (second["id"], "10.00", "bank_card"),
        (third["id"], "3.00", "cash"),
    ]
    assert {(refund["reason"], refund["reason_code"]) for refund in done["refunds"]} == {("moves away", "overpayment")}
    assert (await desk.credit(), await desk.outstanding(invoice)) == ("17.00", "0.00")
    events = await desk.events(PaymentRefunded)
    assert [event.patient_credit_balance.amount for event in events] == ["30.00", "20.00", "17.00"]
    assert [event.refunded_so_far.amount for event in events] == ["5.00", "10.00", "3.00"]


async def test_withdrawal_is_never_more_than_the_credit(desk: FrontDesk) -> None:
    await desk.paid("10.00")
    refused = problem(await withdraw(desk, "10.01"), 422, "credit-insufficient")
    assert refused["balance"] == usd("10.00")
    problem(await withdraw(desk, "0.00"), 422, "amount-not-positive")
    problem(await withdraw(desk, "1.00", amount={"amount": "1.00", "currency": "EUR"}), 422, "wrong-currency")
    problem(await withdraw(desk, "1.00", method="other"), 422, "invalid-request")
    async with desk.person("clerk:bo", "payments:read payments:write") as clerk:
        path = f"/v1/patients/{desk.patient_id}/credit/withdrawals"
        problem(await clerk.post(path, json={"amount": usd("1.00"), "reason": "moves away"}), 403, "insufficient-scope")
    assert await desk.credit() == "10.00"
    assert await desk.events(PaymentRefunded) == []


async def test_withdrawals_at_once_never_return_more_than_there_is(desk: FrontDesk) -> None:
    await desk.paid("10.00")
    await desk.paid("15.00")
    answers = await asyncio.gather(*(withdraw(desk, "10.00") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422, 422, 422]
    assert await desk.credit() == "5.00"


async def test_credit_says_whose_money_it_is_and_for_which_plan(desk: FrontDesk) -> None:
    plan, sister = new_id(), new_id()
    payer = {"kind": "third_party", "name": "Aunt May"}
    first = await desk.paid("30.00", treatment_plan_id=str(plan), payer=payer)
    second = await desk.paid("20.00")
    third = await desk.paid("5.00", treatment_plan_id=str(plan))
    found = await read_credit(desk)
    assert found["balance"] == usd("55.00")
    assert found["by_treatment_plan"] == [{"treatment_plan_id": str(plan), "amount": usd("35.00")}]
    listed = await parts(desk)
    assert [(one["payment_id"], one["amount"]["amount"]) for one in listed] == [
        (first["id"], "30.00"),
        (second["id"], "20.00"),
        (third["id"], "5.00"),
    ]
    assert listed[0]["payer"]["name"] == "Aunt May"
    assert await parts(desk, treatment_plan_id=str(plan)) == [listed[0], listed[2]]
    page = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/credit/parts", params={"limit": "2"}))
    assert await parts(desk, cursor=page["next"]) == [listed[2]]
    good(await transfer(desk, sister, "10.00"), 201)
    (given,) = await parts(desk, sister)
    assert (given["payment_id"], given["paid_for"], given["amount"]) == (
        first["id"],
        str(desk.patient_id),
        usd("10.00"),
    )
    assert (await read_credit(desk, sister))["by_treatment_plan"][0]["amount"] == usd("10.00")


async def test_deposit_for_a_plan_settles_that_plans_invoices_before_other_credit(desk: FrontDesk) -> None:
    plan = new_id()
    untied = await desk.paid("50.00")
    tied = await desk.paid("40.00", treatment_plan_id=str(plan))
    invoice = await desk.invoice("60.00", plan=plan)
    applied = good(await apply(desk, allocations=[{"invoice_id": str(invoice)}]), 201)
    assert [(settlement["payment_id"], settlement["change"]["amount"]) for settlement in applied["settlements"]] == [
        (tied["id"], "40.00"),
        (untied["id"], "20.00"),
    ]


async def test_deposit_for_a_plan_is_not_spent_on_other_invoices_by_itself(desk: FrontDesk) -> None:
    plan = new_id()
    await desk.paid("40.00", treatment_plan_id=str(plan))
    await desk.paid("10.00")
    cleaning = await desk.invoice("30.00", due=date(2026, 12, 1))
    planned = await desk.invoice("25.00", due=date(2027, 1, 31), plan=plan)
    good(await apply(desk, reason="month's end"), 201)
    assert (await desk.outstanding(cleaning), await desk.outstanding(planned)) == ("20.00", "0.00")
    assert (await desk.credit(), (await read_credit(desk))["by_treatment_plan"][0]["amount"]) == ("15.00", usd("15.00"))
    problem(await apply(desk), 409, "nothing-to-settle")
    # Where the clerk names the invoice, it is the clerk's decision.
    good(await apply(desk, allocations=[{"invoice_id": str(cleaning), "amount": usd("15.00")}]), 201)
    assert (await desk.outstanding(cleaning), await desk.credit()) == ("5.00", "0.00")


async def test_deposits_of_one_plan_can_be_withdrawn_alone(desk: FrontDesk) -> None:
    plan = new_id()
    await desk.paid("30.00")
    deposit = await desk.paid("20.00", treatment_plan_id=str(plan))
    refused = problem(await withdraw(desk, "20.01", treatment_plan_id=str(plan)), 422, "credit-insufficient")
    assert refused["balance"] == usd("20.00")
    (refund,) = good(await withdraw(desk, "20.00", treatment_plan_id=str(plan)), 201)["refunds"]
    assert refund["payment_id"] == deposit["id"]


async def test_what_an_insurer_overpaid_is_not_withdrawn_by_the_patient(desk: FrontDesk) -> None:
    """INS-4: it is the insurer's credit."""
    invoice = await desk.invoice("40.00")
    payer = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}
    await desk.paid("50.00", invoice, payer=payer, method="insurance", allow_overpayment=True)
    await desk.paid("5.00")
    refused = problem(await withdraw(desk, "5.01"), 422, "credit-insufficient")
    assert refused["balance"] == usd("5.00")
    (refund,) = good(await withdraw(desk, "5.00"), 201)["refunds"]
    assert refund["payer"]["kind"] == "patient"
