"""What a credit or debit note's PDF says: the note, the invoice that it is about, the people of that day (`RCP-4`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money

from receipts.documents.content.people import Party
from receipts.domain.issued_note import IssuedNote, NoteLine
from receipts.domain.people import Clinic, Paper, Patient
from receipts.domain.printed_invoice import PrintedInvoice, TaxGroup
from receipts.domain.settings import DocumentSettings, PaymentDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContent:
    """Everything that a note prints."""

    clinic_id: UUID
    clinic_version: int
    language: str
    paper: Paper
    patient: Party
    note: IssuedNote
    taxes: tuple[TaxGroup, ...]
    invoice_date: date
    undoes_number: str | None
    payment: PaymentDetails | None = None
    """How it is paid, where it asks for money (`RCP-11`); older releases froze it of every note, or of none."""
    template_version: int = 0
    """Of the clinic's own templates and texts (`RCP-6`); 0 where it had none."""


def freeze_note(
    note: IssuedNote,
    *,
    language: str,
    clinic: Clinic,
    patient: Patient,
    invoice: PrintedInvoice,
    undoes_number: str | None,
    settings: DocumentSettings,
) -> NoteContent:
    """Say what the note changes, with the letterhead and the address of the day that its event arrived."""
    return NoteContent(
        clinic_id=clinic.clinic_id,
        clinic_version=clinic.version,
        language=language,
        paper=settings.paper_of(clinic),
        template_version=settings.template_version,
        patient=Party.of(patient),
        note=note,
        taxes=tuple(_tax_groups(note.lines, invoice.taxes)),
        invoice_date=invoice.issue_date,
        undoes_number=undoes_number,
        payment=settings.payment_details if note.asks_for_money else None,
    )


def _tax_groups(lines: Iterable[NoteLine], of_invoice: Iterable[TaxGroup]) -> list[TaxGroup]:
    """The note's tax by category and rate, exempt for the reasons that its lines give, else the invoice."""
    groups: dict[tuple[str, str], list[NoteLine]] = {}
    for line in lines:
        groups.setdefault((line.tax_category, line.tax_rate), []).append(line)
    reasons = {(group.category, group.rate): group.exemption_reason for group in of_invoice}
    own = {
        key: tuple(dict.fromkeys(line.exemption_reason for line in of_group if line.exemption_reason))
        for key, of_group in groups.items()
    }
    return [
        TaxGroup(
            category=category,
            rate=rate,
            base=Money(sum(line.net.minor for line in of_group), of_group[0].net.currency),
            tax=Money(sum(line.tax.minor for line in of_group), of_group[0].net.currency),
            exemption_reason=reasons.get((category, rate)),
            exemption_reasons=own[category, rate],
        )
        for (category, rate), of_group in groups.items()
    ]
