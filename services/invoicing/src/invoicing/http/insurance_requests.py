"""What requests about insurers' decisions say."""

from __future__ import annotations

from uuid import UUID

from chassis.http import RequestBody
from pydantic import ConfigDict

from invoicing.http.insurance_examples import INSURER


class RetryIn(RequestBody):
    """What a person knows about the decision."""

    model_config = ConfigDict(json_schema_extra={"example": {"payer_id": INSURER}})

    payer_id: UUID | None = None
    """Whose decision it is, where the payer who decided is not on the invoice (`INS-8`)."""
