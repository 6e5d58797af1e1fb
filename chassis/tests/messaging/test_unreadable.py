"""Records that are no events of ours, whatever is in them: set aside, and nothing else stops (`ALL-7`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from chassis.database import Work
from chassis.messaging import Permanent, Subscription, dead_letters
from chassis.messaging.inbound import UNREAD_AT_ONCE, Inbound
from chassis.testing.harness import ServiceHarness
from chassis.testing.word import Word
from sqlalchemy import text

TOPIC = "sample.words.v1"
CLINIC, OFFSETS = UUID(int=7), count(1_000)
GOOD = {
    "ce_type": b"word",
    "ce_source": b"/test",
    "ce_subject": b"thing",
    "ce_clinicid": str(CLINIC).encode(),
    "ce_time": b"2026-11-28T08:00:00+00:00",
    "ce_sequence": b"000000000001",
}


@dataclass
class Record:
    """What aiokafka hands over."""

    key: bytes | None
    value: bytes | None
    given: dict[str, bytes] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    twice: tuple[tuple[str, bytes], ...] = ()
    topic: str = TOPIC
    partition: int = 3
    offset: int = 0
    timestamp: int = 1_795_000_000_000

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        all_ = GOOD | {"ce_id": str(uuid4()).encode()} | self.given
        return [*((name, value) for name, value in all_.items() if name not in self.without), *self.twice]


UNKEEPABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a NUL in the key": ({"key": b"a\0b"}, "the key is malformed"),
    "a key without end": ({"key": b"k" * 5_000}, "the key is malformed"),
    "no key": ({"key": None}, "the record has no key or no value"),
    "no value": ({"value": None}, "the record has no key or no value"),
    "a NUL in the id": ({"given": {"ce_id": b"a\0b"}}, "the header ce_id is missing or malformed"),
    "an id without end": ({"given": {"ce_id": b"i" * 5_000}}, "the header ce_id is missing or malformed"),
    "a NUL in the subject": ({"given": {"ce_subject": b"\0"}}, "the header ce_subject is missing or malformed"),
    "a sequence too large": ({"given": {"ce_sequence": b"9" * 30}}, "the header ce_sequence is missing or malformed"),
    "a sequence below zero": ({"given": {"ce_sequence": b"-1"}}, "the header ce_sequence is missing or malformed"),
    "a time before all time": (
        {"given": {"ce_time": b"0001-01-01T00:00:00+14:00"}},
        "the header ce_time is missing or malformed",
    ),
    "a time of no zone": ({"given": {"ce_time": b"2026-11-28T08:00"}}, "the header ce_time is missing or malformed"),
    "another clinic in the data": (
        {"value": b'{"clinic_id": "00000000-0000-0000-0000-000000000008"}'},
        f"the header ce_clinicid says {CLINIC}, the data clinic_id 00000000-0000-0000-0000-000000000008",
    ),
    "no type": ({"without": ("ce_type",)}, "the header ce_type is missing or malformed"),
    "no headers at all": ({"without": (*GOOD, "ce_id")}, "the header ce_id is missing or malformed"),
    "structured without data": (
        {"given": {"content-type": b"application/cloudevents+json"}, "value": b'{"type": "word", "id": "1"}'},
        "the attribute data is missing or malformed",
    ),
    "structured and no JSON": (
        {"given": {"content-type": b"application/cloudevents+json"}, "without": ("ce_type",), "value": b"?"},
        "the value is no JSON object",
    ),
    "an empty id": ({"given": {"ce_id": b""}}, "the header ce_id is missing or malformed"),
    "an empty type": ({"given": {"ce_type": b""}}, "the header ce_type is missing or malformed"),
    "an id of no characters": ({"given": {"ce_id": b"\xff\xfe"}}, "the header ce_id is missing or malformed"),
    "a source with a space": ({"given": {"ce_source": b"/a b"}}, "the header ce_source is missing or malformed"),
    "an empty key": ({"key": b""}, "the record has no key or no value"),
    "another CloudEvents": ({"given": {"ce_specversion": b"2.0"}}, "the header ce_specversion is missing or malformed"),
    "two types": ({"twice": (("ce_type", b"nobody's"),)}, "the header ce_type is there twice, and differs"),
    "two clinics": (
        {"twice": (("ce_clinicid", b"00000000-0000-0000-0000-000000000008"),)},
        "the header ce_clinicid is there twice, and differs",
    ),
    "another clinic in data that only one parser reads": (
        {"value": b'{"clinic_id": "00000000-0000-0000-0000-000000000008", "more": NaN}'},
        f"the header ce_clinicid says {CLINIC}, the data clinic_id 00000000-0000-0000-0000-000000000008",
    ),
    "structured, with a type for those who pass over": (
        {
            "given": {"content-type": b"application/cloudevents+json", "ce_type": b"nobody's"},
            "value": b'{"type": "word"}',
        },
        "the attribute data is missing or malformed",
    ),
    "structured, with bytes that are none": (
        {"given": {"content-type": b"application/cloudevents+json"}, "value": b'{"type": "word", "data_base64": "?"}'},
        "the attribute data is missing or malformed",
    ),
    "structured, nested deeper than is written": (
        {
            "given": {"content-type": b"application/cloudevents+json"},
            "value": b'{"type": "word", "data": {"more": %s}}' % (b"[" * 400 + b"]" * 400),
        },
        "the attribute data is missing or malformed",
    ),
    "structured, with a number that is none": (
        {
            "given": {"content-type": b"application/cloudevents+json"},
            "value": b'{"type": "word", "data": {"more": NaN}}',
        },
        "the value is no JSON object",
    ),
    "structured, with a number of any size beside one that is none": (
        {
            "given": {"content-type": b"application/cloudevents+json"},
            "value": b'{"type": "word", "data": {"more": [NaN, %s]}}' % (b"9" * 30),
        },
        "the value is no JSON object",
    ),
    "a clinic of zeros": (
        {"given": {"ce_clinicid": str(UUID(int=0)).encode()}},
        "the header ce_clinicid is missing or malformed",
    ),
    "no clinic": ({"given": {"ce_clinicid": b"?"}}, "the header ce_clinicid is missing or malformed"),
    "no type of ours, no time": ({"given": {"ce_id": b"a\0b"}, "timestamp": 10**30}, "the header ce_id is missing"),
}


@pytest.mark.parametrize("case", UNKEEPABLE)
async def test_what_no_database_keeps_is_set_aside_and_the_rest_goes_on(
    harness: ServiceHarness, sample: Any, case: str
) -> None:
    bad, reason = UNKEEPABLE[case]
    key = str(uuid4())
    before = await _reasons(harness)
    records = [
        Record(key.encode(), b"one"),
        Record(**({"key": key.encode(), "value": b"bad", "offset": next(OFFSETS)} | bad)),
        Record(str(uuid4()).encode(), b"other"),
    ]
    assert await harness.inbound.take(records) == 3
    assert await sample.marked(key) == ["one"]
    assert len(await _reasons(harness)) == len(before) + 1
    assert (await _reasons(harness))[-1].startswith(reason)


def structured(key: str, word: str, **more: Any) -> Record:
    """An event as CloudEvents' SDKs write it in structured mode."""
    document = {name.removeprefix("ce_"): value.decode() for name, value in GOOD.items()} | {"specversion": "1.0"}
    document |= {"id": str(uuid4()), "data": {"word": word}} | more
    return Record(
        key.encode(),
        orjson.dumps(document),
        {"content-type": b"application/cloudevents+json; charset=utf-8"},
        without=(*GOOD, "ce_id"),
    )


