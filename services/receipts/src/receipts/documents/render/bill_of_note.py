"""A credit or debit note's content as EN 16931 says it (`RCP-4`)."""

from __future__ import annotations

from decimal import Decimal

from receipts.documents.content.note import NoteContent
from receipts.documents.facturx.bill import Bill, BillLine, TypeCode
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.taxes import explained
from receipts.domain.issued_note import IssuedNote, NoteLine
from receipts.domain.people import Clinic


def bill_of_note(content: NoteContent, clinic: Clinic) -> Bill:
    """What the note says: the amounts of a credit note are above zero, as its kind says what becomes less."""
    formats, note = Formatting(content.language), content.note
    return Bill(
        type_code=_type_code(note),
        number=note.number,
        issued_on=note.issue_date,
        due_on=None,
        terms=formats.text(f"{note.kind}_effect", number=note.invoice_number, amount=formats.money(note.total)),
        comments=(note.reason,),
        seller=clinic,
        buyer=content.patient,
        lines=tuple(_line(position, line) for position, line in enumerate(note.lines, 1)),
        charges=(),
        taxes=explained(formats, content.taxes),
        tax=note.tax,
        cash_rounding=note.cash_rounding,
        total=note.total,
        preceding=(note.invoice_number, content.invoice_date),
    )


def _type_code(note: IssuedNote) -> TypeCode:
    return "381" if note.kind == "credit_note" else "383"


def _line(position: int, line: NoteLine) -> BillLine:
    """An amount of one thing; below zero, of one that was returned."""
    return BillLine(
        position=position,
        name=line.description,
        code=None,
        comment=line.exemption_reason,
        quantity=Decimal(-1 if line.net.minor < 0 else 1),
        price=abs(Decimal(line.net.amount)),
        base_quantity=Decimal(1),
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
        day=None,
        adjustments=(),
        net=line.net,
    )
