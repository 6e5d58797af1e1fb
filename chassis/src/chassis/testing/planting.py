"""Wrong rows, as only a superuser can make them: a proof has to find each (`ALL-8`)."""

# ruff: noqa: S608  tests say which row is changed to what

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from chassis.testing.databases import TestDatabase

_PRIMARY_KEY = """
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = $1::text::regclass AND i.indisprimary
"""


@asynccontextmanager
async def planted(owned: TestDatabase, clinic_id: UUID, change: str) -> AsyncIterator[dict[str, Any]]:
    """Change one row of a clinic, the first by its key, with triggers off; gives it as changed, puts it back.

    `change` reads `table SET column = value WHERE condition`; in it, `$1` is the clinic. The condition may be left out.
    Ids are made in the order of time, and where a row lies, once it was put back, is anywhere.
    """
    table, changed = change.split(" SET ")
    setting, _, which = changed.partition(" WHERE ")
    connection = await asyncpg.connect(owned.admin_dsn)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {table}")
        order = await connection.fetchval(_PRIMARY_KEY, table) or table
        row = await connection.fetchval(
            f"UPDATE {table} SET {setting} WHERE ctid = (SELECT ctid FROM {table} WHERE clinic_id = $1 "
            f"AND {which or 'true'} ORDER BY {order} LIMIT 1) RETURNING to_jsonb({table})",
            clinic_id,
        )
        if row is None:
            raise LookupError(f"no row for {change}")
        try:
            yield json.loads(row)
        finally:
            await connection.execute(f"DELETE FROM {table} WHERE clinic_id = $1", clinic_id)
            restored = "SELECT * FROM kept WHERE clinic_id = $1"
            await connection.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE {restored}", clinic_id)
    finally:
        await connection.close()
