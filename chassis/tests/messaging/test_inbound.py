"""What becomes of messages: handled once, set aside with their reason, tried again, dismissed (`ALL-7`)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from chassis.broker import Broker
from chassis.database.machinery import every_clinic
from chassis.messaging import NotYet, Permanent, Subscription, dead_letters
from chassis.messaging.consumer import Consumer
from chassis.messaging.delays import IN_VAIN_MAX
from chassis.messaging.inbound import Inbound
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from sqlalchemy import text


def keys(count: int) -> list[str]:
    return [str(uuid4()) for _ in range(count)]


async def test_a_message_delivered_twice_is_handled_once(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7."""
    (key,) = keys(1)
    one = sample.message(key, "one")
    await harness.deliver(one, one)
    await harness.deliver(one, sample.message(key, "two"))
    assert await sample.marked(key) == ["one", "two"]


async def test_a_batch_in_work_again_after_a_fault_is_no_trouble_any_more(harness: ServiceHarness, sample: Any) -> None:
    """ALL-1: it may take minutes, during which the database answers and readiness is to say so."""
    one, faults, meanwhile = sample.message(*keys(1), "one"), [ConnectionResetError()], []

    async def handler(work: Any, messages: Any) -> None:
        if faults:
            raise faults.pop()
        meanwhile.append(consumer.trouble)
        await sample.handler(work, messages)

    taking = Inbound(f"again-{uuid4()}", harness.database, [Subscription(one.topic, {"word": handler})])
    consumer = Consumer(taking, Broker("localhost:9"), client_id="test", batch=1)
    with pytest.raises(ConnectionResetError) as fault:
        await taking.handle([one])
    consumer.interrupt(fault.value)
    assert consumer.trouble == "ConnectionResetError"
    await taking.handle([one])
    assert (meanwhile, await sample.marked(one.key)) == ([None], ["one"])


