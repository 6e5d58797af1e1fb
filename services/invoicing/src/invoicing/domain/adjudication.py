"""An insurer's decision on a claim, shaped like an X12 835 remittance: accepted only if it balances (`INS-3`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money, MoneyError

from invoicing.domain.errors import AdjudicationNotAcceptable
from invoicing.domain.estimate import PayerSequence
from invoicing.domain.invoice import Invoice

Group = Literal["CO", "PR", "OA", "PI"]

NOT_ADJUDICATED = frozenset("16 18 19 20 21 22 109 129 133 148 163 164 226 227 252".split())
"""Reasons (CARC) of a claim that is not decided yet, or not by this payer: information or a document is missing, it was
sent twice, somebody else is asked first. No contract takes anything off for them; the claim is sent again."""
PRIOR_PAYERS = "23"
"""The reason (CARC) for what payers asked before have paid and taken off, under whatever group it is stated."""

IN_EXCESS = "94"
"""The reason (CARC) for what is paid beyond a line's charge: of bundled services stated under OA, as X12 has it."""


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """An amount as the insurer states it, not looked at yet."""

    amount: str
    currency: str

    def minor(self, currency: str, place: str) -> int:
        """In minor units of the invoice's currency. Raises AdjudicationNotAcceptable."""
        if self.currency != currency:
            raise AdjudicationNotAcceptable(
                "wrong_currency", f"{place} is in {self.currency}, the invoice in {currency}"
            )
        try:
            return Money.parse(self.amount, currency).minor
        except MoneyError as error:
            raise AdjudicationNotAcceptable("unusable_amount", f"{place}: {error}") from None


@dataclass(frozen=True, slots=True)
class StatedAdjustment:
    """Why a charge was not paid in full, as stated (X12 835 CAS)."""

    group: Group
    reason_code: str
    amount: StatedAmount


@dataclass(frozen=True, slots=True)
class StatedLine:
    """What was decided on one line, as stated (X12 835 SVC)."""

    line_id: UUID
    charge: StatedAmount
    paid: StatedAmount
    adjustments: tuple[StatedAdjustment, ...] = ()
    allowed: StatedAmount | None = None
    doubt: str | None = None
    """Why the claims system could not tell which line is meant."""


@dataclass(frozen=True, slots=True)
class StatedAdjudication:
    """A decision as the insurer states it: what is set aside keeps this form, to be tried again."""

    decision_id: UUID
    claim_id: UUID
    clinic_id: UUID
    invoice_id: UUID
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    sequence: PayerSequence
    charge: StatedAmount
    paid: StatedAmount
    lines: tuple[StatedLine, ...]
    decided_at: datetime
    remittance_reference: str | None = None
    remittance_id: UUID | None = None
    payer_identifier: str | None = None
    put_off: StatedAmount | None = None
    """What of a payment taken back is not taken back by its remittance, but by a recovery; None where not told."""

    def accept(self, invoice: Invoice) -> Adjudication:
        """The decision in the invoice's currency, if it balances and is about this invoice.

        Raises AdjudicationNotAcceptable.
        """
        if self.patient_id != invoice.patient_id:
            detail = f"invoice {invoice.id} is not of patient {self.patient_id}"
            raise AdjudicationNotAcceptable("other_patient", detail)
        self._check_lines({line.id for line in invoice.lines})
        currency = invoice.pricing.currency
        lines = tuple(_line(line, currency, place) for place, line in enumerate(self.lines, start=1))
        charge, paid = self.charge.minor(currency, "the charge"), self.paid.minor(currency, "what is paid")
        _check_sums(lines, charge, paid, currency)
        return Adjudication(self, charge, paid, lines, self._put_off_of(paid, currency))

    def _put_off_of(self, paid: int, currency: str) -> int | None:
        if self.put_off is None:
            return None
        put_off = self.put_off.minor(currency, "what is put off")
        if not 0 <= put_off <= max(0, -paid):
            detail = f"{_said(put_off, currency)} put off is not of the {_said(max(0, -paid), currency)} taken back"
            raise AdjudicationNotAcceptable("unusable_amount", detail)
        return put_off

    def _check_lines(self, known: set[UUID]) -> None:
        seen: set[UUID] = set()
        for place, line in enumerate(self.lines, start=1):
            if line.line_id not in known:
                detail = f"line {place}: {line.doubt or f'the invoice has no line {line.line_id}'}"
                raise AdjudicationNotAcceptable("unknown_line", detail)
            if line.line_id in seen:
                raise AdjudicationNotAcceptable("line_named_twice", f"line {place}: {line.line_id} is named twice")
            seen.add(line.line_id)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why a charge was not paid in full; minor units, negative in a reversal."""

    group: Group
    reason_code: str
    amount: int


@dataclass(frozen=True, slots=True)
class AdjudicatedLine:
    """The decision on one line: charge - adjustments = paid. Minor units, negative in a reversal."""

    line_id: UUID
    charge: int
    paid: int
    adjustments: tuple[Adjustment, ...]
    allowed: int
    """What the insurer's fee schedule allows; where it does not say so, the charge less the adjustments of group CO."""

    def of_groups(self, *groups: Group) -> int:
        """The sum of its adjustments of these groups."""
        return sum(adjustment.amount for adjustment in self.adjustments if adjustment.group in groups)

    @property
    def by_contract(self) -> int:
        """Its adjustments of group CO that a contract takes off the fee."""
        return self.of_groups("CO") - sum(
            adjustment.amount
            for adjustment in self.adjustments
            if adjustment.group == "CO"
            and (adjustment.reason_code in NOT_ADJUDICATED or adjustment.reason_code == PRIOR_PAYERS)
        )

    @property
    def pending(self) -> int:
        """What it leaves to be decided yet."""
        return sum(
            adjustment.amount
            for adjustment in self.adjustments
            if adjustment.group != "PR" and adjustment.reason_code in NOT_ADJUDICATED
        )

    @property
    def by_others(self) -> int:
        """What payers asked before have paid and taken off, as it says."""
        return sum(
            adjustment.amount
            for adjustment in self.adjustments
            if adjustment.group != "PR" and adjustment.reason_code == PRIOR_PAYERS
        )

    @property
    def in_excess(self) -> int:
        """What it pays beyond the charge, as it says under another group than CO, whose sum has it already."""
        return sum(
            adjustment.amount
            for adjustment in self.adjustments
            if adjustment.group in ("OA", "PI") and adjustment.reason_code == IN_EXCESS
        )


