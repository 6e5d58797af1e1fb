"""The bytes of a document as they are stored (`RCP-1`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The bytes of one rendition, and their hash."""

    sha256: str
    pdf: bytes

    @classmethod
    def of(cls, pdf: bytes) -> StoredDocument:
        """Bytes with their hash."""
        return cls(hashlib.sha256(pdf).hexdigest(), pdf)
