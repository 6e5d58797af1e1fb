"""What responses about patients say (`INV-18`)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.members import Members
from chassis.names import full_name
from pydantic import ConfigDict

from invoicing.domain.patient import PatientAccount, UnregisteredPatient
from invoicing.http.examples import PATIENT, usd

PATIENT_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "name": "Amara Okafor-Núñez",
    "given_name": "Amara",
    "family_name": "Okafor-Núñez",
    "birth_date": "1987-04-09",
    "chart_number": "C-20417",
    "open_invoices": 2,
    "outstanding": usd("500.00"),
    "overdue": usd("120.00"),
}


class PatientOut(ResponseBody):
    """A patient of the register and what their invoices ask for; credit of theirs is what payments says."""

    model_config = ConfigDict(json_schema_extra={"example": PATIENT_EXAMPLE})

    patient_id: UUID
    name: str
    given_name: str
    family_name: str
    birth_date: date | None
    chart_number: str | None
    open_invoices: int
    outstanding: MoneyOut | None
    """Null while the clinic has no settings, and so no currency."""
    overdue: MoneyOut | None

    @classmethod
    def of(cls, account: PatientAccount, currency: str | None) -> PatientOut:
        """As the wire has it."""
        return cls(
            **_ACCOUNT.of(account),
            name=full_name(account.given_name, account.family_name),
            outstanding=money_out(account.outstanding, currency) if currency else None,
            overdue=money_out(account.overdue, currency) if currency else None,
        )


_ACCOUNT = Members(PatientOut, PatientAccount, without=["outstanding", "overdue"])


UNREGISTERED_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "invoices": 2,
    "first_issued_on": "2026-11-23",
    "outstanding": usd("500.00"),
}


class UnregisteredOut(ResponseBody):
    """A patient who has invoices, drafts included, and of whom the register has told nothing (`ALL-11`)."""

    model_config = ConfigDict(json_schema_extra={"example": UNREGISTERED_EXAMPLE})

    patient_id: UUID
    invoices: int
    first_issued_on: date | None
    """Null where none is issued yet."""
    outstanding: MoneyOut | None
    """Null while the clinic has no settings, and so no currency."""

    @classmethod
    def of(cls, patient: UnregisteredPatient, currency: str | None) -> UnregisteredOut:
        """As the wire has it."""
        return cls(
            patient_id=patient.patient_id,
            invoices=patient.invoices,
            first_issued_on=patient.first_issued_on,
            outstanding=money_out(patient.outstanding, currency) if currency else None,
        )
