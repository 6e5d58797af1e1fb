"""Who is refused because of a figure that invoicing moves may wait for it, and is decided anew then (`PAY-11`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import httpx
import pytest
from chassis.database import Work
from chassis.http.idempotency import Claim
from payments_desk import FrontDesk, good, usd


async def refused_until(desk: FrontDesk, asked: Awaitable[httpx.Response], *events: Any) -> httpx.Response:
    """What is answered where these events arrive while the request waits: it is refused as long as they have not."""
    with desk.harness.patient(60.0):
        waiting = asyncio.ensure_future(asked)
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done, "answered before anything has arrived"
        await desk.harness.deliver(*events)
        return await waiting


async def test_paying_right_after_a_debit_note_waits_for_it(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    answer = await refused_until(desk, desk.pay("112.00", invoice), desk.debit_note(invoice, "12.00"))
    assert good(answer, 201)["allocations"][0]["amount"] == usd("112.00")


async def test_giving_back_what_a_credit_note_leaves_over_waits_for_it(desk: FrontDesk) -> None:
    """PAY-4, PAY-20: as overpayment, so that nothing is credited a second time."""
    invoice = await desk.invoice("100.00")
    payment = await desk.paid("100.00", invoice)
    asked = desk.refund(payment["id"], "30.00", "overpayment")
    answer = await refused_until(desk, asked, desk.credit_note(invoice, "30.00"))
    assert good(answer, 201)["settlements"] == []


async def test_a_selection_waits_for_the_same(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    payment = await desk.paid("100.00", invoice)
    body = {"refunds": [{"payment_id": payment["id"], "amount": usd("30.00")}], "reason_code": "overpayment"}
    asked = desk.client.post("/v1/transactions/refunds", json=body)
    good(await refused_until(desk, asked, desk.credit_note(invoice, "30.00")), 201)


async def test_credit_that_a_credit_note_is_about_to_give_is_waited_for(desk: FrontDesk) -> None:
    """PAY-3: withdrawn, or applied to another invoice."""
    path = f"/v1/patients/{desk.patient_id}/credit"
    for way, body in (
        ("withdrawals", {"amount": usd("30.00"), "reason_code": "overpayment", "reason": "x"}),
        ("applications", {"amount": usd("30.00"), "reason": "x"}),
    ):
        invoice = await desk.invoice("100.00")
        await desk.paid("100.00", invoice)
        await desk.invoice("50.00")
        asked = desk.client.post(f"{path}/{way}", json=body)
        good(await refused_until(desk, asked, desk.credit_note(invoice, "30.00")), 201)


async def test_what_does_not_move_is_refused_with_what_is_known_and_when_to_try_again(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    with desk.harness.patient(0.05):
        answer = await desk.pay("112.00", invoice)
    assert (answer.status_code, answer.headers["Retry-After"]) == (422, "1")
    assert answer.json()["outstanding"][0]["outstanding"] == usd("100.00")


async def test_what_no_other_service_moves_is_refused_at_once(desk: FrontDesk) -> None:
    """More than the payment: nobody's document changes that."""
    payment = await desk.paid("100.00")
    with desk.harness.patient(3600.0):
        answer = await asyncio.wait_for(desk.refund(payment["id"], "112.00"), timeout=60)
    assert answer.json()["type"].endswith("refund-exceeds-payment")


async def test_a_request_that_waited_is_answered_again_as_it_was(desk: FrontDesk) -> None:
    """ALL-1: under its key, once."""
    invoice = await desk.invoice("100.00")
    key = {"Idempotency-Key": "waited-for-a-debit-note"}
    body = {
        "patient_id": str(desk.patient_id),
        "amount": usd("112.00"),
        "method": "cash",
        "allocations": [{"invoice_id": str(invoice)}],
    }
    asked = desk.client.post("/v1/payments", json=body, headers=key)
    first = good(await refused_until(desk, asked, desk.debit_note(invoice, "12.00")), 201)
    again = await desk.client.post("/v1/payments", json=body, headers=key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first, "true")


async def test_a_refusal_that_was_decided_anew_is_noted_once_when_it_is_told(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-1: a transaction for each time that it was decided anew told nobody anything."""
    noted: list[Claim] = []
    refuse = Claim.refuse

    async def counted(claim: Claim, work: Work) -> None:
        noted.append(claim)
        await refuse(claim, work)

    monkeypatch.setattr(Claim, "refuse", counted)
    invoice = await desk.invoice("100.00")
    with desk.harness.patient(60.0):
        asked = asyncio.ensure_future(desk.pay("112.00", invoice))
        for _ in range(3):
            done, _ = await asyncio.wait([asked], timeout=0.3)
            assert not done
            assert noted == []
            await desk.harness.deliver(desk.debit_note(invoice, "1.00"))
        await desk.harness.deliver(desk.voided(invoice))
        refused = await asked
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "invoice-void")
    assert len(noted) == 1
