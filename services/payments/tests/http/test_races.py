"""Clerks and events at once, on a real PostgreSQL: exactly one wins, and nothing is negative (PAY-5, PAY-11)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentRecorded
from payments_desk import FrontDesk, cents, good, usd

ROUNDS = range(5)


@pytest.mark.rule("PAY-2.1", "PAY-11.1")
async def test_twenty_payments_on_one_invoice_settle_it_exactly(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    answers = await asyncio.gather(*(desk.pay("15.00", invoice) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 6, 422: 14}
    assert await desk.outstanding(invoice) == "10.00"
    outstanding = [event.settlements[0].outstanding.amount for event in await desk.events(PaymentRecorded)]
    assert outstanding == ["85.00", "70.00", "55.00", "40.00", "25.00", "10.00"]


@pytest.mark.rule("PAY-11.1")
async def test_twenty_overpayments_on_one_invoice_lose_nothing(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    answers = await asyncio.gather(*(desk.pay("15.00", invoice, allow_overpayment=True) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "200.00")


@pytest.mark.rule("PAY-5.13")
@pytest.mark.parametrize("_round", ROUNDS)
async def test_refund_and_cancellation_at_once_have_one_winner(desk: FrontDesk, _round: int) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice)
    refund, cancellation = await asyncio.gather(desk.refund(payment["id"], "10.00"), desk.cancel(payment["id"]))
    assert sorted((refund.status_code, cancellation.status_code)) == [201, 409]
    assert await desk.outstanding(invoice) == ("0.00" if refund.status_code == 201 else "40.00")


@pytest.mark.rule("PAY-5.12")
async def test_ten_cancellations_at_once_are_one(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice)
    answers = await asyncio.gather(*(desk.cancel(payment["id"]) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await desk.outstanding(invoice) == "40.00"


@pytest.mark.rule("PAY-4.6")
async def test_refunds_at_once_never_exceed_the_payment(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice)
    answers = await asyncio.gather(*(desk.refund(payment["id"], "15.00") for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 2, 422: 8}


@pytest.mark.rule("PAY-3.4")
async def test_credit_is_not_spent_twice(desk: FrontDesk) -> None:
    await desk.paid("10.00")
    await desk.paid("15.00")
    invoices = [await desk.invoice("20.00") for _ in range(4)]
    sister = new_id()
    path = f"/v1/patients/{desk.patient_id}/credit"
    applied = [
        desk.client.post(
            f"{path}/applications",
            json={"amount": usd("20.00"), "allocations": [{"invoice_id": str(invoice)}], "reason": "as agreed"},
        )
        for invoice in invoices
    ]
    given = [
        desk.client.post(
            f"{path}/transfers", json={"to_patient_id": str(sister), "amount": usd("20.00"), "reason": "x"}
        )
        for _ in range(4)
    ]
    answers = await asyncio.gather(*applied, *given)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 7}
    assert await desk.credit() == "5.00"


async def test_transfers_to_and_fro_at_once_end_well(desk: FrontDesk) -> None:
    sister = new_id()
    await desk.paid("50.00")
    await desk.paid("50.00", patient_id=str(sister))

    def give(giver: object, taker: object) -> Awaitable[httpx.Response]:
        body = {"to_patient_id": str(taker), "amount": usd("1.00"), "reason": "x"}
        return desk.client.post(f"/v1/patients/{giver}/credit/transfers", json=body)

    moves = [give(desk.patient_id, sister) if i % 2 else give(sister, desk.patient_id) for i in range(20)]
    answers = await asyncio.gather(*moves)
    assert {answer.status_code for answer in answers} == {201}
    assert (await desk.credit(), await desk.credit(sister)) == ("50.00", "50.00")


@pytest.mark.rule("PAY-11.2")
@pytest.mark.parametrize("_round", ROUNDS)
async def test_void_against_payments_leaves_credit(desk: FrontDesk, _round: int) -> None:
    invoice = await desk.invoice("40.00")
    void = desk.harness.deliver(desk.voided(invoice))
    first, second, _ = await asyncio.gather(desk.pay("10.00", invoice), desk.pay("10.00", invoice), void)
    taken = [answer for answer in (first, second) if answer.status_code == 201]
    assert {first.status_code, second.status_code} <= {201, 409}
    assert await desk.outstanding(invoice) == "0.00"
    assert cents(await desk.credit()) == 1000 * len(taken)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_credit_note_against_payments_and_refunds_converges(desk: FrontDesk, _round: int) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("10.00", invoice)
    note = desk.harness.deliver(desk.credit_note(invoice, "30.00"))
    paid, refunded, cancelled, _ = await asyncio.gather(
        desk.pay("30.00", invoice), desk.refund(payment["id"], "5.00"), desk.cancel(payment["id"]), note
    )
    assert paid.status_code in (201, 422)
    assert sorted((refunded.status_code, cancelled.status_code)) == [201, 409]
    story = good(await desk.client.get(f"/v1/invoices/{invoice}"))
    assert cents(story["settled"]["amount"]) >= 0


async def test_two_patients_invoices_in_opposite_order_do_not_deadlock(desk: FrontDesk) -> None:
    first, second = await desk.invoice("100.00"), await desk.invoice("100.00")
    answers = await asyncio.gather(
        *(desk.pay("5.00", *((first, second) if i % 2 else (second, first))) for i in range(20))
    )
    assert {answer.status_code for answer in answers} == {201}
    left = cents(await desk.outstanding(first)) + cents(await desk.outstanding(second))
    assert left == 10_000


async def test_groups_that_are_changed_and_ordered_at_once_do_not_deadlock(desk: FrontDesk) -> None:
    """PAY-8: each waits for its turn; what was read before another's change is 412, and nobody is sent away."""
    url = "/v1/payment-groups"
    for place in range(6):
        good(await desk.client.post(url, json={"name": f"group {place}", "position": place}), 201)
    for _ in ROUNDS:
        groups = good(await desk.client.get(url))["items"]
        ids = [group["id"] for group in groups]
        orders = [ids[::-1], ids[1:] + ids[:1]]
        answers = await asyncio.gather(
            *(desk.client.post(f"{url}/order", json={"group_ids": order}) for order in orders),
            *(
                desk.client.put(
                    f"{url}/{group['id']}", json={"name": group["name"]}, headers={"If-Match": f'"{group["version"]}"'}
                )
                for group in groups
            ),
        )
        assert {answer.status_code for answer in answers} <= {200, 412}
        assert {answer.status_code for answer in answers[: len(orders)]} == {200}
