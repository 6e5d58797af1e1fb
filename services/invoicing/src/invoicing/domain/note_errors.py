"""Why invoicing refuses to undo a note: named facts with typed data; the tree stands in `errors.py`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.money import Money

from invoicing.domain.errors import InvoicingError


class BadDebtRecovered(InvoicingError):
    """A bad debt was recovered, in part at least: what was paid of it is not owed again by undoing its note."""

    field = "note_id"

    def __init__(self, number: str, recovered: Money) -> None:
        super().__init__(
            f"of what {number} wrote off, {recovered} was paid since: cancel that payment first, where it was a mistake"
        )
        self.recovered = recovered

    @property
    def extensions(self) -> dict[str, Any]:
        """What was recovered of it."""
        return {"recovered": {"amount": self.recovered.amount, "currency": self.recovered.currency}}


class DebitNoteCredited(InvoicingError):
    """Part of what a debit note added was credited: less is left than its undoing would take (`MON-11`)."""

    field = "note_id"

    def __init__(self, number: str, left: Money) -> None:
        super().__init__(
            f"of what {number} added, only {left} is left, as the rest was credited: undo the credit note first, "
            "or credit what is left"
        )
        self.left = left

    @property
    def extensions(self) -> dict[str, Any]:
        """What is left of it."""
        return {"left": {"amount": self.left.amount, "currency": self.left.currency}}


class DebitProposalClosed(InvoicingError):
    """A proposed debit note was made, or dismissed, before (`PAY-6`)."""

    def __init__(self, proposal_id: UUID, state: str) -> None:
        super().__init__(f"the proposal is {state}")
        self.proposal_id = proposal_id
        self.state = state

    @property
    def extensions(self) -> dict[str, Any]:
        """What became of it."""
        return {"proposal_id": str(self.proposal_id), "state": self.state}
