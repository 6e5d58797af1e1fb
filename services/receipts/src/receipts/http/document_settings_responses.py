"""How a clinic wants its documents, and each version of that, as they go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from chassis.database.versioned_settings import SettingsVersion
from pydantic import ConfigDict, Field

from receipts.domain.settings import DocumentSettings
from receipts.http.document_settings_requests import EXAMPLE, REASON, DocumentSettingsFields


class DocumentSettingsOut(DocumentSettingsFields):
    """The settings and their version, which is the ETag."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE | {"version": 1}})

    version: Annotated[int, Field(description="0 where none were saved yet.")]

    @classmethod
    def of(cls, settings: DocumentSettings) -> DocumentSettingsOut:
        """As the API shows them."""
        return cls.model_validate(settings, from_attributes=True)


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
        return cls(
            **DocumentSettingsOut.of(version.settings).model_dump(),
            changed_at=version.changed_at,
            changed_by=version.changed_by,
            reason=version.reason,
        )
