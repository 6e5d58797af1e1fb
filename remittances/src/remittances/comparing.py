"""A transfer that was told of before says the same again, or it is found out (`INS-6`)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from contracts.insurance import ClaimAdjudicated

from remittances.contents import Known, content_of
from remittances.identity import name_key, reference_key
from remittances.invoices import Invoices
from remittances.matching import Told, decision_of
from remittances.problems import Differs
from remittances.remittance import Remittance
from remittances.surveying import Survey

AT_ONCE = 16
"""Claims that are looked up together; more of a file are never in memory."""


@dataclass(slots=True)
class ToldBefore:
    """What invoicing has of a file's transfers: under their own ids, and under others.

    Under another id it is where a file left out the insurer's identifier, another system told of it, a version of this
    command that knew transfers by their envelope, or where the amount of a transfer is another one now.
    """

    known: Mapping[UUID, Mapping[UUID, Known]]
    """By remittance and decision."""
    others: Mapping[UUID, list[Known]] = field(default_factory=dict)
    """By remittance, what has its reference and day, and another id."""
    same: dict[tuple[UUID, UUID], Known] = field(default_factory=dict)
    """By remittance and decision of the file, the one of the others that it is."""


async def find_told_before(survey: Survey, invoices: Invoices, *, is_another: bool) -> ToldBefore:
    """Ask invoicing what it has of a file's transfers. Raises Unreachable."""
    own = [one for one in survey.remittances if not one.repeats]
    known = {one.id: await invoices.known(one.id) for one in own}
    ids = set(known)
    others: dict[UUID, list[Known]] = {}
    # What is known under its own id was compared when it came, or a person has said that it is another.
    asked = {} if is_another else {one.id: one.remittance for one in own if not known[one.id]}
    spelled = await _spelled_before(survey, asked, invoices)
    for id_, remittance in asked.items():
        others[id_] = [
            Known.applied(listed)
            for reference in sorted({remittance.reference[:80], *spelled.get(id_, ())})
            for listed in await invoices.referenced(reference)
            if listed["remittance_reference"] == reference
            and _is_of(listed, remittance)
            and _remittance_of(listed) not in ids
        ]
    return ToldBefore(known, others)


async def _spelled_before(survey: Survey, asked: Mapping[UUID, Remittance], invoices: Invoices) -> dict[UUID, set[str]]:
    """In which other spellings transfers may have been told of before: as decisions on the first invoice of each say.

    Their ids have held the trace number as it was written, by a version that took each spelling for another transfer.
    """
    found: dict[UUID, set[str]] = {}
    for told in survey.claims() if asked else ():
        if told.remittance_id in asked and told.remittance_id not in found and told.claim.decides:
            invoice = await invoices.find(told.claim.patient_control_number)
            if invoice is not None:
                decided = await invoices.decided(UUID(invoice["id"]))
                alike = (one for one in decided if _is_of(one, told.remittance))
                found[told.remittance_id] = {one["remittance_reference"] for one in alike}
        if len(found) == len(asked):
            break
    return found


def _is_of(listed: Mapping[str, Any], remittance: Remittance) -> bool:
    """Whether a decision was told of under the trace number of a transfer, however it is spelled, and on its day."""
    key = reference_key(listed["remittance_reference"] or "")
    day = f"{remittance.decided_at:%Y-%m-%d}"
    return (key, listed["decided_at"][:10]) == (reference_key(remittance.reference[:80]), day)


def _remittance_of(listed: Mapping[str, str | None]) -> UUID | None:
    of = listed["remittance_id"]
    return UUID(of) if of else None


async def require_same(survey: Survey, before: ToldBefore, invoices: Invoices, payer_id: UUID | None) -> None:
    """See that what was applied of a transfer is in the file, and as it was. Raises Differs.

    What was set aside may differ: a file is repaired for that. What is new finishes an import that was cut off.
    """
    comparing = _Comparing(before)
    if not comparing.is_needed:
        return
    reading = (told for told in survey.claims() if told.claim.decides and comparing.asks_for(told))
    while some := list(islice(reading, AT_ONCE)):
        found = await asyncio.gather(*(invoices.find(told.claim.patient_control_number) for told in some))
        for told, invoice in zip(some, found, strict=True):
            comparing.take(told, decision_of(told, invoice, payer_id) if invoice else None)
    differences = comparing.differences()
    for surveyed in survey.remittances:
        if said := differences.get(surveyed.id):
            raise Differs(surveyed.remittance.reference, surveyed.remittance.payer_name, said)


class _Comparing:
    """A file's claims against what is known of its transfers; what is left in the end is not in the file."""

    def __init__(self, before: ToldBefore) -> None:
        self._before = before
        self._left = {
            (of, one.decision_id): one
            for of, ones in before.known.items()
            for one in ones.values()
            if one.state == "applied"
        }
        self._others = {of: list(ones) for of, ones in before.others.items() if ones}
        self._payers: dict[UUID, tuple[set[UUID], set[str]]] = {}
        self._differences: dict[UUID, list[str]] = {}

    @property
    def is_needed(self) -> bool:
        """Whether anything is known that the file is to be compared with."""
        return bool(self._left or self._others)

    def asks_for(self, told: Told) -> bool:
        """Whether a claim is to be compared with anything."""
        return (told.remittance_id, told.decision_id) in self._left or told.remittance_id in self._others

    def take(self, told: Told, decision: ClaimAdjudicated | None) -> None:
        """Compare a claim; without a decision, its invoice is not known."""
        content = content_of(decision) if decision else None
        one = self._left.pop((told.remittance_id, told.decision_id), None)
        if one is not None:
            if one.content != content:
                self._differences.setdefault(told.remittance_id, []).append(_said(told, one))
        elif decision is not None:
            self._match_other(told, decision, content)

    def _match_other(self, told: Told, decision: ClaimAdjudicated, content: str | None) -> None:
        ids, names = self._payers.setdefault(told.remittance_id, (set(), set()))
        ids.add(decision.payer_id)
        names.update((name_key(decision.payer_name), name_key(told.remittance.payer_name)))
        others = self._others.get(told.remittance_id, [])
        same = next((other for other in others if other.content == content and _is_by(other, ids, names)), None)
        if same is not None:
            others.remove(same)
            self._before.same[told.remittance_id, told.decision_id] = same

    def differences(self) -> dict[UUID, list[str]]:
        """What differs, by remittance, in words."""
        found = {of: list(said) for of, said in self._differences.items()}
        for (of, _), one in self._left.items():
            found.setdefault(of, []).append(_missing(one))
        for of, others in self._others.items():
            ids, names = self._payers.get(of, (set(), set()))
            found.setdefault(of, []).extend(_missing(other) for other in others if _is_by(other, ids, names))
        return found


def _is_by(one: Known, ids: set[UUID], names: set[str]) -> bool:
    return one.payer_id in ids or name_key(one.payer_name) in names


def _missing(one: Known) -> str:
    return f"a claim of {one.invoice_number}, {one.charge} claimed and {one.paid} paid, is not in this file"


def _said(told: Told, one: Known) -> str:
    """What is different of a claim, in words."""
    claim = told.claim
    head = f"claim {claim.patient_control_number} (CLP, segment {claim.position})"
    if (claim.charge, claim.paid) == (Decimal(one.charge), Decimal(one.paid)):
        return f"{head}: other lines or adjustments"
    before, now = f"{one.charge} claimed and {one.paid} paid", f"{claim.charge} claimed and {claim.paid} paid"
    return f"{head}: {before} then, {now} in this file"
