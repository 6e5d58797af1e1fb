"""Where words stand in a service's database, whatever the table and column: nothing of a person may be overlooked."""

# ruff: noqa: S608  names of tables and columns are the database's own

from __future__ import annotations

from collections.abc import Collection

import asyncpg

from chassis.testing.databases import TestDatabase

_COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c
  JOIN information_schema.tables AS t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position
"""


async def places_of(owned: TestDatabase, words: Collection[str]) -> dict[str, set[str]]:
    """Where these ASCII words stand, in whatever case, as a superuser sees it: `table.column`, and which of them."""
    pattern = "|".join(words)
    connection = await asyncpg.connect(owned.admin_dsn)
    try:
        found: dict[str, set[str]] = {}
        for table, column, kind in await connection.fetch(_COLUMNS):
            said = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            rows = await connection.fetch(
                f"SELECT DISTINCT lower(m[1]) FROM \"{table}\", regexp_matches({said}, $1, 'gi') AS m", f"({pattern})"
            )
            if rows:
                found[f"{table}.{column}"] = {row[0] for row in rows}
        return found
    finally:
        await connection.close()
