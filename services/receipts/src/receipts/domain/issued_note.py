"""A credit or debit note as it was frozen at issue, and as its PDF prints it (`INV-6`, `MON-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from chassis.money import Money

NoteKind = Literal["credit_note", "debit_note"]


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


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note with what it says."""

    note_id: UUID
    kind: NoteKind
    number: str
    content: dict[str, Any]
