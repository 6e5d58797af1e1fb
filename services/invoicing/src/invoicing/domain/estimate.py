"""What a payer is expected to decide on a line: an estimate, kept apart from every decision and payment (`INS-1`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.money import Money
from chassis.sentence import Sentence

from invoicing.domain.errors import EstimateExceedsLine, Invalid

PayerSequence = Literal["primary", "secondary", "tertiary"]
TURNS: tuple[PayerSequence, ...] = ("primary", "secondary", "tertiary")
"""In which order payers are asked (`INS-4`)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one payer is expected to decide on one line, in minor units."""

    payer_id: UUID
    payer_name: str
    sequence: PayerSequence
    expected: int
    write_off: int
    patient_part: int
    allowed: int | None = None
    claim_id: UUID | None = None
    payer_identifier: str | None = None

    @property
    def taken(self) -> int:
        """What this payer is expected to take off what the next one starts from."""
        return self.expected + self.write_off


@dataclass(frozen=True, slots=True)
class ExpectedShare:
    """What one payer is expected to pay and have written off of a whole invoice."""

    payer_id: UUID
    payer_name: str
    sequence: PayerSequence
    expected: int
    write_off: int


def turn(sequence: PayerSequence) -> int:
    """The place of a payer in the order of asking: 0 is asked first."""
    return TURNS.index(sequence)


def check_estimates(estimates: Sequence[Estimate], priced: int, currency: str, field: str) -> None:
    """Accept the estimates of a line of so much. Payers in turn: each starts from what the one before leaves (`INS-4`).

    Raises Invalid, EstimateExceedsLine naming the field.
    """
    places = [(estimate, f"{field}.estimates[{place}]") for place, estimate in enumerate(estimates)]
    _check_named_once(places)
    left = priced
    for estimate, at in sorted(places, key=lambda one: turn(one[0].sequence)):
        _check_amounts(estimate, priced, currency, at)
        for name, amount in (
            ("expected", estimate.expected),
            ("write_off", estimate.taken),
            ("patient_part", estimate.taken + estimate.patient_part),
        ):
            if amount > left:
                raise EstimateExceedsLine(f"{at}.{name}", Money(amount, currency), Money(left, currency))
        left -= estimate.taken


def expected_shares(lines: Iterable[Sequence[Estimate]]) -> list[ExpectedShare]:
    """What each payer is expected to pay of an invoice, in turn: the sums over its lines."""
    sums: dict[tuple[int, UUID], ExpectedShare] = {}
    for estimates in lines:
        for estimate in estimates:
            key = (turn(estimate.sequence), estimate.payer_id)
            so_far = sums.get(key) or ExpectedShare(estimate.payer_id, estimate.payer_name, estimate.sequence, 0, 0)
            sums[key] = ExpectedShare(
                so_far.payer_id,
                so_far.payer_name,
                so_far.sequence,
                so_far.expected + estimate.expected,
                so_far.write_off + estimate.write_off,
            )
    return [sums[key] for key in sorted(sums)]


def _check_named_once(places: Sequence[tuple[Estimate, str]]) -> None:
    payers: set[UUID] = set()
    turns: set[str] = set()
    for estimate, at in places:
        if estimate.payer_id in payers:
            raise Invalid(f"{at}.payer_id", "a payer is estimated once on a line")
        if estimate.sequence in turns:
            raise Invalid(
                f"{at}.payer_sequence",
                Sentence("another payer is the {sequence} one on this line", sequence=estimate.sequence),
            )
        payers.add(estimate.payer_id)
        turns.add(estimate.sequence)


def _check_amounts(estimate: Estimate, priced: int, currency: str, at: str) -> None:
    for name in ("allowed", "expected", "write_off", "patient_part"):
        amount: int | None = getattr(estimate, name)
        if amount is not None and amount < 0:
            raise Invalid(f"{at}.{name}", "an estimate is not below zero")
    if estimate.allowed is not None and estimate.allowed > priced:
        raise EstimateExceedsLine(f"{at}.allowed", Money(estimate.allowed, currency), Money(priced, currency))
