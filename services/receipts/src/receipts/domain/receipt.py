"""A receipt: numbered and frozen when its transaction arrives, then stored as PDF, perhaps void (`RCP-1`, `RCP-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money

from receipts.domain.transaction import Kind

VoidCause = Literal["cancellation", "chargeback"]
Stamping = Literal["original", "copy", "void"]
ReceiptPaper = Literal["sheet", "roll"]
"""`sheet` is A4 or Letter, as the clinic has it; `roll` is that of an 80 mm receipt printer (`RCP-4`)."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedReceipt:
    """A receipt that others know, and a database that was put back does not, until its transaction is heard again."""

    transaction_id: UUID
    clinic_id: UUID
    receipt_id: UUID
    serial: int
    number: str
    sha256: str
    announced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One way to show a receipt. `original` is the frozen one; `brief` shows no procedure detail.

    On a sheet, `copy` and `void` are laid over the stored original; a roll is printed anew, and says so at its top.
    """

    stamping: Stamping = "original"
    brief: bool = False
    paper: ReceiptPaper = "sheet"

    @property
    def name(self) -> str:
        """What tells it from the others of its receipt, where it is stored and queued."""
        parts = ["roll" if self.paper == "roll" else "", self.stamping, "brief" if self.brief else ""]
        return "-".join(part for part in parts if part)

    @classmethod
    def named(cls, name: str) -> Rendition:
        """The rendition of that name."""
        parts = set(name.split("-"))
        stamping: Stamping = "void" if "void" in parts else "copy" if "copy" in parts else "original"
        return cls(stamping=stamping, brief="brief" in parts, paper="roll" if "roll" in parts else "sheet")


def rendition_of(
    receipt: Receipt, *, brief: bool, copy: bool, original: bool, paper: ReceiptPaper = "sheet"
) -> Rendition:
    """Which rendition answers a request: void comes before copy, and only `original` shows an undone one unstamped."""
    stamping: Stamping = "original" if original else "void" if receipt.voided else "copy" if copy else "original"
    return Rendition(stamping=stamping, brief=brief, paper=paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFilter:
    """Which receipts; None means any."""

    patient_id: UUID | None = None
    transaction_id: UUID | None = None
    number: str | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """What a clinic has, and what of it is not as it should be."""

    receipts: int
    stored: int
    voided: int
    last_number: int
    lost_numbers: int
    """Announced before the database was restored to an earlier moment; of nothing that is there."""
    highest_serial: int
    hash_differs: int
    unstored_without_task: int
    set_aside: int
    invoices: int
    deleted_by_half: int
