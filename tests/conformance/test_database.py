"""Every service's database: rows guarded by clinic, a working role that owns nothing, exact money, clean migrations."""

from __future__ import annotations

from typing import Any

import append_only
import asyncpg
import pytest
from chassis.database.migrations import migrate
from chassis.service import Service
from chassis.testing.harness import ServiceHarness

MACHINERY = {"inbox", "alembic_version"}
"""The chassis's own tables of ids and nothing of anybody."""
NOBODYS = {"dead_letters"}
"""Where a row may be no clinic's: a record that does not say whose it is."""

ONLY_IDS = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'
 GROUP BY table_name HAVING bool_and(data_type IN ('uuid', 'timestamp with time zone', 'integer', 'smallint')
       OR column_name IN ('kind', 'rendition', 'state', 'failure', 'turn', 'waited_for', 'traceparent',
                              'tracestate'))
"""
"""Queues that a worker walks before it knows the clinic: they hold identifiers, times, turns: nothing about anybody."""


@pytest.fixture
async def rows(harness: ServiceHarness) -> Any:
    """Asks the database as its superuser."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    yield connection.fetch
    await connection.close()


@pytest.mark.rule("ALL-4.2")
async def test_every_table_is_guarded_by_clinic_against_its_owner_too(rows: Any) -> None:
    """ALL-4."""
    tables = await rows(
        """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS guarded,
                  EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) AS has_policy,
                  EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'clinic_id'
                             AND a.attnotnull) AS has_clinic
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"""
    )
    ids_only = {row["table_name"] for row in await rows(ONLY_IDS)}
    business = [row for row in tables if row["relname"] not in MACHINERY | ids_only]
    assert len(business) >= 3
    assert [
        row["relname"]
        for row in business
        if not (row["guarded"] and row["has_policy"] and (row["has_clinic"] or row["relname"] in NOBODYS))
    ] == []


@pytest.mark.rule("ALL-4.2")
async def test_the_working_role_owns_nothing_and_cannot_bypass(rows: Any, harness: ServiceHarness) -> None:
    """ALL-4."""
    role = harness.owned.app_url.partition("://")[2].partition(":")[0]
    (found,) = await rows(
        """SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty,
                  (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned
             FROM pg_roles r WHERE rolname = $1""",
        role,
    )
    assert not found["mighty"]
    assert found["owned"] == 0
    assert await rows("SELECT 1 FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE rolname = $1", role) == []


@pytest.mark.rule("MON-1.2")
async def test_no_column_is_a_float_and_no_instant_lacks_its_zone(rows: Any) -> None:
    """MON-1."""
    columns = await rows(
        """SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
              AND data_type IN ('real', 'double precision', 'money', 'timestamp without time zone')"""
    )
    assert [tuple(column) for column in columns] == []


@pytest.mark.rule("INV-9.2")
async def test_no_column_keeps_what_is_outstanding(rows: Any) -> None:
    """INV-9: it follows from totals, notes and allocations wherever it is said."""
    columns = await rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE column_name ~ 'outstanding|balance_due'"
    )
    assert [tuple(column) for column in columns] == []


async def test_a_policy_reads_the_clinics_once_a_statement(rows: Any) -> None:
    """Not once a row: the setting of a batch may hold hundreds of clinics."""
    policies = await rows("SELECT qual FROM pg_policies WHERE policyname = 'clinic'")
    assert policies
    assert all("SELECT current_clinics()" in policy["qual"] for policy in policies)


async def test_migrating_again_changes_nothing(harness: ServiceHarness) -> None:
    first = await migrate(harness.owned.owner_url, harness.service.migrations)
    assert await migrate(harness.owned.owner_url, harness.service.migrations) == first
    assert first is not None


async def test_every_query_by_clinic_can_use_an_index(rows: Any) -> None:
    """Nothing scans a table of all clinics to find one's rows."""
    missing = await rows(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL ($1)
              AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid)""",
        list(MACHINERY),
    )
    assert [row["relname"] for row in missing] == []


async def test_what_is_append_only_is_exactly_what_is_to_be(rows: Any, service: Service) -> None:
    """PAY-12: a guard that got lost, or a new one that nobody attacks, is seen here."""
    assert {row["relname"] for row in await rows(append_only.GUARDED)} == append_only.TABLES[service.name]


@pytest.mark.rule("PAY-12.2")
async def test_what_is_append_only_refuses_every_change_by_the_working_role_and_by_the_owner(
    harness: ServiceHarness, service: Service
) -> None:
    """PAY-12."""
    working, owner = (
        url.partition("://")[2].partition(":")[0] for url in (harness.owned.app_url, harness.owned.owner_url)
    )
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        for table in append_only.TABLES[service.name]:
            came_of = await append_only.attacked(connection, table, (working, owner))
            assert len(came_of) == 6
            through = {
                change: result
                for change, result in came_of.items()
                if result != ("no permission" if change.startswith(working) else "append-only")
            }
            assert not through
    finally:
        await connection.close()
