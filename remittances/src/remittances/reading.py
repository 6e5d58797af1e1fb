"""From segments to claims, one at a time: the grammar of X12 835, and the sums that it demands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TextIO

from remittances.problems import Malformed, Unbalanced
from remittances.remittance import Adjustment, Claim, Group, ProviderAdjustment, Remittance, ServiceLine
from remittances.segments import Segment, read_segments

GROUPS: tuple[Group, ...] = ("CO", "PR", "OA", "PI")
ALLOWED, LINE_CONTROL_NUMBER = "B6", "6R"
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
        self._envelope = {"ISA": "", "sender": "", "GS": ""}
        self._remittance: Remittance | None = None
        self._claim: Claim | None = None
        self._line: ServiceLine | None = None
        self._has_amount = False

    def take(self, segment: Segment) -> Iterator[Read]:
        """Take the next segment; gives a claim when it is complete, and the remittance when that is."""
        name = segment.name
        if name in ("CLP", "PLB", "SE", "ST", "GE", "IEA"):
            yield from self._end_claim()
        if name == "SE" and self._remittance is not None:
            self._check_sums(segment, self._remittance)
            yield self._remittance, None
            self._remittance = None
            self.complete += 1
        elif handler := _HANDLERS.get(name):
            handler(self, segment)

    def isa(self, segment: Segment) -> None:
        self._envelope |= {"sender": segment.required(6).strip(), "ISA": segment.required(13)}

    def gs(self, segment: Segment) -> None:
        self._envelope["GS"] = segment.required(6)

    def st(self, segment: Segment) -> None:
        if segment[1] != "835":
            raise segment.malformed(1, f"{segment[1]!r} is no remittance (835)")
        envelope = self._envelope
        self._remittance = Remittance(envelope["sender"], envelope["ISA"], envelope["GS"], segment.required(2))
        self._has_amount = False

    def bpr(self, segment: Segment) -> None:
        remittance = self._in_remittance(segment)
        remittance.amount = segment.amount(2)
        self._has_amount = True
        remittance.decided_at = _day(segment, 16)

    def trn(self, segment: Segment) -> None:
        if self._claim is None:
            self._in_remittance(segment).reference = segment.required(2)

    def cur(self, segment: Segment) -> None:
        self._in_remittance(segment).currency = segment.required(2)

    def n1(self, segment: Segment) -> None:
        if segment[1] == "PR":
            remittance = self._in_remittance(segment)
            remittance.payer_name, remittance.payer_identifier = segment.required(2), segment[4]

    def clp(self, segment: Segment) -> None:
        remittance = self._in_remittance(segment)
        if not remittance.reference:
            raise Malformed("CLP", segment.position, "the transfer's reference (TRN) is missing before the first claim")
        if not remittance.payer_name:
            raise Malformed("CLP", segment.position, "the payer (N1*PR) is missing before the first claim")
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
        group = segment.required(1)
        if group not in GROUPS:
            raise segment.malformed(1, f"{group!r} is none of {', '.join(GROUPS)}")
        for place in range(2, 18, 3):
            if segment[place]:
                amount = segment.amount(place + 1)
                found.adjustments.append(Adjustment(group, segment[place], amount))
            elif segment[place + 1]:
                raise segment.malformed(place, "is missing: an adjustment has a reason")
        if not segment[2]:
            raise segment.malformed(2, "is missing")

    def svc(self, segment: Segment) -> None:
        claim = self._in_claim(segment)
        procedure = segment.parts(1)
        if len(procedure) < 2:  # noqa: PLR2004 - qualifier and code
            raise segment.malformed(1, f"{segment[1]!r} has no code")
        paid = segment.amount(3, or_nothing=True)
        self._line = ServiceLine(segment.position, procedure[1], segment.amount(2), paid)
        claim.lines.append(self._line)

    def ref(self, segment: Segment) -> None:
        if self._line is not None and segment[1] == LINE_CONTROL_NUMBER:
            self._line.reference = segment.required(2)

    def amt(self, segment: Segment) -> None:
        if self._line is not None and segment[1] == ALLOWED:
            self._line.allowed = segment.amount(2)

    def plb(self, segment: Segment) -> None:
        remittance = self._in_remittance(segment)
        for place in range(3, 15, 2):
            if segment[place]:
                reason, *reference = segment.parts(place)
                one = ProviderAdjustment(reason, ":".join(reference), segment.amount(place + 1))
                remittance.provider_adjustments.append(one)
        if not segment[3]:
            raise segment.malformed(3, "is missing")

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

    def _in_remittance(self, segment: Segment) -> Remittance:
        if self._remittance is None:
            raise Malformed(segment.name, segment.position, "stands outside of a remittance (ST*835)")
        return self._remittance

    def _in_claim(self, segment: Segment) -> Claim:
        if self._claim is None:
            raise Malformed(segment.name, segment.position, "stands outside of a claim (CLP)")
        return self._claim


_HANDLERS: dict[str, Callable[[_Reader, Segment], None]] = {
    "ISA": _Reader.isa,
    "GS": _Reader.gs,
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


def _day(segment: Segment, place: int) -> datetime:
    text = segment.required(place)
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        raise segment.malformed(place, f"{text!r} is no day (CCYYMMDD)") from None
