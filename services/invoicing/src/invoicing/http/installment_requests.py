"""What requests about one installment say (`PLN-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.http import RequestBody
from chassis.http.time import Day
from pydantic import ConfigDict

from invoicing.http.field_types import Text


class MoveIn(RequestBody):
    """Another day for an installment, and why."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"due_date": "2027-02-15", "reason": "her salary comes then"}}
    )

    due_date: Day
    """Today or later."""
    reason: Text


class InstallmentCancellationIn(RequestBody):
    """Why an installment is cancelled, and which one asks for what remains of it."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "both at the end, as she asked"}})

    to_installment_id: UUID | None = None
    """The last unpaid one of the plan, when left out."""
    reason: Text
