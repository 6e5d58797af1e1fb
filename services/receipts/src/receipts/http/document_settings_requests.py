"""How a clinic wants its documents, as it comes in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from chassis.http import NOT_BLANK
from pydantic import BaseModel, ConfigDict, Field, StrictBool

Paper = Literal["A4", "Letter"]
EXAMPLE: dict[str, Any] = {"paper": "Letter", "show_note": True, "show_procedures": True}
REASON = "letter paper is what the printer has"


class DocumentSettingsFields(BaseModel):
    """All that a clinic chooses for its documents."""

    paper: Annotated[Paper | None, Field(description="Null: as the clinic's general settings say.")] = None
    show_note: Annotated[
        StrictBool | None, Field(description="Print a payment's note. Null: as the clinic's general settings say.")
    ] = None
    show_procedures: Annotated[
        StrictBool, Field(description="Print what was done to the patient; without it, receipts show invoices only.")
    ] = True


class DocumentSettingsIn(DocumentSettingsFields):
    """How the clinic wants its documents from now on, and why; what is frozen stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE | {"reason": REASON}})

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, description="Why; kept with the version (`ALL-5`)."),
    ]
