"""A credit or debit note as it was frozen at issue, and as its PDF prints it (`INV-6`, `MON-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from chassis.money import Money

NoteKind = Literal["credit_note", "debit_note"]
_NEW_MONEY = frozenset({"late_fee", "correction"})
"""The purposes of debit notes that ask for money that nothing asked for before; the others undo what was credited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """What the note changes on one tax group of the invoice; below zero where goods were returned."""

    description: str
    net: Money
    tax_category: str
    tax_rate: str
    tax: Money
    exemption_reason: str | None = None
    """Why it is exempt (`MON-10`); what was frozen by an older release does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedNote:
    """An issued note, as its event told. `purpose` says what it is for: a courtesy, a late fee."""

    note_id: UUID
    kind: NoteKind
    clinic_id: UUID
    patient_id: UUID
    invoice_id: UUID
    invoice_number: str
    number: str
    issue_date: date
    purpose: str
    reason: str
    undoes_id: UUID | None
    lines: tuple[NoteLine, ...]
    net: Money
    tax: Money
    cash_rounding: Money
    total: Money
    further_purpose: str | None = None
    """What `purpose` does not say: a correction by what recovers bad debt (`INV-17`). Older releases froze none."""

    @property
    def asks_for_money(self) -> bool:
        """Whether it asks the patient for new money (`RCP-11`).

        What goes with a refund is paid already, so is bad debt that was recovered; what an insurer's decision takes
        back is the insurer's to pay, and what else is undone was asked for by the invoice.
        """
        return self.kind == "debit_note" and self.purpose in _NEW_MONEY and self.further_purpose is None


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note with what it says."""

    note_id: UUID
    kind: NoteKind
    number: str
    content: dict[str, Any]
