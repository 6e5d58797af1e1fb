"""A credit above the clinic's limit: one person requests it, another approves or rejects it (`PAY-15`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.typed import same_person

from invoicing.domain.credit_request_errors import CreditRequestDecided, NotTheRequester, SecondPersonNeeded

CreditRequestState = Literal["requested", "completed", "rejected", "withdrawn"]


@dataclass(slots=True, kw_only=True)
class CreditRequest:
    """What is to be credited, as it was asked for, and what became of it.

    `wanted` has what a credit note is to say, or which debit note is to be undone. `total` is what it came to when it
    was asked for, in minor units, `limit` the clinic's then; `note_id` the credit note that completed it.
    """

    id: UUID
    invoice_id: UUID
    patient_id: UUID
    kind: str
    wanted: Mapping[str, Any]
    total: int
    limit: int
    currency: str
    reason: str
    requested_by: str
    requested_at: datetime
    state: CreditRequestState = "requested"
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    note_id: UUID | None = None

    def complete(self, by: str, now: datetime) -> None:
        """Another person approved it. Raises CreditRequestDecided, SecondPersonNeeded."""
        self._require_second_person(by)
        self._decide("completed", by, now, None)

    def reject(self, by: str, now: datetime, reason: str) -> None:
        """Another person refused it. Raises CreditRequestDecided, SecondPersonNeeded."""
        self._require_second_person(by)
        self._decide("rejected", by, now, reason)

    def withdraw(self, by: str, now: datetime, reason: str) -> None:
        """Whoever asked for it does not want it any more. Raises CreditRequestDecided, NotTheRequester."""
        if not same_person(by, self.requested_by):
            raise NotTheRequester
        self._decide("withdrawn", by, now, reason)

    def _require_second_person(self, by: str) -> None:
        if same_person(by, self.requested_by):
            raise SecondPersonNeeded

    def _decide(self, state: CreditRequestState, by: str, now: datetime, reason: str | None) -> None:
        if self.state != "requested":
            raise CreditRequestDecided(self.id, self.state)
        self.state, self.decided_by, self.decided_at, self.decision_reason = state, by, now, reason


@dataclass(frozen=True, slots=True)
class CreditRequestFilter:
    """Which requests are asked for; what is None does not matter."""

    state: str | None = None
    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    id: UUID | None = None
    before: UUID | None = None
