"""Who has which part of a line's fee by all decisions so far: insurers in turn, the contract, the patient (`INS-4`).

Everything here is a sum of rows, so decisions may come in any order, negative ones too: the same rows, the same shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from invoicing.domain.estimate import Estimate, PayerSequence, turn


@dataclass(frozen=True, slots=True)
class PayerAdjudication:
    """What one payer decided on one line, by one decision or by all that count; minor units.

    `contractual`, `patient` and `other` are the adjustments as stated, by group. Of them `by_contract` is what a
    contract takes off, `pending` what is not decided yet, `by_others` what payers asked before have done, and
    `in_excess`, below zero, what is paid beyond the charge without a contract saying so.
    """

    line_id: UUID
    payer_id: UUID
    payer_name: str
    sequence: PayerSequence
    charge: int
    allowed: int
    paid: int
    contractual: int
    patient: int
    other: int
    by_contract: int
    pending: int = 0
    by_others: int = 0
    in_excess: int = 0

    @property
    def stands(self) -> bool:
        """Whether it decides anything: a decision and its reversal do not, nor does what is still open."""
        if not any((self.charge, self.paid, self.contractual, self.patient, self.other)):
            return False
        return not self.is_open

    @property
    def is_open(self) -> bool:
        """Whether all of it that others have not taken is left to be decided yet."""
        return self.pending != 0 and self.pending + self.by_others == self.charge

    @property
    def amounts(self) -> tuple[int, ...]:
        """Its amounts, by which a decision and its reversal find each other."""
        return self.charge, self.paid, self.contractual, self.patient, self.other, self.by_contract

    def paying(self, minor: int) -> PayerAdjudication:
        """This, paying so much more, which a contract takes off less."""
        contractual, by_contract = self.contractual - minor, self.by_contract - minor
        return replace(self, paid=self.paid + minor, contractual=contractual, by_contract=by_contract)

    @property
    def with_excess(self) -> PayerAdjudication:
        """This, what is paid in excess counted as what a contract takes off less: the same however it is stated."""
        contractual, by_contract = self.contractual + self.in_excess, self.by_contract + self.in_excess
        other = self.other - self.in_excess
        return replace(self, contractual=contractual, by_contract=by_contract, other=other, in_excess=0)

    def plus(self, other: PayerAdjudication) -> PayerAdjudication:
        """This and a further decision of the same payer on the same line."""
        return PayerAdjudication(
            self.line_id,
            self.payer_id,
            other.payer_name,
            self.sequence,
            self.charge + other.charge,
            self.allowed + other.allowed,
            self.paid + other.paid,
            self.contractual + other.contractual,
            self.patient + other.patient,
            self.other + other.other,
            self.by_contract + other.by_contract,
            self.pending + other.pending,
            self.by_others + other.by_others,
            self.in_excess + other.in_excess,
        )


@dataclass(frozen=True, slots=True)
class Shares:
    """paid + written off + patient part + undecided = fee, and none of them is below zero.

    What insurers decided to pay beyond the fee is `overpaid`, and comes on top. `exceeded` says that decisions together
    gave away more than the fee.
    """

    fee: int
    paid: int
    written_off: int
    patient_part: int
    undecided: int
    overpaid: int
    exceeded: bool = False

    def plus(self, other: Shares) -> Shares:
        """The shares of several lines together."""
        return Shares(
            self.fee + other.fee,
            self.paid + other.paid,
            self.written_off + other.written_off,
            self.patient_part + other.patient_part,
            self.undecided + other.undecided,
            self.overpaid + other.overpaid,
            self.exceeded or other.exceeded,
        )


NOTHING = Shares(0, 0, 0, 0, 0, 0)


def contractual_of(decided: Iterable[PayerAdjudication], fee: int) -> int:
    """What contracts take off a line by all decisions: never below zero, never more than its fee."""
    return min(max(0, _by_contracts(decided, fee)), fee)


def _by_contracts(decided: Iterable[PayerAdjudication], fee: int) -> int:
    """Payers in turn: what one repeats of those before it is not taken off again (`INS-7`).

    A payer says of those before it that they took so much, by asking for less than the fee or by an adjustment of its
    own (`by_others`). What they took beyond that, it has in its own adjustments once more. While it speaks of more than
    is known, and a turn before it is not heard of yet, all that is known may be repeated: nothing is taken off for it.
    """
    taken = by_contract = 0
    heard: set[int] = set()
    for one in sorted(decided, key=lambda adjudication: (turn(adjudication.sequence), adjudication.payer_id)):
        told = max(0, fee - one.charge) + one.by_others
        waits = told > taken and len(heard - {turn(one.sequence)}) < turn(one.sequence)
        repeated = max(0, min(one.by_contract, by_contract, by_contract if waits else taken - told))
        by_contract += one.by_contract - repeated
        taken += one.paid + one.by_contract - repeated
        heard |= {turn(one.sequence)} if one.stands else set()
    return by_contract


def divide(fee: int, written_off: int, decided: Sequence[PayerAdjudication]) -> Shares:
    """Divide a line's fee, of which contracts take so much off.

    The contract comes first, then what insurers pay, then the patient: the last payer in turn says what that is, as it
    started from what the others had left. What insurers pay beyond the rest is overpaid; what is left is undecided.
    """
    standing = [adjudication for adjudication in decided if adjudication.stands]
    decided_paid = max(0, sum(adjudication.paid for adjudication in standing))
    decided_patient = max(0, _patient_of_last(standing))
    paid = min(decided_paid, fee - written_off)
    patient_part = min(decided_patient, fee - written_off - paid)
    contractual = max(0, _by_contracts(standing, fee))
    return Shares(
        fee=fee,
        paid=paid,
        written_off=written_off,
        patient_part=patient_part,
        undecided=fee - written_off - paid - patient_part,
        overpaid=decided_paid - paid,
        exceeded=decided_paid + decided_patient + contractual > fee,
    )


@dataclass(frozen=True, slots=True)
class InsurerPart:
    """What one payer decided to pay, as far as the fees have room for it; minor units."""

    payer_id: UUID
    payer_name: str
    sequence: PayerSequence
    paid: int

    def plus(self, other: InsurerPart) -> InsurerPart:
        """The same payer's on several lines, or in several turns: it goes by the first."""
        first = min(self, other, key=lambda part: turn(part.sequence))
        return InsurerPart(self.payer_id, first.payer_name, first.sequence, self.paid + other.paid)


