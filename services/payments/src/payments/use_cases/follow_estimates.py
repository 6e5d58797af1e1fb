"""Keep what insurers are estimated to take of invoices, where it was not told when they were issued (`INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from payments.domain.errors import InvoiceUnknown
from payments.domain.insurers_part import EstimatedPart
from payments.persistence import insurers_parts, invoices


async def follow_estimates(work: Work, estimates: Sequence[EstimatedPart]) -> None:
    """Keep the latest of each invoice, unless a later decision has said it. Raises InvoiceUnknown."""
    latest = {estimate.invoice_id: estimate for estimate in sorted(estimates, key=lambda one: one.version)}
    known = await invoices.known(work.connection, latest)
    for invoice_id in sorted(latest):
        if invoice_id not in known:
            raise InvoiceUnknown(invoice_id)
    await insurers_parts.keep_estimates(work.connection, list(latest.values()))
