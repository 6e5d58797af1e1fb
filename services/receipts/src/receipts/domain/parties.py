"""Whom a document names as they were at its occasion: a payment, an issue, an agreement (`RCP-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from receipts.domain.people import Clinic, Patient
from receipts.domain.settings import DocumentSettings


class Occasion(NamedTuple):
    """When something happened between a clinic and a patient of it: what its document says was true then."""

    clinic_id: UUID
    patient_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The clinic, the patient and how the clinic wanted its documents, at an occasion."""

    clinic: Clinic
    patient: Patient
    settings: DocumentSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownParties:
    """The parties of each occasion; where clinic or patient have not been told of yet, which of them that is."""

    known: Mapping[Occasion, Parties]
    missing: Mapping[Occasion, str]
