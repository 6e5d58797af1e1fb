"""Credit taken back while something else happens to it: exactly one wins, and the events add up (PAY-5, PAY-11)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import (
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    CreditTransferred,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
)
from payments_desk import FrontDesk, cents, good, usd

ROUNDS = range(5)
EVENTS = (
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    CreditTransferred,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
)


async def undo(desk: FrontDesk, *ids: str) -> httpx.Response:
    if len(ids) == 1:
        return await desk.client.post(f"/v1/transactions/{ids[0]}/cancellation", json={"reason": "a mistake"})
    body = {"transaction_ids": list(ids), "reason": "a mistake"}
    return await desk.client.post("/v1/transactions/cancellations", json=body)


async def use(desk: FrontDesk, patient: UUID, action: str, **body: object) -> httpx.Response:
    path = f"/v1/patients/{patient}/credit/{action}"
    return await desk.client.post(path, json={"reason": "as agreed"} | body)


async def applied(desk: FrontDesk, invoice: UUID, patient: UUID | None = None) -> str:
    named = [{"invoice_id": str(invoice)}]
    made: str = good(await use(desk, patient or desk.patient_id, "applications", allocations=named), 201)["id"]
    return made


async def given(desk: FrontDesk, taker: UUID, amount: str) -> str:
    more = {"to_patient_id": str(taker), "amount": usd(amount)}
    made: str = good(await use(desk, desk.patient_id, "transfers", **more), 201)["out"]["id"]
    return made


async def told(desk: FrontDesk, invoice: UUID) -> int:
    """What invoicing comes to: the sum of all that was announced, in whatever order it hears of it (INV-9)."""
    events = [event for contract in EVENTS for event in await desk.events(contract)]
    parts = [part for event in events for part in event.settlements if part.invoice_id == invoice]
    return sum(cents(part.change.amount) for part in parts)


async def settled(desk: FrontDesk, invoice: UUID) -> int:
    """As payments has it, and everybody else will."""
    shown = good(await desk.client.get(f"/v1/invoices/{invoice}"))
    found = cents(shown["settled"]["amount"])
    assert found == await told(desk, invoice)
    return found


def won(answers: Iterable[httpx.Response]) -> list[int]:
    found = [answer.status_code for answer in answers]
    assert set(found) <= {200, 201, 202, 409, 422}, [answer.text for answer in answers]
    return found


@pytest.mark.parametrize("_round", ROUNDS)
async def test_an_application_against_the_cancellation_of_its_payment(desk: FrontDesk, _round: int) -> None:
    """Both want the money off the invoice: the payment's always wins, the application's is first or finds nothing."""
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00")
    application = await applied(desk, invoice)
    back, gone = won(await asyncio.gather(undo(desk, application), desk.cancel(payment["id"])))
    assert gone == 201
    assert back in (201, 409)
    assert (await settled(desk, invoice), await desk.credit()) == (0, "0.00")


@pytest.mark.parametrize("_round", ROUNDS)
async def test_an_application_against_a_refund_has_one_winner_or_pays_from_credit(desk: FrontDesk, _round: int) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00")
    application = await applied(desk, invoice)
    back, refunded = won(await asyncio.gather(undo(desk, application), desk.refund(payment["id"], "10.00")))
    assert refunded == 201
    after = (await settled(desk, invoice), await desk.credit(), await desk.outstanding(invoice))
    # Taken back first, the refund comes from credit; refunded first, it stands in the way.
    assert after == ((0, "30.00", "40.00") if back == 201 else (3000, "0.00", "0.00"))


@pytest.mark.parametrize("_round", ROUNDS)
async def test_an_application_against_the_void_of_its_invoice_gives_the_credit_once(
    desk: FrontDesk, _round: int
) -> None:
    invoice = await desk.invoice("40.00")
    await desk.paid("25.00")
    await desk.paid("15.00")
    application = await applied(desk, invoice)
    answer, _ = await asyncio.gather(undo(desk, application), desk.harness.deliver(desk.voided(invoice)))
    assert won([answer])[0] in (201, 409)
    assert (await settled(desk, invoice), await desk.credit()) == (0, "40.00")
    assert await desk.outstanding(invoice) == "0.00"


@pytest.mark.parametrize("_round", ROUNDS)
async def test_an_application_against_a_credit_note_gives_the_credit_once(desk: FrontDesk, _round: int) -> None:
    invoice = await desk.invoice("40.00")
    await desk.paid("40.00")
    application = await applied(desk, invoice)
    note = desk.harness.deliver(desk.credit_note(invoice, "30.00"))
    answer, _ = await asyncio.gather(undo(desk, application), note)
    assert won([answer]) == [201]
    assert (await settled(desk, invoice), await desk.credit(), await desk.outstanding(invoice)) == (0, "40.00", "10.00")


async def test_ten_cancellations_of_an_application_at_once_are_one(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    await desk.paid("40.00")
    application = await applied(desk, invoice)
    answers = await asyncio.gather(*(undo(desk, application) for _ in range(10)))
    assert Counter(won(answers)) == {201: 1, 200: 9}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await settled(desk, invoice), await desk.credit()) == (0, "40.00")


@pytest.mark.parametrize("action", ["applications", "transfers", "withdrawals"])
@pytest.mark.parametrize("_round", ROUNDS)
async def test_a_transfer_against_the_taker_who_spends_it_has_one_winner(
    desk: FrontDesk, action: str, _round: int
) -> None:
    sister, aunt = new_id(), new_id()
    invoice = await desk.invoice("30.00", patient_id=sister)
    await desk.paid("20.00")
    await desk.paid("20.00")
    transfer = await given(desk, sister, "30.00")
    more = {"to_patient_id": str(aunt)} if action == "transfers" else {}
    spent, back = await asyncio.gather(use(desk, sister, action, amount=usd("30.00"), **more), undo(desk, transfer))
    assert sorted(code == 201 for code in won([spent, back])) == [False, True]
    held = [await desk.credit(id_) for id_ in (desk.patient_id, sister, aunt)]
    if back.status_code == 201:
        assert held == ["40.00", "0.00", "0.00"]
        assert spent.status_code in (409, 422)
    else:
        assert held == ["10.00", "0.00", "30.00" if action == "transfers" else "0.00"]
        assert back.json()["left"] == usd("0.00")
    assert await settled(desk, invoice) == (3000 if spent.status_code == 201 and action == "applications" else 0)


@pytest.mark.parametrize("_round", ROUNDS)
async def test_a_transfer_against_the_cancellation_of_its_payment(desk: FrontDesk, _round: int) -> None:
    sister = new_id()
    payment = await desk.paid("30.00")
    transfer = await given(desk, sister, "20.00")
    back, gone = won(await asyncio.gather(undo(desk, transfer), desk.cancel(payment["id"])))
    assert (gone, back in (201, 409)) == (201, True)
    assert (await desk.credit(), await desk.credit(sister)) == ("0.00", "0.00")


@pytest.mark.parametrize("_round", range(3))
async def test_everything_at_once_about_the_same_credit_does_not_deadlock(desk: FrontDesk, _round: int) -> None:
    sister = new_id()
    invoices = [await desk.invoice("20.00") for _ in range(3)] + [await desk.invoice("20.00", patient_id=sister)]
    paid = [(await desk.paid("30.00"))["id"] for _ in range(4)]
    applications = [await applied(desk, one) for one in invoices[:3]]
    transfer = await given(desk, sister, "40.00")
    applications.append(await applied(desk, invoices[3], sister))
    answers = await asyncio.gather(
        undo(desk, *applications),
        undo(desk, *reversed(applications)),
        undo(desk, transfer, *applications[3:]),
        *(undo(desk, application) for application in applications),
        undo(desk, transfer),
        *(desk.cancel(one) for one in paid[:2]),
        *(desk.refund(one, "5.00") for one in paid),
        use(desk, sister, "applications"),
        desk.harness.deliver(desk.voided(invoices[1])),
        desk.harness.deliver(desk.credit_note(invoices[0], "15.00")),
    )
    won([answer for answer in answers if isinstance(answer, httpx.Response)])
    for invoice in invoices:
        assert await settled(desk, invoice) >= 0
