"""Whom a document names: the clinic that issues it, the patient that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from chassis.names import full_name

from receipts.domain.numbers import DEFAULT_PATTERN
from receipts.domain.retention import RETENTION_YEARS
from receipts.domain.vat_numbers import vat_number

Paper = Literal["A4", "Letter"]
PATIENT_AWAITED = timedelta(hours=1)
"""How long a document waits for the register to tell of its patient, before it is made without (`ALL-11`)."""
PatientKey = tuple[UUID, UUID]
"""A clinic, and a patient of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address, in parts, so that each country's order can be printed."""

    lines: tuple[str, ...]
    city: str
    region: str | None = None
    postal_code: str | None = None
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """One version of a clinic's letterhead and habits. A frozen document names the version that it was made with."""

    clinic_id: UUID
    version: int
    name: str
    legal_name: str | None = None
    address: Address | None = None
    phone: str | None = None
    email: str | None = None
    tax_number: str | None = None
    logo_svg: str | None = None
    logo: str | None = None
    """As it was drawn when it was saved: a PNG or JPEG in base64. None for those from before that was done."""
    currency: str
    time_zone: str
    language: str
    paper: Paper = "A4"
    receipt_number_pattern: str = DEFAULT_PATTERN
    receipt_shows_note: bool = False
    retention_years: int = RETENTION_YEARS

    @property
    def vat_number(self) -> str | None:
        """Its tax number, where that is a VAT identifier."""
        return vat_number(self.tax_number, self.address.country if self.address else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient as documents name them; the highest version is the truth."""

    clinic_id: UUID
    patient_id: UUID
    version: int
    given_name: str
    family_name: str
    language: str | None = None
    address: Address | None = None

    @classmethod
    def unregistered(cls, clinic_id: UUID, patient_id: UUID) -> Patient:
        """One whom the register has not told of: a document names them by the id that the clinic has (`ALL-11`)."""
        return cls(clinic_id=clinic_id, patient_id=patient_id, version=0, given_name="", family_name="")

    @property
    def name(self) -> str:
        """The name as it is printed; of a patient who was forgotten, the id, by which the books know them.

        Where it is written in Chinese, Japanese or Korean letters, the family's comes first.
        """
        return full_name(self.given_name, self.family_name) or str(self.patient_id)

    @classmethod
    def forgotten(cls, clinic_id: UUID, patient_id: UUID) -> Patient:
        """A patient of whom nothing is known any more (`ALL-9`)."""
        return cls(clinic_id=clinic_id, patient_id=patient_id, version=0, given_name="", family_name="")
