"""A patient as the register has them: what a front desk finds them by (`INV-18`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.names import full_name

from invoicing.domain.claim import Coverage, Insured, Residence


@dataclass(frozen=True, slots=True)
class Patient:
    """One version of a patient's record; the highest is the truth."""

    clinic_id: UUID
    patient_id: UUID
    version: int
    given_name: str
    family_name: str
    birth_date: date | None = None
    chart_number: str | None = None
    gender: str | None = None
    coverages: tuple[Coverage, ...] = ()
    address: Residence | None = None
    """What a claim needs (`INS-2`)."""

    @property
    def name(self) -> str:
        """As answers carry it; empty once the patient was forgotten (`ALL-9`)."""
        return full_name(self.given_name, self.family_name)

    @property
    def insured(self) -> Insured:
        """What a claim needs of the patient."""
        named = self.given_name or None, self.family_name or None
        return Insured(self.gender, self.birth_date, self.coverages, *named, self.address)


@dataclass(frozen=True, slots=True)
class PatientAccount:
    """A patient with what their invoices ask for, and what of it is overdue; minor units."""

    patient_id: UUID
    given_name: str
    family_name: str
    birth_date: date | None
    chart_number: str | None
    open_invoices: int
    outstanding: int
    overdue: int


@dataclass(frozen=True, slots=True)
class UnregisteredPatient:
    """A patient who has invoices and of whom the register has told nothing; minor units (`ALL-11`)."""

    patient_id: UUID
    invoices: int
    first_issued_on: date | None
    outstanding: int


@dataclass(frozen=True, slots=True)
class PatientFilter:
    """Which patients are wanted: by words of name, chart number or an invoice's whole number, or by birth date."""

    text: str | None = None
    birth_date: date | None = None
    language: str = "en"
    """The clinic's, in whose writing a birth date in the text is."""
