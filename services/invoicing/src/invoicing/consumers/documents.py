"""What invoicing itself announced, from its events into its series, after its database was restored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import LostNumbers
from chassis.messaging import Message
from contracts.invoicing import InvoiceCredited, InvoiceDebited, InvoiceIssued

from invoicing.use_cases.skip_announced_numbers import skip_announced_numbers

_SERIES: dict[str, tuple[str, type[InvoiceIssued | InvoiceCredited | InvoiceDebited]]] = {
    InvoiceIssued.event_type: ("invoice", InvoiceIssued),
    InvoiceCredited.event_type: ("credit_note", InvoiceCredited),
    InvoiceDebited.event_type: ("debit_note", InvoiceDebited),
}


async def on_announced_documents(work: Work, announced: Sequence[Message]) -> list[LostNumbers]:
    """No invoice and no note has a number that another was announced with (`INV-7`); which numbers are lost."""
    numbers: dict[str, defaultdict[UUID, list[str]]] = {series: defaultdict(list) for series, _ in _SERIES.values()}
    for message in announced:
        if message.type in _SERIES:
            series, event = _SERIES[message.type]
            numbers[series][message.clinic_id].append(event.model_validate_json(message.data).number)
    return await skip_announced_numbers(work, numbers)
