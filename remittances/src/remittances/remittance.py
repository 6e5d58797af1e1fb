"""What an X12 835 (005010X221A1) says: a transfer, the claims that it pays, and why each is paid less than charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from contracts.insurance import PayerSequence
from contracts.provider_adjustments import INTEREST, meaning_of

Group = Literal["CO", "PR", "OA", "PI"]
REVERSAL, PREDETERMINATION = "22", "25"
RECOVERY = "WO"
"""PLB03: overpayment recovery. Every other reason is about the transfer as a whole, as is a recovery of no invoice."""
NOT_PROCESSED = frozenset({"5", "10", "13", "15", "16", "17", "23", "27"})
"""CLP02 of claims that this payer has not processed (yet): pended, suspended, under review; not its own, forwarded."""
STATUSES = frozenset({"1", "2", "3", "4", "19", "20", "21", REVERSAL, PREDETERMINATION, *NOT_PROCESSED})
"""CLP02: what became of a claim, by versions 4010 and 5010."""
TURNS: dict[str, PayerSequence] = {
    "1": "primary",
    "19": "primary",
    "2": "secondary",
    "20": "secondary",
    "3": "tertiary",
    "21": "tertiary",
}
"""CLP02: as which payer the claim was processed. Denials (4), reversals (22) and others do not say."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """CAS: why less is paid than charged."""

    group: Group
    reason_code: str
    amount: Decimal


@dataclass(slots=True)
class ServiceLine:
    """SVC: what is paid for one procedure. `reference` is REF*6R, the line's control number as it was claimed."""

    position: int
    code: str
    charge: Decimal
    paid: Decimal
    adjustments: list[Adjustment] = field(default_factory=list)
    reference: str | None = None
    allowed: Decimal | None = None

    @property
    def balances(self) -> bool:
        """Whether charge - adjustments = paid."""
        return self.charge - sum((adjustment.amount for adjustment in self.adjustments), Decimal(0)) == self.paid


@dataclass(slots=True)
class Claim:
    """CLP: what is paid for one claim. `patient_control_number` is what the claim was sent with: the invoice."""

    position: int
    ordinal: int
    patient_control_number: str
    status: str
    charge: Decimal
    paid: Decimal
    payer_control_number: str
    adjustments: list[Adjustment] = field(default_factory=list)
    lines: list[ServiceLine] = field(default_factory=list)
    turn: PayerSequence | None = None
    """As which payer it was processed, where the file says it."""

    def __post_init__(self) -> None:
        self.turn = self.turn or TURNS.get(self.status)

    @property
    def decides(self) -> bool:
        """Whether it decides anything: an answer to an estimate does not, nor does a claim that was not processed."""
        return self.status != PREDETERMINATION and not (self.status in NOT_PROCESSED and self.paid == 0)

    @property
    def all_adjustments(self) -> list[Adjustment]:
        """Its own and those of its lines."""
        return [*self.adjustments, *(adjustment for line in self.lines for adjustment in line.adjustments)]

    @property
    def balances(self) -> bool:
        """Whether charge - adjustments = paid, by line, and in sum with the claim's own adjustments."""
        adjusted = sum((adjustment.amount for adjustment in self.all_adjustments), Decimal(0))
        charged = sum((line.charge for line in self.lines), Decimal(0))
        whole = self.charge - adjusted == self.paid and (not self.lines or charged == self.charge)
        return whole and all(line.balances for line in self.lines)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """PLB: what is kept back from the transfer (or added, below zero) and concerns no single claim."""

    reason_code: str
    reference: str
    amount: Decimal

    @property
    def name(self) -> str:
        """As people speak of it: `PLB WO OLDCLM001`."""
        return f"PLB {self.reason_code} {self.reference}".strip()

    @property
    def said(self) -> str:
        """What it does, in words: `50 withheld (PLB WO OLDCLM001, overpayment recovery)`, `8 interest added (…)`."""
        meaning = (meaning_of(self.reason_code) or "").replace("_", " ")
        done = "added" if self.amount < 0 else "withheld"
        if self.reason_code in INTEREST:
            done = "interest added" if self.amount < 0 else "interest taken back"
        return f"{abs(self.amount)} {done} ({', '.join(one for one in (self.name, meaning) if one)})"


@dataclass(slots=True)
class Remittance:
    """One transaction set: a transfer. `amount` is what arrives at the bank: claims paid less `withheld`."""

    place: int
    """Which one of its file it is, from 1."""
    transaction_set: str
    amount: Decimal = Decimal(0)
    reference: str = ""
    payer_name: str = ""
    payer_identifier: str = ""
    currency: str | None = None
    decided_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    claims: int = 0
    claims_paid: Decimal = Decimal(0)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)

    @property
    def withheld(self) -> Decimal:
        """The sum of its PLB."""
        return sum((adjustment.amount for adjustment in self.provider_adjustments), Decimal(0))


def parts_of(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split in whole units, in proportion, to the unit: largest remainder, ties in order (`MON-3`)."""
    units = int(total / unit)
    whole = sum(int(weight / unit) for weight in weights)
    if whole == 0:
        return [total if place == 0 else Decimal(0) for place in range(len(weights))]
    sign, size = (-1, -units) if units < 0 else (1, units)
    shares = [size * int(weight / unit) for weight in weights]
    parts = [share // whole for share in shares]
    order = sorted(range(len(parts)), key=lambda place: (-(shares[place] % whole), place))
    for place in order[: size - sum(parts)]:
        parts[place] += 1
    return [sign * part * unit for part in parts]
