"""The lines of an invoice as receipts and invoices print them: date of service, provider, code, description, tooth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from receipts.documents.render.formatting import Formatting
from receipts.domain.issued_invoice import InvoiceLine


def line_details(say: Formatting, line: InvoiceLine) -> dict[str, Any]:
    """What a line says apart from its figures."""
    details = []
    if line.code:
        details.append(say.say("code", code=say.verbatim(line.code)))
    if line.tooth:
        details.append(say.say("tooth", tooth=say.verbatim(line.tooth)))
    if line.surface:
        details.append(say.say("surface", surface=say.verbatim(line.surface)))
    return {
        "date": say.day(line.date_of_service) if line.date_of_service else "",
        "description": say.own(line.description),
        "details": " · ".join(details),
        "provider": say.own(line.provider_name or ""),
    }


def date_column(lines: Sequence[InvoiceLine]) -> bool:
    """Whether any line has a date of service: those typed in by hand may have none."""
    return any(line.date_of_service for line in lines)


def provider_column(lines: Sequence[InvoiceLine]) -> bool:
    """Whether any line names its provider: else the column would be empty."""
    return any(line.provider_name for line in lines)
