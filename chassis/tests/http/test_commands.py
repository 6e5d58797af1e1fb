"""What an operator can do from the command line, and what it says (`ALL-7`)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from chassis.database.clinic_directory import listing
from chassis.identifiers import new_id
from chassis.proof import Difference, Proven
from chassis.service import Proof
from chassis.testing import ServiceHarness, eventually
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Command = Callable[..., Awaitable[tuple[int, str, str]]]


async def test_unusable_setting_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "many")
    code, _, err = await command("api")
    assert code == 2
    assert err.startswith("shelf: the environment variable DATABASE_POOL_SIZE is not usable")


async def test_database_that_does_not_answer_is_said_in_a_line(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:9/nothing")
    code, _, err = await command("dead-letters", "list")
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "Connect" in err


@pytest.mark.rule("ALL-7.2")
async def test_operator_lists_shows_replays_and_dismisses_what_was_set_aside(
    harness: ServiceHarness, command: Command
) -> None:
    arrived = harness_event(harness)
    clinic = new_id()
    now = datetime.now(UTC)
    await harness.deliver(
        arrived(clinic_id=clinic, occurred_at=now, title="poison"),
        arrived(clinic_id=clinic, occurred_at=now, title="b"),
    )
    code, out, _ = await command("dead-letters", "list")
    letters = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(letter["state"], letter["reason"]) for letter in letters if letter["key"] == str(clinic)] == [
        ("dead", "nobody reads this"),
        ("waiting", "an earlier message of this key is set aside"),
    ]
    assert "poison" not in out, "the data may be personal, and is shown only when asked for"
    number = str(letters[0]["id"])
    shown = await command("dead-letters", "show", "--id", number)
    assert "poison" in shown[1]
    for action in ("replay", "dismiss", "reopen"):
        for reason in ([], ["--reason", " \u200b"], ["--reason", "typed as \udce4"], ["--reason", "fine", "--by", ""]):
            with pytest.raises(SystemExit):
                await command("dead-letters", action, "--id", number, *reason)
    short = await command("dead-letters", "list", "--limit", "1")
    assert (len(short[1].splitlines()), "there may be more: --after" in short[2]) == (1, True)
    assert (await command("dead-letters", "replay", "--id", number, "--reason", "mended"))[0] == 0
    assert await harness.retry() == 0
    code, out, _ = await command("dead-letters", "dismiss", "--id", number, "--reason", "a test's")
    assert (code, json.loads(out)) == (0, {"done": [int(number)], "not_open": []})
    assert (await command("dead-letters", "dismiss", "--id", number, "--reason", "again"))[0] == 1
    assert await eventually(harness.retry) == 1
    assert await harness.set_aside() == []
    code, out, _ = await command("dead-letters", "reopen", "--id", number, "--reason", "it was right after all")
    (again,) = await harness.set_aside()
    assert (code, json.loads(out)) == (0, {"opened": {number: again.id}, "not_dismissed": [], "without_data": []})
    assert (again.state, again.key) == ("waiting", json.loads(shown[1])["key"])
    assert (await command("dead-letters", "dismiss", "--id", str(again.id), "--reason", "no, it was not"))[0] == 0


def harness_event(harness: ServiceHarness) -> Any:
    """The event class of the sample service, found where its handler is declared."""
    (subscription,) = harness.service.subscriptions
    (handler,) = subscription.handlers.values()
    return handler.__globals__["BookArrived"]


async def test_migrate_again_changes_nothing_and_says_the_version(command: Command) -> None:
    code, out, err = await command("migrate")
    assert (code, json.loads(out)) == (0, {"service": "shelf", "schema": "20261123_books"}), err


async def known_clinic(harness: ServiceHarness) -> UUID:
    """A further clinic that the service knows."""
    clinic_id = new_id()
    async with harness.database.transaction([], "test") as work:
        await work.connection.execute(text(listing("unnest(CAST(:ids AS uuid[]))")), {"ids": [clinic_id]})
    return clinic_id


async def test_proof_prints_each_difference_and_whose_it_is_and_fails(
    harness: ServiceHarness, command: Command
) -> None:
    ours = await known_clinic(harness)

    async def well(_: AsyncConnection, clinic_id: UUID) -> Proven:
        return Proven(7 if clinic_id == ours else 0, [])

    async def wrong(_: AsyncConnection, clinic_id: UUID) -> Proven:
        return Proven(2, [Difference("books of a clinic", 2, 3)]) if clinic_id == ours else Proven(0, [])

    proofs = [Proof("shelves", well), Proof("counts", wrong)]
    code, out, _ = await command("prove", service=replace(harness.service, proofs=proofs))
    assert code == 1
    said = [json.loads(line) for line in out.splitlines()]
    assert all(one.pop("seconds", 0) >= 0 for one in said)
    assert said == [
        {"proof": "shelves", "figures": 7, "differences": 0},
        {"proof": "counts", "clinic": str(ours), "what": "books of a clinic", "expected": 2, "found": 3},
        {"proof": "counts", "figures": 2, "differences": 1},
    ]
    assert (await command("prove"))[0] == 0


async def test_service_that_knows_its_clinics_lists_them(harness: ServiceHarness, command: Command) -> None:
    known = {str(await known_clinic(harness)) for _ in range(2)}
    code, out, _ = await command("clinics", service=replace(harness.service, says_which_clinics=True))
    assert code == 0
    assert known <= set(out.split())
    with pytest.raises(SystemExit):
        await command("clinics")


async def test_topic_that_is_not_listened_to_is_not_replayed(command: Command) -> None:
    code, _, err = await command("replay", "--topic", "elsewhere.v1", "--from", "2026-11-01")
    assert code == 2
    assert "test.books.v1" in err
