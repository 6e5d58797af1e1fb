"""The house style as checks: each is a function from a file to the sentences that are wrong with it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Protocol

import pytest

LINES_MAX = 400
FUNCTION_LINES_MAX = 70
SAYS_NOTHING = {
    "service",
    "services",
    "util",
    "utils",
    "manager",
    "helper",
    "helpers",
    "common",
    "base",
    "misc",
    "core",
}
THE_ONE_EXCEPTION = "chassis/src/chassis/service.py"
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|HACK|NotImplementedError)\b|#.*\b(?:for now|placeholder)\b")
MONEY = ("invoicing", "payments", "receipts")
"""Services whose domain has amounts; how long notifications waits may be a fraction."""
NO_VERB_OF_THEIR_OWN = ("posting", "keep_payment_groups")
"""What several use cases end with, and the short verbs of one dictionary (`PAY-8`)."""
MEASURES = ("tests/bench/", "tests/faults/", "tests/upgrade/rehearsal.py")
"""Where time is what is measured, or passes on purpose: how long something stands still that is broken."""
SLOW_ON_PURPOSE = ("services/receipts/tests/documents/test_books.py",)
"""Where a fake takes its time, as how long it may take is what is tested."""
DOMAIN_MAY_USE = (
    *(f"chassis.{name}" for name in ("ages", "clock", "money", "names", "number_patterns", "sentence", "typed")),
    "idna",  # tables alone: the standard library's are those of 2003
)
PATCHES = {"patch", "patch.object", "mock.patch", "mock.patch.object", "patch.dict", "mocker.patch"}


class Source(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def tree(self) -> ast.Module: ...
    @property
    def nodes(self) -> Sequence[ast.AST]: ...


Check = Callable[[Source], Iterator[str]]


def length(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines >= LINES_MAX:
        yield f"has {lines} lines, {LINES_MAX} are too many"
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.name} has {lines} lines, more than {FUNCTION_LINES_MAX}"


def name(source: Source) -> Iterator[str]:
    if PurePosixPath(source.path).stem in SAYS_NOTHING and source.path != THE_ONE_EXCEPTION:
        yield "is named after nothing of the business"


def finished(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if found := UNFINISHED.search(line):
            yield f"line {number} says {found[0]!r}"


def handling(source: Source) -> Iterator[str]:
    """Only the chassis catches everything: elsewhere an error that nobody thought of must not be lived with."""
    for node in source.nodes:
        if not isinstance(node, ast.ExceptHandler) or _raises_again(node):
            continue
        caught = "" if node.type is None else ast.unparse(node.type)
        everything = caught in ("Exception", "BaseException") and not source.path.startswith("chassis/src")
        if node.type is None or everything:
            yield f"line {node.lineno} catches everything"


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether it only cleans up, and lets the error go on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def waiting(source: Source) -> Iterator[str]:
    """Nothing blocks, and a test waits for a condition, never for a time; `asyncio.sleep(0)` lets others go first."""
    in_test = "/tests/" in f"/{source.path}" and not source.path.startswith(MEASURES)
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")
        if called[2] != "sleep" or [ast.unparse(one) for one in node.args] == ["0"]:
            continue
        if called[0] == "time" or (in_test and source.path not in SLOW_ON_PURPOSE):
            yield f"line {node.lineno} sleeps"


def patching(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            by_string = bool(node.args) and isinstance(node.args[0], ast.Constant)
            if called in PATCHES or (called == "monkeypatch.setattr" and by_string):
                yield f"line {node.lineno} patches by a path; hand the collaborator in"


def committing(source: Source) -> Iterator[str]:
    """One place commits: the chassis. A use case that could, could also commit half of what belongs together."""
    if not source.path.startswith("services/") or "/src/" not in source.path:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Attribute) or ast.unparse(node.value) == "savepoint":
            continue
        if node.attr in ("commit", "begin", "rollback"):
            yield f"line {node.lineno} has to do with transactions ({node.attr}), which are the chassis's"


def domain(source: Source) -> Iterator[str]:
    """The domain is plain Python: the standard library, these modules of the chassis, these tables, itself."""
    found = re.match(r"services/(\w+)/src/\w+/domain/", source.path)
    if not found:
        return
    for node in source.nodes:
        for module in _imported(node):
            known = module.partition(".")[0] in sys.stdlib_module_names or module.startswith(DOMAIN_MAY_USE)
            if not known and not module.startswith(f"{found[1]}.domain"):
                yield f"imports {module}"
        if found[1] in MONEY and isinstance(node, ast.Name) and node.id == "float":
            yield f"line {node.lineno} has a float (MON-1)"
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            yield f"line {node.lineno} waits for something: the domain decides, it does no I/O"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def use_case(source: Source) -> Iterator[str]:
    """One verb, one file: the file has the name of the function that it is about."""
    path = PurePosixPath(source.path)
    if (
        path.parent.name != "use_cases"
        or path.stem in ("__init__", *NO_VERB_OF_THEIR_OWN)
        or "/src/" not in source.path
    ):
        return
    functions = [node.name for node in source.tree.body if isinstance(node, ast.AsyncFunctionDef)]
    public = [name for name in functions if not name.startswith("_")]
    if path.stem not in public:
        yield f"has no `async def {path.stem}`, but {', '.join(public) or 'none'}"


def exactness(source: Source) -> Iterator[str]:
    """MON-1: money is integers in the database."""
    if "/persistence/" not in source.path and "/migrations/" not in source.path:
        return
    for node in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute):
            called = node.id if isinstance(node, ast.Name) else node.attr
            if called in ("Float", "Double", "REAL", "DOUBLE_PRECISION"):
                yield f"line {node.lineno} has a column of inexact numbers"


def explained(source: Source) -> Iterator[str]:
    """A pattern of a request goes by `pattern(…)`, with its sentence: else it borrows one, or has none (`ALL-2.2`)."""
    is_request = source.path.startswith("services/") and "/src/" in source.path and "/http/" in source.path
    if not is_request or source.path.endswith("_responses.py"):
        return
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg == "pattern" and isinstance(node.value, ast.Constant):
            yield f"has the pattern {node.value.value!r} without a sentence"


CHECKS: list[Check] = [
    length,
    name,
    finished,
    handling,
    waiting,
    patching,
    committing,
    domain,
    use_case,
    exactness,
    explained,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_file_keeps_the_style(check: Check, everything: list[Source]) -> None:
    apart = "tests/architecture/"
    wrong = [f"{source.path} {said}" for source in everything if apart not in source.path for said in check(source)]
    assert wrong == []


DOMAIN = "services/payments/src/payments/domain/planted.py"
USE_CASE = "services/payments/src/payments/use_cases/record_payment.py"
PLANTED: list[tuple[Check, str, str, str]] = [
    (length, DOMAIN, "x = 1\n" * LINES_MAX, "has 400 lines"),
    (length, DOMAIN, "def long():\n" + "    x = 1\n" * FUNCTION_LINES_MAX, "long has 71 lines"),
    (name, "services/payments/src/payments/domain/utils.py", "", "named after nothing"),
    (finished, DOMAIN, "x = 1  # TODO: the rest\n", "says 'TODO'"),
    (finished, DOMAIN, "x = 1  # good enough for now\n", "for now'"),
    (finished, DOMAIN, "def f():\n    raise NotImplementedError\n", "says 'NotImplementedError'"),
    (handling, DOMAIN, "try:\n    f()\nexcept Exception:\n    pass\n", "catches everything"),
    (handling, "chassis/src/chassis/x.py", "try:\n    f()\nexcept:\n    pass\n", "catches everything"),
    (waiting, DOMAIN, "import time\ntime.sleep(1)\n", "sleeps"),
    (waiting, "services/payments/tests/test_x.py", "async def f():\n    await asyncio.sleep(0.1)\n", "sleeps"),
    (waiting, "tests/journeys/test_x.py", "async def f():\n    await sleep(WHILE)\n", "sleeps"),
    (patching, "tests/test_x.py", "monkeypatch.setattr('a.b.c', 1)\n", "patches by a path"),
    (patching, "tests/test_x.py", "with mock.patch('a.b'):\n    pass\n", "patches by a path"),
    (committing, USE_CASE, "async def f(work):\n    await work.connection.commit()\n", "(commit)"),
    (domain, DOMAIN, "from sqlalchemy import text\n", "imports sqlalchemy.text"),
    (domain, DOMAIN, "from chassis.database import Work\n", "imports chassis.database.Work"),
    (domain, DOMAIN, "def price(x: float) -> None: ...\n", "has a float"),
    (domain, DOMAIN, "async def load(): ...\n", "waits for something"),
    (use_case, USE_CASE, "async def pay(): ...\n", "has no `async def record_payment`, but pay"),
    (explained, "services/payments/src/payments/http/x.py", "a = Field(pattern='^x$')\n", "without a sentence"),
    (exactness, "services/payments/src/payments/persistence/tables.py", "c = Float()\n", "inexact numbers"),
]


@pytest.mark.parametrize(
    ("check", "path", "text", "said"), PLANTED, ids=[f"{p[0].__name__}-{number}" for number, p in enumerate(PLANTED)]
)
def test_planted_violations_are_noticed(
    check: Check, path: str, text: str, said: str, source_of: Callable[[str, str], Source]
) -> None:
    assert any(said in sentence for sentence in check(source_of(path, text)))


def test_the_chassis_may_catch_everything_where_it_names_it(source_of: Callable[[str, str], Source]) -> None:
    text = "try:\n    f()\nexcept Exception:\n    pass\n"
    assert list(handling(source_of("chassis/src/chassis/messaging/consumer.py", text))) == []


def test_who_is_not_a_test_may_pause_without_blocking_and_a_test_may_let_others_go_first(
    source_of: Callable[[str, str], Source],
) -> None:
    pausing, yielding = (f"async def f():\n    await asyncio.sleep({seconds})\n" for seconds in ("0.1", "0"))
    assert list(waiting(source_of("chassis/src/chassis/testing/eventually.py", pausing))) == []
    assert list(waiting(source_of("tests/journeys/test_x.py", yielding))) == []
