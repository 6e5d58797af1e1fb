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
ALTERED = re.compile(r'ALTER\s+TABLE\s+(?:IF EXISTS\s+)?(?:ONLY\s+)?"?(\w+)"?\s+(.*)', re.DOTALL)
ACTION = re.compile(r"(?:^|,)\s*(?=(?:ADD|ALTER|DROP)\b)")
LOOKED_THROUGH = {
    "each row is looked at for NULL": re.compile(r"ALTER\s+(?:COLUMN\s+)?\w+\s+SET\s+NOT\s+NULL"),
    "each row is written anew": re.compile(
        r"ALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b"
        r"|ADD\s+COLUMN\b.*(?:DEFAULT\s+\w*(?:random|clock_timestamp|timeofday|nextval|uuid)\w*\s*\(|\bSTORED\b|\bIDENTITY\b|SERIAL\b)",
        re.DOTALL,
    ),
    "each row is checked": re.compile(
        r"ADD\s+(?:CONSTRAINT\s+\w+\s+)?(?:CHECK|FOREIGN\s+KEY|EXCLUDE)\b(?!.*NOT\s+VALID)"
        r"|ADD\s+COLUMN\b.*\b(?:CHECK|REFERENCES)\b",
        re.DOTALL,
    ),
    "an index is built": re.compile(r"ADD\s+(?:CONSTRAINT\s+\w+\s+)?(?:UNIQUE|PRIMARY\s+KEY)\s*\("),
}
"""What an exclusive lock is held for, of the whole of a table: nobody reads it meanwhile, for as long as that takes."""
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

LOOKED_THROUGH_BEFORE: dict[str, set[str]] = {
    "invoicing": {
        "20261124_decisions",
        "20261129_overdue_by_plan",
        "20261129_typed_with",
        "20261129_installments_alone",
        "20261129_all_a_bill_says",
        "20261129_bad_debt",
        "20261129_finer_list_prices",
        "20261129_voids_approved",
    },
    "payments": {
        "20261124_journal_by_day",
        "20261124_plans_by_clinic",
        "20261128_one_receipt",
        "20261128_groups_on_a_day",
        "20261128_insurers_credit",
        "20261129_refunds_credited",
        "20261129_take_backs",
        "20261129_bad_debt",
        "20261130_words_end",
    },
    "receipts": {"20261129_turns"},
    "notifications": set(),
}
"""Likewise."""


class _Connection:
    """The owning role's, which has no rows to show."""

    def scalar(self, *_: object) -> str:
        return "some_owner"

    def execute(self, *_: object) -> _Connection:
        return self

    def scalars(self) -> _Connection:
        return self

    def all(self) -> list[Any]:
        return []


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

    def looked_through(self, known: set[str]) -> list[str]:
        """What goes through all rows of tables that are known before, while nobody else can read them."""
        return [
            f"{table}: {why}"
            for statement, _ in self.statements
            for table, actions in ALTERED.findall(statement)
            for action in ACTION.split(actions)
            for why, pattern in LOOKED_THROUGH.items()
            if table in known and pattern.match(action)
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
def test_nothing_goes_through_a_table_in_use_while_nobody_can_read_it(service: str) -> None:
    """A constraint is added NOT VALID, a column without a default that each row has to be given."""
    known: set[str] = set()
    found: dict[str, list[str]] = {}
    for migration in migrations_of(service):
        said = said_by(migration)
        if why := said.looked_through(known):
            found[migration.revision] = why
        known |= said.tables
    assert {name: why for name, why in found.items() if name not in LOOKED_THROUGH_BEFORE[service]} == {}
    assert LOOKED_THROUGH_BEFORE[service] <= found.keys(), "named, and goes through nothing"


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


def test_what_goes_through_a_table_is_found() -> None:
    said = Said()
    through = (
        "ALTER TABLE old ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE old ALTER COLUMN a TYPE bigint",
        "ALTER TABLE old ADD COLUMN b int, ADD COLUMN a uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE old ADD COLUMN a int GENERATED ALWAYS AS (b + 1) STORED",
        "ALTER TABLE old ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE old DROP CONSTRAINT c, ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES young (a)",
        "ALTER TABLE old ADD COLUMN a int CHECK (a > 0)",
        "ALTER TABLE old ADD CONSTRAINT c UNIQUE (a)",
    )
    beside = (
        "ALTER TABLE young ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE old ADD COLUMN a int NOT NULL DEFAULT 0, ADD COLUMN b text",
        "ALTER TABLE old ADD CONSTRAINT c CHECK (a IN (0, 1)) NOT VALID",
        "ALTER TABLE old VALIDATE CONSTRAINT c",
        "ALTER TABLE old ADD CONSTRAINT c UNIQUE USING INDEX d",
        "ALTER TABLE old FORCE ROW LEVEL SECURITY",
    )
    for statement in (*through, *beside):
        said.execute(statement)
    assert len(said.looked_through({"old"})) == len(through)
