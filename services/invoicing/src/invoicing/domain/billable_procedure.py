"""A completed procedure that may be billed, once; a reverted one may not (`INV-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from chassis.money import Money

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.line import ONE, Line


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
    provider_id: UUID | None = None
    provider_name: str | None = None
    tooth: str | None = None
    surface: str | None = None
    fee: Money | None = None
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None

    def price(self, settings: ClinicSettings) -> int | None:
        """Its fee, else the price list's; None where neither knows, so that a person decides."""
        if self.fee is not None and self.fee.currency == settings.currency:
            return self.fee.minor
        priced = settings.price_of(self.code, self.code_system)
        return priced.unit_price if priced else None

    def line(self, line_id: UUID, position: int, settings: ClinicSettings, quantity: Decimal = ONE) -> Line:
        """The line that bills it; without any price it stands at zero and the invoice is marked for review."""
        priced = settings.price_of(self.code, self.code_system)
        return Line(
            id=line_id,
            position=position,
            kind="procedure",
            description=self.description,
            quantity=quantity,
            unit_price=self.price(settings) or 0,
            tax=settings.tax_of(priced.tax_code if priced else None, "procedure", "tax_category"),
            code_system=self.code_system,
            code=self.code,
            procedure_id=self.procedure_id,
            date_of_service=self.date_of_service,
            provider_id=self.provider_id,
            provider_name=self.provider_name,
            tooth=self.tooth,
            surface=self.surface,
            treatment_plan_id=self.treatment_plan_id,
            treatment_plan_item_id=self.treatment_plan_item_id,
        )
