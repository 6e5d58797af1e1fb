"""A refund or cancellation above the clinic's limit: one person requests it, another decides (`ALL-5`, `PAY-15`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from chassis.money import Money
from chassis.typed import same_person

from payments.domain.named_allocation import NamedAllocation
from payments.domain.refund_request_errors import NotTheRequester, RefundRequestDecided, SecondPersonNeeded
from payments.domain.transaction import Method

RequestKind = Literal["refund", "withdrawal", "cancellation"]
RequestState = Literal["requested", "completed", "rejected", "withdrawn"]
ReasonCode = Literal["overpayment", "treatment_changed", "complaint", "goodwill", "billing_error", "other"]


@dataclass(slots=True, kw_only=True)
class RefundRequest:
    """What is asked for, and what became of it: a refund of a payment, a withdrawal of credit, or a cancellation.

    `limit` is the clinic's when it was asked for. `transaction_ids` are the refunds, or the cancellation, that
    completed it.
    """

    request_id: UUID
    patient_id: UUID
    amount: Money
    limit: Money
    reason: str | None
    requested_by: str
    requested_at: datetime
    state: RequestState = "requested"
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    version: int = 1
    transaction_ids: Sequence[UUID] = field(default_factory=tuple)

    kind: ClassVar[RequestKind]

    @property
    def payment_id(self) -> UUID | None:
        """The payment that it is about."""
        return None

    @property
    def treatment_plan_id(self) -> UUID | None:
        """The plan whose deposits alone are withdrawn."""
        return None

    @property
    def reason_code(self) -> ReasonCode | None:
        """Why money is to go back."""
        return None

    @property
    def method(self) -> Method | None:
        """How it is to go back, where that is not how it came."""
        return None

    @property
    def method_label(self) -> str | None:
        """The name of another method."""
        return None

    @property
    def named(self) -> tuple[NamedAllocation, ...]:
        """What a refund is to come from, where it was said (`PAY-19`)."""
        return ()

    def complete(self, by: str, now: datetime) -> None:
        """Another person approved it, and it was carried out. Raises RefundRequestDecided, SecondPersonNeeded."""
        self._require_second_person(by)
        self._decide("completed", by, now, None)

    def reject(self, by: str, now: datetime, reason: str) -> None:
        """Another person refused it. Raises RefundRequestDecided, SecondPersonNeeded."""
        self._require_second_person(by)
        self._decide("rejected", by, now, reason)

    def withdraw(self, by: str, now: datetime, reason: str | None) -> None:
        """Whoever asked for it does not want it any more. Raises RefundRequestDecided, NotTheRequester."""
        if not same_person(by, self.requested_by):
            raise NotTheRequester
        self._decide("withdrawn", by, now, reason)

    def _require_second_person(self, by: str) -> None:
        if same_person(by, self.requested_by):
            raise SecondPersonNeeded

    def _decide(self, state: RequestState, by: str, now: datetime, reason: str | None) -> None:
        if self.state != "requested":
            raise RefundRequestDecided(self.request_id, self.state)
        self.state = state
        self.decided_by = by
        self.decided_at = now
        self.decision_reason = reason
        self.version += 1


@dataclass(slots=True, kw_only=True)
class PaymentRefundRequest(RefundRequest):
    """A refund of a payment."""

    kind = "refund"

    payment_id: UUID = field()
    reason_code: ReasonCode = field()
    method: Method | None = field(default=None)
    method_label: str | None = field(default=None)
    named: tuple[NamedAllocation, ...] = field(default=())


@dataclass(slots=True, kw_only=True)
class WithdrawalRequest(RefundRequest):
    """A withdrawal of a patient's credit."""

    kind = "withdrawal"

    reason_code: ReasonCode = field()
    method: Method | None = field(default=None)
    method_label: str | None = field(default=None)
    treatment_plan_id: UUID | None = field(default=None)


@dataclass(slots=True, kw_only=True)
class CancellationRequest(RefundRequest):
    """The cancellation of a payment, which says why in words (`PAY-15`)."""

    kind = "cancellation"

    payment_id: UUID = field()
    reason: str = field()


AnyRequest = PaymentRefundRequest | WithdrawalRequest | CancellationRequest


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are asked for; what is None does not matter."""

    state: str | None = None
    patient_id: UUID | None = None
    payment_id: UUID | None = None
    requested_by: str | None = None
    request_id: UUID | None = None
    before: UUID | None = None
