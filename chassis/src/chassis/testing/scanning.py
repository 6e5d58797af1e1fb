"""Where words stand in a service's database, whatever the table and column: nothing of a person may be overlooked."""

# ruff: noqa: S608  names of tables and columns are the database's own

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import itemgetter

import asyncpg

from chassis.testing.databases import TestDatabase

_COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c
  JOIN information_schema.tables AS t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position
"""


async def places_of(owned: TestDatabase, words: Collection[str]) -> dict[str, set[str]]:
    """Where these ASCII words stand, in whatever case, as a superuser sees it: `table.column`, and which of them."""
    connection = await asyncpg.connect(owned.admin_dsn)
    try:
        columns = await connection.fetch(_COLUMNS)
        # One statement for all: there are hundreds of columns, and hardly a row.
        searches = [_search(table, list(own)) for table, own in groupby(columns, key=itemgetter("table_name"))]
        found: dict[str, set[str]] = {}
        for place, word in await connection.fetch(" UNION ".join(searches), f"({'|'.join(words)})"):
            found.setdefault(place, set()).add(word)
        return found
    finally:
        await connection.close()


def _search(table: str, columns: Sequence[asyncpg.Record]) -> str:
    said = (
        f"('{name}', encode(searched.\"{name}\", 'escape'))"
        if kind == "bytea"
        else f"('{name}', searched.\"{name}\"::text)"
        for _, name, kind in columns
    )
    return f"""
        SELECT '{table}.' || said.name, lower(m[1]) FROM "{table}" AS searched
         CROSS JOIN LATERAL (VALUES {", ".join(said)}) AS said (name, words)
         CROSS JOIN LATERAL regexp_matches(said.words, $1, 'gi') AS m
    """
