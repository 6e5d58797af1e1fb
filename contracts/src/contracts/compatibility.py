"""`python -m contracts.compatibility [--publish]`: check that what is published now may meet all that was before.

Full-transitive: against every version ever published, new consumers must read old events and old consumers must read
new ones. Consumers ignore members they do not know, so an optional member may be added, and nothing else may change;
for anything else an event gets a new major version, a type of its own. Events stay in Kafka for years: there is no
version so old that nobody reads it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.event import EVENTS
from contracts.generate import REPOSITORY
from contracts.rendering.schemas import schema_of, written

Schema = dict[str, Any]

PUBLISHED = "contracts/published"
RULES = (
    "const",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "additionalProperties",
)
NOTHING = object()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents that are compared: a place in it, and its definitions."""

    schema: Schema
    definitions: Schema

    def resolved(self) -> Side:
        """Follow references."""
        schema = self.schema
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        return Side(schema, self.definitions)

    def at(self, schema: Schema) -> Side:
        """Another place in the same document."""
        return Side(schema, self.definitions)


def breaks(old: Schema, new: Schema) -> list[str]:
    """A sentence for each change that some consumer could not live with."""
    sentences = [
        f"{label} changed from {old[member]} to {new[member]}: its consumers listen elsewhere, or lose the order."
        for member, label in (("x-topic", "the topic"), ("x-key", "the key"))
        if old.get(member) != new.get(member)
    ]
    sides = Side(old, old.get("$defs", {})), Side(new, new.get("$defs", {}))
    return sentences + list(_compared(*sides, "", frozenset()))


def _compared(old: Side, new: Side, path: str, met: frozenset[tuple[int, int]]) -> Iterator[str]:
    old, new = old.resolved(), new.resolved()
    seen = (id(old.schema), id(new.schema))
    if seen in met:
        return
    met |= {seen}
    old_kinds, new_kinds = _variants(old), _variants(new)
    yield from _kinds(set(old_kinds), set(new_kinds), path)
    for kind in old_kinds.keys() & new_kinds.keys():
        then, now = old_kinds[kind], new_kinds[kind]
        yield from _values(then.schema, now.schema, path)
        yield from _members(then, now, path, met)
        if "items" in then.schema and "items" in now.schema:
            yield from _compared(then.at(then.schema["items"]), now.at(now.schema["items"]), f"{path}[]", met)


def _variants(side: Side) -> dict[str, Side]:
    """The kinds of value that are allowed, each with its rules: `{"string": …, "null": …}`."""
    found: dict[str, Side] = {}
    for schema in side.schema.get("anyOf", [side.schema]):
        variant = side.at(schema).resolved()
        kinds = variant.schema.get("type", "any")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            found[kind] = variant
    return found


def _kinds(old: set[str], new: set[str], path: str) -> Iterator[str]:
    if old - new and new - old:
        gone, come = " or ".join(sorted(old - new)), " or ".join(sorted(new - old))
        yield f"{_named(path)} changed its type from {gone} to {come}."
    elif old - new:
        yield f"{_named(path)} may no longer be {' or '.join(sorted(old - new))}, as old events have it."
    elif new - old:
        yield f"{_named(path)} may now also be {' or '.join(sorted(new - old))}, which old consumers refuse."


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = set(map(str, old.get("enum", []))), set(map(str, new.get("enum", [])))
    if "enum" in old and "enum" in new:
        for value in sorted(before - after):
            yield f"{_named(path)} may no longer be {value!r}, as old events have it."
        for value in sorted(after - before):
            yield f"{_named(path)} may now be {value!r}, which old consumers refuse."
    elif ("enum" in old) != ("enum" in new):
        yield f"{_named(path)} {'lost' if before else 'got'} its list of values."
    for rule in RULES:
        then, now = old.get(rule, NOTHING), new.get(rule, NOTHING)
        if then != now:
            yield f"{_named(path)} changed {rule} from {_said(then)} to {_said(now)}: one side refuses the other's."


def _members(old: Side, new: Side, path: str, met: frozenset[tuple[int, int]]) -> Iterator[str]:
    before, after = old.schema.get("properties", {}), new.schema.get("properties", {})
    needed, needs = set(old.schema.get("required", [])), set(new.schema.get("required", []))
    for name in before.keys() - after.keys():
        what = "old consumers need it" if name in needed else "its meaning is lost to old consumers"
        yield f"{_named(_joined(path, name))} was removed (or renamed): {what}."
    for name in sorted((after.keys() - before.keys()) & needs):
        yield f"{_named(_joined(path, name))} was added as required: old events do not have it."
    for name, then in before.items():
        if name in after:
            yield from _member(old.at(then), new.at(after[name]), _joined(path, name), name in needed, name in needs)
            yield from _compared(old.at(then), new.at(after[name]), _joined(path, name), met)


def _member(old: Side, new: Side, path: str, was_needed: bool, is_needed: bool) -> Iterator[str]:
    if is_needed and not was_needed:
        yield f"{_named(path)} became required: old events may lack it."
    elif was_needed and not is_needed:
        yield f"{_named(path)} became optional: old consumers need it."
    then, now = old.schema.get("default", NOTHING), new.schema.get("default", NOTHING)
    if then != now and not was_needed and not is_needed:
        yield f"{_named(path)} changed its default from {_said(then)} to {_said(now)}: old events would say otherwise."


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _named(path: str) -> str:
    return f"`{path}`" if path else "the event"


def _said(value: object) -> str:
    return "nothing" if value is NOTHING else json.dumps(value)


def versions(root: Path, event_type: str) -> list[Path]:
    """What was published of an event, oldest first."""
    return sorted((root / PUBLISHED / event_type).glob("*.json"), key=lambda path: int(path.stem))


def check(root: Path, current: dict[str, Schema]) -> list[str]:
    """A sentence for each break between what is now and anything that was ever published."""
    sentences: list[str] = []
    for folder in sorted((root / PUBLISHED).glob("*")):
        event_type = folder.name
        if event_type not in current:
            sentences.append(f"{event_type} was published and is gone: its events are still in Kafka.")
            continue
        for version in versions(root, event_type):
            old = json.loads(version.read_text(encoding="utf-8"))
            found = breaks(old, current[event_type])
            sentences += [f"{event_type}, since version {version.stem}: {sentence}" for sentence in found]
    return sentences


def publish(root: Path, current: dict[str, Schema]) -> list[Path]:
    """Keep what is released now, where it differs from what was released last; returns the new files."""
    return list(_published(root, current.items()))


def _published(root: Path, current: Iterable[tuple[str, Schema]]) -> Iterator[Path]:
    for event_type, schema in current:
        earlier = versions(root, event_type)
        if earlier and earlier[-1].read_text(encoding="utf-8") == written(schema):
            continue
        number = int(earlier[-1].stem) + 1 if earlier else 1
        target = root / PUBLISHED / event_type / f"{number}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(written(schema), encoding="utf-8")
        yield target


def main(arguments: list[str] | None = None) -> int:
    """Check; with `--publish`, keep the schemas of this release where the check passes."""
    parser = argparse.ArgumentParser(prog="python -m contracts.compatibility", description="Compare with all releases.")
    parser.add_argument("--publish", action="store_true", help="keep the schemas as they are now: a release")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    current = {event_type: schema_of(event) for event_type, event in EVENTS.items()}
    sentences = check(options.root, current)
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
    if sentences:
        sys.stderr.write("Add optional members only; for anything else, declare a new major version of the event.\n")
        return 1
    if options.publish:
        for path in publish(options.root, current):
            sys.stdout.write(f"published {path.relative_to(options.root)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
