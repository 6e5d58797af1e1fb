"""Small parts of what answers about invoices say."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.http import MoneyOut

from invoicing.domain.errors import InvoicingError
from invoicing.domain.parts import Parts
from invoicing.http.answer import Answer, shown
from invoicing.http.problems import problem_of


class PayerOut(Answer):
    """The insurer that is asked first."""

    id: UUID | None
    name: str | None


class PartsOut(Answer):
    """Who an invoice is asked of, decided where insurers have decided, else estimated (`INS-1`).

    The parts are what it asks for in all, whoever has paid of it: total + debited - credited.
    """

    patient: MoneyOut
    insurers: MoneyOut
    expected_write_off: MoneyOut
    """What insurers are estimated to have written off of lines that none has decided on."""
    decided: bool
    """Whether any insurer has decided on any line."""

    @classmethod
    def of(cls, parts: Parts, currency: str) -> PartsOut:
        """As the wire has it."""
        return cls.model_construct(
            patient=shown(parts.patient, currency),
            insurers=shown(parts.insurers, currency),
            expected_write_off=shown(parts.expected_write_off, currency),
            decided=parts.decided,
        )


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
