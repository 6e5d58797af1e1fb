"""An allocation is moved to another invoice, another installment or credit; the payment stands (PAY-13)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import AllocationMoved, PaymentCancelled
from installments_agreed import planned
from payments_desk import FrontDesk, good, problem, usd

Spot = tuple[UUID, UUID | None]


async def move(
    desk: FrontDesk, payment: str, source: UUID | Spot, target: UUID | Spot | None, amount: str | None = None
) -> httpx.Response:
    body = {"from": spot(source), "to": None if target is None else spot(target), "reason": "meant for the crown"}
    body |= {} if amount is None else {"amount": usd(amount)}
    return await desk.client.post(f"/v1/payments/{payment}/moves", json=body)


def spot(one: UUID | Spot) -> dict[str, str]:
    invoice, installment = one if isinstance(one, tuple) else (one, None)
    return {"invoice_id": str(invoice)} | ({"installment_id": str(installment)} if installment else {})


async def undo(desk: FrontDesk, transaction: str) -> httpx.Response:
    path = f"/v1/transactions/{transaction}/cancellation"
    return await desk.client.post(path, json={"reason": "the wrong crown"})


async def owed(desk: FrontDesk, *invoices: UUID) -> list[str]:
    return [await desk.outstanding(invoice) for invoice in invoices]


async def parts(desk: FrontDesk, payment: str) -> list[tuple[str, str | None, str]]:
    shown = await desk.payment(payment)
    return [
        (allocation["invoice_id"], allocation["installment_id"], allocation["amount"]["amount"])
        for allocation in shown["allocations"]
    ]


async def transfer(desk: FrontDesk, taker: UUID, amount: str) -> None:
    body = {"to_patient_id": str(taker), "amount": usd(amount), "reason": "family"}
    good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body), 201)


async def apply(desk: FrontDesk, patient: UUID, invoice: UUID, amount: str) -> dict[str, Any]:
    body = {"allocations": [{"invoice_id": str(invoice), "amount": usd(amount)}], "reason": "as agreed"}
    return good(await desk.client.post(f"/v1/patients/{patient}/credit/applications", json=body), 201)


@pytest.mark.rule("PAY-13.1")
async def test_what_a_payment_settles_goes_to_another_invoice_and_the_payment_stands(desk: FrontDesk) -> None:
    wrong, right = await desk.invoice("60.00"), await desk.invoice("100.00")
    payment = await desk.paid("60.00", wrong)
    moved = good(await move(desk, payment["id"], wrong, right, "40.00"), 201)
    assert (moved["kind"], moved["payment_id"], moved["amount"]) == ("allocation_move", payment["id"], usd("40.00"))
    assert (moved["reason"], moved["recorded_by"]) == ("meant for the crown", "clerk:ada")
    assert [(settlement["invoice_id"], settlement["change"]["amount"]) for settlement in moved["settlements"]] == [
        (str(wrong), "-40.00"),
        (str(right), "40.00"),
    ]
    assert await owed(desk, wrong, right) == ["40.00", "60.00"]
    shown = await desk.payment(payment["id"])
    assert (shown["status"], shown["unallocated"]) == ("recorded", usd("0.00"))
    assert [transaction["kind"] for transaction in shown["transactions"]] == ["allocation_move"]
    assert await parts(desk, payment["id"]) == [(str(wrong), None, "20.00"), (str(right), None, "40.00")]
    assert good(await desk.client.get(f"/v1/transactions/{moved['id']}"))["kind"] == "allocation_move"
    line = (await desk.account())[-1]
    assert (line["kind"], line["change"], line["balance"]) == ("allocation_move", usd("0.00"), usd("100.00"))
    (event,) = await desk.events(AllocationMoved)
    assert (event.payment_id, event.reverses_id, event.amount.amount) == (UUID(payment["id"]), None, "40.00")
    assert [
        (settlement.invoice_id, settlement.change.amount, settlement.outstanding.amount)
        for settlement in event.settlements
    ] == [
        (wrong, "-40.00", "40.00"),
        (right, "40.00", "60.00"),
    ]
    assert await desk.events(PaymentCancelled) == []


async def test_a_move_is_cancelled_like_a_transaction(desk: FrontDesk) -> None:
    """PAY-5: what it still settles goes back; twice is once."""
    wrong, right = await desk.invoice("60.00"), await desk.invoice("100.00")
    payment = await desk.paid("60.00", wrong)
    moved = good(await move(desk, payment["id"], wrong, right), 201)
    undone = good(await undo(desk, moved["id"]), 201)
    assert (undone["kind"], undone["reverses_id"], undone["amount"]) == ("move_cancellation", moved["id"], usd("60.00"))
    assert await owed(desk, wrong, right) == ["0.00", "100.00"]
    assert good(await undo(desk, moved["id"]), 200) == undone
    problem(await undo(desk, undone["id"]), 422, "not-cancellable")
    assert [(event.reverses_id and str(event.reverses_id)) for event in await desk.events(AllocationMoved)] == [
        None,
        moved["id"],
    ]


@pytest.mark.rule("PAY-13.1")
async def test_what_is_moved_to_credit_is_the_patients_until_it_is_moved_back(desk: FrontDesk) -> None:
    invoice = await desk.invoice("60.00")
    payment = await desk.paid("60.00", invoice)
    moved = good(await move(desk, payment["id"], invoice, None, "25.00"), 201)
    assert moved["patient_credit_change"] == usd("25.00")
    assert (await desk.outstanding(invoice), await desk.credit()) == ("25.00", "25.00")
    (event,) = await desk.events(AllocationMoved)
    assert (event.patient_credit_change.amount, event.patient_credit_balance.amount) == ("25.00", "25.00")
    undone = good(await undo(desk, moved["id"]), 201)
    assert (undone["amount"], undone["patient_credit_change"]) == (usd("25.00"), usd("-25.00"))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "0.00")


async def test_credit_that_was_used_is_not_moved_back(desk: FrontDesk) -> None:
    invoice, other = await desk.invoice("60.00"), await desk.invoice("10.00")
    payment = await desk.paid("60.00", invoice)
    moved = good(await move(desk, payment["id"], invoice, None), 201)
    applied = await apply(desk, desk.patient_id, other, "10.00")
    refused = problem(await undo(desk, moved["id"]), 409, "move-spent")
    assert (refused["moved"], refused["left"]) == (usd("60.00"), usd("50.00"))
    body = {"transaction_ids": [moved["id"], applied["id"]], "reason": "both wrong"}
    good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)
    assert await owed(desk, invoice, other) == ["0.00", "10.00"]


async def test_it_becomes_credit_of_whoevers_it_was(desk: FrontDesk) -> None:
    """PAY-21: Eve's payment, of which Dee's credit settled Dee's invoice; moved twice, it is still Dee's."""
    dee = new_id()
    mine, hers, hers_too = (
        await desk.invoice("30.00"),
        await desk.invoice("40.00", patient_id=dee),
        await desk.invoice("40.00", patient_id=dee),
    )
    payment = await desk.paid("100.00", mine, allow_overpayment=True)
    await transfer(desk, dee, "40.00")
    await apply(desk, dee, hers, "40.00")
    await apply(desk, desk.patient_id, hers_too, "5.00")
    good(await move(desk, payment["id"], hers, hers_too, "35.00"), 201)
    moved = good(await move(desk, payment["id"], hers_too, None), 201)
    assert await owed(desk, mine, hers, hers_too) == ["0.00", "35.00", "40.00"]
    assert (await desk.credit(), await desk.credit(dee)) == ("30.00", "35.00")
    assert [line["kind"] for line in await desk.account(dee)][-1] == "allocation_move"
    good(await undo(desk, moved["id"]), 201)
    assert (await desk.credit(), await desk.credit(dee)) == ("25.00", "0.00")
    assert await owed(desk, mine, hers, hers_too) == ["0.00", "35.00", "0.00"]
    moved = good(await move(desk, payment["id"], mine, None), 201)
    assert (await desk.credit(), moved["patient_credit_change"]) == ("55.00", usd("30.00"))


@pytest.mark.rule("PAY-13.1")
async def test_it_goes_to_another_installment(desk: FrontDesk) -> None:
    """PLN-2."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    other = await desk.invoice("10.00")
    payment = await desk.paid(
        "40.00", allocations=[{"invoice_id": str(invoice), "installment_id": str(first)}], allow_overpayment=True
    )
    good(await move(desk, payment["id"], (invoice, first), (invoice, second), "30.00"), 201)
    assert await parts(desk, payment["id"]) == [
        (str(invoice), str(first), "10.00"),
        (str(invoice), str(second), "30.00"),
    ]
    assert await desk.outstanding(invoice) == "60.00"
    refused = problem(await move(desk, payment["id"], invoice, (invoice, new_id())), 422, "installment-unknown")
    assert refused["errors"][0]["field"] == "to.installment_id"
    problem(await move(desk, payment["id"], (invoice, second), other), 422, "more-than-outstanding")
    moved = good(await move(desk, payment["id"], invoice, (other, None), "10.00"), 201)
    assert [settlement["installment_id"] for settlement in moved["settlements"]] == [str(second), None]
    good(await move(desk, payment["id"], invoice, (invoice, first)), 201)
    assert (str(invoice), str(first), "30.00") in await parts(desk, payment["id"])
    problem(await move(desk, payment["id"], invoice, (invoice, first)), 409, "nothing-to-move")