def insurers_of(paid: int, decided: Iterable[PayerAdjudication]) -> list[InsurerPart]:
    """Who pays what insurers pay of a line: payers in turn, as far as it goes. The parts sum to it."""
    parts = []
    for one in sorted(decided, key=lambda adjudication: (turn(adjudication.sequence), adjudication.payer_id)):
        if one.stands:
            part = min(max(0, one.paid), paid)
            paid -= part
            parts.append(InsurerPart(one.payer_id, one.payer_name, one.sequence, part))
    return parts


@dataclass(frozen=True, slots=True)
class StillEstimated:
    """What one payer that has not decided on a line is still estimated to do with it, as far as there is room for it.

    Of `expected` and `write_off`, in minor units, what no payer has decided goes first: `of_patient` and
    `off_patient` are what of them is taken from the part that is the patient's by the decisions so far.
    """

    payer_id: UUID
    expected: int
    write_off: int
    of_patient: int
    off_patient: int


def still_estimated(
    estimates: Iterable[Estimate], decided: Sequence[PayerAdjudication], shares: Shares
) -> list[StillEstimated]:
    """What those payers of a line that have not decided are estimated to take, in turn; `shares` are what was decided.

    Estimates stand by payer until that payer decides (`INS-1`). Those asked before the last that decided take what is
    undecided only, as it has said what the patient's part is; those after it start from that part, too (`INS-4`).
    """
    standing = [adjudication for adjudication in decided if adjudication.stands]
    heard = {adjudication.payer_id for adjudication in standing}
    last = max((turn(adjudication.sequence) for adjudication in standing), default=-1)
    undecided, patients = shares.undecided, shares.patient_part
    found = []
    for one in sorted(estimates, key=lambda estimate: turn(estimate.sequence)):
        if one.payer_id in heard:
            continue
        room = undecided + (patients if turn(one.sequence) > last else 0)
        expected = min(one.expected, room)
        write_off = min(one.write_off, room - expected)
        of_patient = max(0, expected - undecided)
        off_patient = max(0, expected + write_off - undecided) - of_patient
        undecided = max(0, undecided - expected - write_off)
        patients -= of_patient + off_patient
        found.append(StillEstimated(one.payer_id, expected, write_off, of_patient, off_patient))
    return found


def _patient_of_last(standing: Sequence[PayerAdjudication]) -> int:
    if not standing:
        return 0
    last = max(turn(adjudication.sequence) for adjudication in standing)
    return sum(adjudication.patient for adjudication in standing if turn(adjudication.sequence) == last)
