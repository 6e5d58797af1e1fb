"""What became of one remittance of a file, counted and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from contracts.insurance import ClaimAdjudicated

from remittances.contents import Known, content_of
from remittances.matching import Told
from remittances.posting import Posting
from remittances.remittance import PREDETERMINATION
from remittances.surveying import Surveyed

NAMED_MAX = 100
"""Unmatched claims that are named; the rest is counted."""


@dataclass(slots=True)
class Imported:
    """What became of one remittance of a file."""

    remittance_id: UUID
    reference: str
    payer_name: str
    amount: Decimal
    posting: Posting = field(repr=False)
    claims: int = 0
    claims_paid: Decimal = Decimal(0)
    withheld: Decimal = Decimal(0)
    published: int = 0
    imported_before: int = 0
    dismissed: list[str] = field(default_factory=list)
    """Decisions that came before and a person has dismissed: which, by whom, when and why."""
    unbalanced: int = 0
    """Published all the same: invoicing sets them aside with the reason."""
    doubtful: int = 0
    """Published with a line that is none of the invoice's: invoicing sets them aside with the reason."""
    doubts: list[str] = field(default_factory=list)
    predeterminations: int = 0
    """Answers to estimates (CLP02 25), which decide nothing."""
    unprocessed: int = 0
    """Claims that this payer has not processed: pended, or forwarded to another one (CLP02 23)."""
    unmatched: int = 0
    unmatched_numbers: list[str] = field(default_factory=list)
    repeats: bool = False
    """The file told of it before."""
    known: Mapping[UUID, Known] = field(default_factory=dict, repr=False)
    """The decisions that invoicing knows."""
    contents: dict[UUID, str] = field(default_factory=dict, repr=False)
    """What was announced, by decision."""

    @classmethod
    def of(cls, one: Surveyed, known: Mapping[UUID, Known]) -> Imported:
        """A remittance of which nothing was announced yet."""
        head = one.remittance
        return cls(
            one.id,
            head.reference,
            head.payer_name,
            head.amount,
            Posting(one.id, head),
            claims=head.claims,
            claims_paid=head.claims_paid,
            withheld=head.withheld,
            repeats=one.repeats,
            known=known,
        )

    @property
    def set_aside(self) -> list[Known]:
        """Its decisions that wait for a person."""
        return [one for one in self.known.values() if one.state == "open"]

    @property
    def pending(self) -> set[UUID]:
        """Its decisions that were announced and are not seen at invoicing yet, as they were announced."""
        return {id_ for id_, said in self.contents.items() if id_ not in self.known or self.known[id_].content != said}

    def pass_over(self, told: Told) -> None:
        """Count a claim that decides nothing."""
        if told.claim.status == PREDETERMINATION:
            self.predeterminations += 1
        else:
            self.unprocessed += 1

    def miss(self, told: Told) -> None:
        """Count a claim whose invoice is not known."""
        self.unmatched += 1
        if len(self.unmatched_numbers) < NAMED_MAX:
            self.unmatched_numbers.append(told.claim.patient_control_number)

    def find_again(self, told: Told, one: Known) -> None:
        """Count a decision that invoicing knows as it is: nothing of it is repeated."""
        if one.state == "dismissed":
            said = f"{told.claim.patient_control_number}, set aside ({one.detail}), was dismissed {one.dismissed}"
            self.dismissed.append(said)
        else:
            self.imported_before += 1

    def count(self, told: Told, decision: ClaimAdjudicated) -> None:
        """Count a decision that is announced."""
        self.published += 1
        self.contents[decision.decision_id] = content_of(decision)
        self.unbalanced += not told.claim.balances
        if doubts := [line.doubt for line in decision.lines if line.doubt]:
            self.doubtful += 1
            if len(self.doubts) < NAMED_MAX:
                self.doubts.append(f"{told.claim.patient_control_number}: {'; '.join(doubts)}")


def told(one: Imported) -> list[str]:
    """What became of a remittance, in lines."""
    plb = f"plus {-one.withheld} added" if one.withheld < 0 else f"less {one.withheld} withheld"
    sums = f"{one.claims} claims pay {one.claims_paid}, {plb} (PLB), transferred {one.amount}"
    lines = [f"Remittance {one.reference} of {one.payer_name}: {sums}"]
    if one.repeats:
        return [*lines, "  told of twice in this file, counted once"]
    if one.imported_before:
        lines.append(f"  imported before: {one.imported_before} of {one.claims} claims, nothing of them is repeated")
    lines += _dismissed(one)
    if one.published:
        lines.append(f"  announced: {one.published} decisions")
    if one.unbalanced:
        lines.append(f"  {one.unbalanced} of them do not balance: see GET /v1/set-aside-decisions")
    if one.doubtful:
        lines.append(f"  {one.doubtful} of them name no line for certain: see GET /v1/set-aside-decisions")
        lines += [f"    {doubt}" for doubt in one.doubts]
    if one.predeterminations:
        lines.append(f"  {one.predeterminations} predeterminations decide nothing")
    if one.unprocessed:
        lines.append(
            f"  {one.unprocessed} claims were not processed, or forwarded to another payer: nothing is decided"
        )
    if one.unmatched:
        more = ", …" if one.unmatched > len(one.unmatched_numbers) else ""
        named = ", ".join(one.unmatched_numbers) + more
        lines.append(f"  {one.unmatched} claims match no issued invoice (CLP01): {named}")
    lines += [f"  set aside: {each.detail}" for each in one.set_aside[:NAMED_MAX]]
    if one.pending:
        lines.append(f"  {len(one.pending)} are not applied yet: invoicing works them off when it runs")
    return lines


def _dismissed(one: Imported) -> list[str]:
    lines = [f"  dismissed before, and not applied: {said}" for said in one.dismissed[:NAMED_MAX]]
    if more := len(one.dismissed) - len(lines):
        lines.append(f"  and {more} more that were dismissed: see GET /v1/set-aside-decisions")
    return lines
