"""Every list of every service, found in its description, and cursors that it never gave (`ALL-2`, `ALL-3`, `ALL-4`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from chassis.http.paging import encoded
from chassis.messaging import Message
from chassis.testing.harness import ServiceHarness
from described import address, operations

PROBLEM = "application/problem+json"
NOT_CURSORS = ("", "x", "💙", "\0", "AAAA", "e30", "null", "../../etc/passwd", "' OR 1=1 --", "a" * 999, "a" * 5_000)
VALUES: tuple[Any, ...] = (7, "seven", UUID(int=7), datetime(2026, 1, 7, tzinfo=UTC), date(2026, 1, 7), True, None)
KEYS = [
    (),
    *((one,) for one in VALUES),
    *product(VALUES, repeat=2),
    ("seven", "seven", VALUES[4]),
    (True, 7, "seven", UUID(int=7)),
    (VALUES[3], 7, UUID(int=7), UUID(int=7)),
    (7,) * 5,
]
"""Keys of rows of every shape that a list has, had, or may have one day."""


@dataclass(frozen=True)
class List:
    """An operation that takes a cursor, and where it is asked."""

    method: str
    url: str
    body: dict[str, Any] | None

    async def part(self, client: httpx.AsyncClient, **asked: str) -> httpx.Response:
        return await client.request(self.method, self.url, params=asked, json=self.body)

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def lists(harness: ServiceHarness, known: Mapping[str, str]) -> list[List]:
    """Every one of a service, about what the golden examples know where its path names such."""
    found = [
        List(method, address(_filled(path, known), operation), {} if "requestBody" in operation else None)
        for method, path, operation in operations(harness)
        if any((one["name"], one["in"]) == ("cursor", "query") for one in operation.get("parameters", []))
    ]
    assert len(found) >= 2, "each service has some lists"
    return found


@pytest.fixture
def every_list(harness: ServiceHarness, golden: list[Message]) -> list[List]:
    known = dict(_known(json.loads(message.data) for message in reversed(golden)))
    known |= {"name": next(iter(harness.service.tallies), "none"), "version": "1"}
    return lists(harness, known)


def _known(examples: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for example in examples:
        yield from ((name, value) for name, value in example.items() if name.endswith("_id") and isinstance(value, str))


def _filled(path: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), path)


def secret_of(harness: ServiceHarness) -> bytes:
    return harness.resources.cursor_secret


def refused(answer: httpx.Response) -> bool:
    """Whether it is said that the cursor is none, and nothing else."""
    if (answer.status_code, answer.headers["content-type"]) != (422, PROBLEM):
        return False
    return [error["field"] for error in answer.json()["errors"]] == ["cursor"]


async def test_every_list_goes_on_from_cursors_of_its_own_kind_and_refuses_what_it_never_gave(
    harness: ServiceHarness, clinic_id: UUID, every_list: list[List]
) -> None:
    """Of an earlier release, marked as made here: no fault, and one kind of key at most is this list's.

    With a key of that kind, too, it refuses what somebody else marked, and what was marked for another list.
    """
    wrong: list[tuple[str, int | str, str]] = []
    async with harness.client(clinic_id=clinic_id) as client:
        for one in every_list:
            gone_on, taken = 0, []
            for key in KEYS:
                answer = await one.part(client, cursor=encoded(key, one.url, secret_of(harness)))
                gone_on += answer.status_code == 200
                if not refused(answer):
                    taken.append(key)
                    if answer.status_code not in (200, 404, 409):
                        wrong.append((f"{one} {key}", answer.status_code, answer.text[:200]))
            if gone_on > 1:
                wrong.append((str(one), gone_on, "kinds of keys are gone on from"))
            for cursor in never_given(one.url, secret_of(harness), [*KEYS[:3], *taken]):
                answer = await one.part(client, cursor=cursor)
                if not refused(answer):
                    wrong.append((f"{one} {cursor}", answer.status_code, answer.text[:200]))
    assert wrong == []


def never_given(url: str, secret: bytes, keys: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """What is no cursor, what somebody else marked, what is of another list, and what was good until it was changed."""
    yield from NOT_CURSORS
    yield from (encoded(key, url, b"a secret of somebody else") for key in keys)
    foreign = ("/v1/elsewhere", url.upper(), f"{url}/", url.rpartition("/")[0])
    yield from (encoded(key, other, secret) for other in foreign for key in keys)
    for good in (encoded(key, url, secret) for key in [(UUID(int=7),), *keys[-1:]]):
        yield from (good[:-1], good + "A", "A" + good, good[1:], good.swapcase(), f"{good}.{good}")


async def test_parts_of_one_row_are_the_list_and_their_cursors_show_another_clinic_nothing(
    harness: ServiceHarness, clinic_id: UUID, every_list: list[List], golden: list[Message]
) -> None:
    """ALL-3, ALL-4: each cursor that a list gives is taken by it, and by a stranger's token in vain."""
    followed = 0
    async with harness.client(clinic_id=clinic_id) as client, harness.client(clinic_id=uuid4()) as stranger:
        if max([len(items_of(await one.part(client))) for one in every_list]) < 2:
            await harness.deliver(*apart(harness, golden))
        for one in every_list:
            whole = await one.part(client)
            if whole.status_code != 200:
                continue
            items = items_of(whole)
            cursor: str | None = None
            seen: list[Any] = []
            while len(seen) <= len(items):
                asked = {"limit": "1"} | ({} if cursor is None else {"cursor": cursor})
                answer = await one.part(client, **asked)
                assert answer.status_code == 200, (str(one), answer.text)
                seen += items_of(answer)
                cursor = answer.json()["next"]
                if cursor is None:
                    break
                followed += 1
                theirs = await one.part(stranger, cursor=cursor)
                assert theirs.status_code in (200, 404, 409), (str(one), theirs.text)
                assert items_of(theirs) == [], str(one)
            assert seen == items, str(one)
    assert followed


def apart(harness: ServiceHarness, golden: list[Message]) -> Iterator[Message]:
    """The golden examples in keys of their own: none waits behind one whose invoice is in no example."""
    for message in golden:
        if harness.inbound.listens_to(message.topic, message.type):
            yield replace(message, id=str(uuid4()), key=str(uuid4()))


def items_of(answer: httpx.Response) -> list[Any]:
    found: list[Any] = answer.json().get("items", [])
    return found
