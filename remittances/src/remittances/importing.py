"""Import a remittance file: checked as a whole first, then announced claim by claim, each once (`INS-3`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from uuid import UUID

from contracts.insurance import ClaimAdjudicated, PayerSequence

from remittances.invoices import Invoices
from remittances.matching import decision_of
from remittances.publishing import Publisher
from remittances.reading import Read, read_remittances
from remittances.remittance import PREDETERMINATION, Claim, Remittance

Key = tuple[UUID, str, str]
AT_ONCE = 16
"""Claims that are looked up together; more of a file are never in memory."""
NAMED_MAX = 100
"""Unmatched claims that are named; the rest is counted."""


@dataclass(slots=True)
class Imported:
    """What became of one remittance of a file."""

    remittance_id: UUID
    reference: str
    payer_name: str
    amount: Decimal
    claims: int = 0
    claims_paid: Decimal = Decimal(0)
    withheld: Decimal = Decimal(0)
    published: int = 0
    imported_before: int = 0
    unbalanced: int = 0
    """Published all the same: invoicing sets them aside with the reason."""
    predeterminations: int = 0
    """Answers to estimates (CLP02 25), which decide nothing."""
    unmatched: int = 0
    unmatched_numbers: list[str] = field(default_factory=list)
    known: set[UUID] = field(default_factory=set, repr=False)
    """The decisions that invoicing knew before."""

    def is_new(self, remittance: Remittance, claim: Claim) -> bool:
        """Count a claim; whether there is something to announce of it."""
        self.claims += 1
        if claim.status == PREDETERMINATION:
            self.predeterminations += 1
            return False
        if remittance.decision_id(claim) in self.known:
            self.imported_before += 1
            return False
        return True

    def miss(self, claim: Claim) -> None:
        """Count a claim whose invoice is not known."""
        self.unmatched += 1
        if len(self.unmatched_numbers) < NAMED_MAX:
            self.unmatched_numbers.append(claim.patient_control_number)


async def import_file(
    path: Path, clinic_id: UUID, invoices: Invoices, publisher: Publisher, payer_id: UUID | None = None
) -> list[Imported]:
    """Announce what a file decides. Raises NotImported; where the file is at fault, nothing was announced.

    The file is read twice, a segment at a time: once to see that all of it is well formed and adds up, and then to
    announce. Ids are derived from control numbers, so an import that was cut off is finished by doing it again.
    """
    turns = Turns(claim_key(remittance, claim) for remittance, claim in _read(path) if claim and claim.turn is None)
    found: list[Imported] = []
    reading = turns.followed(_read(path))
    while some := list(islice(reading, AT_ONCE)):
        decisions = await _decide(some, found, clinic_id, invoices, payer_id)
        await publisher.publish(decisions)
    return found


class Turns:
    """In which turn a claim was processed that a file takes back: as it said when it told of it before.

    Only the claims that do not say their turn themselves are remembered, which are few.
    """

    def __init__(self, asked: Iterable[Key]) -> None:
        self._told: dict[Key, PayerSequence | None] = dict.fromkeys(asked)

    def followed(self, reading: Iterable[Read]) -> Iterator[Read]:
        """The same claims, each with its turn, where the file says it or said it before."""
        for remittance, claim in reading:
            if claim is not None:
                key = claim_key(remittance, claim)
                if claim.turn is None:
                    claim.turn = self._told[key]
                elif key in self._told:
                    self._told[key] = claim.turn
            yield remittance, claim


async def _decide(
    some: list[Read], found: list[Imported], clinic_id: UUID, invoices: Invoices, payer_id: UUID | None
) -> list[ClaimAdjudicated]:
    """The decisions of some claims that are not known yet; what became of each is counted."""
    fresh: list[tuple[Remittance, Claim, Imported]] = []
    for remittance, claim in some:
        imported = await _of(remittance, found, invoices)
        if claim is None:
            imported.withheld, imported.claims_paid = remittance.withheld, remittance.claims_paid
        elif imported.is_new(remittance, claim):
            fresh.append((remittance, claim, imported))
    matched = await asyncio.gather(*(invoices.find(claim.patient_control_number) for _, claim, _ in fresh))
    decided: list[ClaimAdjudicated] = []
    for (remittance, claim, imported), invoice in zip(fresh, matched, strict=True):
        if invoice is None:
            imported.miss(claim)
        else:
            imported.published += 1
            imported.unbalanced += not claim.balances
            decided.append(decision_of(remittance, claim, invoice, clinic_id, payer_id))
    return decided


async def _of(remittance: Remittance, found: list[Imported], invoices: Invoices) -> Imported:
    if not found or found[-1].remittance_id != remittance.id:
        known = await invoices.known(remittance.id)
        head = (remittance.reference, remittance.payer_name, remittance.amount)
        found.append(Imported(remittance.id, *head, known=known))
    return found[-1]


def claim_key(remittance: Remittance, claim: Claim) -> Key:
    """What a claim and its reversal have in common: the transfer, our number and the payer's."""
    return (remittance.id, claim.patient_control_number, claim.payer_control_number)


def _read(path: Path) -> Iterator[Read]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from read_remittances(file)
