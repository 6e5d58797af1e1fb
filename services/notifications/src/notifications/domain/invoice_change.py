"""What events say of an invoice: sums, so that it comes out the same in whatever order one hears of them (`NOT-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class InvoiceChange:
    """What one event says of an invoice: its total, a change of what it asks for, or that it is void."""

    clinic_id: UUID
    invoice_id: UUID
    total_minor: int | None = None
    change_minor: int = 0
    is_void: bool = False
    insurers_estimated_minor: int = 0
    insurers_decided_minor: int | None = None
    insurers_decided_version: int = 0
    """The invoice's version as of which insurers' decisions come to this: an older one changes nothing."""
    insurers_paid_minor: int = 0
    asked_of_lines_minor: int | None = None
    asked_of_lines_version: int = 0
    """The invoice's version as of which its own lines ask for so much: an older one changes nothing."""
    installment_id: UUID | None = None
    settled_minor: int = 0
    """What it settled, of the installment that it names."""
