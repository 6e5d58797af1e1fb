"""`docs/problems.md` lists every problem type of the APIs; `python tests/docs/test_problems.py` writes it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from chassis.http.problems import TYPE_PREFIX, Problem
from contracts.participants import SERVICES

DOCUMENT = Path(__file__).parents[2] / "docs" / "problems.md"
OPENING = f"""\
# Problem types

<!-- Written by `python tests/docs/test_problems.py` from the code; a test keeps it so. -->

Every error of every API is a problem document (RFC 9457, `application/problem+json`): `type` is stable and what clients
tell problems apart by, `title` never changes with the case, `detail` says it for this one, or what to do, `errors`
names each wrong field of a request, `trace_id` is what to quote when asking for help, and further members name what is
in the way (the payments on an invoice, what is outstanding). Where the detail of a wrong field has values in it, its
`sentence` (`is above {{le}}`) and `values` say them apart, so that it can be said in another language (`ALL-2`). Bad
input changes nothing. With `Retry-After` the same request may succeed soon.

The types below begin with `{TYPE_PREFIX}`.
"""


def common() -> dict[str, Problem]:
    """What any service may answer."""
    found = [
        value for value in vars(importlib.import_module("chassis.http.problems")).values() if isinstance(value, Problem)
    ]
    return {problem.slug: problem for problem in found}


def own(service: str) -> dict[str, Problem]:
    """What only this service's domain leads to."""
    table = importlib.import_module(f"{service}.app").service.problems
    return {problem.slug: problem for problem in table.values() if problem.slug not in common()}


def rendered() -> str:
    lines = [OPENING, "## Every service", "", *_table(common()), *_advice(common().values())]
    for service in SERVICES:
        if own(service):
            lines += [f"## {service}", "", *_table(own(service))]
    return "\n".join(lines).rstrip() + "\n"


def _table(found: dict[str, Problem]) -> Iterator[str]:
    yield "| status | type | title | Retry-After |"
    yield "|---|---|---|---|"
    for problem in sorted(found.values(), key=lambda one: (one.status, one.slug)):
        after = f"{problem.retry_after_seconds} s" if problem.retry_after_seconds else ""
        yield f"| {problem.status} | `{problem.slug}` | {problem.title} | {after} |"
    yield ""


def _advice(found: Iterable[Problem]) -> Iterator[str]:
    yield "What to do, which is the `detail` where a case says nothing of its own:"
    yield ""
    for problem in sorted(found, key=lambda one: (one.status, one.slug)):
        yield f"- `{problem.slug}`: {problem.advice}."
    yield ""


def test_every_refusal_says_more_than_its_title() -> None:
    """ALL-2; of those that are raised without any figure. What the others get, each test of a refusal looks at."""
    for service in SERVICES:
        for refused, problem in importlib.import_module(f"{service}.app").service.problems.items():
            for kind in _kinds(refused):
                assert _said(kind) not in ("", problem.title), (service, kind)


def _kinds(refused: type[Exception]) -> Iterator[type[Exception]]:
    yield refused
    for below in refused.__subclasses__():
        yield from _kinds(below)


def _said(kind: type[Exception]) -> str | None:
    """What it says by itself; None where it is made with figures, or raised with a text each time."""
    if kind.__init__ in (Exception.__init__, ValueError.__init__):
        return None
    try:
        return str(kind())
    except TypeError:
        return None


def test_every_problem_type_is_documented() -> None:
    said = DOCUMENT.read_text(encoding="utf-8")
    assert said == rendered(), "run `python tests/docs/test_problems.py`"


def test_one_type_has_one_status_and_says_one_thing_in_each_service() -> None:
    for service in SERVICES:
        meant: dict[str, Problem] = {}
        for problem in importlib.import_module(f"{service}.app").service.problems.values():
            assert meant.setdefault(problem.slug, problem) == problem


def test_one_type_has_the_same_status_everywhere() -> None:
    statuses: dict[str, set[int]] = {}
    for service in SERVICES:
        for problem in importlib.import_module(f"{service}.app").service.problems.values():
            statuses.setdefault(problem.slug, set()).add(problem.status)
    for slug, problem in common().items():
        statuses.setdefault(slug, set()).add(problem.status)
    assert {slug: found for slug, found in statuses.items() if len(found) > 1} == {}


if __name__ == "__main__":
    DOCUMENT.write_text(rendered(), encoding="utf-8")
