"""Small parts of what answers about invoices say."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from invoicing.http.answer import Answer


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
