"""Two clinics with the same patients, ids, keys and names, one of which sends whatever it can: the other never notices.

The well-behaved clinic is told the same story twice: alone, and in a service that the other one uses at the same time,
with the same ids of everything. What it keeps, what it is answered and what is set aside for it have to be alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from any_record import AnyRecord, Dice, any_record, event
from chassis.messaging import dead_letters
from chassis.service import Service
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.tokens import Issuer
from local_stack.places import ROOT

WELL, BAD = UUID("aaaaaaaa-0000-4000-8000-00000000000a"), UUID("bbbbbbbb-0000-4000-8000-00000000000b")
MARK = "Zzyzx"
"""Stands in every text of the misbehaving clinic: nothing of it may appear in what the other one is shown."""
FLOOD = 300
SPOILT = 250
EXAMPLES = ROOT / "contracts" / "examples"
OFFSETS = count()
ROWS = 'SELECT {} FROM "{}" WHERE clinic_id = $1'
OWN = {"dead_letters", "inbox", "outbox", "alembic_version"}
CHANCE = {"uuid", "timestamp with time zone", "xid8", "bytea"}
"""Types of columns whose values are made anew in each run; so are those of columns that count all clinics' rows."""


@dataclass(frozen=True)
class Fetched:
    """A record as aiokafka hands it over."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    offset: int
    partition: int = 0
    timestamp: int = 1_795_000_000_000


def fetched(record: AnyRecord) -> Fetched:
    return Fetched(record.topic, record.key, record.value, record.headers, next(OFFSETS))


@pytest.fixture(scope="module")
def story(service: Service) -> list[dict[str, Any]]:
    """The golden examples of the service's topics, in the order in which they happened."""
    topics = {one.topic for one in service.subscriptions}
    read = [json.loads(path.read_text(encoding="utf-8")) for path in EXAMPLES.glob("*.json")]
    told = [example for example in read if example["topic"] in topics]
    return sorted(told, key=lambda example: (example["headers"]["ce_time"], example["headers"]["ce_sequence"]))