async def test_a_batch_that_comes_to_nothing_again_and_again_is_a_trouble(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7: the database gives it a transaction each time, and so it does what waits meanwhile."""
    one, meanwhile = sample.message(*keys(1), "one"), []

    async def handler(_: Any, __: Any) -> None:
        meanwhile.append(consumer.trouble)
        raise ConnectionResetError

    taking = Inbound(f"vain-{uuid4()}", harness.database, [Subscription(one.topic, {"word": handler})])
    consumer = Consumer(taking, Broker("localhost:9"), client_id="test", batch=1)
    for _ in range(IN_VAIN_MAX + 1):
        with pytest.raises(ConnectionResetError) as fault:
            await taking.handle([one])
        consumer.interrupt(fault.value)
    assert meanwhile == [None] * IN_VAIN_MAX + ["ConnectionResetError"]


async def test_a_consumer_without_a_broker_is_troubled_whatever_the_database_gives(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: what waits is tried meanwhile, and nothing new is consumed for that."""
    one = sample.message(*keys(1), "one")
    taking = Inbound(f"away-{uuid4()}", harness.database, [Subscription(one.topic, {"word": sample.handler})])
    consumer = Consumer(taking, Broker("localhost:9"), client_id="test", batch=1)

    async def is_troubled() -> bool:
        return consumer.trouble is not None

    running = asyncio.create_task(consumer.run())
    try:
        await eventually(is_troubled)
        await taking.handle([one])
        assert consumer.trouble is not None
    finally:
        consumer.stop()
        await running


@pytest.mark.rule("ALL-7.3")
async def test_one_bad_message_costs_only_itself_and_what_waits_behind_its_key(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7."""
    good, bad = keys(2)
    sample.faults["bad"] = Permanent("cannot be understood")
    await harness.deliver(
        sample.message(good, "one"),
        sample.message(bad, "first"),
        sample.message(bad, "bad"),
        sample.message(bad, "behind"),
        sample.message(good, "two"),
    )
    assert await sample.marked(good) == ["one", "two"]
    assert await sample.marked(bad) == ["first"]
    assert await sample.letters(bad) == [
        ("dead", "cannot be understood"),
        ("waiting", "an earlier message of this key is set aside"),
    ]


async def test_a_handler_that_names_the_messages_at_fault_spares_the_batch_the_search(
    harness: ServiceHarness, sample: Any
) -> None:
    batch = [sample.message(key, "fine") for key in keys(20)]
    late = sample.message(batch[0].key, "late")
    sample.faults["late"] = NotYet("its invoice is not known yet", [late])
    await harness.deliver(*batch, late)
    assert await sample.marked(*(m.key for m in batch)) == ["fine"] * 20
    assert sample.handler.calls <= 4
    assert [state for state, _ in await sample.letters(late.key)] == ["waiting"]


async def test_what_came_too_early_is_handled_once_its_time_has_come_and_its_followers_after_it(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7."""
    (key,) = keys(1)
    sample.faults["early"] = NotYet("not known yet")
    await harness.deliver(sample.message(key, "early"), sample.message(key, "next"))
    assert await sample.marked(key) == []
    sample.faults.clear()

    async def both_are_handled() -> bool:
        await harness.retry()
        return await sample.marked(key) == ["early", "next"]

    await eventually(both_are_handled)
    assert await sample.letters(key) == []


async def test_a_long_row_behind_a_key_is_worked_off_in_few_transactions(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7: a patient with a thousand messages must catch up, not fall behind."""
    (key,) = keys(1)
    words = [f"word-{number}" for number in range(300)]
    sample.faults["word-0"] = NotYet("not known yet")
    await harness.deliver(*(sample.message(key, word) for word in words))
    sample.faults.clear()
    sample.handler.calls = 0

    async def all_handled() -> bool:
        await harness.retry()
        return bool(await sample.marked(key) == words)

    await eventually(all_handled)
    assert sample.handler.calls <= 10


async def test_a_bad_message_in_a_row_costs_what_is_behind_it_and_nothing_before(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7."""
    (key,) = keys(1)
    sample.faults["early"] = NotYet("not known yet")
    sample.faults["bad"] = Permanent("cannot be understood")
    await harness.deliver(*(sample.message(key, word) for word in ("early", "fine", "bad", "behind")))
    del sample.faults["early"]

    async def the_bad_one_is_dead() -> bool:
        await harness.retry()
        return "dead" in [state for state, _ in await sample.letters(key)]

    await eventually(the_bad_one_is_dead)
    assert await sample.marked(key) == ["early", "fine"]
    assert await sample.letters(key) == [
        ("dead", "cannot be understood"),
        ("waiting", "an earlier message of this key is set aside"),
    ]


async def test_what_another_process_has_just_tried_is_not_tried_again_at_once(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: the delay holds for every process that found the message due before."""
    (key,) = keys(1)
    sample.faults["early"] = NotYet("not known yet")
    await harness.deliver(sample.message(key, "early"))
    async with harness.database.reading([]) as connection:
        (letter,) = [one for one in await dead_letters.listed(connection) if one.key == key]
    async with harness.database.transaction([letter.clinic_id], "test") as work:
        assert await dead_letters.begin(work.connection, letter.id) == 1
        assert await dead_letters.begin(work.connection, letter.id) is None
        await dead_letters.replay(work.connection, [letter.id], "test", "to be tried")
        assert await dead_letters.begin(work.connection, letter.id) == 2
        assert await dead_letters.locked(work.connection, letter.id, 1) is None, "another one's attempt"
        assert await dead_letters.locked(work.connection, letter.id, 2) is not None


async def attempts_at(harness: ServiceHarness, key: str) -> int:
    """Of the first of a key that is set aside."""
    async with harness.database.reading([]) as connection:
        return next(int(one.attempts) for one in await dead_letters.listed(connection) if one.key == key)


async def test_an_attempt_is_one_call_of_the_handler(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7: tried as often as is said, also where much waits behind it."""
    (key,) = keys(1)
    sample.faults["counted"] = NotYet("not known yet")
    await harness.deliver(sample.message(key, "counted"), *(sample.message(key, "behind") for _ in range(30)))
    sample.handler.seen.clear()
    for attempt in (1, 2, 3):

        async def is_tried(attempt: int = attempt) -> bool:
            await harness.retry()
            return await attempts_at(harness, key) >= attempt

        await eventually(is_tried)
        tried = sample.handler.seen.count("counted")
        assert (await attempts_at(harness, key), tried, sample.handler.seen.count("behind")) == (attempt, attempt, 0)


async def test_the_count_of_attempts_outlives_the_process_that_dies_of_one(
    harness: ServiceHarness, sample: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: a message that ends each process which tries it is counted, and tried later and later, as any other."""
    (key,) = keys(1)
    sample.faults["deadly"] = NotYet("not known yet")
    await harness.deliver(sample.message(key, "deadly"))
    died = asyncio.CancelledError()  # nothing after it is done, as when a process ends
    monkeypatch.setitem(sample.faults, "deadly", died)
    sample.handler.seen.clear()
    for attempt in (1, 2, 3):

        async def has_died() -> bool:
            try:
                await harness.retry()
            except asyncio.CancelledError:
                return True
            return False

        await eventually(has_died)
        assert (await attempts_at(harness, key), sample.handler.seen.count("deadly")) == (attempt, attempt)
    sample.faults.clear()

    async def is_handled() -> bool:
        await harness.retry()
        return bool(await sample.marked(key) == ["deadly"])

    await eventually(is_handled)


@pytest.mark.rule("ALL-4.4")
async def test_a_reason_says_nothing_of_another_message(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: a batch has several clinics' messages, and a reason is shown to the clinic of its own."""
    mine, hers = (sample.message(key, "late", clinic_id=uuid4()) for key in keys(2))
    sample.faults["late"] = NotYet(
        "patients 1 and 2 are not known", [mine, hers], {mine.id: "patient 1 is not known", hers.id: "patient 2 is not"}
    )
    await harness.deliver(mine, hers)
    assert await sample.letters(mine.key) == [("waiting", "patient 1 is not known")]
    assert await sample.letters(hers.key) == [("waiting", "patient 2 is not")]


async def test_a_reason_for_several_without_each_ones_own_is_not_shown(harness: ServiceHarness, sample: Any) -> None:
    mine, hers = (sample.message(key, "late", clinic_id=uuid4()) for key in keys(2))
    sample.faults["late"] = NotYet("patients 1 and 2 are not known", [mine, hers])
    await harness.deliver(mine, hers)
    assert "patient" not in str(await sample.letters(mine.key))


@pytest.mark.rule("ALL-9.4")
async def test_what_was_handled_is_kept_without_its_data(harness: ServiceHarness, sample: Any) -> None:
    """ALL-6: who looks at what was set aside long ago finds no names in it."""
    (key,) = keys(1)
    sample.faults["early"] = NotYet("not known yet")
    await harness.deliver(sample.message(key, "early"))
    sample.faults.clear()

    async def handled() -> bool:
        await harness.retry()
        return await sample.marked(key) == ["early"]

    await eventually(handled)
    async with harness.database.reading([]) as connection, every_clinic(connection):
        rows = await connection.execute(text("SELECT state, data FROM dead_letters WHERE key = :key"), {"key": key})
        assert [(row.state, bytes(row.data)) for row in rows] == [("handled", b"")]


@pytest.mark.rule("ALL-7.2")
async def test_a_replayed_dead_letter_is_handled_with_all_that_waited(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7."""
    (key,) = keys(1)
    sample.faults["bug"] = ValueError("a bug of ours")
    await harness.deliver(sample.message(key, "bug"), sample.message(key, "after"))
    sample.faults.clear()
    (dead,) = [row for row in await harness.set_aside() if row.key == key and row.state == "dead"]
    async with harness.database.transaction([], "operator") as work:
        assert await dead_letters.replay(work.connection, [dead.id], "operator", "mended") == [dead.id]

    async def all_handled() -> bool:
        await harness.retry()
        return await sample.marked(key) == ["bug", "after"]

    await eventually(all_handled)


async def test_a_dismissed_message_never_comes_back_and_frees_its_key(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7."""
    (key,) = keys(1)
    sample.faults["wrong"] = Permanent("of no use")
    wrong = sample.message(key, "wrong")
    await harness.deliver(wrong)
    (row,) = [row for row in await harness.set_aside() if row.key == key]
    async with harness.database.transaction([], "operator") as work:
        await dead_letters.dismiss(work.connection, [row.id], "operator", "sent by mistake")
    sample.faults.clear()
    await harness.deliver(wrong, sample.message(key, "next"))
    assert await sample.marked(key) == ["next"]


async def test_a_dismissal_that_is_taken_back_has_the_message_handled_once(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: somebody was mistaken; the decision and its taking back both stay on record."""
    (key,) = keys(1)
    sample.faults["wrong"] = Permanent("of no use")
    await harness.deliver(sample.message(key, "wrong"), sample.message(key, "next"))
    first = min(row.id for row in await harness.set_aside() if row.key == key)
    async with harness.database.transaction([], "operator") as work:
        assert await dead_letters.reopen(work.connection, [first], "operator", "it is open") == {}
        await dead_letters.dismiss(work.connection, [first], "operator", "sent by mistake")
    sample.faults.clear()
    await eventually(harness.retry)
    async with harness.database.transaction([], "operator") as work:
        assert first in await dead_letters.reopen(work.connection, [first], "operator", "a mistake of mine")
        assert await dead_letters.reopen(work.connection, [first], "operator", "twice at once") == {}
        assert await dead_letters.without_data(work.connection, [first]) == []
    await eventually(harness.retry)
    assert await sample.marked(key) == ["next", "wrong"]
    async with harness.database.transaction([], "operator") as work:
        assert await dead_letters.reopen(work.connection, [first], "operator", "once more") == {}
        assert await dead_letters.without_data(work.connection, [first]) == [first]
    async with harness.database.reading([]) as connection:
        listed = await dead_letters.listed(connection, ("dismissed", "handled"), after=first - 1)
    assert [(row.state, row.resolved_because) for row in listed if row.key == key and row.state == "dismissed"] == [
        ("dismissed", "sent by mistake")
    ]


async def test_the_reason_never_quotes_what_the_message_said(harness: ServiceHarness, sample: Any) -> None:
    """ALL-6."""
    (key,) = keys(1)
    sample.faults["secret"] = ValueError("Jane Doe, tooth 36")
    await harness.deliver(sample.message(key, "secret"))
    ((state, reason),) = await sample.letters(key)
    assert state == "dead"
    assert "Jane" not in reason
    assert "ValueError" in reason


async def test_a_fault_of_the_surroundings_changes_nothing_and_is_raised(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7: the whole batch is tried again."""
    (key,) = keys(1)
    batch = [sample.message(key, "one"), sample.message(key, "unlucky")]
    sample.faults["unlucky"] = ConnectionResetError()
    with pytest.raises(ConnectionResetError):
        await harness.deliver(*batch)
    assert await sample.marked(key) == []
    sample.faults.clear()
    await harness.deliver(*batch)
    assert await sample.marked(key) == ["one", "unlucky"]


async def test_the_same_message_handled_by_two_processes_at_once_counts_once(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: after a rebalance the old owner may still be at it."""
    wanted = keys(30)
    batch = [sample.message(key, "once") for key in wanted]
    await asyncio.gather(harness.deliver(*batch), harness.deliver(*reversed(batch)), harness.deliver(*batch))
    assert await sample.marked(*wanted) == ["once"] * 30


async def test_a_type_that_nobody_handles_is_not_lost_when_it_is_replayed(harness: ServiceHarness, sample: Any) -> None:
    stray = sample.message(str(uuid4()), "stray", kind="unheard")
    await harness.inbound.handle([stray])
    ((state, reason),) = await sample.letters(stray.key)
    assert (state, reason) == ("dead", "nothing here handles unheard")


def test_a_message_does_not_print_its_data(sample: Any) -> None:
    """ALL-6."""
    one = sample.message("k", "Jane Doe")
    assert "Jane" not in repr(one)
