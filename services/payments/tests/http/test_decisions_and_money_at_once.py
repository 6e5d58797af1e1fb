"""A decision and money that meet on one invoice come to the same, whichever locks it first (INS-4, PAY-11)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from insurers_told import DELTA, Claims, credit, transfer
from payments.consumers import invoices as consumer
from payments.use_cases import cancel_payment, cancel_transactions, record_payment, record_remittance
from payments_desk import FrontDesk, good
from sqlalchemy import text

WAITING = text(
    """
    SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
     WHERE NOT l.granted AND a.datname = current_database()
    """
)
BY_DELTA: dict[str, Any] = {"payer": {"kind": "insurer", **DELTA}, "method": "insurance", "allow_overpayment": True}

Act = Callable[[FrontDesk, UUID, str], Awaitable[Any]]


class Held:
    """A step of one transaction, which then waits with all its locks until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
        self.reached, self.let_go = asyncio.Event(), asyncio.Event()
        step = getattr(module, name)

        async def held(*args: Any, **named: Any) -> Any:
            done = await step(*args, **named)
            self.reached.set()
            await self.let_go.wait()
            return done

        monkeypatch.setattr(module, name, held)

    async def while_held(self, desk: FrontDesk, first: Awaitable[Any], second: Awaitable[Any]) -> None:
        """Let the first come to its step, the second to its end or to a lock, and then both to their ends."""
        one = asyncio.ensure_future(first)
        await asyncio.wait({one, waiting := asyncio.ensure_future(self.reached.wait())}, return_when="FIRST_COMPLETED")
        waiting.cancel()
        assert not one.done(), "it never came to its step"
        other = asyncio.ensure_future(second)
        while not other.done() and not await waits(desk):  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0)
        self.let_go.set()
        await asyncio.gather(one, other)


async def waits(desk: FrontDesk) -> bool:
    """Whether anybody waits for a lock."""
    async with desk.harness.database.reading([desk.clinic_id]) as connection:
        return bool((await connection.execute(WAITING)).scalar_one())


async def by_transfer(desk: FrontDesk, invoice: UUID, _: str) -> None:
    await transfer(desk, "70.00", invoice, allow_overpayment=True)


async def by_itself(desk: FrontDesk, invoice: UUID, _: str) -> None:
    await desk.paid("70.00", invoice, **BY_DELTA)


async def one_cancelled(desk: FrontDesk, _: UUID, first: str) -> None:
    good(await desk.cancel(first), 201)


async def selection_cancelled(desk: FrontDesk, _: UUID, first: str) -> None:
    body = {"transaction_ids": [first], "reason": "booked twice"}
    good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)


async def both(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch, decided: Awaitable[Any], step: tuple[ModuleType, str],
    act: Awaitable[Any], *, decision_first: bool,
) -> None:  # fmt: skip
    if decision_first:
        await Held(monkeypatch, consumer, "follow_adjudications").while_held(desk, decided, act)
    else:
        await Held(monkeypatch, *step).while_held(desk, act, decided)


@pytest.mark.parametrize("decision_first", [True, False])
@pytest.mark.parametrize("note", ["in the same batch", "before"])
@pytest.mark.parametrize(
    ("act", "step"), [(by_transfer, (record_remittance, "record_with_room")), (by_itself, (record_payment, "post_one"))]
)
@pytest.mark.parametrize(("paid", "own"), [("100.00", "90.00"), ("40.00", "30.00")])
async def test_an_insurers_money_and_its_decision_meet(
    desk: FrontDesk,
    monkeypatch: pytest.MonkeyPatch,
    act: Act,
    step: tuple[ModuleType, str],
    note: str,
    paid: str,
    own: str,
    *,
    decision_first: bool,
) -> None:
    """The part was read before the lock was there, and the decision looked for credit before the money was there."""
    claims = Claims(desk)
    invoice = await desk.invoice("100.00")
    await desk.paid(paid, invoice)
    told = [claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00")]
    if note == "before":
        await desk.harness.deliver(told.pop(0))
    deliver = desk.harness.deliver(*told)
    await both(desk, monkeypatch, deliver, step, act(desk, invoice, ""), decision_first=decision_first)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", (own, []))
    await desk.prove()


@pytest.mark.parametrize("decision_first", [True, False])
@pytest.mark.parametrize(
    ("act", "step"),
    [
        (one_cancelled, (cancel_payment, "settle_from_credit")),
        (selection_cancelled, (cancel_transactions, "settle_from_credit")),
    ],
)
@pytest.mark.parametrize("denied", [True, False])
async def test_what_came_twice_is_cancelled_once_while_it_is_decided(
    desk: FrontDesk,
    monkeypatch: pytest.MonkeyPatch,
    act: Act,
    step: tuple[ModuleType, str],
    *,
    denied: bool,
    decision_first: bool,
) -> None:
    """The first of two is cancelled; the other settles the part, though both were credit until the decision."""
    claims = Claims(desk)
    invoice = await desk.invoice("100.00")
    if denied:
        await desk.harness.deliver(
            claims.written_off(invoice, "100.00"), claims.by(invoice, {"Delta Dental": "0.00"}, "0.00")
        )
    first = await desk.paid("70.00", invoice, **BY_DELTA)
    await desk.paid("70.00", invoice, **BY_DELTA)
    decision = claims.by(invoice, {"Delta Dental": "70.00"}, "30.00")
    deliver = (
        desk.harness.deliver(desk.debit_note(invoice, "100.00"), decision) if denied else desk.harness.deliver(decision)
    )
    await both(desk, monkeypatch, deliver, step, act(desk, invoice, first["id"]), decision_first=decision_first)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("30.00", ("0.00", []))
    await desk.prove()


@pytest.mark.parametrize("note_first", [True, False])
async def test_a_courtesy_and_the_insurers_money_meet(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch, *, note_first: bool
) -> None:
    claims = Claims(desk)
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    await desk.harness.deliver(claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00"))
    deliver, act = desk.harness.deliver(desk.credit_note(invoice, "10.00")), by_transfer(desk, invoice, "")
    if note_first:
        await Held(monkeypatch, consumer, "follow_documents").while_held(desk, deliver, act)
    else:
        await Held(monkeypatch, record_remittance, "record_with_room").while_held(desk, act, deliver)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("100.00", []))
    await desk.prove()
