"""Records as a topic may hold them: real events, spoilt in whatever way, for two clinics at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid4

CLINICS = UUID("aaaaaaaa-0000-4000-8000-00000000000a"), UUID("bbbbbbbb-0000-4000-8000-00000000000b")
STRUCTURED = b"application/cloudevents+json"
ODD_BYTES = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"?",
    b"null",
    b"-1",
    b"9" * 400,
    b" ",
    b"2026-11-28",
    "\N{ARABIC-INDIC DIGIT SEVEN}".encode(),
    b"{}",
    b"[" * 100_000,
    b'{"clinic_id": %s}' % (b"[" * 1_010 + b"]" * 1_010),
    b'{"more": [NaN, %s]}' % (b"9" * 30),
    b'{"clinic_id":' * 2_000,
    b'{"a": "\\ud800"}',
    b"\xef\xbb\xbf{}",
    b"x" * 70_000,
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1e308,
    "",
    "\0",
    "x" * 70_000,
    "0001-01-01",
    "9999-12-31T23:59:59+14:00",
    "-0.00",
    "999999999999999.9999",
    "nan",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{COMBINING ACUTE ACCENT}",
    [],
    {},
    [None] * 1_000,
    json.loads("[" * 400 + "]" * 400),
    {"amount": "1.00", "currency": "XXX"},
    str(UUID(int=0)),
)


T = TypeVar("T")


class Dice:
    """Chance from one number."""

    def __init__(self, number: int) -> None:
        self._random = Random(number)

    def among(self, these: Sequence[T]) -> T:
        return self._random.choice(these)

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def yes(self) -> bool:
        return self._random.random() < 0.5

    def some_bytes(self, most: int) -> bytes:
        return self._random.randbytes(self._random.randint(0, most))

    def text(self, most: int) -> str:
        return "".join(chr(self._random.randint(32, 0x2FFF)) for _ in range(self._random.randint(0, most)))


@dataclass(frozen=True)
class AnyRecord:
    """What is sent: bytes, and what the one who spoilt them knows of it."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    clinic_id: UUID
    misleading: bool = False
    """It names two clinics: whoever handled it would write for one what the other said."""
    changes: tuple[str, ...] = field(default=())

    def header(self, name: str) -> bytes | None:
        """The last header of a name."""
        return dict(self.headers).get(name)

    def types(self) -> set[str]:
        """Every type that anybody could read from it."""
        found = {value.decode(errors="replace") for name, value in self.headers if name == "ce_type"}
        said = self._structured().get("type")
        return found | ({said} if isinstance(said, str) else set())

    def ids(self) -> set[str]:
        """Every id that anybody could read from it."""
        found = {value.decode(errors="replace") for name, value in self.headers if name == "ce_id"}
        said = self._structured().get("id")
        return found | {str(said)}

    def _structured(self) -> dict[str, Any]:
        document = _document(self.value)
        return document if self.header("content-type") == STRUCTURED or "specversion" in document else {}


def event(example: dict[str, Any], clinic_id: UUID, key: bytes | None = None) -> AnyRecord:
    """A real event, of its own id, of this clinic."""
    own = json.dumps(example).replace(example["headers"]["ce_clinicid"], str(clinic_id))
    of_clinic = json.loads(own)
    headers = of_clinic["headers"] | {"ce_id": str(uuid4())}
    return AnyRecord(
        topic=example["topic"],
        key=key or of_clinic["key"].encode(),
        value=json.dumps(of_clinic["data"]).encode(),
        headers=tuple((name, value.encode()) for name, value in headers.items()),
        clinic_id=clinic_id,
    )


Change = Callable[[Dice, AnyRecord], AnyRecord]


def _other_header(dice: Dice, record: AnyRecord) -> AnyRecord:
    name = dice.among(sorted({name for name, _ in record.headers}))
    odd = dice.among([*ODD_BYTES[:-1], dice.some_bytes(40)])
    return _with_headers(record, [(n, odd if n == name else value) for n, value in record.headers], name)


def _no_header(dice: Dice, record: AnyRecord) -> AnyRecord:
    name = dice.among(sorted({name for name, _ in record.headers}))
    return _with_headers(record, [header for header in record.headers if header[0] != name], f"no {name}")