async def test_an_event_in_structured_mode_is_handled(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7: the Kafka binding of CloudEvents 1.0 has two modes."""
    key = str(uuid4())
    assert await harness.inbound.take([structured(key, "said")]) == 1
    assert await sample.marked(key) == ['{"word":"said"}']


async def test_an_event_in_structured_mode_of_a_type_nobody_listens_to_is_passed_over(
    harness: ServiceHarness, sample: Any
) -> None:
    key = str(uuid4())
    assert await harness.inbound.take([structured(key, "said", type="nobody's")]) == 0
    assert await sample.letters(key) == []


async def test_the_same_id_of_another_source_or_clinic_is_another_event(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: source and id make an event the same one (CloudEvents 1.0), in its clinic."""
    key, one = str(uuid4()), {"ce_id": str(uuid4()).encode()}
    other = uuid4()
    elsewhere = {"ce_clinicid": str(other).encode()}
    records = [
        Record(key.encode(), b"first", one),
        Record(key.encode(), b"again", one),
        Record(key.encode(), b"other source", one | {"ce_source": b"/other"}),
        Record(key.encode(), b"other clinic", one | elsewhere),
    ]
    await harness.inbound.take(records)
    await harness.inbound.take(records)
    found = await sample.marked(key, clinics=[CLINIC, other])
    assert sorted(found) == ["first", "other clinic", "other source"]


async def test_two_ids_that_are_alike_once_their_characters_are_replaced_are_two(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: else the second would be taken for the first, and vanish."""
    key = str(uuid4()).encode()
    offsets = next(OFFSETS), next(OFFSETS)
    records = [
        Record(key, b"?", {"ce_id": given}, offset=at) for at, given in zip(offsets, (b"\xff", b"\xfe"), strict=True)
    ]
    await harness.inbound.take(records)
    assert [state for state, _ in await sample.letters(key.decode())] == ["dead", "dead"]


async def test_a_lane_of_good_and_bad_in_turn_costs_few_transactions_and_stays_in_order(
    harness: ServiceHarness, sample: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-4, ALL-7: another clinic's records in the same fetch are handled before any of it is set aside."""
    key, other = str(uuid4()), UUID(int=8)
    records = [Record(key.encode(), b"first")]
    for number in range(60):
        records.append(Record(key.encode(), b"?", {"ce_sequence": b"-1"}, offset=next(OFFSETS)))
        records.append(Record(key.encode(), b"behind %d" % number))
        records.append(Record(str(uuid4()).encode(), b"other's", {"ce_clinicid": str(other).encode()}))
    begun = _counted(harness, monkeypatch)
    assert await harness.inbound.take(records) == len(records)
    assert len(begun) <= 2 + 2 * 60 / UNREAD_AT_ONCE
    assert await sample.marked(key) == ["first"]
    assert [state for state, _ in await sample.letters(key)] == ["dead", "waiting"] * 60
    async with harness.database.reading([other]) as connection:
        assert (await connection.scalar(text("SELECT count(*) FROM marks WHERE word = 'other''s'"))) >= 60


def _counted(harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is begun in transactions from now on: one entry for each."""
    begun: list[object] = []
    transaction = harness.database.transaction

    def counted(clinics: Any, actor: str) -> Any:
        begun.append(actor)
        return transaction(clinics, actor)

    monkeypatch.setattr(harness.database, "transaction", counted)
    return begun


async def test_a_record_of_no_clinic_holds_nobody_up(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: whose it is cannot be told, so it is no reason to keep anybody waiting."""
    key = str(uuid4()).encode()
    await harness.inbound.take([Record(key, b"?", {"ce_clinicid": b"?"}), Record(key, b"after")])
    assert await sample.marked(key.decode()) == ["after"]


async def test_a_record_of_two_clinics_holds_up_neither(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: one of them did not send it."""
    key, other = str(uuid4()), UUID(int=8)
    named = (("ce_clinicid", str(other).encode()),)
    await harness.inbound.take([Record(key.encode(), b"?", twice=named, offset=next(OFFSETS))])
    of_other = {"ce_clinicid": str(other).encode()}
    await harness.inbound.take([Record(key.encode(), b"its own"), Record(key.encode(), b"other's", of_other)])
    assert sorted(await sample.marked(key, clinics=[CLINIC, other])) == ["its own", "other's"]


async def test_a_clinic_that_is_nested_without_end_is_the_consumers_to_refuse(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: written out, it would be too deep for Python, and end every process that reads it."""
    key, deep = str(uuid4()), b'{"clinic_id": %s}' % (b"[" * 1_010 + b"]" * 1_010)
    assert await harness.inbound.take([Record(key.encode(), deep)]) == 1
    assert await sample.marked(key) == [deep.decode()]


async def test_no_id_can_be_made_to_look_like_another_clinics_event(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: what looks like an event that was handled is passed over."""
    key, other = str(uuid4()), UUID(int=8)
    forged = {
        "ce_source": b"/dental-billing/payments",
        "ce_id": f"{key} /test {CLINIC}".encode(),
        "ce_clinicid": str(other).encode(),
    }
    await harness.inbound.take([Record(key.encode(), b"forged", forged)])
    await harness.inbound.take([Record(key.encode(), b"real", {"ce_id": key.encode()})])
    assert await sample.marked(key) == ["real"]


async def test_ids_below_our_own_prefix_that_are_no_uuid_are_their_source_s_and_clinic_s(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-4, ALL-7: each is handled, once; the same number of another clinic or source is another event."""
    key, one, other = str(uuid4()), f"/dental-billing/{uuid4()}".encode(), str(UUID(int=8)).encode()
    told = {
        "own": {"ce_source": one},
        "twice": {"ce_source": one},
        "other clinic": {"ce_source": one, "ce_clinicid": other},
        "other source": {"ce_source": one + b"/besides"},
    }
    for data, given in told.items():
        await harness.inbound.take([Record(key.encode(), data.encode(), {"ce_id": b"7"} | given)])
    assert sorted(await sample.marked(key, clinics=(CLINIC, UUID(int=8)))) == ["other clinic", "other source", "own"]


async def test_a_trace_that_no_database_keeps_costs_the_trace_only(harness: ServiceHarness, sample: Any) -> None:
    """ALL-7: also where the message is set aside, with all that came with it."""
    key = str(uuid4())
    sample.faults["late"] = Permanent("not to be understood")
    given = {"traceparent": b"00-\0", "tracestate": b"\0"}
    await harness.inbound.take([Record(key.encode(), b"one", given), Record(key.encode(), b"late", given)])
    assert await sample.marked(key) == ["one"]
    assert await sample.letters(key) == [("dead", "not to be understood")]


async def test_what_a_record_adds_to_the_trace_goes_no_further(harness: ServiceHarness) -> None:
    """ALL-6: it may be anything, a name, too; what is announced because of it has the trace and nothing more."""
    key = str(uuid4())
    given = {"traceparent": f"00-{'4b' * 16}-{'b7' * 8}-01".encode(), "tracestate": b"patient=Miller"}

    async def handler(work: Work, messages: Any) -> None:
        work.announce(Word(TOPIC, key, "caused"), subject=uuid4(), sequence=1)

    inbound = Inbound("traces", harness.database, [Subscription(TOPIC, {"word": handler})])
    await inbound.take([Record(key.encode(), b"one", given)])
    query = text("SELECT traceparent, tracestate FROM outbox WHERE key = :key")
    async with harness.database.reading([CLINIC]) as connection:
        (sent,) = await connection.execute(query, {"key": key})
    assert sent.traceparent.split("-")[1] == "4b" * 16
    assert sent.tracestate is None


@pytest.mark.rule("ALL-7.3")
async def test_what_came_before_an_unreadable_record_of_its_key_is_handled_first(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: and what comes after it waits."""
    key = str(uuid4()).encode()
    unreadable = Record(key, b"?", {"ce_time": b"?"}, offset=7)
    await harness.inbound.take([Record(key, b"before"), unreadable, Record(key, b"after")])
    assert await sample.marked(key.decode()) == ["before"]
    assert [state for state, _ in await sample.letters(key.decode())] == ["dead", "waiting"]


async def test_any_number_of_unreadable_records_between_others_have_those_handled_together(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-4: one clinic's rubbish does not make another's events be handled one by one."""
    keys = [str(uuid4()) for _ in range(30)]
    rubbish = {"ce_clinicid": str(UUID(int=8)).encode(), "ce_time": b"?"}
    between = [Record(key.encode(), b"?", rubbish, offset=next(OFFSETS)) for key in keys]
    records = [
        one for pair in zip(between, (Record(key.encode(), b"said") for key in keys), strict=True) for one in pair
    ]
    before = len(await _reasons(harness))
    assert await harness.inbound.take(records) == 2 * len(keys)
    assert await sample.marked(*keys) == ["said"] * len(keys)
    assert len(await _reasons(harness)) == before + len(keys)
    assert sample.handler.calls == 1


async def test_an_unreadable_record_is_never_taken_for_an_event_of_no_clinic(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-4: it is not handled when it is tried again, and stays away once it is dismissed."""
    key = str(uuid4()).encode()
    unreadable = Record(key, b"?", {"ce_clinicid": b"?"}, offset=8)
    await harness.inbound.take([unreadable])
    (dead,) = [row for row in await harness.set_aside() if row.key == key.decode()]
    async with harness.database.transaction([], "operator") as work:
        await dead_letters.replay(work.connection, [dead.id], "operator", "mended")
    await harness.retry()
    ((state, reason),) = await sample.letters(key.decode())
    assert (state, reason) == ("dead", "it is no event as it stands: have it sent again, and dismiss this one")
    async with harness.database.transaction([], "operator") as work:
        await dead_letters.dismiss(work.connection, [dead.id], "operator", "sent again")
    await harness.inbound.take([unreadable])
    assert await sample.letters(key.decode()) == []


async def _reasons(harness: ServiceHarness) -> list[str]:
    return [row.reason for row in await harness.set_aside() if row.state == "dead"]
