"""What each answer of an SMTP server means, and what is known when there is none (NOT-3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from notifications.channels.channel import Answer, Outcome
from notifications.channels.email.mime import Mail
from notifications.channels.email.smtp import SmtpPool, SmtpServer

CLINIC, OTHER_CLINIC = new_id(), new_id()
MAIL = Mail("billing@x.org", "zoe@example.org", b"Subject: x\r\n\r\nhello\r\n")


@pytest_asyncio.fixture(loop_scope="session")
async def pool(smtp: Any) -> AsyncIterator[SmtpPool]:
    smtp.forget()
    opened = SmtpPool(SmtpServer("127.0.0.1", smtp.port, connections=2, timeout_seconds=5))
    yield opened
    await opened.close()


async def test_a_message_that_is_taken_is_accepted_and_the_answer_kept(pool: SmtpPool, smtp: Any) -> None:
    answer = await pool.send(MAIL, CLINIC)
    assert (answer.outcome, answer.text) == (Outcome.ACCEPTED, "250 taken")
    assert smtp.envelopes == [("billing@x.org", ["zoe@example.org"])]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("451 try later", Outcome.NOT_TAKEN),
        ("554 no such content here", Outcome.REFUSED),
        ("rcpt 450 mailbox busy", Outcome.NOT_TAKEN),
        ("rcpt 550 no such user", Outcome.REFUSED),
        ("hang up", Outcome.NOT_TAKEN),
        ("cut", Outcome.UNKNOWN),
    ],
)
async def test_each_answer_says_whether_to_try_again(pool: SmtpPool, smtp: Any, said: str, outcome: Outcome) -> None:
    smtp.script[:] = [said, said]
    answer = await pool.send(MAIL, CLINIC)
    assert answer.outcome is outcome


@pytest.mark.parametrize(("phase", "outcome"), [("handle_RCPT", Outcome.NOT_TAKEN), ("handle_DATA", Outcome.UNKNOWN)])
async def test_a_server_that_answers_after_we_gave_up_may_have_taken_it_only_after_data(
    smtp: Any, monkeypatch: pytest.MonkeyPatch, phase: str, outcome: Outcome
) -> None:
    """NOT-3.3."""
    answered, in_time = asyncio.Event(), getattr(smtp, phase)

    async def late(*given: Any) -> str:
        await answered.wait()
        return str(await in_time(*given))

    monkeypatch.setattr(smtp, phase, late)
    impatient = SmtpPool(SmtpServer("127.0.0.1", smtp.port, timeout_seconds=0.3))
    answer = await impatient.send(MAIL, CLINIC)
    answered.set()
    await impatient.close()
    assert answer.outcome is outcome


async def test_an_answer_that_repeats_the_address_is_masked(pool: SmtpPool, smtp: Any) -> None:
    smtp.script[:] = ["rcpt 550 <zoe@example.org> unknown"]
    assert (await pool.send(MAIL, CLINIC)).text == "550 <z***e@e***.org> unknown"


@pytest.mark.parametrize(("said", "outcome"), [("250 ta\0ken", Outcome.ACCEPTED), ("554 n\0o", Outcome.REFUSED)])
async def test_an_answer_that_no_database_keeps_is_noted_as_far_as_it_can_be(
    pool: SmtpPool, smtp: Any, said: str, outcome: Outcome
) -> None:
    """NOT-3: what became of a message is known, whatever the server's words were."""
    smtp.script[:] = [said]
    answer = await pool.send(MAIL, CLINIC)
    assert (answer.outcome, answer.text) == (outcome, said.replace("\0", "\ufffd"))


async def test_a_connection_serves_many_messages(pool: SmtpPool, smtp: Any) -> None:
    before = smtp.connections
    for _ in range(5):
        await pool.send(MAIL, CLINIC)
    assert smtp.connections - before == 1


async def test_a_connection_that_was_closed_while_idle_is_replaced(pool: SmtpPool, smtp: Any) -> None:
    await pool.send(MAIL, CLINIC)
    smtp.script[:] = ["hang up"]
    assert (await pool.send(MAIL, CLINIC)).outcome is Outcome.ACCEPTED
    assert len(smtp.taken) == 2


async def test_after_a_refusal_the_next_message_goes_out(pool: SmtpPool, smtp: Any) -> None:
    smtp.script[:] = ["rcpt 550 no", "554 no"]
    outcomes = [(await pool.send(MAIL, CLINIC)).outcome for _ in range(3)]
    assert outcomes == [Outcome.REFUSED, Outcome.REFUSED, Outcome.ACCEPTED]


async def test_a_server_that_cannot_be_reached_has_certainly_not_taken_it() -> None:
    nowhere = SmtpPool(SmtpServer("127.0.0.1", 9, timeout_seconds=2))
    answer = await nowhere.send(MAIL, CLINIC)
    assert answer.outcome is Outcome.NOT_TAKEN
    assert "cannot be reached" in answer.text


async def test_an_address_in_other_letters_goes_out_where_the_server_can(pool: SmtpPool, smtp: Any) -> None:
    answer = await pool.send(replace(MAIL, recipient="zoë@example.org", is_internationalized=True), CLINIC)
    assert answer.outcome is Outcome.ACCEPTED
    assert smtp.envelopes[-1][1] == ["zoë@example.org"]


@pytest.mark.parametrize("changed", [{"recipient": "zoë@example.org"}, {"data": "Reply-To: ü@x.org\r\n\r\n".encode()}])
async def test_an_address_in_other_letters_fails_at_once_where_the_server_cannot(
    pool: SmtpPool, smtp: Any, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    """NOT-8.1: whichever of its addresses it is."""
    monkeypatch.setattr(smtp, "takes_other_letters", False)
    answer = await pool.send(replace(MAIL, is_internationalized=True, **changed), CLINIC)
    assert answer == Answer(Outcome.REFUSED, "the server takes no internationalized addresses (SMTPUTF8)")
    assert smtp.envelopes == []


async def test_a_clinic_whose_messages_are_held_up_leaves_a_connection_to_others(
    pool: SmtpPool, smtp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-4: however many of its messages wait."""
    held, take = asyncio.Event(), smtp.handle_DATA

    async def hold(server: Any, session: Any, envelope: Any) -> str:
        if envelope.rcpt_tos == ["held@example.org"]:
            await held.wait()
        return str(await take(server, session, envelope))

    monkeypatch.setattr(smtp, "handle_DATA", hold)
    slow = Mail("billing@x.org", "held@example.org", MAIL.data)
    waiting = [asyncio.create_task(pool.send(slow, CLINIC)) for _ in range(5)]
    await asyncio.sleep(0)
    answer = await asyncio.wait_for(pool.send(MAIL, OTHER_CLINIC), 4)
    assert (answer.outcome, [task.done() for task in waiting]) == (Outcome.ACCEPTED, [False] * 5)
    held.set()
    assert {one.outcome for one in await asyncio.gather(*waiting)} == {Outcome.ACCEPTED}
