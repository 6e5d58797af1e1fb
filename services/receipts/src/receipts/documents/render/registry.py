"""The kinds of documents there are: each has its content, its view, its template. A new kind is one more entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from receipts.documents.content.frozen import (
    day_sheet_from_json,
    demand_from_json,
    invoice_from_json,
    note_from_json,
    plan_agreement_from_json,
    receipt_from_json,
    statement_from_json,
)
from receipts.documents.facturx.bill import Bill
from receipts.documents.render import day_sheet, demand, invoice, note, plan_agreement, receipt, statement
from receipts.documents.render.bill_of_invoice import bill_of_invoice
from receipts.documents.render.bill_of_note import bill_of_note
from receipts.documents.render.kinds import TEMPLATES, DocumentKind
from receipts.domain.people import Clinic

View = Callable[[Any, Clinic], Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """How one kind of document is made from its frozen content."""

    read: Callable[[dict[str, Any]], Any]
    view: Callable[..., Mapping[str, Any]]
    template: str
    style: str = "document.css"
    bill: Callable[[Any, Clinic], Bill] | None = None
    """What it says as EN 16931 data, where it is an invoice or changes one."""


KINDS: Mapping[DocumentKind, Kind] = {
    "receipt": Kind(read=receipt_from_json, view=receipt.receipt_view, template=TEMPLATES["receipt"]),
    "invoice": Kind(
        read=invoice_from_json, view=invoice.invoice_view, template=TEMPLATES["invoice"], bill=bill_of_invoice
    ),
    "credit_note": Kind(read=note_from_json, view=note.note_view, template=TEMPLATES["credit_note"], bill=bill_of_note),
    "debit_note": Kind(read=note_from_json, view=note.note_view, template=TEMPLATES["debit_note"], bill=bill_of_note),
    "plan_agreement": Kind(
        read=plan_agreement_from_json, view=plan_agreement.plan_agreement_view, template=TEMPLATES["plan_agreement"]
    ),
    "statement": Kind(read=statement_from_json, view=statement.statement_view, template=TEMPLATES["statement"]),
    "demand": Kind(read=demand_from_json, view=demand.demand_view, template=TEMPLATES["demand"]),
    "day_sheet": Kind(read=day_sheet_from_json, view=day_sheet.day_sheet_view, template=TEMPLATES["day_sheet"]),
}


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return KINDS[cast("DocumentKind", name)]
