"""How a clinic wants its documents, and each version of that, as they go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from chassis.database.versioned_settings import SettingsVersion
from chassis.http import ResponseBody
from chassis.http.bodies import as_it_is
from pydantic import ConfigDict, Field

from receipts.domain.settings import DocumentSettings
from receipts.http.document_settings_requests import EXAMPLE, REASON, DocumentSettingsFields

ACCOUNT_EXAMPLE: dict[str, Any] = {
    "account_holder": "Zahnarztpraxis Linde",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "payment_link": "https://pay.example/{number}",
}


class DocumentSettingsOut(DocumentSettingsFields):
    """The settings and their version, which is the ETag."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE | {"version": 1}})

    version: Annotated[int, Field(description="0 where none were saved yet.")]

    @classmethod
    def of(cls, settings: DocumentSettings) -> DocumentSettingsOut:
        """As the API shows them."""
        return as_it_is(cls, settings)


class PaymentDetailsOut(ResponseBody):
    """A bank account, a page to pay on, both, or neither: as what asks for money from now on says it (`RCP-11`)."""

    model_config = ConfigDict(json_schema_extra={"example": ACCOUNT_EXAMPLE})

    account_holder: str | None
    iban: str | None
    """Without spaces."""
    bic: str | None
    payment_link: str | None
    """`{number}` in it stands for the invoice's number."""


class DocumentSettingsVersionOut(DocumentSettingsOut):
    """One version of the settings: what they were, who made them so, when and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": EXAMPLE
            | {"version": 1, "changed_at": "2026-11-23T15:00:00Z", "changed_by": "owner:11d0", "reason": REASON}
        }
    )

    changed_at: datetime
    changed_by: str
    reason: Annotated[str | None, Field(description="Null for versions from before it was asked for.")]

    @classmethod
    def of_version(cls, version: SettingsVersion[DocumentSettings]) -> DocumentSettingsVersionOut:
        """As the API shows it."""
        return as_it_is(
            cls,
            version.settings,
            changed_at=version.changed_at,
            changed_by=version.changed_by,
            reason=version.reason,
        )
