"""What requests about proposed debit notes say."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict

from invoicing.http.line_requests import Code
from invoicing.http.note_requests import ReasonIn


class DebitAsProposedIn(ReasonIn):
    """Why the patient owes it again; which invoice is debited, where not the one proposed; its tax category."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "the check bounced, the cash was handed out"}})

    invoice_id: UUID | None = None
    tax_category: Code | None = None