async def test_within_an_invoice_it_goes_off_its_installments_and_back_and_each_time_can_be_undone(
    desk: FrontDesk,
) -> None:
    """An invoice to itself: what an installment has is the whole invoice's then; what is there already stays."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    payment = await desk.paid("60.00", allocations=[{"invoice_id": str(invoice), "installment_id": str(first)}])
    good(await move(desk, payment["id"], (invoice, first), (invoice, second), "35.00"), 201)
    good(await move(desk, payment["id"], (invoice, second), invoice, "10.00"), 201)
    before = await parts(desk, payment["id"])
    assert len(before) == 3
    whole = good(await move(desk, payment["id"], invoice, invoice), 201)
    assert (await parts(desk, payment["id"]), whole["amount"]) == ([(str(invoice), None, "60.00")], usd("50.00"))
    problem(await move(desk, payment["id"], invoice, invoice), 422, "moved-to-itself")
    problem(await move(desk, payment["id"], (invoice, first), (invoice, first)), 422, "moved-to-itself")
    assert await owed(desk, invoice) == ["40.00"]
    undone = good(await undo(desk, whole["id"]), 201)
    assert (undone["amount"], sorted(await parts(desk, payment["id"]), key=str)) == (
        usd("50.00"),
        sorted(before, key=str),
    )
    refund = good(await desk.refund(payment["id"], "15.00"), 201)
    assert refund["amount"] == usd("15.00")
    good(await move(desk, payment["id"], invoice, invoice), 201)
    good(await move(desk, payment["id"], invoice, (invoice, second)), 201)
    good(await move(desk, payment["id"], (invoice, second), None), 201)
    assert (await parts(desk, payment["id"]), await desk.credit()) == ([], "45.00")


KINDS = ("invoice", "first", "second", "other", "credit")
"""Where the parts of a payment can be: of an invoice with a plan, of one of two installments, of another, or credit."""


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS[:4])
async def test_every_kind_of_move_is_made_and_taken_back_or_refused_in_words(
    desk: FrontDesk, source: str, target: str
) -> None:
    """PAY-13: to itself, too, and between installments of one invoice."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    other = await desk.invoice("90.00")
    spots = {"invoice": (invoice, None), "first": (invoice, first), "second": (invoice, second), "other": (other, None)}
    wishes = [
        {"invoice_id": str(one), "amount": usd("10.00")} | ({} if of is None else {"installment_id": str(of)})
        for one, of in (spots[source],)
    ]
    payment = await desk.paid("10.00", allocations=wishes)
    before = await parts(desk, payment["id"])
    asked = await move(desk, payment["id"], spots[source], spots.get(target))
    if source == target:
        refused = problem(asked, 422, "moved-to-itself")
        assert refused["errors"] == [{"field": "to", "detail": refused["detail"]}]
    else:
        moved = good(asked, 201)
        assert await parts(desk, payment["id"]) != before
        good(await undo(desk, moved["id"]), 201)
    assert await parts(desk, payment["id"]) == before
    await desk.prove()


