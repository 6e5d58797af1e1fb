"""Patient credit: topped up, applied, withdrawn, transferred, never negative (PAY-3)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import httpx
from chassis.identifiers import new_id
from contracts.payments import CreditApplied
from front_desk import FrontDesk, good, problem, usd


async def apply(desk: FrontDesk, **body: Any) -> httpx.Response:
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
    assert len({one.payment_id for one in event.settlements}) == 2


async def test_credit_settles_the_invoice_named_as_far_as_told(desk: FrontDesk) -> None:
    first, second = await desk.invoice("50.00"), await desk.invoice("30.00")
    await desk.paid("60.00")
    good(await apply(desk, allocations=[{"invoice_id": str(second), "amount": usd("10.00")}]), 201)
    good(await apply(desk, amount=usd("5.00")), 201)
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("45.00", "20.00")
    assert await desk.credit() == "45.00"
    read = good(await desk.client.get("/v1/payments", params={"invoice_id": str(second)}))
    assert read["items"][0]["allocations"][0]["invoice_number"] in ("INV-000001", "INV-000002")


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
    other = await desk.invoice("50.00", patient_id=new_id())
    problem(await apply(desk, allocations=[{"invoice_id": str(other)}]), 404, "invoice-unknown")
    problem(await apply(desk, amount={"amount": "1.00", "currency": "EUR"}), 422, "wrong-currency")


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


async def test_credit_is_withdrawn_by_a_refund(desk: FrontDesk) -> None:
    payment = await desk.paid("30.00")
    good(await desk.refund(payment["id"], "30.00", "overpayment"), 201)
    assert await desk.credit() == "0.00"


async def test_refund_recalls_what_another_patient_holds_only_as_far_as_needed(desk: FrontDesk) -> None:
    sister = new_id()
    payment = await desk.paid("30.00")
    good(await transfer(desk, sister, "20.00"), 201)
    good(await desk.refund(payment["id"], "15.00", "overpayment"), 201)
    assert (await desk.credit(), await desk.credit(sister)) == ("0.00", "15.00")
