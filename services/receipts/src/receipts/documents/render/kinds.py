"""What the kinds of documents are called. Light to import: `registry` says how each is made."""

from __future__ import annotations

from typing import Literal

DocumentKind = Literal[
    "receipt", "invoice", "credit_note", "debit_note", "plan_agreement", "statement", "day_sheet", "demand"
]
Templated = Literal[DocumentKind, "roll"]
"""What a clinic may have a template of its own for: each kind, and receipts on the 80 mm roll."""
ROLL: Literal["roll"] = "roll"
TEMPLATES: dict[Templated, str] = {
    "receipt": "receipt.html",
    "invoice": "invoice.html",
    "credit_note": "note.html",
    "debit_note": "note.html",
    "plan_agreement": "plan_agreement.html",
    "statement": "statement.html",
    "day_sheet": "day_sheet.html",
    "demand": "demand.html",
    ROLL: "roll.html",
}
"""The template of each that comes with the system."""
FRAME = "frame.html"
"""What all of them extend but that of the roll."""
