"""What each answer of an SMTP server means, and what is known when there is none (NOT-3)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from notifications.channels.channel import Outcome
from notifications.channels.email.mime import Mail
from notifications.channels.email.smtp import SmtpPool, SmtpServer

MAIL = Mail("billing@x.org", "zoe@example.org", b"Subject: x\r\n\r\nhello\r\n")


@pytest_asyncio.fixture(loop_scope="session")
async def pool(smtp: Any) -> AsyncIterator[SmtpPool]:
    smtp.forget()
    opened = SmtpPool(SmtpServer("127.0.0.1", smtp.port, connections=2, timeout_seconds=5))
    yield opened
    await opened.close()


async def test_a_message_that_is_taken_is_accepted_and_the_answer_kept(pool: SmtpPool, smtp: Any) -> None:
    answer = await pool.send(MAIL)
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
    answer = await pool.send(MAIL)
    assert answer.outcome is outcome


async def test_an_answer_that_repeats_the_address_is_masked(pool: SmtpPool, smtp: Any) -> None:
    smtp.script[:] = ["rcpt 550 <zoe@example.org> unknown"]
    assert (await pool.send(MAIL)).text == "550 <z***e@e***.org> unknown"


@pytest.mark.parametrize(("said", "outcome"), [("250 ta\0ken", Outcome.ACCEPTED), ("554 n\0o", Outcome.REFUSED)])
async def test_an_answer_that_no_database_keeps_is_noted_as_far_as_it_can_be(
    pool: SmtpPool, smtp: Any, said: str, outcome: Outcome
) -> None:
    """NOT-3: what became of a message is known, whatever the server's words were."""
    smtp.script[:] = [said]
    answer = await pool.send(MAIL)
    assert (answer.outcome, answer.text) == (outcome, said.replace("\0", "\ufffd"))


async def test_a_connection_serves_many_messages(pool: SmtpPool, smtp: Any) -> None:
    before = smtp.connections
    for _ in range(5):
        await pool.send(MAIL)
    assert smtp.connections - before == 1


async def test_a_connection_that_was_closed_while_idle_is_replaced(pool: SmtpPool, smtp: Any) -> None:
    await pool.send(MAIL)
    smtp.script[:] = ["hang up"]
    assert (await pool.send(MAIL)).outcome is Outcome.ACCEPTED
    assert len(smtp.taken) == 2


async def test_after_a_refusal_the_next_message_goes_out(pool: SmtpPool, smtp: Any) -> None:
    smtp.script[:] = ["rcpt 550 no", "554 no"]
    outcomes = [(await pool.send(MAIL)).outcome for _ in range(3)]
    assert outcomes == [Outcome.REFUSED, Outcome.REFUSED, Outcome.ACCEPTED]


async def test_a_server_that_cannot_be_reached_has_certainly_not_taken_it() -> None:
    nowhere = SmtpPool(SmtpServer("127.0.0.1", 9, timeout_seconds=2))
    answer = await nowhere.send(MAIL)
    assert answer.outcome is Outcome.NOT_TAKEN
    assert "cannot be reached" in answer.text


async def test_an_address_in_other_letters_goes_out_where_the_server_can(pool: SmtpPool, smtp: Any) -> None:
    answer = await pool.send(Mail("billing@x.org", "zoë@example.org", MAIL.data))
    assert answer.outcome is Outcome.ACCEPTED
    assert smtp.envelopes[-1][1] == ["zoë@example.org"]
