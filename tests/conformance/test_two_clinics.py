"""Two clinics with the same patients, ids, keys and names, one of which sends whatever it can: the other never notices.

The well-behaved clinic is told the same story twice: alone, and in a service that the other one uses at the same time,
with the same ids of everything. What it keeps, what it is answered and what is set aside for it have to be alike.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from any_record import event
from beside import asked_by
from chassis.broker import Broker
from chassis.service import Service
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.tokens import Issuer
from local_stack.places import ROOT
from two_clinics import (
    BAD,
    FLOOD,
    MARK,
    WELL,
    Pair,
    flood,
    go_on,
    letters,
    mail_server,
    marked,
    nobody_to_ask,
    of_process,
    publish,
    settled,
    take,
    topic_of,
    worst,
    write_zones,
)

EXAMPLES = ROOT / "contracts" / "examples"
ROWS = 'SELECT {} FROM "{}" WHERE clinic_id = $1'
CARRIED_OUT = {"invoicing": 25, "payments": 8, "receipts": 0, "notifications": 4}
"""So many changes at least are carried out for each clinic; receipts has but one that needs a document set aside."""
MADE = {
    "invoices": "invoice_id",
    "credit-notes": "note_id",
    "debit-notes": "note_id",
    "price-lists": "price_list_id",
    "payments": "payment_id",
    "payment-groups": "group_id",
    "refunds": "refund_id",
}
"""By the last word of a path, what the id of that which was made there is called."""
OWN = {"dead_letters", "inbox", "outbox", "alembic_version"}
CHANCE = {"uuid", "timestamp with time zone", "xid8", "bytea"}
"""Types of columns whose values are made anew in each run; so are those of columns that count all clinics' rows."""


