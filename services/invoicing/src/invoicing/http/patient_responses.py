"""What responses about patients say (`INV-18`)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from pydantic import ConfigDict

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
    def of(cls, row: Any, currency: str | None) -> PatientOut:
        """As the wire has it."""
        named = ("patient_id", "given_name", "family_name", "birth_date", "chart_number", "open_invoices")
        owed = {
            name: money_out(getattr(row, name), currency) if currency else None for name in ("outstanding", "overdue")
        }
        return cls(
            name=f"{row.given_name} {row.family_name}".strip(), **{name: getattr(row, name) for name in named}, **owed
        )


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
    def of(cls, row: Any, currency: str | None) -> UnregisteredOut:
        """As the wire has it."""
        return cls(
            patient_id=row.patient_id,
            invoices=row.invoices,
            first_issued_on=row.first_issued_on,
            outstanding=money_out(row.outstanding, currency) if currency else None,
        )
