"""Proving the log of messages over all clinics, for the command line (`ALL-8`)."""

from __future__ import annotations

from chassis.proof import Difference, Proven
from chassis.resources import Resources

from notifications.persistence import queries


async def prove_messages(resources: Resources) -> Proven:
    """Every message accepted at most once, none lost, none twice: clinic by clinic."""
    async with resources.database.reading([]) as connection:
        clinic_ids = await queries.known_clinics(connection)
    figures, differences = 0, list[Difference]()
    for clinic_id in clinic_ids:
        async with resources.database.reading([clinic_id]) as connection:
            figures += sum((await queries.sums(connection)).counts.values())
            found = await queries.contradictions(connection)
        differences += [Difference(one.what, one.expected, one.found) for one in found]
    return Proven(figures, differences)