@dataclass(frozen=True, slots=True)
class Adjudication:
    """A decision that balances, by line and in sum (`INS-3`)."""

    stated: StatedAdjudication
    charge: int
    paid: int
    lines: tuple[AdjudicatedLine, ...]
    put_off: int | None = None

    def of_groups(self, *groups: Group) -> int:
        """The sum of its adjustments of these groups."""
        return sum(line.of_groups(*groups) for line in self.lines)


def _line(line: StatedLine, currency: str, place: int) -> AdjudicatedLine:
    charge = line.charge.minor(currency, f"line {place}: the charge")
    paid = line.paid.minor(currency, f"line {place}: what is paid")
    adjustments = tuple(
        Adjustment(one.group, one.reason_code, one.amount.minor(currency, f"line {place}: adjustment {n}"))
        for n, one in enumerate(line.adjustments, start=1)
    )
    adjusted = sum(adjustment.amount for adjustment in adjustments)
    if charge - adjusted != paid:
        detail = (
            f"line {place}: {_said(charge, currency)} claimed less {_said(adjusted, currency)} adjusted is "
            f"{_said(charge - adjusted, currency)}, not the {_said(paid, currency)} paid"
        )
        raise AdjudicationNotAcceptable("unbalanced_line", detail)
    contractual = sum(adjustment.amount for adjustment in adjustments if adjustment.group == "CO")
    allowed = line.allowed.minor(currency, f"line {place}: what is allowed") if line.allowed else charge - contractual
    return AdjudicatedLine(line.line_id, charge, paid, adjustments, allowed)


def _check_sums(lines: Sequence[AdjudicatedLine], charge: int, paid: int, currency: str) -> None:
    _check_sum("claimed", (line.charge for line in lines), charge, currency)
    _check_sum("paid", (line.paid for line in lines), paid, currency)


def _check_sum(what: str, of_lines: Iterable[int], in_all: int, currency: str) -> None:
    total = sum(of_lines)
    if total != in_all:
        detail = f"the lines sum to {_said(total, currency)} {what}, the claim says {_said(in_all, currency)}"
        raise AdjudicationNotAcceptable("unbalanced_claim", detail)


def _said(minor: int, currency: str) -> str:
    return Money(minor, currency).amount


@dataclass(frozen=True, slots=True)
class KeptAdjudication:
    """A decision as it is kept, with what it wrote off."""

    decision: Adjudication
    written_off: int
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class KnownAdjudication:
    """What the same decision says again whenever it comes: which invoice, by whom, and its amounts in minor units."""

    invoice_id: UUID
    payer_id: UUID
    payer_sequence: PayerSequence
    charge_minor: int
    paid_minor: int
    contractual_minor: int
    patient_minor: int
    other_minor: int

    @classmethod
    def of(cls, decision: Adjudication) -> KnownAdjudication:
        """What is known of a decision once it is kept."""
        return cls(
            invoice_id=decision.stated.invoice_id,
            payer_id=decision.stated.payer_id,
            payer_sequence=decision.stated.sequence,
            charge_minor=decision.charge,
            paid_minor=decision.paid,
            contractual_minor=decision.of_groups("CO"),
            patient_minor=decision.of_groups("PR"),
            other_minor=decision.of_groups("OA", "PI"),
        )


@dataclass(frozen=True, slots=True)
class AdjudicationFilter:
    """Which decisions are wanted."""

    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    payer_id: UUID | None = None
    claim_id: UUID | None = None
    decision_id: UUID | None = None
    remittance_id: UUID | None = None
    remittance_reference: str | None = None
