"""Which line of an invoice a service line is about: by REF*6R and code, which have to agree; else by code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from remittances.remittance import Adjustment, Claim, ServiceLine, parts_of

Line = dict[str, Any]
"""A line of an invoice as invoicing's API shows it."""
POSITION = re.compile(r"[0-9]{1,18}")
AFTER_NUMBER = re.compile(r"[-./_ ]?(?:L|LINE)?[-./_ ]?([0-9]{1,6})", re.IGNORECASE)
"""What follows the invoice's number where a claim was sent with number and line: `-L1`, `-001`, `/1`."""


@dataclass(slots=True)
class Matched:
    """A service line, and the invoice's line that it is about; with a doubt, it is none of them."""

    line_id: UUID
    line: ServiceLine
    doubt: str | None = None


def lines_of(claim: Claim, invoice: dict[str, Any], unit: Decimal) -> list[Matched]:
    """What is paid for each line of the invoice, the claim's own adjustments divided over them (`MON-3`)."""
    if not claim.lines:
        return _divided(claim, invoice, unit)
    found = _joined(_Lines(claim, invoice).match())
    if claim.adjustments and claim.balances:
        _spread(claim.adjustments, [one.line for one in found], unit)
    return found


class _Lines:
    """A claim's service lines on their way to the invoice's: those that are named first, then the others by code."""

    def __init__(self, claim: Claim, invoice: dict[str, Any]) -> None:
        self._claim, self._invoice = claim, invoice
        self._lines: list[Line] = invoice["lines"]
        # Copies: what is joined and divided is not what the file says.
        self._services = [replace(line, adjustments=[*line.adjustments]) for line in claim.lines]
        self._charged: dict[str, Decimal] = {}
        self._alike: Counter[tuple[str, Decimal]] = Counter()

    def match(self) -> list[Matched]:
        found: dict[int, Matched] = {}
        places = list(enumerate(self._services))
        for place, line in places:
            if named := self._named(place, line):
                found[place] = named
        unnamed = [(place, line) for place, line in places if place not in found]
        self._alike.update(_kind(line) for _, line in unnamed)
        for place, line in unnamed:
            found[place] = self._by_code(place, line)
            self._alike[_kind(line)] -= 1
        return [found[place] for place, _ in places]

    def _named(self, place: int, line: ServiceLine) -> Matched | None:
        """The line that REF*6R names; None where it does not speak of the invoice's lines at all."""
        is_ours, named = self._reference(line.reference or "")
        if not is_ours:
            return None
        if named is None:
            return self._doubtful(place, line, f"REF*6R {line.reference} is none of the invoice's lines")
        if not _agrees(named, line):
            of = f"line {named['position']} ({named['code'] or 'no code'})"
            return self._doubtful(place, line, f"REF*6R {line.reference} is {of}, but the service is {line.code}")
        return self._take(named, line)

    def _reference(self, reference: str) -> tuple[bool, Line | None]:
        """Whether a reference is one that claims are sent with, and the line that it names."""
        number, start = self._claim.patient_control_number.casefold(), reference.casefold()
        if (behind := start.removeprefix(number)) != start and (found := AFTER_NUMBER.fullmatch(behind)):
            return True, self._at(int(found[1]))
        if POSITION.fullmatch(reference):
            return True, self._at(int(reference))
        if (named := _as_id(reference)) is not None:
            return True, next((line for line in self._lines if UUID(line["id"]) == named), None)
        return False, None

    def _at(self, position: int) -> Line | None:
        return next((line for line in self._lines if line["position"] == position), None)

    def _by_code(self, place: int, line: ServiceLine) -> Matched:
        """The line of this code that is not taken yet, of this charge if there are several; else one that was split.

        Lines that are alike are taken in turn where the claim has a service for each; else it is not certain.
        """
        same = [one for one in self._lines if _code(one["code"]) == _code(line.code)]
        free = [one for one in same if one["id"] not in self._charged]
        fitting = [one for one in free if charge_of(one) == abs(line.charge)]
        if len(fitting) > self._alike[_kind(line)]:
            alike = f"{len(fitting)} lines have the code {line.code} and the charge {abs(line.charge)}"
            return self._doubtful(place, line, f"{alike}; REF*6R would say which one is meant")
        if fitting or len(free) == 1:
            return self._take((fitting or free)[0], line)
        if free:
            several = f"{len(free)} lines have the code {line.code} and none the charge {line.charge}"
            return self._doubtful(place, line, f"{several}; REF*6R would say which one is meant")
        if len(same) == 1 and self._charged[same[0]["id"]] + abs(line.charge) <= charge_of(same[0]):
            return self._take(same[0], line)
        left = "no other line" if same else "no line"
        return self._doubtful(place, line, f"{left} of the invoice has the code {line.code}")

    def _take(self, one: Line, line: ServiceLine) -> Matched:
        self._charged[one["id"]] = self._charged.get(one["id"], Decimal(0)) + abs(line.charge)
        return Matched(UUID(one["id"]), line)

    def _doubtful(self, place: int, line: ServiceLine, doubt: str) -> Matched:
        own = f"line {place + 1} of {self._claim.patient_control_number}"
        return Matched(uuid5(UUID(self._invoice["id"]), own), line, doubt[:300])


