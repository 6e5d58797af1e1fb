"""A completed procedure that may be billed, once; a reverted one may not (`INV-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from chassis.money import Money

from invoicing.domain.claim import NOTHING_SAID, ActDetails
from invoicing.domain.line import ONE, Line, PriceFrom
from invoicing.domain.prices import Prices


@dataclass(frozen=True, slots=True)
class BillableProcedure:
    """One clinical act as the clinical system told it; the fee is in minor units of its own currency."""

    procedure_id: UUID
    clinic_id: UUID
    patient_id: UUID
    sequence: int
    code_system: str
    code: str
    description: str
    date_of_service: date
    appointment_id: UUID | None = None
    fee: Money | None = None
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None
    claim: ActDetails = NOTHING_SAID

    def price(self, prices: Prices) -> tuple[int | Decimal, PriceFrom]:
        """Its fee, else the price list's; zero where neither knows or the fee is a foreign one: a person decides."""
        if self.fee is not None:
            return (self.fee.minor, "fee") if self.fee.currency == prices.settings.currency else (0, "foreign_fee")
        priced = prices.price_of(self.code, self.code_system, self.date_of_service)
        return (0, "missing") if priced is None else (priced.unit_price, "list")

    def line(self, line_id: UUID, position: int, prices: Prices, quantity: Decimal = ONE) -> Line:
        """The line that bills it; without any price it stands at zero and the invoice is marked for review."""
        day = self.date_of_service
        priced = prices.price_of(self.code, self.code_system, day)
        unit_price, price_from = self.price(prices)
        return Line(
            id=line_id,
            position=position,
            kind="procedure",
            description=self.description,
            quantity=quantity,
            unit_price=unit_price,
            base_quantity=priced.base_quantity if priced and price_from == "list" else ONE,
            price_from=price_from,
            tax_typed=False,
            tax=prices.tax_of(priced.tax_code if priced else None, "procedure", day, "tax_category"),
            code_system=self.code_system,
            code=self.code,
            procedure_id=self.procedure_id,
            date_of_service=self.date_of_service,
            treatment_plan_id=self.treatment_plan_id,
            treatment_plan_item_id=self.treatment_plan_item_id,
            claim=self.claim,
        )

    def is_billed_by(self, line: BilledLine) -> bool:
        """Whether a line bills what was done; a price that a person typed, or that no list knew, is not compared."""
        same = (self.code_system, self.code, self.date_of_service) == (
            line.code_system,
            line.code,
            line.date_of_service,
        )
        return same and self.claim == line.claim and self._is_priced_by(line)

    def _is_priced_by(self, line: BilledLine) -> bool:
        if line.price_from in ("list", "missing"):
            return self.fee is None
        if line.price_from == "fee":
            return self.fee == line.unit_price
        return line.price_from == "typed" or (self.fee is not None and self.fee.currency != line.unit_price.currency)


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What a draft or an issued invoice bills of a procedure."""

    code_system: str | None
    code: str | None
    date_of_service: date | None
    unit_price: Money
    price_from: PriceFrom
    claim: ActDetails


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """A completed procedure, what has become of it, and whether its fee is in another currency than the clinic's."""

    procedure: BillableProcedure
    reverted_at: datetime | None
    invoice_id: UUID | None
    invoice_number: str | None
    invoiced_ahead: bool
    fee_in_other_currency: bool


@dataclass(frozen=True, slots=True)
class ProcedureFilter:
    """Which billable procedures are wanted."""

    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class KnownProcedure:
    """What is kept of a procedure already: its completion, its reversal, and the invoice that bills it."""

    sequence: int
    completed_at: datetime | None
    reverted_at: datetime | None
    reverted_sequence: int | None
    invoice_id: UUID | None
    invoiced_ahead: bool


@dataclass(frozen=True, slots=True)
class ProcedureState:
    """What may stand in the way of billing a procedure: it was reverted, or the invoice that has it."""

    procedure_id: UUID
    reverted_at: datetime | None
    invoice_id: UUID | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Which invoice bills a procedure; `ahead`: it was invoiced with its treatment plan before (`INV-10`)."""

    invoice_id: UUID
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Reversal:
    """A procedure that was taken back."""

    clinic_id: UUID
    procedure_id: UUID
    patient_id: UUID
    sequence: int
    reason: str | None
