"""The driver's own connection, for statements on hot paths: asyncpg without SQLAlchemy's work around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


async def driver_of(connection: AsyncConnection) -> Any:
    """The asyncpg connection under a SQLAlchemy one; what runs on it is in the same transaction.

    Parameters are `$1`, `$2`, …; statements are prepared once a connection. A statement costs half of what it costs
    through SQLAlchemy, which pays where a request makes few of them and there are hundreds of requests a second.
    """
    return (await connection.get_raw_connection()).driver_connection


_PARAMETER = re.compile(r"\$(\d+)")


class Statement:
    """SQL with parameters by name (`:name`), as SQLAlchemy has it, that the driver itself executes."""

    def __init__(self, sql: str) -> None:
        compiled = text(sql).compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call]
        self._sql = compiled.string
        self._names = tuple(compiled.positiontup or ())

    async def rows(self, connection: AsyncConnection, values: Mapping[str, Any]) -> list[Any]:
        """Execute it; rows are read by column (`row["name"]`). Raises asyncpg's errors, not SQLAlchemy's."""
        driver = await driver_of(connection)
        found: list[Any] = await driver.fetch(self._sql, *self.arguments(values))
        return found

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """These values in the order of its parameters."""
        return [values[name] for name in self._names]

    @property
    def parameters(self) -> int:
        """How many parameters it has."""
        return len(self._names)

    @cache  # noqa: B019 - statements are constants of their modules
    def numbered_from(self, first: int) -> str:
        """Its SQL as a part of a larger statement, where its first parameter is `$first`."""
        return _PARAMETER.sub(lambda found: f"${int(found[1]) + first - 1}", self._sql)
