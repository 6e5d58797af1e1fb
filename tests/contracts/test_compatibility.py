"""The compatibility check lets additive changes through and names every other, against all that was ever published."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contracts.comparison import breaks
from contracts.compatibility import check, main, publish
from contracts.event import EVENTS, INSTANT, LARGEST_COUNT, TEXT
from contracts.releases import versions
from contracts.rendering.schemas import schema_of

DAY = date(2026, 11, 29)
ROOT = Path(__file__).parents[2]
RECORDED = "billing.payment.recorded.v1"
Schema = dict[str, Any]
Change = Callable[[Schema], Any]


def current() -> dict[str, Schema]:
    return {event_type: schema_of(event) for event_type, event in EVENTS.items()}


def changed(change: Change, event_type: str = RECORDED) -> Schema:
    schema = copy.deepcopy(schema_of(EVENTS[event_type]))
    change(schema)
    return schema


def test_what_is_now_can_meet_everything_published_before() -> None:
    assert check(ROOT, current()) == []


def test_every_event_was_published() -> None:
    assert {event_type for event_type in EVENTS if not versions(ROOT, event_type)} == set()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: s["properties"].update(weather={"type": "string"}), id="optional member"),
        pytest.param(
            lambda s: s["$defs"]["Payer"]["properties"].update(since={"anyOf": [{"type": "string"}, {"type": "null"}]}),
            id="optional member of a part",
        ),
        pytest.param(lambda s: s["properties"]["amount"].update(description="In words."), id="description"),
    ],
)
def test_additive_changes_break_nobody(change: Change) -> None:
    assert breaks(schema_of(EVENTS[RECORDED]), changed(change)) == []


PLANTED: list[tuple[str, Change, str]] = [
    ("removed", lambda s: s["properties"].pop("note"), "`note` was removed (or renamed): its meaning is lost"),
    (
        "removed required",
        lambda s: s["properties"].pop("amount"),
        "`amount` was removed (or renamed): old consumers need",
    ),
    (
        "renamed",
        lambda s: s["properties"].update(memo=s["properties"].pop("note")),
        "`note` was removed (or renamed)",
    ),
    (
        "added as required",
        lambda s: (s["properties"].update(till={"type": "string"}), s["required"].append("till")),
        "`till` was added as required: old events do not have it",
    ),
    ("became required", lambda s: s["required"].append("note"), "`note` became required"),
    ("became optional", lambda s: s["required"].remove("booked_on"), "`booked_on` became optional"),
    (
        "type",
        lambda s: s["$defs"]["Amount"]["properties"].update(amount={"type": "number"}),
        "`amount.amount` changed its type from string to number",
    ),
    (
        "null no more",
        lambda s: s["properties"].update(note={"type": "string", "maxLength": 1000, "default": None}),
        "`note` may no longer be null",
    ),
    (
        "null now",
        lambda s: s["properties"].update(booked_on={"anyOf": [s["properties"]["booked_on"], {"type": "null"}]}),
        "`booked_on` may now also be null",
    ),
    (
        "value gone",
        lambda s: s["properties"]["method"]["enum"].remove("check"),
        '`method` may no longer be "check", as old events have it',
    ),
    (
        "value new",
        lambda s: s["properties"]["method"]["enum"].append("seashells"),
        '`method` may now be "seashells", which old consumers refuse',
    ),
    (
        "value new in a list's part",
        lambda s: s["$defs"]["Payer"]["properties"]["kind"]["enum"].append("fairy"),
        '`payer.kind` may now be "fairy"',
    ),
    (
        "pattern",
        lambda s: s["$defs"]["Amount"]["properties"]["currency"].update(pattern="^[A-Z]{3,4}$"),
        "`settlements[].change.currency` changed pattern",
    ),
    (
        "limit",
        lambda s: s["properties"]["note"]["anyOf"][0].update(maxLength=10),
        "`note` changed maxLength from 1000 to 10",
    ),
    (
        "default",
        lambda s: s["properties"]["note"].update(default="paid"),
        '`note` changed its default from null to "paid"',
    ),
    ("topic", lambda s: s.update({"x-topic": "billing.money.v1"}), "the topic changed"),
    ("key", lambda s: s.update({"x-key": "clinic_id"}), "the key changed"),
    ("closed", lambda s: s.update(additionalProperties=False), "the event changed additionalProperties"),
    (
        "another kind of text",
        lambda s: s["properties"]["note"]["anyOf"].append({"type": "string", "maxLength": 5000}),
        "`note` may now also be another kind of string, which old consumers refuse",
    ),
    (
        "another kind of part",
        lambda s: s["properties"]["treatment_plan_id"]["anyOf"].append({"type": "null"}),
        "`treatment_plan_id` may now also be another kind of null",
    ),
    (
        "a union within a union",
        lambda s: s["properties"]["note"].update(
            anyOf=[{"anyOf": s["properties"]["note"]["anyOf"]}, {"type": "array"}]
        ),
        "`note` may now also be array",
    ),
    (
        "items no more",
        lambda s: s["properties"]["settlements"].pop("items"),
        "`settlements` no longer says what its list holds",
    ),
    (
        "a keyword that this check does not know",
        lambda s: s["properties"]["note"].update({"not": {"type": "null"}}),
        "`note` has the keyword `not`, which this check does not know",
    ),
    (
        "an unknown keyword in a part",
        lambda s: s["$defs"]["Payer"].update(dependentRequired={"name": ["payer_id"]}),
        "`$defs.Payer` has the keyword `dependentRequired`",
    ),
    (
        "a rule beside a reference",
        lambda s: s["properties"]["amount"].update(minProperties=3),
        "`amount` has `minProperties` beside `$ref`, where this check would overlook it",
    ),
    (
        "a rule beside a union",
        lambda s: s["properties"]["note"].update(maxLength=3),
        "`note` has `maxLength` beside `anyOf`",
    ),
    (
        "a reference that leads nowhere",
        lambda s: s["properties"].update(amount={"$ref": "#/$defs/Money"}),
        "`amount` refers to #/$defs/Money, which is not in the document",
    ),
    ("nothing is allowed", lambda s: s["properties"].update(note=False), "`note` has false for its schema"),
    (
        "a value of another type with the same text",
        lambda s: s["properties"]["method"].update(enum=["cash", True]),
        "`method` may now be true",
    ),
    ("required of no member", lambda s: s["required"].append("till"), "`till` was added as required"),
]


@pytest.mark.parametrize(("change", "sentence"), [planted[1:] for planted in PLANTED], ids=[p[0] for p in PLANTED])
def test_planted_breaks_are_named(change: Change, sentence: str) -> None:
    found = breaks(schema_of(EVENTS[RECORDED]), changed(change))
    assert any(sentence in each for each in found), found


def any_text(schema: Schema) -> Schema:
    """The schema as it was before NUL was refused in its texts."""
    broadened: Schema = json.loads(json.dumps(schema).replace(f', "pattern": {json.dumps(TEXT)}', ""))
    assert broadened != schema
    return broadened


def test_what_no_column_keeps_may_come_to_be_refused_and_not_to_be_taken_again() -> None:
    """ALL-2: no consumer could ever keep a NUL or such a number, so no event that was handled is refused now."""
    now = schema_of(EVENTS[RECORDED])
    assert breaks(any_text(now), now) == []
    assert "`note` changed pattern from" in " ".join(breaks(now, any_text(now)))
    unbounded: Schema = json.loads(
        json.dumps(now).replace(f', "maximum": {LARGEST_COUNT}', "").replace(f'"maximum": {LARGEST_COUNT}, ', "")
    )
    assert unbounded != now
    assert breaks(unbounded, now) == []
    assert "`settlements[].place` changed maximum from" in " ".join(breaks(now, unbounded))
    undated: Schema = json.loads(json.dumps(now).replace(f', "pattern": {json.dumps(INSTANT)}', ""))
    assert undated != now
    assert breaks(undated, now) == []
    assert "`occurred_at` changed pattern from" in " ".join(breaks(now, undated))
    narrower = json.loads(json.dumps(now).replace(json.dumps(TEXT), json.dumps("^[a-z]*$")))
    assert "`note` changed pattern from nothing" in " ".join(breaks(any_text(now), narrower))


def test_every_version_counts_and_not_only_the_last(tmp_path: Path) -> None:
    """Full-transitive: a member that came with 2 and went with 3 may not come back as something else."""
    first = current()
    publish(tmp_path, first, DAY)
    second = first | {RECORDED: changed(lambda s: s["properties"].update(till={"type": "string"}))}
    assert check(tmp_path, second) == []
    publish(tmp_path, second, DAY)
    assert [path.name for path in versions(tmp_path, RECORDED)] == ["1.json", "2.json"]
    (sentence,) = check(tmp_path, first)
    assert sentence.startswith(f"{RECORDED}, since version 2: `till` was removed")
    third = first | {RECORDED: changed(lambda s: s["properties"].update(till={"type": "integer"}))}
    (sentence,) = check(tmp_path, third)
    assert "`till` changed its type from string to integer" in sentence


def test_a_published_event_cannot_disappear(tmp_path: Path) -> None:
    publish(tmp_path, current(), DAY)
    remaining = current()
    del remaining[RECORDED]
    assert check(tmp_path, remaining) == [f"{RECORDED} was published and is gone: its events are still in Kafka."]


def test_publishing_the_same_again_adds_nothing_and_a_break_publishes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--publish", "--root", str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(EVENTS)
    assert main(["--publish", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
    (released,) = versions(tmp_path, RECORDED)
    broken = changed(lambda s: s["required"].append("till"))
    broken["properties"]["till"] = {"type": "string"}
    released.write_text(json.dumps(broken), encoding="utf-8")
    assert main(["--publish", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "`till` was removed (or renamed)" in said
    assert f"contracts/published/{RECORDED}/1.json was changed after its release." in said