@dataclass
class Pair:
    """A service that the well-behaved clinic has for itself, and one that it shares."""

    alone: ServiceHarness
    shared: ServiceHarness


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(service: Service, story: list[dict[str, Any]], request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Both services, after the story was told in each; in the shared one the other clinic has done its worst."""
    issuer, dsn = Issuer(), admin_dsn(request)
    async with running(service, dsn, issuer=issuer) as alone, running(service, dsn, issuer=issuer) as shared:
        for example in story:
            await take(alone, [event(example, WELL)])
        for number, example in enumerate(story):
            await take(shared, list(worst(story, number))[:FLOOD])
            await take(shared, [marked(example), event(example, WELL), marked(example)])
        await take(shared, list(flood(story)))
        for harness in (alone, shared):
            await settled(harness)
        yield Pair(alone, shared)


async def take(harness: ServiceHarness, records: list[AnyRecord]) -> None:
    """Hand records in as one fetch of each topic would bring them."""
    for topic in dict.fromkeys(record.topic for record in records):
        await harness.inbound.take([fetched(record) for record in records if record.topic == topic])


def marked(example: dict[str, Any]) -> AnyRecord:
    """The same event of the misbehaving clinic: the same ids of everything, every name another."""
    record = event(example, BAD)
    text = (record.value or b"").decode()
    changed = re.sub(r'("(?:\w*name|description|note|reason|subject)": ")[^"]*(")', rf"\g<1>{MARK}\g<2>", text)
    return AnyRecord(record.topic, record.key, changed.encode(), record.headers, BAD)


def worst(story: list[dict[str, Any]], number: int) -> Iterator[AnyRecord]:
    """What a system can send that is broken: spoilt records, all in the keys of the well-behaved clinic's patients."""
    dice = Dice(number)
    for _ in range(max(1, SPOILT // len(story))):
        record = any_record(dice, story)
        if not record.misleading and str(WELL).encode() not in b"".join(v for _, v in record.headers) + (
            record.value or b""
        ):
            yield AnyRecord(record.topic, event(story[0], BAD).key, record.value, record.headers, BAD)


def flood(story: list[dict[str, Any]]) -> Iterator[AnyRecord]:
    """More of the same than anybody needs."""
    for number in range(FLOOD):
        yield marked(story[number % len(story)])


async def settled(harness: ServiceHarness) -> None:
    """Let the well-behaved clinic's messages that came too early be handled, now that the rest is there."""
    for _ in range(3):
        waiting = [row.id for row in await letters(harness, WELL) if row.state == "waiting"]
        async with harness.database.transaction([], "operator") as work:
            await dead_letters.replay(work.connection, waiting, "operator", "the rest is there")
        while await harness.retry():
            pass


async def kept(harness: ServiceHarness) -> dict[str, list[str]]:
    """The well-behaved clinic's rows of every table, without what is made anew in each run."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type, is_identity = 'YES' AS counted FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        )
        tables = {row["table_name"] for row in columns if row["column_name"] == "clinic_id"} - OWN
        found = {}
        for table in sorted(tables):
            own = [row for row in columns if row["table_name"] == table]
            told = [row["column_name"] for row in own if row["data_type"] not in CHANCE and not row["counted"]]
            shown = ", ".join(f'"{name}"' for name in told) or "1"
            rows = await connection.fetch(ROWS.format(shown, table), WELL)
            found[table] = sorted(_shape(str(dict(row))) for row in rows)
        return found
    finally:
        await connection.close()


async def letters(harness: ServiceHarness, clinic_id: UUID) -> list[Any]:
    async with harness.database.reading([]) as connection:
        rows = await dead_letters.listed(connection, most=100_000)
    return [row for row in rows if row.clinic_id == clinic_id]


async def test_the_other_clinic_did_misbehave(pair: Pair) -> None:
    assert len(await letters(pair.shared, BAD)) > 20


@pytest.mark.rule("ALL-4.1")
async def test_what_a_clinic_keeps_is_what_it_keeps_alone(pair: Pair) -> None:
    """ALL-4: no row more, less or other, though the other clinic has the same ids of everything."""
    alone, shared = await kept(pair.alone), await kept(pair.shared)
    assert sum(map(len, alone.values())) >= 3
    for table, rows in alone.items():
        for one, other in zip_longest(rows, shared[table]):
            assert one == other, table


async def test_nothing_of_a_clinic_is_set_aside_for_what_another_did(pair: Pair) -> None:
    """ALL-4: not dead, not waiting, and for no other reason."""
    alone = [(row.type, row.state, row.reason) for row in await letters(pair.alone, WELL)]
    shared = [(row.type, row.state, row.reason) for row in await letters(pair.shared, WELL)]
    assert sorted(shared) == sorted(alone)


@pytest.mark.rule("ALL-4.4")
async def test_a_reason_names_nothing_of_another_clinic(pair: Pair) -> None:
    """ALL-4, ALL-6."""
    for row in await letters(pair.shared, BAD):
        assert str(WELL) not in row.reason
        assert MARK not in row.reason


async def test_what_a_clinic_announces_is_what_it_announces_alone(pair: Pair) -> None:
    """ALL-4: to other services, too."""
    told = []
    for harness in (pair.alone, pair.shared):
        announced = await harness.announced(clinic_id=WELL)
        told.append(sorted(one.type for one in announced))
        assert not [one.type for one in announced if MARK.encode() in one.raw or str(BAD).encode() in one.raw]
    assert told[0] == told[1]


@pytest.mark.rule("ALL-4.1")
async def test_every_answer_to_a_clinic_is_what_it_is_alone(pair: Pair, story: list[dict[str, Any]]) -> None:
    """ALL-4: each operation that reads, with the ids that both clinics have."""
    ids = _ids(story)
    paths = pair.alone.app.openapi()["paths"]
    asked = 0
    for path in sorted(path for path, operations in paths.items() if "get" in operations and path.startswith("/v1/")):
        place = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], str(uuid4())), path)
        answers = []
        for harness in (pair.alone, pair.shared):
            async with harness.client(clinic_id=WELL) as client:
                answer = await client.get(place)
            assert MARK not in answer.text, path
            assert str(BAD) not in answer.text, path
            answers.append((answer.status_code, _shape(answer.text)))
        assert answers[0] == answers[1], path
        asked += answers[0][0] == 200
    assert asked >= 3


async def test_every_change_of_a_clinic_is_answered_as_it_is_alone(pair: Pair, story: list[dict[str, Any]]) -> None:
    """ALL-4: each operation that changes something, after the other clinic has done it under the same key."""
    ids = _ids(story)
    for path, method, body in _changes(pair.alone.app.openapi()):
        place = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], str(UUID(int=1))), path)
        key = {"Idempotency-Key": str(uuid4())}
        async with pair.shared.client(clinic_id=BAD) as other:
            await other.request(method, place, json=body, headers=key)
        answers = []
        for harness in (pair.alone, pair.shared):
            async with harness.client(clinic_id=WELL) as client:
                answer = await client.request(method, place, json=body, headers=key)
            assert "Idempotency-Replayed" not in answer.headers, path
            answers.append((answer.status_code, _shape(answer.text)))
        assert answers[0] == answers[1], f"{method} {path}"


def _changes(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for path, operations in sorted(document["paths"].items()):
        for method in ("post", "put", "patch", "delete"):
            if method in operations and path.startswith("/v1/"):
                content = operations[method].get("requestBody", {}).get("content", {}).get("application/json", {})
                yield path, method.upper(), content.get("example")


def _ids(node: Any) -> dict[str, str]:
    """Ids by their names, as the story has them."""
    found: dict[str, str] = {}
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found |= _ids(inner)
    own = node.items() if isinstance(node, dict) else ()
    return found | {name: value for name, value in own if name.endswith("_id") and isinstance(value, str)}


def _shape(text: str) -> str:
    """A text without what is made anew in each run: ids, instants, confirmations, traces, rows' numbers, attempts."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    text = re.sub(r"\d{4}-\d{2}-\d{2}T[0-9:.]+(Z|[+-]\d{2}:\d{2})", "INSTANT", text)
    text = re.sub(r'"(id|newest|attempts)":\d+', r'"\1":0', text)
    return re.sub(r'"[A-Za-z0-9_=+/-]{20,}"', '"TOKEN"', text)
