"""Prove the invoices of all clinics (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.resources import Resources
from chassis.service import Difference

from invoicing.persistence import clinics
from invoicing.use_cases.prove_invoices import prove_invoices

CLINICS_AT_ONCE = 50


async def prove_clinics(resources: Resources) -> Sequence[Difference]:
    """Every difference of every clinic, a portion of clinics at one instant each."""
    found: list[Difference] = []
    after = UUID(int=0)
    while True:
        async with resources.database.reading([]) as connection:
            listed = await clinics.directory(connection, after, CLINICS_AT_ONCE)
        if not listed:
            return found
        after = listed[-1]
        async with resources.database.reading(listed) as connection:
            found += (await prove_invoices(connection)).differences