def charge_of(line: Line) -> Decimal:
    """What a claim asks for a line of an invoice: after discounts, as priced."""
    taken = Decimal(line["discount_amount"]["amount"]) + Decimal(line["document_discount_amount"]["amount"])
    return Decimal(line["amount"]["amount"]) - taken


def _agrees(one: Line, line: ServiceLine) -> bool:
    """Whether code and line agree; a line without a code has the charge to be known by."""
    return _code(one["code"]) == _code(line.code) if one["code"] else charge_of(one) == abs(line.charge)


def _kind(line: ServiceLine) -> tuple[str, Decimal]:
    return _code(line.code), abs(line.charge)


def _code(text: str | None) -> str:
    return (text or "").strip().casefold()


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _divided(claim: Claim, invoice: dict[str, Any], unit: Decimal) -> list[Matched]:
    """A claim without service lines: its charge over the invoice's lines by their fees, its adjustments over these."""
    charges = parts_of(claim.charge, [charge_of(line) for line in invoice["lines"]], unit)
    found = [
        Matched(UUID(line["id"]), ServiceLine(claim.position, line["code"] or "", charge, charge))
        for line, charge in zip(invoice["lines"], charges, strict=True)
        if charge
    ]
    if claim.balances:
        _spread(claim.adjustments, [one.line for one in found], unit)
    return found


def _spread(adjustments: Sequence[Adjustment], lines: Sequence[ServiceLine], unit: Decimal) -> None:
    """Take a claim's own adjustments from its lines by what is left to pay of each: no share exceeds its line."""
    for adjustment in adjustments:
        parts = parts_of(adjustment.amount, [abs(line.paid) for line in lines], unit)
        for line, part in zip(lines, parts, strict=True):
            if part:
                line.adjustments.append(Adjustment(adjustment.group, adjustment.reason_code, part))
                line.paid -= part


def _joined(matched: Iterable[Matched]) -> list[Matched]:
    """Service lines of one invoice line, as a payer may split one, are one."""
    found: dict[UUID, Matched] = {}
    for one in matched:
        if (other := found.get(one.line_id)) is None:
            found[one.line_id] = one
        else:
            other.line = _sum(other.line, one.line)
    return list(found.values())


def _sum(one: ServiceLine, other: ServiceLine) -> ServiceLine:
    allowed = None if one.allowed is None or other.allowed is None else one.allowed + other.allowed
    return ServiceLine(
        one.position,
        one.code,
        one.charge + other.charge,
        one.paid + other.paid,
        [*one.adjustments, *other.adjustments],
        one.reference,
        allowed,
    )
