"""Checks of what is stored twice: statements that set one beside the other, of which what differs is told (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.proof import Difference


def differing(check: str, most: int) -> str:
    """The statement that gives what differs of a check; nothing else is ever spelled out or kept.

    A check selects `what` (a text that names the row and the figure), `expected` and `found`, of all rows or of those
    that differ.
    """
    return f"""
    SELECT what, expected::text AS expected, found::text AS found FROM ({check}) AS checked
     WHERE expected IS DISTINCT FROM found ORDER BY what LIMIT {most}
    """  # noqa: S608 - texts of services' modules


async def differences(connection: AsyncConnection, checks: Iterable[str], most: int) -> list[Difference]:
    """What differs of the clinics that this connection sees, at the instant of its transaction, `most` at most."""
    found: list[Difference] = []
    for check in checks:
        # A text of SQLAlchemy would take a colon for a parameter.
        rows = await connection.execute(text(differing(check, most).replace(":", r"\:")))
        found += [Difference(row.what, row.expected or "none", row.found or "none") for row in rows]
        if len(found) >= most:
            break
    return found[:most]
