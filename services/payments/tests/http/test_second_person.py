"""What needs a second person above the limit is the same for every way that money disappears (PAY-15)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import (
    CancellationApproved,
    CancellationRejected,
    CancellationRequested,
    PaymentCancelled,
    RefundRequested,
)
from payments_desk import FrontDesk, good, problem, usd


async def cancel_all(desk: FrontDesk, *transactions: dict[str, Any]) -> httpx.Response:
    body = {"transaction_ids": [transaction["id"] for transaction in transactions], "reason": "entered twice"}
    return await desk.client.post("/v1/transactions/cancellations", json=body)


async def decide(client: httpx.AsyncClient, request: dict[str, Any], decision: str, **body: Any) -> httpx.Response:
    return await client.post(f"/v1/refund-requests/{request['id']}/{decision}", json=body or None)


@pytest.mark.rule("PAY-15.1")
async def test_one_person_does_not_cancel_a_large_payment_alone(desk: FrontDesk) -> None:
    """A limit of 30 did not stop one person from cancelling 5,000.00 in cash."""
    await desk.limit_refunds("30.00")
    payment = await desk.paid("5000.00")
    asked = await desk.cancel(payment["id"])
    request = good(asked, 202)
    assert asked.headers["Location"] == f"/v1/refund-requests/{request['id']}"
    assert (request["kind"], request["state"], request["payment_id"]) == ("cancellation", "requested", payment["id"])
    assert (request["amount"], request["limit"], request["reason"]) == (usd("5000.00"), usd("30.00"), "entered twice")
    assert (request["reason_code"], request["transactions"]) == (None, [])
    assert (await desk.payment(payment["id"]))["status"] == "recorded"
    problem(await decide(desk.client, request, "approval"), 403, "second-person-needed")
    async with desk.person("manager:bo") as manager:
        done = good(await decide(manager, request, "approval"))
        assert good(await decide(manager, request, "approval")) == done
    (cancelled,) = done["transactions"]
    shown = good(await desk.client.get(f"/v1/transactions/{cancelled}"))
    assert (shown["kind"], shown["request_id"], shown["recorded_by"], shown["reason"]) == (
        "cancellation",
        request["id"],
        "manager:bo",
        "entered twice",
    )
    assert (await desk.payment(payment["id"]))["status"] == "cancelled"
    listed = good(await desk.client.get("/v1/refund-requests", params={"state": "completed"}))["items"]
    assert listed == [done]
    (told,), (approved,) = await desk.events(CancellationRequested), await desk.events(CancellationApproved)
    assert (told.by.subject, told.limit.amount, told.amount.amount) == ("clerk:ada", "30.00", "5000.00")
    assert (approved.by.subject, approved.requested_by, str(approved.transaction_id)) == (
        "manager:bo",
        "clerk:ada",
        cancelled,
    )
    assert await desk.events(RefundRequested) == []
    assert good(await desk.cancel(payment["id"]), 200)["id"] == cancelled


async def test_it_is_rejected_or_withdrawn_like_a_refund(desk: FrontDesk) -> None:
    await desk.limit_refunds("30.00")
    payment = await desk.paid("50.00")
    first, second = [good(await desk.cancel(payment["id"]), 202) for _ in range(2)]
    async with desk.person("manager:bo") as manager:
        good(await decide(manager, first, "rejection", reason="it did come"))
        problem(await decide(manager, second, "withdrawal", reason="x"), 403, "not-the-requester")
    good(await decide(desk.client, second, "withdrawal", reason="asked twice"))
    assert [event.outcome for event in await desk.events(CancellationRejected)] == ["rejected", "withdrawn"]
    assert (await desk.payment(payment["id"]))["status"] == "recorded"


async def test_what_cannot_be_cancelled_any_more_is_refused_at_the_approval(desk: FrontDesk) -> None:
    await desk.limit_refunds("30.00")
    payment = await desk.paid("50.00", method="check")
    first, second = [good(await desk.cancel(payment["id"]), 202) for _ in range(2)]
    async with desk.person("manager:bo") as manager:
        good(await decide(manager, first, "approval"))
        problem(await decide(manager, second, "approval"), 409, "payment-reversed")
        good(await decide(manager, second, "rejection", reason="done before"))


async def test_any_cancellation_of_one_is_asked_for_the_same_way(desk: FrontDesk) -> None:
    await desk.limit_refunds("30.00")
    payment = await desk.paid("50.00")
    path = f"/v1/transactions/{payment['id']}/cancellation"
    request = good(await desk.client.post(path, json={"reason": "entered twice"}), 202)
    assert (request["kind"], request["amount"]) == ("cancellation", usd("50.00"))


async def test_a_selection_that_is_too_much_names_each_payment(desk: FrontDesk) -> None:
    """PAY-7: refunds in it do not count once they are cancelled; what moves no money out is none of it."""
    await desk.limit_refunds("30.00")
    large, small = await desk.paid("31.00"), await desk.paid("20.00", patient_id=str(new_id()))
    refused = problem(await cancel_all(desk, small, large), 409, "selection-refused")
    (one,) = refused["errors"]
    assert (one["field"], one["transaction_id"]) == ("transaction_ids[1]", large["id"])
    assert one["type"].endswith(":cancellation-needs-approval")
    assert (one["refunded_with_it"], one["limit"]) == (usd("31.00"), usd("30.00"))
    good(await cancel_all(desk, small), 201)
    assert len(await desk.events(PaymentCancelled)) == 1


@pytest.mark.rule("PAY-15.1")
async def test_refunds_withdrawals_and_cancellations_of_a_day_count_together(desk: FrontDesk) -> None:
    await desk.limit_refunds("30.00")
    payments = [await desk.paid("20.00") for _ in range(4)]
    good(await desk.cancel(payments[0]["id"]), 201)
    good(await desk.cancel(payments[1]["id"]), 202)
    good(await desk.refund(payments[1]["id"], "11.00"), 202)
    good(await desk.refund(payments[1]["id"], "10.00"), 201)
    url = f"/v1/patients/{desk.patient_id}/credit/withdrawals"
    good(await desk.client.post(url, json={"amount": usd("1.00"), "reason": "moves away"}), 202)
    refused = problem(await cancel_all(desk, *payments[2:]), 409, "selection-refused")
    assert [error["transaction_id"] for error in refused["errors"]] == [payment["id"] for payment in payments[2:]]


@pytest.mark.rule("PAY-15.1")
async def test_what_the_bank_takes_and_what_comes_back_needs_nobody(desk: FrontDesk) -> None:
    """PAY-6: a chargeback is the bank's; a refund cancelled, and credit taken back, bring money in."""
    invoice = await desk.invoice("50.00")
    payment, check = await desk.paid("100.00"), await desk.paid("100.00", method="check")
    refund = good(await desk.refund(payment["id"], "60.00"), 201)
    body = {"allocations": [{"invoice_id": str(invoice)}], "reason": "as agreed"}
    applied = good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json=body), 201)
    await desk.limit_refunds("30.00")
    good(await desk.charge_back(check["id"]), 201)
    good(await cancel_all(desk, refund, applied), 201)


@pytest.mark.parametrize("other", ["CLERK:Ada", " clerk:ada", "clerk:ada ", "Clerk:ADA", "clerk: ada", "c l e r k:ada"])
async def test_a_name_written_otherwise_is_the_same_person(desk: FrontDesk, other: str) -> None:
    await desk.limit_refunds("30.00")
    payment = await desk.paid("50.00")
    for request in (good(await desk.cancel(payment["id"]), 202), good(await desk.refund(payment["id"], "40.00"), 202)):
        async with desk.person(other) as again:
            problem(await decide(again, request, "approval"), 403, "second-person-needed")
            problem(await decide(again, request, "rejection", reason="x"), 403, "second-person-needed")
            good(await decide(again, request, "withdrawal", reason="x"))


@pytest.mark.parametrize("_round", range(3))
async def test_cancellations_and_refunds_at_once_are_made_up_to_the_limit(desk: FrontDesk, _round: int) -> None:
    await desk.limit_refunds("30.00")
    payments = [await desk.paid("20.00") for _ in range(4)]
    answers = await asyncio.gather(
        *(desk.cancel(payment["id"]) for payment in payments[:3]), desk.refund(payments[3]["id"], "20.00")
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 202: 3}
