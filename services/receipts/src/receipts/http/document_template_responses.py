"""A clinic's own templates and texts, and what comes with the system, as they go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.database.versioned_settings import SettingsVersion
from chassis.http.bodies import as_it_is
from pydantic import BaseModel, ConfigDict, Field

from receipts.documents.render.kinds import Templated
from receipts.domain.own_templates import OwnTemplates, TemplateFailure
from receipts.http.document_template_requests import EXAMPLE, REASON, DocumentTemplatesFields


class DocumentTemplatesOut(DocumentTemplatesFields):
    """What the clinic has of its own, and its version, which is the ETag."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE | {"version": 1}})

    version: Annotated[int, Field(description="0 where none were saved yet.")]

    @classmethod
    def of(cls, own: OwnTemplates) -> DocumentTemplatesOut:
        """As the API shows them."""
        return as_it_is(cls, own)


class DocumentTemplatesVersionOut(DocumentTemplatesOut):
    """One version of them: what they were, who made them so, when and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": EXAMPLE
            | {"version": 1, "changed_at": "2026-11-30T15:00:00Z", "changed_by": "owner:11d0", "reason": REASON}
        }
    )

    changed_at: datetime
    changed_by: str
    reason: str | None

    @classmethod
    def of_version(cls, one: SettingsVersion[OwnTemplates]) -> DocumentTemplatesVersionOut:
        """As the API shows it."""
        when = {"changed_at": one.changed_at, "changed_by": one.changed_by, "reason": one.reason}
        return as_it_is(cls, one.settings, **when, version=one.version)


class SystemTemplateOut(BaseModel):
    """What comes with the system for one kind of document, to begin one's own with."""

    kind: Templated
    name: Annotated[str, Field(description="By which one's own extends it.")]
    template: str
    frame: Annotated[
        str,
        Field(
            description="What it extends itself: letterhead, note and foot, as blocks; nothing where it extends none."
        ),
    ]
    texts: Annotated[dict[str, str], Field(description="By name, in the language asked for.")]


class TemplateFailureOut(BaseModel):
    """A document that was made by the system's template, as the clinic's own failed on it."""

    document_id: UUID
    kind: str
    rendition: str
    reason: str
    failed_at: datetime

    @classmethod
    def of(cls, failure: TemplateFailure) -> TemplateFailureOut:
        """As the API shows it."""
        return cls(
            document_id=failure.document_id,
            kind=failure.kind,
            rendition=failure.rendition,
            reason=failure.failure,
            failed_at=failure.failed_at,
        )
