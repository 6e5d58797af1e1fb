"""A patient is forgotten by one event in every service: no name, address or birth date of theirs stays (`ALL-9`).

Words that stand nowhere else are put into everything that the practice and the other services say of a patient; then
every column of every table is searched for them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.database.outbox import MARK_PUBLISHED
from chassis.messaging import Message, dead_letters
from chassis.service import Service
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.scanning import places_of
from clinic_at_work import WORD, in_lanes_of_their_own, money_is_taken, record_of, structured, work_begins
from contracts.golden.example import AMARA, CLINIC
from contracts.patients import TOPIC, PatientForgotten
from personal_tables import ENDS, MACHINERY_ENDS, MACHINERY_OF_NOBODY, OF_NOBODY

NAMES = frozenset(
    "given_name family_name patient_given_name patient_family_name chart_number city subscriber_id group_name "
    "group_number note value".split()
)
"""Members of events that get a word for whoever is told of in them."""
THE_CLINIC_S = frozenset({"billing_provider_address"})
DATES = frozenset({"birth_date", "patient_birth_date"})
BORN = "1931-07-19"
PLANTED = (WORD, BORN)
OTHERS = UUID("cccccccc-0000-4000-8000-00000000000c")
AFTER = datetime(2026, 11, 29, tzinfo=UTC)
KEPT = {
    "invoicing": set[str](),
    "payments": set[str](),
    "receipts": {"invoices.content", "receipts.content", "notes.content", "plan_agreements.content"},
    "notifications": set[str](),
}
"""What the law has the books keep: documents as they were issued (decision 0049)."""
HELD = {
    "invoicing": {"patients", "patient_words"},
    "payments": {"payment_positions", "relabelings"},
    "receipts": {"patients", "patient_versions", "invoices", "receipts", "notes"},
    "notifications": {"patients"},
}
"""Which tables are told of the patient in these tests, at least; of the others, a service's own tests."""


