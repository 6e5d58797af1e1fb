"""What two versions of a schema say differently, told as who could not live with it.

Every keyword that stands in a schema is known here, as one that limits values, holds other schemas or only explains;
any other is an error of its own, as nobody can tell whom it breaks. Where a rule stands beside a reference or a union
it would be overlooked by a comparison of their parts: that is an error, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from contracts.event import BIRTHDAY, DAY, INSTANT, LARGEST_COUNT, LARGEST_VERSION, TEXT

Schema = dict[str, Any]

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
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "additionalProperties",
)
"""Limits on a value, each of which has to stay as it is."""
EXPLAINING = frozenset(
    {"$schema", "$id", "$comment", "$defs", "title", "description", "examples", "default", "deprecated", "x-personal"}
)
"""What refuses no value; a changed `default` is told of where a member may be left out."""
TRAVELLING = {"x-topic": "the topic", "x-key": "the key"}
STRUCTURE = frozenset({"type", "enum", "properties", "required", "items", "anyOf", "$ref"})
KNOWN = frozenset(RULES) | EXPLAINING | STRUCTURE
NOTHING = object()
KEPT = (
    *(("pattern", one) for one in (TEXT, DAY, INSTANT, BIRTHDAY)),
    *(("maximum", one) for one in (LARGEST_COUNT, LARGEST_VERSION)),
)
"""Limits of what a column keeps, or a practice's business is dated in, which may come to what had none."""
REFERENCE = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents that are compared: a place in it, and its definitions."""

    schema: Schema
    definitions: Schema

    def resolved(self) -> Side:
        """Follow references."""
        schema = self.schema
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].removeprefix(REFERENCE)]
        return Side(schema, self.definitions)

    def at(self, schema: Schema) -> Side:
        """Another place in the same document."""
        return Side(schema, self.definitions)


def breaks(old: Schema, new: Schema) -> list[str]:
    """A sentence for each change that some consumer could not live with, and for what cannot be judged."""
    sides = Side(old, old.get("$defs", {})), Side(new, new.get("$defs", {}))
    unjudged = [sentence for side in sides for sentence in _not_understood(side, "", outermost=True)]
    if unjudged:
        return list(dict.fromkeys(unjudged))
    moved = [
        f"{label} changed from {old.get(member)} to {new.get(member)}: consumers listen elsewhere, or lose the order."
        for member, label in TRAVELLING.items()
        if old.get(member) != new.get(member)
    ]
    return moved + list(_compared(*sides, "", frozenset()))


def _not_understood(side: Side, path: str, *, outermost: bool = False) -> Iterator[str]:
    schema: Any = side.schema
    if not isinstance(schema, dict):
        yield f"{_named(path)} has {json.dumps(schema)} for its schema, which this check cannot judge."
        return
    for keyword in sorted(schema.keys() - KNOWN - (TRAVELLING.keys() if outermost else set())):
        yield f"{_named(path)} has the keyword `{keyword}`, which this check does not know."
    for place in sorted({"$ref", "anyOf"} & schema.keys()):
        for keyword in sorted(schema.keys() & (STRUCTURE | set(RULES)) - {place}):
            yield f"{_named(path)} has `{keyword}` beside `{place}`, where this check would overlook it."
    if "$ref" in schema and schema["$ref"].removeprefix(REFERENCE) not in side.definitions:
        yield f"{_named(path)} refers to {schema['$ref']}, which is not in the document."
    for path_of, inner in _inner(schema, path):
        yield from _not_understood(side.at(inner), path_of)


def _inner(schema: Schema, path: str) -> Iterator[tuple[str, Any]]:
    """The schemas within, each with its path; those of definitions by their names."""
    yield from ((f"$defs.{name}", inner) for name, inner in schema.get("$defs", {}).items())
    yield from ((_joined(path, name), inner) for name, inner in schema.get("properties", {}).items())
    yield from ((path, inner) for inner in schema.get("anyOf", []))
    if "items" in schema:
        yield f"{path}[]", schema["items"]


def _compared(old: Side, new: Side, path: str, met: frozenset[tuple[int, int]]) -> Iterator[str]:
    old, new = old.resolved(), new.resolved()
    seen = (id(old.schema), id(new.schema))
    if seen in met:
        return
    met |= {seen}
    old_kinds, new_kinds = _variants(old), _variants(new)
    yield from _kinds(set(old_kinds), set(new_kinds), path)
    for kind in sorted(old_kinds.keys() & new_kinds.keys()):
        for then, now in zip_longest(old_kinds[kind], new_kinds[kind]):
            if then is None or now is None:
                yield _branch(kind, path, came=then is None)
            else:
                yield from _values(then.schema, now.schema, path)
                yield from _members(then, now, path, met)
                yield from _items(then, now, path, met)


def _variants(side: Side) -> dict[str, list[Side]]:
    """The kinds of value that are allowed, each with all branches that allow it: `{"string": […], "null": […]}`."""
    found: dict[str, list[Side]] = {}
    for variant in _branches(side):
        kinds = variant.schema.get("type", "any")
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            found.setdefault(kind, []).append(variant)
    return found


def _branches(side: Side) -> Iterator[Side]:
    """The branches of a union, of those within it, too; of anything else, itself."""
    side = side.resolved()
    if "anyOf" not in side.schema:
        yield side
    for schema in side.schema.get("anyOf", []):
        yield from _branches(side.at(schema))


def _kinds(old: set[str], new: set[str], path: str) -> Iterator[str]:
    if old - new and new - old:
        gone, come = " or ".join(sorted(old - new)), " or ".join(sorted(new - old))
        yield f"{_named(path)} changed its type from {gone} to {come}."
    elif old - new:
        yield f"{_named(path)} may no longer be {' or '.join(sorted(old - new))}, as old events have it."
    elif new - old:
        yield f"{_named(path)} may now also be {' or '.join(sorted(new - old))}, which old consumers refuse."


def _branch(kind: str, path: str, *, came: bool) -> str:
    if came:
        return f"{_named(path)} may now also be another kind of {kind}, which old consumers refuse."
    return f"{_named(path)} may no longer be each kind of {kind} that old events have."


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = ({json.dumps(value, sort_keys=True) for value in one.get("enum", [])} for one in (old, new))
    if "enum" in old and "enum" in new:
        for value in sorted(before - after):
            yield f"{_named(path)} may no longer be {value}, as old events have it."
        for value in sorted(after - before):
            yield f"{_named(path)} may now be {value}, which old consumers refuse."
    elif ("enum" in old) != ("enum" in new):
        yield f"{_named(path)} {'lost' if 'enum' in old else 'got'} its list of values."
    for rule in RULES:
        then, now = old.get(rule, NOTHING), new.get(rule, NOTHING)
        if _said(then) != _said(now) and not _bounds_what_was_kept(rule, then, now):
            yield f"{_named(path)} changed {rule} from {_said(then)} to {_said(now)}: one side refuses the other's."


def _bounds_what_was_kept(rule: str, then: object, now: object) -> bool:
    """Whether what had no limit got one that only refuses what nothing keeps.

    That is a NUL, an integer that is too large, a day of a year without any business. No other limit may come: of an
    event with one of these, nothing can have been handled, nor did a service write one.
    """
    return then is NOTHING and (rule, now) in KEPT


def _items(old: Side, new: Side, path: str, met: frozenset[tuple[int, int]]) -> Iterator[str]:
    if "items" in old.schema and "items" in new.schema:
        yield from _compared(old.at(old.schema["items"]), new.at(new.schema["items"]), f"{path}[]", met)
    elif "items" in old.schema:
        yield f"{_named(path)} no longer says what its list holds: old consumers refuse the rest."
    elif "items" in new.schema:
        yield f"{_named(path)} now says what its list holds: old events may hold anything."


def _members(old: Side, new: Side, path: str, met: frozenset[tuple[int, int]]) -> Iterator[str]:
    before, after = old.schema.get("properties", {}), new.schema.get("properties", {})
    needed, needs = set(old.schema.get("required", [])), set(new.schema.get("required", []))
    for name in before.keys() - after.keys():
        what = "old consumers need it" if name in needed else "its meaning is lost to old consumers"
        yield f"{_named(_joined(path, name))} was removed (or renamed): {what}."
    for name in sorted(needs - needed - before.keys()):
        yield f"{_named(_joined(path, name))} was added as required: old events do not have it."
    for name in sorted(needed - needs - before.keys()):
        yield f"{_named(_joined(path, name))} became optional: old consumers need it."
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
    if _said(then) != _said(now) and not was_needed and not is_needed:
        yield f"{_named(path)} changed its default from {_said(then)} to {_said(now)}: old events would say otherwise."


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _named(path: str) -> str:
    return f"`{path}`" if path else "the event"


def _said(value: object) -> str:
    return "nothing" if value is NOTHING else json.dumps(value, sort_keys=True)
