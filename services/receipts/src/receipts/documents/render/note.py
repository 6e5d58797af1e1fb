"""A credit or debit note's content in the words and formats of its language, ready for the template (`RCP-4`)."""

from __future__ import annotations

from typing import Any

from receipts.documents.content.note import NoteContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.lines import several_reasons
from receipts.documents.render.taxes import Row, tax_rows
from receipts.domain.issued_note import IssuedNote, NoteLine
from receipts.domain.people import Clinic

TEMPLATE = "note.html"


def note_view(content: NoteContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    say = Formatting(content.language)
    note = content.note
    heading = say.say(f"{note.kind}_heading", number=note.number)
    amount = say.money(note.total)
    about = say.verbatim(note.invoice_number)
    return {
        **frame(
            say,
            clinic,
            title=heading,
            heading=say.words[f"{note.kind}_title"],
            number=note.number,
            paper=content.paper,
        ),
        "subject": f"{heading}, {clinic.name}",
        "created": midnight(note.issue_date),
        "amount_label": say.words[f"{note.kind}_amount"],
        "amount": amount,
        "facts": _facts(say, content),
        "patient": party(say, content.patient, clinic),
        "purpose": say.words.get(f"purpose_{note.purpose}"),
        "reason": say.own(note.reason),
        "taxed": note.tax.minor != 0,
        "lines": [] if brief else [_line(say, line, reasons=several_reasons(content.taxes)) for line in note.lines],
        "sums": _sums(say, note, content),
        "effect": say.say(f"{note.kind}_effect", number=about, amount=amount),
        "note": None,
    }


def _facts(say: Formatting, content: NoteContent) -> list[tuple[str, str]]:
    note = content.note
    invoice = say.say("invoice_of", number=say.verbatim(note.invoice_number), date=say.day(content.invoice_date))
    facts = [(say.words["col_date"], say.day(note.issue_date)), (say.words["about"], invoice)]
    if content.undoes_number:
        facts.append((say.words["reverses"], say.verbatim(content.undoes_number)))
    return facts


def _line(say: Formatting, line: NoteLine, *, reasons: bool) -> dict[str, str]:
    return {
        "description": say.own(line.description),
        "details": say.own(line.exemption_reason) if reasons and line.exemption_reason else "",
        "rate": f"{say.number(line.tax_rate)} %" if line.tax.minor else "",
        "net": say.money(line.net),
        "tax": say.money(line.tax),
    }


def _sums(say: Formatting, note: IssuedNote, content: NoteContent) -> list[Row]:
    sums = [(say.words["net_total"], say.money(note.net), False), *tax_rows(say, content.taxes)]
    if note.cash_rounding.minor:
        sums.append((say.words["cash_rounding"], say.money(note.cash_rounding), False))
    return [*sums, (say.words[f"{note.kind}_amount"], say.money(note.total), True)]
