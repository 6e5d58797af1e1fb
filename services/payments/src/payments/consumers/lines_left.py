"""What a note left of an invoice's lines and debit notes, as its event says it."""

from __future__ import annotations

from uuid import UUID

from chassis.money import minor_of
from contracts.invoicing import InvoiceCredited, InvoiceDebited


def lines_left(event: InvoiceCredited | InvoiceDebited) -> dict[UUID, int] | None:
    """By line or debit note, tax included; None where an older release does not say it."""
    return {one.line_id: minor_of(one.left) for one in event.lines_left} or None