async def test_nothing_is_moved_where_the_other_invoice_asks_for_less(desk: FrontDesk) -> None:
    wrong, right, void = await desk.invoice("60.00"), await desk.invoice("50.00"), await desk.invoice("60.00")
    payment = await desk.paid("60.00", wrong)
    await desk.harness.deliver(desk.voided(void))
    refused = problem(await move(desk, payment["id"], wrong, right), 422, "more-than-outstanding")
    assert (refused["surplus"], refused["outstanding"][0]["outstanding"]) == (usd("10.00"), usd("50.00"))
    assert "allow_overpayment" not in refused["detail"]
    problem(await move(desk, payment["id"], wrong, void), 409, "invoice-void")
    refused = problem(await move(desk, payment["id"], wrong, right, "60.01"), 422, "more-than-allocated")
    assert refused["allocated"] == usd("60.00")
    problem(await move(desk, payment["id"], wrong, right, "0.00"), 422, "amount-not-positive")
    problem(await move(desk, payment["id"], right, wrong), 409, "nothing-to-move")
    refused = problem(await move(desk, payment["id"], wrong, wrong), 422, "moved-to-itself")
    assert refused["errors"][0]["field"] == "to"
    problem(await move(desk, str(new_id()), wrong, right), 404, "payment-unknown")
    refused = problem(await move(desk, payment["id"], wrong, new_id()), 404, "invoice-unknown")
    assert refused["errors"][0]["field"] == "to.invoice_id"
    body = {"from": spot(wrong), "to": None, "amount": {"amount": "1.00", "currency": "EUR"}, "reason": "x"}
    problem(await desk.client.post(f"/v1/payments/{payment['id']}/moves", json=body), 422, "wrong-currency")
    body = {"from": spot(wrong), "reason": "x"}
    problem(await desk.client.post(f"/v1/payments/{payment['id']}/moves", json=body), 422, "invalid-request")
    assert await owed(desk, wrong, right) == ["0.00", "50.00"]
    assert await desk.events(AllocationMoved) == []


