"""The receipt of a transaction, as its event brings it (`PAY-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IssuedReceipt:
    """A receipt as its event brings it."""

    clinic_id: UUID
    receipt_id: UUID
    patient_id: UUID
    transaction_id: UUID
    number: str
    issued_at: datetime
