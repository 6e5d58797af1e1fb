"""Migrations run beside the work: nobody waits for an index that is built, nor behind a lock that does not come.

A migration is asked what it would say, without a database: what it says, and what of that outside of a transaction.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("invoicing", "payments", "receipts", "notifications")
INDEX = re.compile(r'CREATE\s+(?:UNIQUE\s+)?INDEX\s+(CONCURRENTLY\s+)?(?:IF NOT EXISTS\s+)?"?(\w+)"?\s+ON\s+"?(\w+)"?')
TABLE = re.compile(r'CREATE\s+TABLE\s+(?:IF NOT EXISTS\s+)?"?(\w+)"?')
FIRST = "SET LOCAL lock_timeout"
BEFORE = {
    "invoicing": {
        "20261124_find_invoices",
        "20261124_installment_plans",
        "20261124_decisions",
        "20261124_set_aside_found",
        "20261129_what_closed",
        "20261129_who_an_insurer_is",
        "20261129_overdue_by_plan",
        "20261129_refunds_credited",
        "20261129_decisions_by_ref",
        "20261129_reports_by_day",
        "20261129_installments_alone",
        "20261129_voids_approved",
        "20261129_forgotten",
    },
    "payments": {
        "20261124_journal_by_day",
        "20261124_accounts_and_approvals",
        "20261124_payments_found",
        "20261128_refunds_found",
        "20261128_groups_on_a_day",
        "20261129_of_its_holder",
        "20261129_refunds_credited",
        "20261129_take_backs",
        "20261129_forgotten",
    },
    "receipts": {
        "20261124_in_order",
        "20261128_plans_in_order",
        "20261129_turns",
        "20261129_forgotten",
    },
    "notifications": {"20261129_forgotten"},
}
"""Written before this was asked for, and before there was a release whose databases are full."""


class _Connection:
    """The owning role's, which has no rows to show."""

    def scalar(self, *_: object) -> str:
        return "some_owner"


@dataclass
class Said:
    """Alembic's `op`, which notes what it is told: each statement, and whether it is within a transaction."""

    statements: list[tuple[str, bool]] = field(default_factory=list)
    within: bool = True

    def execute(self, statement: Any) -> None:
        self.statements.append((str(statement).strip(), self.within))

    def get_bind(self) -> _Connection:
        return _Connection()

    def get_context(self) -> Said:
        return self

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        self.within = False
        yield
        self.within = True

    @property
    def tables(self) -> set[str]:
        return {table for statement, _ in self.statements for table in TABLE.findall(statement)}

    def built_in_the_way(self, known: set[str]) -> list[str]:
        """Indexes of tables that are known before, which others wait for."""
        return [
            f"{name} on {table}"
            for statement, within in self.statements
            for beside, name, table in INDEX.findall(statement)
            if table in known and (within or not beside)
        ]


def migrations_of(service: str) -> list[ModuleType]:
    """In the order in which they run."""
    found = {}
    for path in (ROOT / "services" / service / "migrations" / "versions").glob("*.py"):
        spec = importlib.util.spec_from_file_location(f"{service}_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[module.down_revision] = module
    ordered = []
    last = None
    while last in found:
        ordered.append(found[last])
        last = ordered[-1].revision
    assert len(ordered) == len(found)
    return ordered


def said_by(migration: ModuleType) -> Said:
    said = Said()
    vars(migration)["op"] = said
    migration.upgrade()
    return said


@pytest.mark.parametrize("service", SERVICES)
def test_indexes_of_tables_in_use_are_built_beside_the_work(service: str) -> None:
    """A migration that indexes all transactions in one transaction holds up every payment for as long as it takes."""
    known: set[str] = set()
    in_the_way: dict[str, list[str]] = {}
    for migration in migrations_of(service):
        said = said_by(migration)
        if found := said.built_in_the_way(known):
            in_the_way[migration.revision] = found
        known |= said.tables
    assert {name: found for name, found in in_the_way.items() if name not in BEFORE[service]} == {}
    assert BEFORE[service] <= in_the_way.keys(), "named, and not in the way"


@pytest.mark.parametrize("service", SERVICES)
def test_a_migration_waits_for_a_lock_for_seconds_and_then_gives_up(service: str) -> None:
    """Whoever waits for an exclusive lock has everybody else wait behind it."""
    for migration in migrations_of(service):
        for within, statements in groupby(said_by(migration).statements, key=lambda one: one[1]):
            first = next(statements)[0]
            assert not within or first.startswith(FIRST), f"{service} {migration.revision}: {first[:60]}"


def test_what_is_in_the_way_is_found() -> None:
    said = Said()
    said.execute("CREATE TABLE young (id uuid)")
    for statement in ("CREATE INDEX a ON young (id)", "CREATE UNIQUE INDEX b ON old (id)"):
        said.execute(statement)
    with said.autocommit_block():
        said.execute("CREATE INDEX c ON old (id)")
        said.execute("CREATE INDEX CONCURRENTLY d ON old (id)")
    assert said.built_in_the_way({"old"}) == ["b on old", "c on old"]