def _header_twice(dice: Dice, record: AnyRecord) -> AnyRecord:
    name = dice.among(sorted({name for name, _ in record.headers}))
    again = (name, dice.among([*ODD_BYTES[:6], dict(record.headers)[name]]))
    places = [[again, *record.headers], [*record.headers, again]]
    return _with_headers(record, dice.among(places), f"{name} twice")


def _no_headers(_: Dice, record: AnyRecord) -> AnyRecord:
    return _with_headers(record, [], "no headers")


def _odd_name(dice: Dice, record: AnyRecord) -> AnyRecord:
    name = dice.text(20)
    return _with_headers(record, [*record.headers, (name, dice.some_bytes(20))], "a name more")


def _other_key(dice: Dice, record: AnyRecord) -> AnyRecord:
    key = dice.among([None, *ODD_BYTES, dice.some_bytes(300)])
    return replace(record, key=key, changes=(*record.changes, "key"))


def _other_value(dice: Dice, record: AnyRecord) -> AnyRecord:
    value = dice.among([None, *ODD_BYTES, dice.some_bytes(300)])
    return replace(record, value=value, misleading=False, changes=(*record.changes, "value"))


def _cut(dice: Dice, record: AnyRecord) -> AnyRecord:
    value = record.value or b""
    less = value[: dice.between(0, len(value))]
    return replace(record, value=less, misleading=False, changes=(*record.changes, "cut"))


def _other_member(dice: Dice, record: AnyRecord) -> AnyRecord:
    document = _read(record)
    if document is None:
        return record
    holder, name = document, dice.among(sorted(document) or [""])
    while isinstance(holder.get(name), dict) and holder[name] and dice.yes():
        holder = holder[name]
        name = dice.among(sorted(holder))
    if name == "clinic_id":
        return record
    if dice.yes():
        holder[name] = dice.among(ODD_VALUES)
    else:
        holder.pop(name, None)
    return replace(record, value=json.dumps(document).encode(), changes=(*record.changes, name))


def _another_clinic(dice: Dice, record: AnyRecord) -> AnyRecord:
    """The data says one clinic, the header another; sometimes beside what strict parsers refuse."""
    document = _read(record)
    if document is None or "clinic_id" not in document:
        return record
    (other,) = set(CLINICS) - {record.clinic_id}
    form = dice.among([str(other), str(other).upper(), other.hex, f"urn:uuid:{other}", f"{{{other}}}"])
    document["clinic_id"] = form
    if dice.yes():
        document["more"] = float("nan")
    changes = (*record.changes, "another clinic")
    return replace(record, value=json.dumps(document).encode(), misleading=True, changes=changes)


def _structured(_: Dice, record: AnyRecord) -> AnyRecord:
    data = _read(record)
    if data is None or record.misleading:
        return record
    attributes = {
        name.removeprefix("ce_"): value.decode(errors="replace")
        for name, value in record.headers
        if name.startswith("ce_")
    }
    value = json.dumps(attributes | {"data": data}).encode()
    return replace(
        record, value=value, headers=(("content-type", STRUCTURED),), changes=(*record.changes, "structured")
    )


CHANGES: tuple[Change, ...] = (
    _other_header,
    _no_header,
    _header_twice,
    _no_headers,
    _odd_name,
    _other_key,
    _other_value,
    _cut,
    _other_member,
    _other_member,
    _another_clinic,
    _structured,
)


def any_record(dice: Dice, examples: Sequence[dict[str, Any]]) -> AnyRecord:
    """A real event of either clinic, unspoilt or spoilt up to three times, alone with its key or with others."""
    example = dice.among(examples)
    key = dice.among([None, b"shared", *[str(UUID(int=dice.between(1, 2**127))).encode()] * 6])
    record = event(example, dice.among(CLINICS), key)
    for _ in range(dice.between(0, 3)):
        record = dice.among(CHANGES)(dice, record) if record.headers else record
    return record


def _with_headers(record: AnyRecord, headers: Sequence[tuple[str, bytes]], change: str) -> AnyRecord:
    return replace(record, headers=tuple(headers), changes=(*record.changes, change))


def _read(record: AnyRecord) -> dict[str, Any] | None:
    if record.header("content-type") == STRUCTURED:
        return None
    return _document(record.value) or None


def _document(value: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(value or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
