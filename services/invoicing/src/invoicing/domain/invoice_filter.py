"""Which invoices are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from invoicing.domain.invoice import Status


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which invoices are wanted; dates are issue dates, both included."""

    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    treatment_plan_id: UUID | None = None
    status: Status | None = None
    overdue: bool | None = None
    open: bool | None = None
    """Whether they ask for something still, which the ones that were issued do until they are settled or credited."""
    from_date: date | None = None
    to_date: date | None = None
    number: str | None = None
    text: str | None = None
    of_patients: bool = False
    """Whether `text` may be of a patient's name or chart number, too: never where it stands in a URL (`ALL-6`)."""

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves few invoices by itself, however many the clinic has."""
        return any((self.patient_id, self.appointment_id, self.treatment_plan_id, self.number))
