"""A refund above the clinic's limit is not split into several: neither at once, nor one after the other (ALL-5)."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentRefunded
from payments_desk import FrontDesk, cents, good, problem, usd


async def refund_all(desk: FrontDesk, *payments: dict[str, Any]) -> httpx.Response:
    body = {"refunds": [{"payment_id": payment["id"]} for payment in payments], "reason_code": "goodwill"}
    return await desk.client.post("/v1/transactions/refunds", json=body)


async def withdraw(desk: FrontDesk, amount: str, patient_id: Any = None) -> httpx.Response:
    url = f"/v1/patients/{patient_id or desk.patient_id}/credit/withdrawals"
    return await desk.client.post(url, json={"amount": usd(amount), "reason": "moves away"})


async def transfer(desk: FrontDesk, amount: str) -> Any:
    """Credit of another patient now."""
    other = new_id()
    body = {"to_patient_id": str(other), "amount": usd(amount), "reason": "family"}
    good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body), 201)
    return other


async def approve(desk: FrontDesk, request: dict[str, Any]) -> None:
    async with desk.person("manager:bo") as manager:
        good(await manager.post(f"/v1/refund-requests/{request['id']}/approval"))


async def test_a_selection_that_sums_to_more_is_refused_and_each_is_named_with_the_sum(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    mine = [await desk.paid("50.00") for _ in range(4)]
    theirs = await desk.paid("50.00", patient_id=str(new_id()))
    refused = problem(await refund_all(desk, theirs, *mine), 409, "selection-refused")
    assert [error["transaction_id"] for error in refused["errors"]] == [one["id"] for one in mine]
    for place, one in enumerate(refused["errors"], start=1):
        assert one["type"].endswith(":refund-needs-approval")
        assert one["field"] == f"refunds[{place}]"
        assert (one["refunded_with_it"], one["limit"]) == (usd("200.00"), usd("50.00"))
        assert "200.00 USD is refunded to the patient in one day" in one["detail"]
    assert await desk.events(PaymentRefunded) == []
    good(await refund_all(desk, theirs, mine[0]), 201)


async def test_refunds_one_after_the_other_count_together(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    first, second, third = [await desk.paid("50.00") for _ in range(3)]
    good(await desk.refund(first["id"], "30.00"), 201)
    good(await desk.refund(second["id"], "20.00"), 201)
    request = good(await desk.refund(third["id"], "0.01"), 202)
    assert (request["amount"], request["limit"], request["state"]) == (usd("0.01"), usd("50.00"), "requested")
    refused = problem(await refund_all(desk, third), 409, "selection-refused")
    assert refused["errors"][0]["refunded_with_it"] == usd("100.00")
    assert len(await desk.events(PaymentRefunded)) == 2


async def test_withdrawals_one_after_the_other_count_together(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    for _ in range(4):
        await desk.paid("50.00")
    good(await withdraw(desk, "30.00"), 201)
    good(await withdraw(desk, "21.00"), 202)
    good(await withdraw(desk, "20.00"), 201)
    good(await withdraw(desk, "1.00"), 202)


async def test_what_was_cancelled_or_approved_or_is_another_patients_does_not_count(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    mistaken, approved, fine = [await desk.paid("80.00") for _ in range(3)]
    undone = good(await desk.refund(mistaken["id"], "50.00"), 201)
    good(await desk.cancel_refund(undone["id"]), 201)
    await approve(desk, good(await desk.refund(approved["id"], "80.00"), 202))
    other = await desk.paid("50.00", patient_id=str(new_id()))
    good(await desk.refund(other["id"], "50.00"), 201)
    good(await desk.refund(fine["id"], "50.00"), 201)


async def test_credit_handed_to_others_is_not_withdrawn_past_the_limit(desk: FrontDesk) -> None:
    """PAY-3: it goes back to whoever paid, through whose hands ever."""
    await desk.limit_refunds("50.00")
    for _ in range(3):
        await desk.paid("50.00")
    others = [await transfer(desk, "50.00") for _ in range(3)]
    good(await withdraw(desk, "50.00", others[0]), 201)
    good(await withdraw(desk, "50.00", others[1]), 202)


async def test_the_next_day_begins_anew_by_the_clinics_clock(desk: FrontDesk) -> None:
    """PAY-10: the clinic is in New York."""
    await desk.limit_refunds("50.00")
    payments = [await desk.paid("50.00") for _ in range(3)]
    now = desk.harness.clock.now().astimezone(ZoneInfo("America/New_York"))
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    desk.harness.clock.advance(midnight - now - timedelta(minutes=1))
    good(await desk.refund(payments[0]["id"], "50.00"), 201)
    good(await desk.refund(payments[1]["id"], "50.00"), 202)
    desk.harness.clock.advance(timedelta(minutes=2))
    good(await desk.refund(payments[1]["id"], "50.00"), 201)


async def test_without_a_limit_nothing_is_compared(desk: FrontDesk) -> None:
    payments = [await desk.paid("5000.00") for _ in range(3)]
    good(await refund_all(desk, *payments), 201)


@pytest.mark.parametrize("_round", range(5))
async def test_refunds_at_once_are_paid_up_to_the_limit_together(desk: FrontDesk, _round: int) -> None:
    await desk.limit_refunds("50.00")
    invoice = await desk.invoice("40.00")
    settled = await desk.paid("40.00", invoice)
    payments = [await desk.paid("40.00") for _ in range(3)]
    answers = await asyncio.gather(*(desk.refund(one["id"], "40.00") for one in (settled, *payments)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 202: 3}
    assert [event.amount.amount for event in await desk.events(PaymentRefunded)] == ["40.00"]


@pytest.mark.parametrize("_round", range(5))
async def test_refunds_withdrawals_and_selections_at_once_do_not_wait_for_each_other(
    desk: FrontDesk, _round: int
) -> None:
    """Patients and payments in whatever order: no deadlock, and to nobody more than the limit."""
    await desk.limit_refunds("50.00")
    patients = [desk.patient_id, new_id(), new_id()]
    paid = [await desk.paid("30.00", patient_id=str(patient)) for patient in patients for _ in range(2)]
    answers = await asyncio.gather(
        refund_all(desk, paid[0], paid[2], paid[4]),
        refund_all(desk, paid[5], paid[3], paid[1]),
        *(withdraw(desk, "30.00", patient) for patient in patients),
        *(desk.refund(one["id"], "30.00") for one in paid),
    )
    assert {answer.status_code for answer in answers} <= {201, 202, 409, 422}, [one.text for one in answers]
    back = Counter[Any]()
    for event in await desk.events(PaymentRefunded):
        back[event.patient_id] += cents(event.amount.amount)
    assert set(back.values()) == {3_000}
