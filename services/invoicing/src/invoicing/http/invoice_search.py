"""What a search for invoices says, in its body (`INV-18`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import TEXT
from chassis.http.period import require_in_order
from chassis.http.time import Day
from pydantic import ConfigDict, Field, StrictBool

from invoicing.domain.invoice import Status
from invoicing.http.request import Request
from invoicing.persistence.invoice_lists import InvoiceFilter

_Words = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT)]


class InvoiceSearchIn(Request):
    """Which invoices are looked for. It is a body, for a name in a URL would stand in logs (`ALL-6`)."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "okafor crow", "overdue": True}})

    text: _Words | None = None
    """Words of the patient's name or chart number, of number, note, descriptions, codes and SKUs, each perhaps only
    begun: all of them have to be there."""
    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    treatment_plan_id: UUID | None = None
    status: Status | None = None
    overdue: StrictBool | None = None
    from_date: Annotated[Day | None, Field(alias="from")] = None
    """The first issue date; `to` is the last."""
    to_date: Annotated[Day | None, Field(alias="to")] = None
    number: Annotated[str, Field(max_length=60, pattern=TEXT)] | None = None

    def filter(self) -> InvoiceFilter:
        """As the list takes it. Raises Invalid where it ends before it begins."""
        require_in_order(self.from_date, self.to_date)
        return InvoiceFilter(**{name: getattr(self, name) for name in type(self).model_fields}, of_patients=True)