async def test_a_move_is_not_taken_back_where_its_invoice_was_paid_since(desk: FrontDesk) -> None:
    wrong, right = await desk.invoice("60.00"), await desk.invoice("100.00")
    payment = await desk.paid("60.00", wrong)
    moved = good(await move(desk, payment["id"], wrong, right), 201)
    await desk.paid("50.00", wrong)
    refused = problem(await undo(desk, moved["id"]), 422, "more-than-outstanding")
    assert refused["outstanding"][0]["outstanding"] == usd("10.00")
    await desk.harness.deliver(desk.credit_note(right, "95.00"))
    undone = good(await undo(desk, moved["id"]), 201)
    assert (undone["amount"], await desk.credit()) == (usd("5.00"), "55.00")
    assert await owed(desk, wrong, right) == ["5.00", "5.00"]


async def test_a_refund_of_what_was_moved_is_cancelled_first(desk: FrontDesk) -> None:
    wrong, right = await desk.invoice("60.00"), await desk.invoice("100.00")
    payment = await desk.paid("60.00", wrong)
    moved = good(await move(desk, payment["id"], wrong, right), 201)
    refund = good(await desk.refund(payment["id"], "20.00"), 201)
    refused = problem(await undo(desk, moved["id"]), 409, "refund-standing")
    assert refused["refund_ids"] == [refund["id"]]
    body = {"transaction_ids": [moved["id"], refund["id"]], "reason": "both wrong"}
    good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)
    assert await owed(desk, wrong, right) == ["0.00", "100.00"]


async def test_a_payment_that_was_reversed_is_not_moved_and_one_moved_is_reversed_where_it_is(desk: FrontDesk) -> None:
    wrong, right = await desk.invoice("60.00"), await desk.invoice("100.00")
    payment = await desk.paid("60.00", wrong)
    moved = good(await move(desk, payment["id"], wrong, right), 201)
    good(await desk.cancel(payment["id"]), 201)
    assert await owed(desk, wrong, right) == ["60.00", "100.00"]
    problem(await move(desk, payment["id"], right, wrong), 409, "payment-reversed")
    problem(await undo(desk, moved["id"]), 409, "payment-reversed")


async def test_moving_takes_who_may_reverse(desk: FrontDesk) -> None:
    """ALL-5."""
    invoice = await desk.invoice("60.00")
    payment = await desk.paid("60.00", invoice)
    async with desk.person("clerk:bo", "payments:read payments:write") as clerk:
        body = {"from": spot(invoice), "to": None, "reason": "x"}
        answer = await clerk.post(f"/v1/payments/{payment['id']}/moves", json=body)
    problem(answer, 403, "insufficient-scope")


@pytest.mark.parametrize("_round", range(3))
async def test_moves_and_payments_at_once_settle_no_invoice_twice(desk: FrontDesk, _round: int) -> None:
    """PAY-11: two that cross, with payments, a refund and a cancellation beside them."""
    first, second = await desk.invoice("60.00"), await desk.invoice("60.00")
    one, two = await desk.paid("60.00", first), await desk.paid("60.00", second)
    answers = await asyncio.gather(
        move(desk, one["id"], first, second, "30.00"),
        move(desk, two["id"], second, first, "30.00"),
        move(desk, one["id"], first, None, "20.00"),
        move(desk, two["id"], second, None, "20.00"),
        desk.refund(one["id"], "10.00"),
        desk.cancel(two["id"]),
        desk.pay("20.00", first),
        desk.pay("20.00", second),
    )
    found = Counter(answer.status_code for answer in answers)
    assert set(found) <= {201, 409, 422}, [answer.text for answer in answers]
