"""A transfer that was told of before says the same again, or it is found out (`INS-6`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from uuid import UUID

from remittances.contents import Known, content_of
from remittances.invoices import Invoices
from remittances.matching import Told, decision_of
from remittances.problems import Differs
from remittances.remittance import PREDETERMINATION
from remittances.surveying import Survey

AT_ONCE = 16
"""Claims that are looked up together; more of a file are never in memory."""
KnownOf = Mapping[UUID, Mapping[UUID, Known]]
"""By remittance, the decisions that invoicing knows."""


async def require_same(survey: Survey, known: KnownOf, invoices: Invoices, payer_id: UUID | None) -> None:
    """See that what was applied of a transfer is in the file, and as it was. Raises Differs.

    What was set aside may differ: a file is repaired for that. What is new finishes an import that was cut off.
    """
    left = {(of, one.decision_id): one for of, ones in known.items() for one in ones.values() if one.state == "applied"}
    if not left:
        return
    differences: dict[UUID, list[str]] = {}
    reading = survey.claims()
    while some := list(_next(reading, left)):
        found = await asyncio.gather(*(invoices.find(told.claim.patient_control_number) for told, _ in some))
        for (told, one), invoice in zip(some, found, strict=True):
            if invoice is None or content_of(decision_of(told, invoice, payer_id)) != one.content:
                differences.setdefault(told.remittance_id, []).append(_said(told, one))
    for (of, _), one in left.items():
        missing = f"a claim of {one.invoice_number}, {one.charge} claimed and {one.paid} paid, is not in this file"
        differences.setdefault(of, []).append(missing)
    for surveyed in survey.remittances:
        if surveyed.id in differences:
            head = surveyed.remittance
            raise Differs(head.reference, head.payer_name, differences[surveyed.id])


def _next(reading: Iterator[Told], left: dict[tuple[UUID, UUID], Known]) -> Iterator[tuple[Told, Known]]:
    """The next claims that were applied before; each of these is taken from what is left to be found."""
    applied = (
        (told, one)
        for told in reading
        if told.claim.status != PREDETERMINATION
        and (one := left.pop((told.remittance_id, told.decision_id), None)) is not None
    )
    return islice(applied, AT_ONCE)


def _said(told: Told, one: Known) -> str:
    """What is different of a claim, in words."""
    claim = told.claim
    before, now = f"{one.charge} claimed and {one.paid} paid", f"{claim.charge} claimed and {claim.paid} paid"
    if (claim.charge, claim.paid) == (Decimal(one.charge), Decimal(one.paid)):
        return f"claim {claim.patient_control_number} (CLP, segment {claim.position}): other lines or adjustments"
    return f"claim {claim.patient_control_number} (CLP, segment {claim.position}): {before} then, {now} in this file"
