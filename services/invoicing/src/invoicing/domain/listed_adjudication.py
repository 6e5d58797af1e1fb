"""An insurer's decision as it is listed, with its lines and their adjustments (`INS-3`); minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from invoicing.domain.adjudication import Adjustment
from invoicing.domain.estimate import PayerSequence


@dataclass(frozen=True, slots=True)
class ListedLine:
    """What a decision says of one line of its invoice."""

    line_id: UUID
    description: str
    charge_minor: int
    allowed_minor: int
    paid_minor: int
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class ListedAdjudication:
    """A decision with what it came to, by groups of adjustments too, and the number of its invoice."""

    id: UUID
    decision_id: UUID
    claim_id: UUID
    invoice_id: UUID
    invoice_number: str
    currency: str
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    payer_sequence: PayerSequence
    remittance_id: UUID | None
    remittance_reference: str | None
    charge_minor: int
    paid_minor: int
    contractual_minor: int
    patient_minor: int
    other_minor: int
    written_off_minor: int
    put_off_minor: int | None
    decided_at: datetime
    applied_at: datetime
    lines: tuple[ListedLine, ...]
