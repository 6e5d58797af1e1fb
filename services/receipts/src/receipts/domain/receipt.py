"""A receipt: numbered and frozen when its transaction arrives, then stored as PDF, perhaps void (`RCP-1`, `RCP-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money

from receipts.domain.transaction import Kind

VoidCause = Literal["cancellation", "chargeback"]
Rendition = Literal["original", "copy", "void", "original-brief", "copy-brief", "void-brief"]
"""`original` is the frozen one; `brief` shows no procedure detail; `copy` and `void` are stamped on the stored one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """That the receipt's transaction was undone: when, by what, why."""

    at: datetime
    cause: VoidCause
    reason: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What the original's bytes are."""

    sha256: str
    size_bytes: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the system knows of one receipt, apart from what it says (its content) and its bytes."""

    receipt_id: UUID
    clinic_id: UUID
    patient_id: UUID
    transaction_id: UUID
    kind: Kind
    serial: int
    number: str
    amount: Money
    language: str
    recorded_at: datetime
    numbered_on: date
    numbered_at: datetime
    version: int = 0
    """How many events told of it: 1 once issued, 2 once void; the `sequence` of the last one."""
    stored: Stored | None = None
    voided: Voided | None = None

    @property
    def state(self) -> Literal["pending", "issued", "void"]:
        """`pending` until its bytes are stored; void comes before both."""
        if self.voided:
            return "void"
        return "issued" if self.stored else "pending"


def rendition_of(receipt: Receipt, *, brief: bool, copy: bool, original: bool) -> Rendition:
    """Which rendition answers a request: void comes before copy, and only `original` shows an undone one unstamped."""
    stamp = "original" if original else "void" if receipt.voided else "copy" if copy else "original"
    names: dict[tuple[str, bool], Rendition] = {
        ("original", False): "original",
        ("copy", False): "copy",
        ("void", False): "void",
        ("original", True): "original-brief",
        ("copy", True): "copy-brief",
        ("void", True): "void-brief",
    }
    return names[stamp, brief]