@pytest.fixture(scope="module")
def story(service: Service) -> list[dict[str, Any]]:
    """The golden examples of the service's topics, in the order in which they happened."""
    topics = {subscription.topic for subscription in service.subscriptions}
    read = [json.loads(path.read_text(encoding="utf-8")) for path in EXAMPLES.glob("*.json")]
    told = [example for example in read if example["topic"] in topics]
    return sorted(told, key=lambda example: (example["headers"]["ce_time"], example["headers"]["ce_sequence"]))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(service: Service, story: list[dict[str, Any]], request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Both services, after the story was told in each; in the shared one the other clinic has done its worst.

    Then whatever goes on by itself has gone on in both: jobs, loops, the relay and the retries, for a year and more.
    """
    issuer, dsn, broker = Issuer(), admin_dsn(request), Broker(request.getfixturevalue("kafka_server"))
    async with (
        mail_server() as mails,
        asked_by(service, dsn, issuer) as settings,
        running(service, dsn, issuer=issuer, **settings, **of_process(service, mails)) as alone,
        running(service, dsn, issuer=issuer, **settings, **of_process(service, mails)) as shared,
    ):
        for example in story:
            await take(alone, [event(example, WELL)])
        for number, example in enumerate(story):
            await take(shared, list(worst(story, number))[:FLOOD])
            await take(shared, [marked(example), event(example, WELL), marked(example)])
        await take(shared, list(flood(story)))
        await write_zones(shared, "America")
        topic = await topic_of(broker)
        for harness in (alone, shared):
            await settled(harness)
            for passed in (timedelta(), timedelta(days=40), timedelta(days=400)):
                harness.clock.advance(passed)
                await go_on(harness)
            await publish(harness, broker, topic)
        await write_zones(shared, "America/New_York")
        yield Pair(alone, shared)


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
    assert (await answered_alike(pair, story))[200] >= 3


async def test_every_answer_to_a_clinic_is_what_it_is_alone_while_no_other_service_answers(
    pair: Pair, story: list[dict[str, Any]]
) -> None:
    """ALL-4: what is kept here is answered as before; what is asked of others is a 503, whoever asks."""
    async with nobody_to_ask(pair.alone), nobody_to_ask(pair.shared):
        told = await answered_alike(pair, story)
    assert told[200] >= 3
    assert bool(told[503]) == (pair.alone.service.name == "receipts")


async def answered_alike(pair: Pair, story: list[dict[str, Any]]) -> Counter[int]:
    """Ask everything that can be read in both services; how often what was answered."""
    ids, told = _ids(story), Counter[int]()
    paths = pair.alone.app.openapi()["paths"]
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
        told[answers[0][0]] += 1
    return told


async def test_every_change_of_a_clinic_is_answered_as_it_is_alone(pair: Pair, story: list[dict[str, Any]]) -> None:
    """ALL-4: each operation that changes something, after the other clinic has done it under the same key.

    It would show little where all were refused: of each service so many are carried out, for both clinics.
    """
    document = pair.alone.app.openapi()
    ids = _ids(story) | {name: str(UUID(int=1)) for name in MADE.values()}
    other, alone, beside = Office(pair.shared, BAD, ids), Office(pair.alone, WELL, ids), Office(pair.shared, WELL, ids)
    done: Counter[str] = Counter()
    for path, method, body in [*_changes(document), *_changes(document)]:
        key = str(uuid4())
        done["other's"] += (await other.change(path, method, body, key)).is_success
        answers = []
        for office in (alone, beside):
            answer = await office.change(path, method, body, key)
            assert "Idempotency-Replayed" not in answer.headers, path
            answers.append((answer.status_code, _shape(answer.text)))
        assert answers[0] == answers[1], f"{method} {path}"
        done["its own"] += answers[0][0] < 300
    assert min(done["other's"], done["its own"]) >= CARRIED_OUT[pair.alone.service.name], done


@dataclass
class Office:
    """A clinic in a service: what it has made is what it works on from then on."""

    harness: ServiceHarness
    clinic_id: UUID
    ids: dict[str, str]

    def __post_init__(self) -> None:
        self.ids = dict(self.ids)

    async def change(self, path: str, method: str, body: Any, key: str) -> httpx.Response:
        """Ask for a change; of the version that there is, where one has to be named."""
        place = re.sub(r"\{(\w+)\}", lambda found: self.ids.get(found[1], str(UUID(int=1))), path)
        headers, content = {"Idempotency-Key": key}, _with_ids(body, self.ids)
        async with self.harness.client(clinic_id=self.clinic_id) as client:
            answer = await client.request(method, place, json=content, headers=headers)
            if answer.status_code == httpx.codes.PRECONDITION_REQUIRED:
                versions = [await client.get(at) for at in (place, place.rpartition("/")[0])]
                etag = next((version.headers["ETag"] for version in versions if "ETag" in version.headers), '"1"')
                answer = await client.request(method, place, json=content, headers=headers | {"If-Match": etag})
        made = MADE.get(path.rpartition("/")[2])
        if answer.status_code == httpx.codes.CREATED and made is not None:
            self.ids[made] = answer.json().get("id", self.ids[made])
        return answer


def _with_ids(node: Any, ids: dict[str, str]) -> Any:
    """A body with the ids that the clinic has, by the names of its members."""
    if isinstance(node, list):
        return [_with_ids(one, ids) for one in node]
    if not isinstance(node, dict):
        return node
    own = {
        name: ids.get(name, value) if isinstance(value, str) else _with_ids(value, ids) for name, value in node.items()
    }
    several = {name: [ids[name[:-1]]] for name in own if name.endswith("_ids") and name[:-1] in ids}
    return own | several


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
    text = re.sub(r"\b[0-9a-f]{64}\b", "HASH", text)
    text = re.sub(r"\d{4}-\d{2}-\d{2}T[0-9:.]+(Z|[+-]\d{2}:\d{2})", "INSTANT", text)
    text = re.sub(r'"(id|newest|attempts)":\d+', r'"\1":0', text)
    return re.sub(r'"[A-Za-z0-9_=+/-]{20,}"', '"TOKEN"', text)
