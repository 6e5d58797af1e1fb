"""Rows in sets: written by the names of a table's columns, read into dataclasses, in one round trip however many.

A service declares its tables once (SQLAlchemy Core, `persistence/tables.py`). What is written of one stands beside it:

    PAYMENTS = Table("payments", METADATA, Column("id", Uuid, primary_key=True), Column("note", Text), …)
    PAYMENT_ROWS = Rows(PAYMENTS)

    await PAYMENT_ROWS.insert(connection, [{"id": one.id, "note": one.note, …} for one in payments])

Each column travels as one array, so a statement has as many parameters for one row as for a thousand; a column that
holds arrays itself travels as their texts, as PostgreSQL would make one of several arrays. A statement that
does several things at once is built from the same parts: `inserting`, `given` and `arrays`, each with a prefix that
keeps the parameters of several tables apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any, TypeVar

import orjson
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from chassis.database.driver import Statement

Kind = TypeVar("Kind")
Record = Mapping[str, Any]
"""One row by the names of its columns."""


class Rows:
    """What is written of a table: all columns that the database does not fill by itself, or those that are named."""

    def __init__(
        self,
        table: Table,
        columns: Collection[str] = (),
        *,
        also: Collection[str] = (),
        without: Collection[str] = (),
    ) -> None:
        """`also` are columns with a default that is not left to the database. Raises KeyError for one not there."""
        filled = [column.name for column in table.columns if column.server_default is None and column.computed is None]
        chosen = [*(columns or filled), *also]
        self._table = table
        left = {table.columns[name].name for name in without}
        self.columns = {
            name: table.columns[name].type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
            for name in chosen
            if name not in left
        }
        """The columns, each with its PostgreSQL type."""
        self._documents = {name for name in self.columns if isinstance(table.columns[name].type, JSONB)}
        self._lists = {name for name in self.columns if isinstance(table.columns[name].type, ARRAY)}

    @property
    def names(self) -> str:
        """The columns' names as SQL has them, in order."""
        return ", ".join(self.columns)

    def unnested(self, prefix: str = "") -> str:
        """The rows as a table expression, its columns in order and without names."""
        kinds = {name: "TEXT" if name in self._lists else kind for name, kind in self.columns.items()}
        return f"unnest({', '.join(f'CAST(:{prefix}{name} AS {kind}[])' for name, kind in kinds.items())})"

    def given(self, prefix: str = "", alias: str = "given") -> str:
        """The rows as a table expression with names."""
        named = f"{self.unnested(prefix)} AS {alias} ({self.names})"
        if not self._lists:
            return named
        read = (f"CAST({name} AS {self.columns[name]})" if name in self._lists else name for name in self.columns)
        return f"(SELECT {', '.join(read)} FROM {named}) AS {alias} ({self.names})"  # noqa: S608 - constants

    def within(self, document: str, alias: str) -> str:
        """What a stored JSON array has of these columns, as a table expression with names: read, never written."""
        kinds = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        return f"jsonb_to_recordset({document}) AS {alias} ({kinds})"

    def setting(self, alias: str, *without: str) -> str:
        """What an UPDATE sets to the rows' values, but for these columns."""
        return ", ".join(f"{name} = {alias}.{name}" for name in self.columns if name not in without)

    def inserting(self, prefix: str = "", alias: str = "") -> str:
        """The INSERT of the rows, to be a statement or a part of one."""
        named = f"{self._table.name} AS {alias}" if alias else self._table.name
        return f"INSERT INTO {named} ({self.names}) SELECT * FROM {self.given(prefix)}"  # noqa: S608 - constants

    def keeping_newest(self, version: str = "version", unless: str = "") -> str:
        """The INSERT of the rows that keeps of each key the row of the highest version, here and among those given.

        `unless` is a condition on the row that stands, `t`, under which it stays as it is.
        """
        key = [column.name for column in self._table.primary_key]
        keys = ", ".join(key)
        others = ", ".join(f"{name} = excluded.{name}" for name in self.columns if name not in key)
        stays = f" AND NOT ({unless})" if unless else ""
        return f"""
            INSERT INTO {self._table.name} AS t ({self.names})
            SELECT DISTINCT ON ({keys}) {self.names} FROM {self.given()} ORDER BY {keys}, {version} DESC
            ON CONFLICT ({keys}) DO UPDATE SET {others} WHERE t.{version} < excluded.{version}{stays}
        """  # noqa: S608 - constants

    def arrays(self, records: Iterable[Record], prefix: str = "") -> dict[str, list[Any]]:
        """The parameters of these rows. Raises KeyError for one that lacks a column."""
        rows = list(records)
        found = {f"{prefix}{name}": [row[name] for row in rows] for name in self.columns}
        for name in self._documents:
            found[f"{prefix}{name}"] = [_document(value) for value in found[f"{prefix}{name}"]]
        for name in self._lists:
            found[f"{prefix}{name}"] = [_list(value) for value in found[f"{prefix}{name}"]]
        return found

    def keyed(self, keys: Iterable[Sequence[Any]], prefix: str = "") -> dict[str, list[Any]]:
        """The parameters of rows that are keys: each has the columns' values in their order."""
        return self.arrays([dict(zip(self.columns, key, strict=True)) for key in keys], prefix)

    async def insert(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Insert these rows."""
        if records:
            await self._insert.rows(connection, self.arrays(records))

    @cached_property
    def _insert(self) -> Statement:
        return Statement(self.inserting())


def values_of(**columns: TypeEngine[Any]) -> Rows:
    """Rows of no table: keys that are looked up, or figures to be laid beside one. Their names, each with its type."""
    return Rows(Table("given", MetaData(), *(Column(name, kind) for name, kind in columns.items())))


def rows_as(kind: type[Kind], rows: Iterable[Any]) -> list[Kind]:
    """Rows as dataclasses: each member is the column of its name; further columns are passed over."""
    names = _names_of(kind)
    return [kind(**{name: row[name] for name in names}) for row in map(_by_name, rows)]


def grouped_as(kind: type[Kind], rows: Iterable[Any], by: str) -> defaultdict[Any, list[Kind]]:
    """Rows as dataclasses, those of each value of one column together, in their order."""
    given = list(rows)
    found: defaultdict[Any, list[Kind]] = defaultdict(list)
    for row, read in zip(given, rows_as(kind, given), strict=True):
        found[_by_name(row)[by]].append(read)
    return found


def record_of(one: Any, **others: Any) -> dict[str, Any]:
    """A dataclass as a row: each member is the column of its name; `others` are beside them, or instead of one."""
    return {each.name: getattr(one, each.name) for each in fields(one)} | others


def _by_name(row: Any) -> Any:
    return getattr(row, "_mapping", row)


def document_as(kind: type[Kind], document: Mapping[str, Any], **read: Any) -> Kind:
    """A stored JSON object as a dataclass; `read` are members that JSON has in another form.

    Members that a later release wrote are passed over: while processes are replaced, both read what either wrote.
    """
    return kind(**{name: document[name] for name in _names_of(kind) if name in document} | read)


def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)


def json_text(value: Any) -> str:
    """A value as the text of a JSON column; ids as PostgreSQL gave them, too, which are of a class of their own."""
    return orjson.dumps(value, default=str).decode()


def _document(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json_text(value)


def _list(values: Iterable[Any] | None) -> str | None:
    """Values as PostgreSQL reads an array of them."""
    if values is None:
        return None
    escaped = (str(value).replace("\\", r"\\").replace('"', r"\"") for value in values)
    return "{" + ",".join(f'"{one}"' for one in escaped) + "}"
