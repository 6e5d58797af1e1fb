"""From segments to claims, one at a time: the grammar of X12 835, and the sums that it demands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TextIO, cast

from remittances.problems import Malformed, Unbalanced
from remittances.remittance import (
    PREDETERMINATION,
    STATUSES,
    Adjustment,
    Claim,
    Group,
    ProviderAdjustment,
    Remittance,
    ServiceLine,
)
from remittances.segments import Segment, read_segments

GROUPS: tuple[Group, ...] = ("CO", "PR", "OA", "PI")
REVERSED = "CR"
"""Correction and reversal: a group that 4010 had. What it stood for before is in the reason."""
BY_CONTRACT, BY_PATIENT = frozenset({"42", "45"}), frozenset({"1", "2", "3", "66"})
ALLOWED, LINE_CONTROL_NUMBER, PAYER_IDENTIFIER = "B6", "6R", "2U"
DEBIT = "D"
REASON = re.compile(r"[A-Za-z0-9]{1,5}")
REASON_OF_PLB = re.compile(r"[A-Za-z0-9]{2}")
IN_PAIRS = "provider adjustments are reason and amount, in pairs"
IN_THREES = "adjustments are reason, amount and quantity, in threes"
LAST_ADJUSTMENT = 17
LINES_MAX = 999
FIRST_YEAR_OF_MONEY = 1990
"""Before it no money is recorded (`PAY-18`)."""
ENDS_A_CLAIM = ("LX", "CLP", "PLB", "SE", "ST", "GE", "IEA")
LAST_OF_PLB = 13
"""The last reason of a PLB, which has six."""
CURRENCY = re.compile(r"[A-Z]{3}")
Read = tuple[Remittance, Claim | None]
"""A claim of a remittance; None once the remittance is complete and adds up."""


def read_remittances(file: TextIO) -> Iterator[Read]:
    """The claims of every remittance in a file, then the remittance itself. Raises Malformed, Unbalanced."""
    reader = _Reader()
    for segment in read_segments(file):
        yield from reader.take(segment)
    if not reader.complete:
        raise Malformed("ISA", 1, "the file has no remittance (ST*835)")


class _Reader:
    def __init__(self) -> None:
        self.complete = 0
        self._remittances = 0
        self._remittance: Remittance | None = None
        self._claim: Claim | None = None
        self._line: ServiceLine | None = None
        self._has_amount = False
        self._in_payer = False

    def take(self, segment: Segment) -> Iterator[Read]:
        """Take the next segment; gives a claim when it is complete, and the remittance when that is."""
        name = segment.name
        if name in ENDS_A_CLAIM:
            yield from self._end_claim()
        if name == "SE" and self._remittance is not None:
            self._check_sums(segment, self._headed(segment))
            yield self._remittance, None
            self._remittance = None
            self.complete += 1
        elif handler := _HANDLERS.get(name):
            handler(self, segment)

    def st(self, segment: Segment) -> None:
        if segment[1] != "835":
            raise segment.malformed(1, f"{segment[1]!r} is no remittance (835)")
        self._remittances += 1
        self._remittance = Remittance(self._remittances, segment.required(2))
        self._has_amount = self._in_payer = False

    def bpr(self, segment: Segment) -> None:
        remittance = self._in_remittance(segment)
        if self._has_amount:
            raise Malformed(segment.name, segment.position, "a remittance has one BPR")
        amount = segment.amount(2)
        # The insurer takes the money (BPR03): what arrives is below zero, whichever way its amount is written.
        remittance.amount = -abs(amount) if segment[3] == DEBIT else amount
        remittance.decided_at = segment.day(16)
        if remittance.decided_at.year < FIRST_YEAR_OF_MONEY:
            raise segment.malformed(16, f"{segment[16]!r} is before {FIRST_YEAR_OF_MONEY}: no transfer is that old")
        self._has_amount = True

    def trn(self, segment: Segment) -> None:
        remittance = self._in_remittance(segment)
        if self._claim is not None:
            return
        if remittance.reference not in ("", segment.required(2)):
            raise segment.malformed(2, f"{segment[2]!r} is another reference than {remittance.reference!r} before")
        remittance.reference = segment[2]

    def cur(self, segment: Segment) -> None:
        if not CURRENCY.fullmatch(segment.required(2)):
            raise segment.malformed(2, f"{segment[2]!r} is no currency (three letters)")
        self._in_remittance(segment).currency = segment[2]

    def n1(self, segment: Segment) -> None:
        self._in_payer = segment[1] == "PR" and self._claim is None
        if self._in_payer:
            remittance = self._in_remittance(segment)
            remittance.payer_name, remittance.payer_identifier = segment.required(2), segment[4]

    def clp(self, segment: Segment) -> None:
        remittance = self._headed(segment)
        _check_status(segment)
        remittance.claims += 1
        self._claim = Claim(
            position=segment.position,
            ordinal=remittance.claims,
            patient_control_number=segment.required(1),
            status=segment.required(2),
            charge=segment.amount(3),
            paid=segment.amount(4),
            payer_control_number=segment[7],
        )
        remittance.claims_paid += self._claim.paid

    def cas(self, segment: Segment) -> None:
        found = self._line or self._in_claim(segment)
        if segment.required(1) not in (*GROUPS, REVERSED):
            raise segment.malformed(1, f"{segment[1]!r} is none of {', '.join(GROUPS)}")
        segment.required(2)
        for place in range(2, max(len(segment.elements), 2) + 1, 3):
            if place > LAST_ADJUSTMENT:
                raise segment.malformed(place, "is one too many: a CAS has six adjustments")
            if reason := segment[place]:
                if not REASON.fullmatch(reason):
                    raise segment.malformed(place, f"{reason!r} is no reason code; {IN_THREES}")
                if not segment[place + 1]:
                    raise segment.malformed(place + 1, f"is missing; {IN_THREES}")
                amount = segment.amount(place + 1)
                found.adjustments.append(Adjustment(_group(segment[1], reason), reason, amount))
            elif segment[place + 1]:
                raise segment.malformed(place, "is missing: an adjustment has a reason")

    def svc(self, segment: Segment) -> None:
        claim = self._in_claim(segment)
        procedure = segment.parts(1)
        sent_as = [*segment.parts(6), ""][1]  # the code that was claimed, where the payer decided on another one
        code = sent_as or [*procedure, ""][1]
        if not code:
            raise segment.malformed(1, f"{segment[1]!r} has no code")
        paid = segment.amount(3, or_nothing=True)
        self._line = ServiceLine(segment.position, code, segment.amount(2), paid)
        claim.lines.append(self._line)
        if len(claim.lines) > LINES_MAX:
            raise Malformed(segment.name, segment.position, f"a claim has at most {LINES_MAX} service lines")

    def ref(self, segment: Segment) -> None:
        if self._line is not None and segment[1] == LINE_CONTROL_NUMBER:
            if self._line.reference not in (None, segment.required(2)):
                raise segment.malformed(2, f"{segment[2]!r} is another line than {self._line.reference!r} before")
            self._line.reference = segment[2]
        elif self._in_payer and segment[1] == PAYER_IDENTIFIER:
            remittance = self._in_remittance(segment)
            remittance.payer_identifier = remittance.payer_identifier or segment.required(2)

    def amt(self, segment: Segment) -> None:
        if self._line is not None and segment[1] == ALLOWED:
            self._line.allowed = segment.amount(2)

    def plb(self, segment: Segment) -> None:
        remittance = self._in_remittance(segment)
        segment.required(3)
        for place in range(3, max(len(segment.elements), 3) + 1, 2):
            if place > LAST_OF_PLB:
                raise segment.malformed(place, "is one too many: a PLB has six reasons")
            if segment[place]:
                reason, *reference = segment.parts(place)
                if not REASON_OF_PLB.fullmatch(reason):
                    raise segment.malformed(place, f"{reason!r} is no reason code, such as WO; {IN_PAIRS}")
                one = ProviderAdjustment(reason.upper(), ":".join(reference).strip(": "), segment.amount(place + 1))
                remittance.provider_adjustments.append(one)
            elif segment[place + 1]:
                raise segment.malformed(place, f"is missing; {IN_PAIRS}")

    def _end_claim(self) -> Iterator[Read]:
        claim, self._claim, self._line = self._claim, None, None
        if claim is not None and self._remittance is not None:
            yield self._remittance, claim

    def _check_sums(self, segment: Segment, remittance: Remittance) -> None:
        if not self._has_amount:
            raise Malformed("SE", segment.position, "the remittance has no BPR")
        left = remittance.claims_paid - remittance.withheld
        if left != remittance.amount:
            raise Unbalanced(
                "SE",
                segment.position,
                f"remittance {remittance.transaction_set} transfers {remittance.amount} (BPR02), but its claims pay "
                f"{remittance.claims_paid} (CLP04) less {remittance.withheld} (PLB), which is {left}",
            )

    def _headed(self, segment: Segment) -> Remittance:
        """The remittance, whose reference and payer stand before its claims and make it the one it is (`INS-6`)."""
        remittance = self._in_remittance(segment)
        if not remittance.reference:
            raise Malformed(
                segment.name, segment.position, "the transfer's reference (TRN) is missing before the first claim"
            )
        if not remittance.payer_name:
            raise Malformed(segment.name, segment.position, "the payer (N1*PR) is missing before the first claim")
        return remittance

    def _in_remittance(self, segment: Segment) -> Remittance:
        if self._remittance is None:
            raise Malformed(segment.name, segment.position, "stands outside of a remittance (ST*835)")
        return self._remittance

    def _in_claim(self, segment: Segment) -> Claim:
        if self._claim is None:
            raise Malformed(segment.name, segment.position, "stands outside of a claim (CLP)")
        return self._claim


_HANDLERS: dict[str, Callable[[_Reader, Segment], None]] = {
    "ST": _Reader.st,
    "BPR": _Reader.bpr,
    "TRN": _Reader.trn,
    "CUR": _Reader.cur,
    "N1": _Reader.n1,
    "CLP": _Reader.clp,
    "CAS": _Reader.cas,
    "SVC": _Reader.svc,
    "REF": _Reader.ref,
    "AMT": _Reader.amt,
    "PLB": _Reader.plb,
}
"""Segments that say something about money or whom it is for; all others are passed over."""


def _check_status(segment: Segment) -> None:
    """See that what became of a claim can be told, and that an answer to an estimate pays nothing. Raises Malformed."""
    status = segment.required(2)
    if status not in STATUSES:
        raise segment.malformed(2, f"{status!r} is no claim status (1, 2, 3, 4, 19, 20, 21, 22, 23, 25)")
    if status == PREDETERMINATION and segment.amount(4):
        raise segment.malformed(4, "is not 0, but a predetermination (CLP02 25) pays nothing")


def _group(text: str, reason: str) -> Group:
    if text != REVERSED:
        return cast("Group", text)
    return "CO" if reason in BY_CONTRACT else "PR" if reason in BY_PATIENT else "OA"
