"""Small parts of what answers about invoices say."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from invoicing.domain.errors import InvoicingError
from invoicing.http.answer import Answer
from invoicing.http.problems import problem_of


class PayerOut(Answer):
    """The insurer that is asked first."""

    id: UUID | None
    name: str | None


class RoundingOut(Answer):
    """Which rounding made the totals, so that they can be recomputed (`MON-4`)."""

    id: str
    version: int


class VoidedOut(Answer):
    """When the invoice became void, by whom and why."""

    on: date
    by: str
    reason: str


class IssueProblemOut(Answer):
    """Why a draft cannot be issued as it is, in the words with which issuing it would be refused."""

    type: str
    title: str
    detail: str
    field: str | None

    @classmethod
    def of(cls, refused: InvoicingError | None) -> IssueProblemOut | None:
        """As the wire has it."""
        if refused is None:
            return None
        problem = problem_of(refused)
        return cls(type=problem.type, title=problem.title, detail=str(refused), field=getattr(refused, "field", None))
