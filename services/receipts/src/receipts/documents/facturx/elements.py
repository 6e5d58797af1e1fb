"""XML elements as plain values, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Union
from xml.sax.saxutils import escape, quoteattr

Child = Union["Element", None]


@dataclass(frozen=True, slots=True)
class Element:
    """One element with its text or its children; a child that is None is left out."""

    name: str
    content: str | Iterable[Child] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """As XML, without whitespace between elements."""
        said = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        inner = self.content
        text = (
            escape(inner)
            if isinstance(inner, str)
            else "".join(element.written() for element in inner if element is not None)
        )
        return f"<{self.name}{said}>{text}</{self.name}>"


def optional(name: str, text: str | None) -> Child:
    """An element where there is something to say."""
    return Element(name, text) if text else None
