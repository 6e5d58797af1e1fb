"""Proving the log of messages over all clinics, for the command line (`ALL-8`)."""

from __future__ import annotations

from chassis.proof import Difference, Proven
from chassis.resources import Resources

from notifications.persistence import clinics
from notifications.use_cases.prove_log import prove_log


async def prove_messages(resources: Resources) -> Proven:
    """Every message accepted at most once, none lost, none twice: clinic by clinic."""
    async with resources.database.reading([]) as connection:
        clinic_ids = await clinics.known_clinics(connection)
    figures, differences = 0, list[Difference]()
    for clinic_id in clinic_ids:
        async with resources.database.reading([clinic_id]) as connection:
            counts, found = await prove_log(connection)
        figures += sum(counts.by_state.values())
        differences += found
    return Proven(figures, differences)