@pytest.fixture
async def own(service: Service, request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
    """A service that has heard of nobody yet."""
    async with running(service, admin_dsn(request)) as one:
        yield one


def planted(message: Message) -> Message:
    """The same event with the words in it."""
    return replace(message, data=json.dumps(_planted(json.loads(message.data))).encode())


def _planted(node: Any) -> Any:
    if isinstance(node, list):
        return [_planted(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {name: value if name in THE_CLINIC_S else _word(name, value) for name, value in node.items()}


def _word(name: str, value: Any) -> Any:
    if isinstance(value, str) and name in NAMES:
        return f"{WORD}@example.org" if name == "value" else WORD
    if isinstance(value, str) and name in DATES:
        return BORN
    return _planted(value)


def of_another_clinic(message: Message) -> Message:
    """The same patient's id in another clinic, under names of its own."""
    data = message.data.replace(str(CLINIC).encode(), str(OTHERS).encode())
    return replace(message, id=str(uuid4()), clinic_id=OTHERS, data=data)


def forgotten(clinic_id: UUID = CLINIC, patient_id: UUID = AMARA) -> PatientForgotten:
    return PatientForgotten(clinic_id=clinic_id, occurred_at=AFTER, patient_id=patient_id)


def spoilt(message: Message) -> Message:
    """An event that no handler can read; the next of its key waits behind it."""
    data = json.dumps({"family_name": WORD, "birth_date": BORN, "address": {"city": WORD}}).encode()
    return replace(message, id=str(uuid4()), key=str(AMARA), data=data)


def no_json(message: Message) -> Message:
    """Bytes with words in them."""
    return replace(message, id=str(uuid4()), key=str(AMARA), data=f"{WORD} {BORN}".encode())


def late(golden: list[Message]) -> Message:
    """The patient's registration, with the words in it, as one that comes a second time from another machine."""
    told_first = next(message for message in golden if message.key == str(AMARA) and message.topic == TOPIC)
    return replace(planted(told_first), id=str(uuid4()), sequence=900)


def living_nowhere(message: Message) -> Message:
    """The same event, of which a member that names a person is of the wrong kind."""
    data = json.loads(message.data) | {"address": {"lines": [WORD], "city": 5, "country": "US"}}
    return replace(message, id=str(uuid4()), data=json.dumps(data).encode())


async def open_data(harness: ServiceHarness) -> list[bytes]:
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        rows = await connection.fetch("SELECT data FROM dead_letters WHERE state IN ('waiting', 'dead') ORDER BY id")
    finally:
        await connection.close()
    return [bytes(row["data"]) for row in rows]


async def settled(harness: ServiceHarness) -> None:
    """Let what came too early be handled, now that the rest is there."""
    for _ in range(3):
        waiting = [row.id for row in await harness.set_aside() if row.state == "waiting"]
        async with harness.database.transaction([], "operator") as work:
            await dead_letters.replay(work.connection, waiting, "operator", "the rest is there")
        while await harness.retry():
            pass


async def dismissed(harness: ServiceHarness) -> None:
    """An operator gives up all that is set aside."""
    ids = [row.id for row in await harness.set_aside()]
    async with harness.database.transaction([], "operator") as work:
        await dead_letters.dismiss(work.connection, ids, "operator", "of no use")


async def published(harness: ServiceHarness) -> None:
    """As the relay would leave the outbox."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        ids = [row["id"] for row in await connection.fetch("SELECT id FROM outbox")]
        await connection.execute(MARK_PUBLISHED, ids)
    finally:
        await connection.close()


async def differences(harness: ServiceHarness) -> list[Any]:
    return [
        difference
        for proof in harness.service.proofs
        for difference in (await proof.run(harness.resources)).differences
    ]


def told(harness: ServiceHarness, golden: list[Message], *, but: Callable[[Message], bool]) -> list[Message]:
    listened = [message for message in golden if harness.inbound.listens_to(message.topic, message.type)]
    return [
        planted(message) if message.key == str(AMARA) else message
        for message in listened
        if not but(message) and message.type != PatientForgotten.event_type
    ]


def is_of_money(message: Message) -> bool:
    return message.topic not in ("dental.patients.v1", "dental.clinical.v1", "billing.clinics.v1")


@pytest.mark.rule("ALL-9.4")
async def test_of_every_table_it_is_said_what_it_keeps_of_a_person_and_when_that_ends(harness: ServiceHarness) -> None:
    """ALL-9: a new table is in one of the lists of `personal_tables.py`, or this fails."""
    name = harness.service.name
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    ends, nobody = ENDS[name].keys() | MACHINERY_ENDS.keys(), OF_NOBODY[name] | MACHINERY_OF_NOBODY
    assert {one["tablename"] for one in found} == ends | nobody
    assert not ends & nobody


@pytest.mark.rule("ALL-9.1", "ALL-9.2")
async def test_nothing_of_a_forgotten_patient_stays_but_what_the_books_need(
    own: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-9, ALL-8: wherever the words were; the proof finds what it found before."""
    await work_begins(own)
    story = in_lanes_of_their_own(told(own, golden, but=lambda _: False))
    await own.deliver(*story)
    await settled(own)
    await money_is_taken(own)
    await own.deliver(*(poison(message) for message in story for poison in (spoilt, no_json)))
    await published(own)
    before = await places_of(own.owned, PLANTED)
    found_wrong = await differences(own)
    assert before.get("dead_letters.data") == set(PLANTED)
    tables = {place.partition(".")[0] for place in before}
    assert tables <= ENDS[own.service.name].keys() | MACHINERY_ENDS.keys(), (
        "of the others it is said that they name nobody"
    )
    assert HELD[own.service.name] <= tables, "there was something to be forgotten"
    await own.deliver(forgotten())
    await dismissed(own)
    await own.deliver(
        *(replace(message, id=str(uuid4())) for message in story if message.topic == "dental.patients.v1")
    )
    left = await places_of(own.owned, PLANTED)
    assert {place: words for place, words in left.items() if place not in KEPT[own.service.name]} == {}
    assert await differences(own) == found_wrong


@pytest.mark.rule("ALL-9.1")
async def test_a_patient_who_was_forgotten_before_anything_was_heard_is_never_named(
    own: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-9: in whatever order, and however high the version is that comes later."""
    await own.deliver(forgotten())
    story = told(own, golden, but=is_of_money)
    later = [
        replace(message, id=str(uuid4()), sequence=900) for message in story if message.topic == "dental.patients.v1"
    ]
    newer = [replace(message, data=message.data.replace(b'"version": 1', b'"version": 900')) for message in later]
    await own.deliver(*story, *newer)
    await settled(own)
    await published(own)
    assert await places_of(own.owned, PLANTED) == {}


async def test_what_cannot_be_handled_and_comes_afterwards_is_set_aside_without_the_person(
    own: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-9, ALL-7: it is set aside all the same, and so is what waits behind it, which brings nothing back."""
    valid = late(golden)
    await own.deliver(forgotten())
    cut = replace(valid, id=str(uuid4()), data=valid.data[:-9])
    await own.deliver(living_nowhere(valid), cut, spoilt(valid), no_json(valid), valid)
    await own.inbound.take([record_of(valid, ce_type=None)])
    await own.inbound.take([record_of(valid, ce_sequence=b"-1")])
    await own.inbound.take([structured(valid)])
    assert len(await own.set_aside()) >= 2
    assert await places_of(own.owned, PLANTED) == {}
    assert b64encode(WORD.encode())[:6] not in b"".join(await open_data(own))
    await dismissed(own)
    assert await places_of(own.owned, PLANTED) == {}
    assert await differences(own) == []


async def test_what_waits_behind_it_is_handled_as_what_it_is(own: ServiceHarness, golden: list[Message]) -> None:
    """ALL-9, ALL-7."""
    valid = late(golden)
    await own.deliver(forgotten())
    await own.inbound.take([record_of(valid, ce_sequence=b"-1")])
    await own.deliver(valid)
    letters = {row.state: row.id for row in await own.set_aside()}
    if own.inbound.listens_to(valid.topic, valid.type):
        async with own.database.transaction([], "operator") as work:
            await dead_letters.dismiss(work.connection, [letters["dead"]], "operator", "sent again")
        await settled(own)
        assert await own.set_aside() == []
    assert await places_of(own.owned, PLANTED) == {}


async def test_what_cannot_be_handled_of_another_clinic_s_patient_keeps_its_data(
    own: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-4, ALL-7: it is somebody else, and is sent on as it was once it can be handled."""
    await own.deliver(forgotten())
    theirs = of_another_clinic(late(golden))
    await own.inbound.take([record_of(theirs, ce_type=None)])
    assert await open_data(own) == [theirs.data]


def naming(golden: list[Message], how: str) -> SimpleNamespace:
    """A record in another lane than the patient's, in which they are named all the same."""
    valid = late(golden)
    if how == "another clinic in the header":
        return record_of(valid, ce_clinicid=str(OTHERS).encode())
    if how == "another patient in the key":
        return record_of(replace(valid, key=str(uuid4())), ce_sequence=b"-1")
    if how == "both, and ids in capitals":
        capitals = valid.data.replace(str(AMARA).encode(), str(AMARA).upper().encode())
        return record_of(replace(valid, key=str(uuid4()), data=capitals), ce_clinicid=str(OTHERS).encode())
    if how == "no clinic in the header":
        return record_of(replace(valid, key=str(uuid4())), ce_clinicid=None)
    if how == "in base64":
        whole = structured(valid)
        return SimpleNamespace(**vars(whole) | {"key": str(uuid4()).encode()})
    return record_of(living_nowhere(replace(valid, key=str(uuid4()))))


HOW = [
    "another clinic in the header",
    "another patient in the key",
    "both, and ids in capitals",
    "no clinic in the header",
    "in base64",
    "a member that is not to be read, under another key",
]


@pytest.mark.parametrize("order", ["before", "after"])
async def test_what_names_them_under_another_clinic_or_patient_is_emptied_too(
    own: ServiceHarness, golden: list[Message], order: str
) -> None:
    """ALL-9: whichever of the two its header says, whether it was set aside before or is afterwards.

    Each is in a lane of its own, so none is emptied because another is.
    """
    records = [naming(golden, how) for how in HOW]
    if order == "after":
        await own.deliver(forgotten())
    for record in records:
        await own.inbound.take([record])
    if order == "before":
        await own.deliver(forgotten())
    assert await places_of(own.owned, PLANTED) == {}
    assert [data for data in await open_data(own) if b64encode(WORD.encode())[:6] in data] == []


async def test_what_only_mentions_them_of_another_s_keeps_its_data(own: ServiceHarness, golden: list[Message]) -> None:
    """ALL-7: it can be read, is about somebody else, and is handled as it is once it can be."""
    valid = late(golden)
    if not own.inbound.listens_to(valid.topic, valid.type):
        return
    whose = str(uuid4())
    other = json.loads(valid.data) | {"patient_id": whose, "referred_by": str(AMARA), "address": {"city": 5}}
    await own.deliver(replace(valid, key=whose, data=json.dumps(other).encode()))
    (data,) = await open_data(own)
    await own.deliver(forgotten())
    assert await open_data(own) == [data]


async def test_another_clinic_s_patient_of_the_same_id_is_not_forgotten(
    own: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-9, ALL-4."""
    story = told(own, golden, but=is_of_money)
    await own.deliver(*map(of_another_clinic, story))
    before = await places_of(own.owned, PLANTED)
    await own.deliver(forgotten())
    assert await places_of(own.owned, PLANTED) == before


async def test_what_waits_is_handled_all_the_same(own: ServiceHarness, golden: list[Message]) -> None:
    """ALL-9, ALL-7: money is not lost because its patient is forgotten while it waits for an invoice."""
    story = told(own, golden, but=lambda _: False)
    await own.deliver(
        *(message for message in story if message.topic.startswith("billing.") and "clinic" not in message.topic)
    )
    waiting = {row.event_id for row in await own.set_aside() if row.state == "waiting"}
    await own.deliver(forgotten())
    assert await _waiting_words(own) == set()
    await own.deliver(*story)
    await settled(own)
    assert not waiting & {row.event_id for row in await own.set_aside() if row.state == "dead"}


async def _waiting_words(harness: ServiceHarness) -> set[str]:
    return {place for place in await places_of(harness.owned, PLANTED) if place.startswith("dead_letters")}


@pytest.mark.rule("ALL-9.4")
async def test_a_dismissed_message_keeps_no_data_for_ever(own: ServiceHarness) -> None:
    """ALL-9: until then somebody may take the dismissal back."""
    bad = own._message(forgotten())
    await own.deliver(replace(bad, data=b'{"family_name": "' + WORD.encode() + b'"}'))
    (letter,) = await own.set_aside()
    async with own.database.transaction([], "operator") as work:
        await dead_letters.dismiss(work.connection, [letter.id], "operator", "sent by mistake")
    await own.run_job("empty_dismissed_letters")
    assert WORD in str(await places_of(own.owned, PLANTED))
    own.resources.settings = own.resources.settings.model_copy(update={"dismissed_data_days": 0})
    await own.run_job("empty_dismissed_letters")
    assert await places_of(own.owned, PLANTED) == {}
    async with own.database.transaction([], "operator") as work:
        assert await dead_letters.reopen(work.connection, [letter.id], "operator", "a mistake of mine") == {}
        assert await dead_letters.without_data(work.connection, [letter.id]) == [letter.id]
