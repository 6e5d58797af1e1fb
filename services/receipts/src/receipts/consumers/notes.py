"""Credit and debit notes, from their events into documents."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import Money
from contracts.invoicing import Note

from receipts.consumers.reading import naming, waited_for
from receipts.domain.issued_note import IssuedNote, NoteKind, NoteLine
from receipts.use_cases.keep_issued_notes import keep_issued_notes


async def kept(work: Work, messages: Sequence[Message], notes: Sequence[IssuedNote]) -> None:
    """Keep them; one whose clinic, patient or invoice is not known yet waits."""
    with naming({note.note_id: message for note, message in zip(notes, messages, strict=True)}):
        await keep_issued_notes(work, notes, waited_for(messages, notes))


def note(event: Note, kind: NoteKind, note_id: UUID, purpose: str) -> IssuedNote:
    """A note as the domain knows it."""
    total = Money.of(event.total)
    return IssuedNote(
        note_id=note_id,
        kind=kind,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        invoice_id=event.invoice_id,
        invoice_number=event.invoice_number,
        number=event.number,
        issue_date=event.issue_date,
        purpose=purpose,
        reason=event.reason,
        undoes_id=event.undoes_id,
        lines=tuple(
            NoteLine(
                description=line.description,
                net=Money.of(line.net),
                tax_category=line.tax_category,
                tax_rate=line.tax_rate,
                tax=Money.of(line.tax),
                exemption_reason=line.exemption_reason,
            )
            for line in event.lines
        ),
        net=Money.of(event.net),
        tax=Money.of(event.tax),
        cash_rounding=Money.of(event.cash_rounding) if event.cash_rounding else Money.zero(total.currency),
        total=total,
    )
