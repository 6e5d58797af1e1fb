"""What one clinic's messages do to another's: nothing, whatever they are (`ALL-4`)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from chassis.messaging import NotYet, Permanent, dead_letters
from chassis.messaging.inbound import RETRY_BATCH
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from sqlalchemy import text


def keys(count: int) -> list[str]:
    return [str(uuid4()) for _ in range(count)]


async def test_a_clinic_s_bad_messages_are_searched_for_after_the_others_are_handled(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-4: good and bad in turn, of one clinic, whatever comes of them, each of a patient of its own."""
    others = [uuid4() for _ in range(7)]
    sample.faults["bad"] = Permanent("cannot be understood")
    batch = []
    for number, key in enumerate(keys(40)):
        batch.append(sample.message(key, "bad" if number % 2 else "good"))
        batch.append(sample.message(str(uuid4()), f"other {number}", clinic_id=others[number % 7]))
    await harness.deliver(*batch)
    of_others = [message.key for message in batch if message.clinic_id in others]
    assert len(await sample.marked(*of_others, clinics=others)) == 40
    last = max(place for place, word in enumerate(sample.handler.seen) if word.startswith("other"))
    tried = sample.handler.seen[: last + 1].count("bad")
    assert tried <= 4 * 20, "each as often as eight clinics are halved, before the others were done"
    assert await sample.marked(*(message.key for message in batch)) == ["good"] * 20


@pytest.mark.rule("ALL-4.3", "ALL-4.4")
async def test_a_patient_waits_behind_no_other_clinics_dead_letter(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: a patient of two clinics has one key, and each clinic its own order; also where one waits already."""
    (key,) = keys(1)
    sample.faults["early"] = NotYet("not known yet")
    sample.faults["bad"] = Permanent("cannot be understood")
    elsewhere = uuid4()
    await harness.deliver(
        sample.message(key, "bad", clinic_id=elsewhere),
        sample.message(key, "one"),
        sample.message(key, "hers", clinic_id=elsewhere),
        sample.message(key, "early"),
        sample.message(key, "two"),
    )
    assert await sample.marked(key) == ["one"]
    del sample.faults["early"]

    async def its_own_are_handled() -> bool:
        await harness.retry()
        return await sample.marked(key) == ["one", "early", "two"]

    await eventually(its_own_are_handled)
    assert [state for state, _ in await sample.letters(key)] == ["dead", "waiting"]


@pytest.mark.rule("ALL-4.3")
async def test_clinics_take_turns_with_what_is_tried_again(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: many lanes of one clinic that fail again and again are not all tried before another clinic's only one."""
    many = [sample.message(key, "never", clinic_id=crowd) for crowd in [uuid4()] for key in keys(200)]
    one = sample.message(str(uuid4()), "soon", clinic_id=uuid4())
    sample.faults["never"] = NotYet("not known yet", many)
    sample.faults["soon"] = NotYet("not known yet")
    await harness.deliver(*many)
    await harness.deliver(one)
    async with harness.database.transaction([], "test") as work:
        first = await dead_letters.due(work.connection, harness.inbound.consumer, RETRY_BATCH)
    assert one.clinic_id in {letter.clinic_id for letter in first}
    of_many = [letter.id for letter in first if letter.clinic_id == many[0].clinic_id]
    assert of_many == sorted(of_many)
    del sample.faults["soon"]
    await harness.retry()
    assert await sample.marked(one.key, clinics=[one.clinic_id]) == ["soon"]


async def test_a_clinics_rows_are_out_of_reach_of_another_clinics_batch(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4."""
    (key,) = keys(1)
    await harness.deliver(sample.message(key, "mine"))
    async with harness.database.reading([uuid4()]) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM marks")) == 0
