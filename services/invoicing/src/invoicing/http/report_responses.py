"""What responses about procedures, reviews, sums and the proof say."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.members import Members
from pydantic import ConfigDict

from invoicing.domain.report_figures import ClinicSums
from invoicing.domain.review import ListedReview
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
    def of(cls, review: ListedReview) -> ReviewOut:
        """As the wire has it."""
        return cls(**_REVIEW.of(review))


_REVIEW = Members(ReviewOut, ListedReview)


_AMOUNTS = ("invoiced", "debited", "credited", "settled", "outstanding", "overdue_amount")


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

    @classmethod
    def of(cls, sums: ClinicSums, currency: str | None) -> OutstandingOut:
        """As the wire has it."""
        shown = {name: money_out(getattr(sums, name), currency) if currency else None for name in _AMOUNTS}
        return cls(currency=currency, **_COUNTS.of(sums), **shown)


_COUNTS = Members(OutstandingOut, ClinicSums, without=_AMOUNTS)


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
