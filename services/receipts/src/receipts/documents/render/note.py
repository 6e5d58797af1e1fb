"""A credit or debit note's content in the words and formats of its language, ready for the template (`RCP-4`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from receipts.documents.content.note import NoteContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.lines import several_reasons
from receipts.documents.render.payment import payment_view
from receipts.documents.render.taxes import Row, tax_rows
from receipts.domain.issued_note import IssuedNote, NoteLine
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic
from receipts.domain.settings import PaymentDetails


def note_view(
    content: NoteContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    formats = Formatting(content.language, texts)
    note = content.note
    heading = formats.text(f"{note.kind}_heading", number=note.number)
    amount = formats.money(note.total)
    about = formats.verbatim(note.invoice_number)
    return {
        **frame(
            formats,
            clinic,
            title=heading,
            heading=formats.words[f"{note.kind}_title"],
            number=note.number,
            paper=content.paper,
        ),
        "subject": f"{heading}, {clinic.name}",
        "created": midnight(note.issue_date),
        "amount_label": formats.words[f"{note.kind}_amount"],
        "amount": amount,
        "facts": _facts(formats, content),
        "patient": party(formats, content.patient, clinic),
        "purpose": formats.words.get(f"purpose_{note.purpose}"),
        "reason": formats.own(note.reason),
        "taxed": note.tax.minor != 0,
        "lines": [] if brief else [_line(formats, line, reasons=several_reasons(content.taxes)) for line in note.lines],
        "sums": _sums(formats, note, content),
        "effect": formats.text(f"{note.kind}_effect", number=about, amount=amount),
        "payment": payment_view(formats, _payment(content), asked=note.total, number=note.invoice_number, coded=True),
        "note": None,
    }


def _payment(content: NoteContent) -> PaymentDetails | None:
    """How what it asks for is paid; an older release froze that of notes that ask for nothing, too."""
    return content.payment if content.note.asks_for_money else None


def _facts(formats: Formatting, content: NoteContent) -> list[tuple[str, str]]:
    note = content.note
    invoice = formats.text(
        "invoice_of", number=formats.verbatim(note.invoice_number), date=formats.day(content.invoice_date)
    )
    facts = [(formats.words["col_date"], formats.day(note.issue_date)), (formats.words["about"], invoice)]
    if content.undoes_number:
        facts.append((formats.words["reverses"], formats.verbatim(content.undoes_number)))
    return facts


def _line(formats: Formatting, line: NoteLine, *, reasons: bool) -> dict[str, str]:
    return {
        "description": formats.own(line.description),
        "details": formats.own(line.exemption_reason) if reasons and line.exemption_reason else "",
        "rate": f"{formats.number(line.tax_rate)} %" if line.tax.minor else "",
        "net": formats.money(line.net),
        "tax": formats.money(line.tax),
    }


def _sums(formats: Formatting, note: IssuedNote, content: NoteContent) -> list[Row]:
    sums = [(formats.words["net_total"], formats.money(note.net), False), *tax_rows(formats, content.taxes)]
    if note.cash_rounding.minor:
        sums.append((formats.words["cash_rounding"], formats.money(note.cash_rounding), False))
    return [*sums, (formats.words[f"{note.kind}_amount"], formats.money(note.total), True)]
