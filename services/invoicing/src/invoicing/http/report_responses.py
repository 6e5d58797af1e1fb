"""What responses about procedures, reviews, sums and the proof say."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from pydantic import ConfigDict

from invoicing.http.examples import OUTSTANDING_EXAMPLE, PROOF_EXAMPLE, REVIEW_EXAMPLE

Cause = Literal[
    "procedure_reverted",
    "price_missing",
    "fee_in_other_currency",
    "prices_changed",
    "write_off_capped",
    "decided_beyond_fee",
    "decided_after_void",
]


class ReviewOut(ResponseBody):
    """An invoice that a person is to look at, and why."""

    model_config = ConfigDict(json_schema_extra={"example": REVIEW_EXAMPLE})

    id: UUID
    invoice_id: UUID
    number: str | None
    status: Literal["draft", "issued", "void"]
    patient_id: UUID
    appointment_id: UUID | None
    cause: Cause
    procedure_id: UUID | None
    noted_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None

    @classmethod
    def of(cls, row: Any) -> ReviewOut:
        """As the wire has it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class OutstandingOut(ResponseBody):
    """A clinic's sums over its issued invoices; what is outstanding is never below zero on any of them (`INV-9`)."""

    model_config = ConfigDict(json_schema_extra={"example": OUTSTANDING_EXAMPLE})

    currency: str | None
    issued: int
    drafts: int
    void: int
    overdue: int
    invoiced: MoneyOut | None
    debited: MoneyOut | None
    credited: MoneyOut | None
    settled: MoneyOut | None
    outstanding: MoneyOut | None
    overdue_amount: MoneyOut | None


class DifferenceOut(ResponseBody):
    """Two figures that should be one."""

    what: str
    expected: str
    found: str


class ProofOut(ResponseBody):
    """What was recomputed, and what differs: nothing, if the books are right (`ALL-8`)."""

    model_config = ConfigDict(json_schema_extra={"example": PROOF_EXAMPLE})

    counts: dict[str, int]
    differences: list[DifferenceOut]
