"""However much of one clinic is due, and whatever holds it up, another clinic's messages go out (`ALL-4`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from notifications.channels.channel import Answer, Composed, Outcome
from notifications.domain.notice import Notice, Priority
from notifications.domain.settings import Channel
from notifications.jobs.send_messages import AT_ONCE, LANES, OTHERS, URGENT, Sending
from notifications.persistence import messages

MANY = 500


@pytest_asyncio.fixture(loop_scope="session")
async def flood(desk: Any, practice: Any) -> Any:
    """A clinic of which many messages are due."""
    invoices = [practice.issued_invoice(number=f"INV-{number}") for number in range(MANY)]
    await desk.harness.deliver(practice.configured(), practice.registered(), *invoices)
    yield practice
    async with desk.harness.database.transaction([], "test") as work:
        await messages.lease_due(work, work.now + timedelta(days=3650), MANY)


async def one_more(desk: Any, practice: Any) -> Any:
    """Another clinic, of which one message is due, later than all those."""
    desk.clock.advance(timedelta(seconds=1))
    other = type(practice)(at=desk.clock.now())
    payment = other.paid()
    await desk.harness.deliver(other.configured(), other.registered(), payment, other.receipt(payment))
    return other


class Held:
    """A channel whose provider does not answer one clinic."""

    def __init__(self, real: Any, held: UUID) -> None:
        self.real = real
        self.held = held
        self.answered = asyncio.Event()
        self.asked: Counter[UUID] = Counter()

    def compose(self, content: Any) -> Composed:
        return self.real.compose(content)

    async def send(self, composed: Composed, clinic_id: UUID) -> Answer:  # noqa: ARG002 - a channel takes them
        self.asked[clinic_id] += 1
        if clinic_id == self.held:
            await self.answered.wait()
        return Answer(Outcome.ACCEPTED, "250 taken")


async def leased(desk: Any, at_most: int, **given: Any) -> Counter[UUID]:
    async with desk.harness.database.transaction([], "test") as work:
        due = await messages.lease_due(work, work.now + timedelta(seconds=20), at_most, **given)
    return Counter(one.clinic_id for one in due)


async def test_what_is_due_of_one_clinic_is_leased_beside_any_number_of_anothers(desk: Any, flood: Any) -> None:
    other = await one_more(desk, flood)
    assert await leased(desk, 10) == {flood.clinic_id: 9, other.clinic_id: 1}


async def test_who_has_less_in_work_is_leased_first_and_nobody_more_than_its_share(desk: Any, flood: Any) -> None:
    other = await one_more(desk, flood)
    busy = {flood.clinic_id: 3, new_id(): 7}
    assert await leased(desk, 1, in_work=busy, share=5) == {other.clinic_id: 1}
    assert await leased(desk, 10, in_work=busy, share=5) == {flood.clinic_id: 2}
    assert await leased(desk, 10, in_work={flood.clinic_id: 6}, share=5) == {}


async def test_workers_that_lease_at_once_take_each_message_once(desk: Any, flood: Any) -> None:
    async def take() -> list[UUID]:
        async with desk.harness.database.transaction([], "test") as work:
            return [one.message_id for one in await messages.lease_due(work, work.now + timedelta(seconds=20), 40)]

    taken = [id_ for some in await asyncio.gather(*(take() for _ in range(4))) for id_ in some]
    assert flood
    assert taken
    assert len(taken) == len(set(taken))


@pytest.mark.rule("ALL-4.3")
async def test_messages_of_one_clinic_that_are_held_up_do_not_hold_anothers(desk: Any, flood: Any) -> None:
    real = desk.harness.resources.state.sending
    held = Held(real.channels[Channel.EMAIL], flood.clinic_id)
    sending = Sending(real.database, real.clock, {Channel.EMAIL: held}, real.documents)
    while await sending.start_due():
        pass
    assert len(sending.in_work) == OTHERS.share < AT_ONCE
    other = await one_more(desk, flood)
    await sending.start_due()
    await asyncio.wait(
        [task for task, look in sending.in_work.items() if look.message.clinic_id == other.clinic_id], timeout=20
    )
    assert [message["state"] for message in await desk.messages(other)] == ["sent"]
    held.answered.set()
    await sending.finish()
    assert held.asked == {flood.clinic_id: OTHERS.share, other.clinic_id: 1}


@pytest.mark.rule("NOT-3.5")
async def test_a_receipt_goes_out_before_any_number_of_other_messages_of_the_clinic(desk: Any, flood: Any) -> None:
    """Also where what is in work already is held up, and fills all places that it may have."""
    real = desk.harness.resources.state.sending
    held = Held(real.channels[Channel.EMAIL], flood.clinic_id)
    sending = Sending(real.database, real.clock, {Channel.EMAIL: held}, real.documents)
    while await sending.start_due():
        pass
    desk.clock.advance(timedelta(seconds=1))
    payment = flood.paid()
    await desk.harness.deliver(payment, flood.receipt(payment))
    await sending.start_due()
    in_work = Counter(check.message.notice for check in sending.in_work.values())
    assert in_work == {Notice.INVOICE_ISSUED: OTHERS.share, Notice.PAYMENT_RECORDED: 1}
    held.answered.set()
    await sending.finish()


@pytest.mark.rule("NOT-3.5")
async def test_of_a_clinic_what_is_urgent_is_leased_first_then_documents_then_reminders(
    desk: Any, practice: Any
) -> None:
    """By hand is urgent, whatever it is."""
    documents = [practice.issued_invoice(number=f"INV-{number}") for number in range(3)]
    await desk.harness.deliver(practice.configured(), practice.registered(("reminders",)), *documents)
    await desk.harness.deliver(*(practice.overdue(document) for document in documents))
    await desk.harness.deliver(practice.receipt(practice.paid()))
    by_id = {message["id"]: message["notice"] for message in await desk.messages(practice)}

    async def next_one() -> str:
        async with desk.harness.database.transaction([], "test") as work:
            (due,) = await messages.lease_due(work, work.now + timedelta(days=3650), 1)
        return str(by_id[str(due.message_id)])

    order = [await next_one() for _ in by_id]
    assert order == ["payment_recorded", *["invoice_issued"] * 3, *["invoice_overdue"] * 3]


def test_no_lane_and_no_clinic_has_all_places_of_a_worker() -> None:
    """ALL-4, NOT-3.5."""
    assert {priority for lane in LANES for priority in lane.priorities} == set(Priority) - {Priority.WEBHOOKS}
    assert all(lane.share < lane.at_once < AT_ONCE for lane in LANES)
    assert URGENT.share + OTHERS.share < AT_ONCE


async def test_a_message_that_cannot_be_checked_holds_up_no_other(desk: Any, practice: Any) -> None:
    """ALL-4: nor does it end the worker, and with it all others' messages, as often as it is due."""
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    other = await one_more(desk, practice)
    await write_subject(desk, practice, """subject || '{"document": "parchment"}'""")
    await desk.send()
    assert [message["state"] for message in await desk.messages(other)] == ["sent"]
    await write_subject(desk, practice, """subject || '{"document": "receipt"}'""")
    await desk.send(after=timedelta(minutes=1))
    assert [message["state"] for message in await desk.messages(practice)] == ["sent"]


async def write_subject(desk: Any, practice: Any, subject: str) -> None:
    """Have a clinic's messages be as no release of this service writes them, or as they were."""
    connection = await asyncpg.connect(desk.harness.owned.admin_dsn)
    try:
        await connection.execute(
            f"UPDATE messages SET subject = {subject} WHERE clinic_id = $1",  # noqa: S608 - of this file
            practice.clinic_id,
        )
    finally:
        await connection.close()
