"""Prove the invoices of all clinics (`ALL-8`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from chassis.proof import Difference, Proven
from chassis.resources import Resources

from invoicing.persistence import clinics
from invoicing.use_cases.prove_invoices import prove_invoices

CLINICS_AT_ONCE = 50


async def prove_clinics(resources: Resources) -> Proven:
    """Every difference of every clinic, a portion of clinics at one instant each."""
    figures, found = 0, list[Difference]()
    async for listed in _portions(resources):
        async with resources.database.reading(listed) as connection:
            proven = await prove_invoices(connection)
        figures += sum(proven.counts.values())
        found += proven.differences
    return Proven(figures, found)


async def all_clinics(resources: Resources) -> Sequence[UUID]:
    """Every clinic that was ever configured."""
    return [clinic_id async for listed in _portions(resources) for clinic_id in listed]


async def _portions(resources: Resources) -> AsyncIterator[Sequence[UUID]]:
    after = UUID(int=0)
    while True:
        async with resources.database.reading([]) as connection:
            listed = await clinics.directory(connection, after, CLINICS_AT_ONCE)
        if not listed:
            return
        after = listed[-1]
        yield listed
