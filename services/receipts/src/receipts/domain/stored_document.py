"""The bytes of a document as they are stored (`RCP-1`)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

PDF = "application/pdf"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The bytes of one rendition, and their hash."""

    sha256: str
    pdf: bytes

    @classmethod
    def of(cls, pdf: bytes) -> StoredDocument:
        """Bytes with their hash."""
        return cls(hashlib.sha256(pdf).hexdigest(), pdf)


@dataclass(frozen=True, slots=True, order=True)
class ObjectKey:
    """What tells an object of the store: the clinic whose it is, and the SHA-256 of its bytes.

    The same bytes of two clinics are two objects: what one clinic has says nothing of another's (`ALL-4`).
    """

    clinic_id: UUID
    sha256: str

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError("an object is named by a SHA-256 in small hexadecimal digits")

    @property
    def path(self) -> str:
        """Where it lies in the store, relative to its root; a folder has the objects of two digits."""
        return f"{self.clinic_id}/{self.sha256[:2]}/{self.sha256}.pdf"

    @classmethod
    def of_path(cls, path: str) -> ObjectKey | None:
        """The key of what lies there; None for what is no object of ours."""
        clinic, _, name = path.partition("/")
        try:
            key = cls(UUID(clinic), name.rpartition("/")[2].removesuffix(".pdf"))
        except ValueError:
            return None
        return key if key.path == path else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """A stored document as its row has it: the bytes are `in_store`, or else in the row itself."""

    document_id: UUID
    rendition: str
    clinic_id: UUID
    sha256: str
    in_store: bool
    pdf: bytes

    @property
    def key(self) -> ObjectKey:
        """What its object in the store is told by."""
        return ObjectKey(self.clinic_id, self.sha256)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk through a clinic's documents stands: behind this one."""

    document_id: UUID
    rendition: str


BEGINNING = Place(UUID(int=0), "")
