"""A clinic's own templates and texts, which take the place of those that come with the system (`RCP-6`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTemplates:
    """What a clinic has of its own; of the rest it has the system's. Version 0 was never saved: it has nothing."""

    templates: Mapping[str, str] = field(default_factory=dict)
    """By kind of document."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By language and by the name that the text has in its catalog."""
    version: int = 0

    def of(self, kind: str, language: str) -> OwnTemplate | None:
        """What a document of that kind and language has of it; None where that is nothing."""
        said = self.texts.get(language.replace("_", "-").split("-")[0].lower(), {})
        one = OwnTemplate(template=self.templates.get(kind), texts=said)
        return one if one.template is not None or one.texts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTemplate:
    """What one document has of its clinic's own: a template, texts of its language, or both."""

    template: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any] | None) -> OwnTemplate | None:
        """As a preview keeps it."""
        return None if kept is None else cls(template=kept["template"], texts=kept["texts"])


NOTHING_OWN = OwnTemplates()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFailure:
    """A document that was made by the system's template, as its clinic's own failed on it, and why."""

    document_id: UUID
    rendition: str
    kind: str
    failure: str
    failed_at: datetime
