"""What one transaction settled on one invoice, as payments announced it (`INV-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from invoicing.domain.refund_adjustment import Place, RefundedLine


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one transaction changed what is settled on one invoice; `change` and `credited` are signed minor units."""

    event_id: str
    ordinal: int
    clinic_id: UUID
    invoice_id: UUID
    transaction_id: UUID
    payment_id: UUID
    kind: str
    change: int
    credited: int
    occurred_at: datetime
    refund_id: UUID | None = None
    """The refund that was cancelled, where that is what happened."""
    installment_id: UUID | None = None
    method: str | None = None
    payer_kind: str | None = None
    payer_id: UUID | None = None
    booked_on: date | None = None
    by: str | None = None
    reason: str | None = None
    place: Place | None = None
    """Where payments stood on the invoice right after it; an older release does not say."""
    lines: tuple[RefundedLine, ...] = ()
    """What a refund named that it is for; the credit note says it, so it is not kept here (`PAY-19`)."""
    named: bool = False
    """Whether a refund named the invoice; what is credited for it says the rest, so it is not kept here, either."""
    decided: int | None = None
    """What is credited (above zero) or undone for `credited`; as much, where it is not said (`PAY-20`)."""

    @property
    def what_credited(self) -> int:
        """What is credited for it."""
        return self.credited if self.decided is None else self.decided


@dataclass(frozen=True, slots=True)
class Counted:
    """An invoice on which something was counted, its live plan, and when that was last changed."""

    invoice_id: UUID
    plan_id: UUID | None
    plan_changed_at: datetime


@dataclass(frozen=True, slots=True)
class SettledPayment:
    """A payment that ever settled something on an invoice, and what of it stands in minor units."""

    payment_id: UUID
    method: str | None
    first_at: datetime
    settled_minor: int


@dataclass(frozen=True, slots=True)
class SettledByInsurers:
    """What insurers' payments settle of an invoice, with what refunds of them took and is credited; minor units.

    `by_payer` has those that have an id, `minor` all; `credited` is what of it refunds took.
    """

    by_payer: dict[UUID, int] = field(default_factory=dict)
    minor: int = 0
    credited_by_payer: dict[UUID, int] = field(default_factory=dict)
    credited: int = 0

    def named(self, said: Mapping[UUID, UUID]) -> SettledByInsurers:
        """The same by whom these payers were said to be."""
        return replace(
            self, by_payer=_named(self.by_payer, said), credited_by_payer=_named(self.credited_by_payer, said)
        )

    @property
    def received(self) -> dict[UUID, int]:
        """What came in of those that have an id, and was not given back."""
        return {payer: minor - self.credited_by_payer.get(payer, 0) for payer, minor in self.by_payer.items()}


def _named(by_payer: Mapping[UUID, int], said: Mapping[UUID, UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for payer, minor in by_payer.items():
        found[said.get(payer, payer)] = found.get(said.get(payer, payer), 0) + minor
    return found
