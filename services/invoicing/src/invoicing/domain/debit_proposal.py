"""A debit note that is proposed to the desk, open until a person decides: a bank took back what had been refunded.

A chargeback says what had been refunded of its payment (`PAY-6`); whether the patient owes it again, a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money

from invoicing.domain.note_errors import DebitProposalClosed

ProposalState = Literal["open", "debited", "dismissed"]


@dataclass(slots=True)
class DebitProposal:
    """What is proposed, and what became of it.

    `id` is the chargeback's, `invoice_id` the invoice that it reopened last, if it did one; `note_id` the debit note.
    """

    id: UUID
    clinic_id: UUID
    payment_id: UUID
    patient_id: UUID
    invoice_id: UUID | None
    amount_minor: int
    currency: str
    proposed_at: datetime
    state: ProposalState = "open"
    closed_at: datetime | None = None
    closed_by: str | None = None
    closed_because: str | None = None
    note_id: UUID | None = None

    @property
    def amount(self) -> Money:
        """What had been refunded."""
        return Money(self.amount_minor, self.currency)

    def require_open(self) -> None:
        """Raises DebitProposalClosed where somebody has decided on it."""
        if self.state != "open":
            raise DebitProposalClosed(self.id, self.state)

    def debit(self, at: datetime, by: str, because: str, note_id: UUID) -> None:
        """It was debited. Raises DebitProposalClosed."""
        self._close("debited", at, by, because)
        self.note_id = note_id

    def dismiss(self, at: datetime, by: str, because: str) -> None:
        """The clinic bears it. Raises DebitProposalClosed."""
        self._close("dismissed", at, by, because)

    def _close(self, state: ProposalState, at: datetime, by: str, because: str) -> None:
        self.require_open()
        self.state, self.closed_at, self.closed_by, self.closed_because = state, at, by, because
