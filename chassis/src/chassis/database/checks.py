"""Checks of what is stored twice: statements that set one beside the other, of which what differs is told (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.driver import driver_of
from chassis.proof import Difference


@cache
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
    driver = await driver_of(connection)
    found: list[Difference] = []
    for check in checks:
        # Through the driver itself: a proof is dozens of statements, which mostly find nothing.
        rows = await driver.fetch(differing(check, most))
        found += [Difference(row["what"], row["expected"] or "none", row["found"] or "none") for row in rows]
        if len(found) >= most:
            break
    return found[:most]
