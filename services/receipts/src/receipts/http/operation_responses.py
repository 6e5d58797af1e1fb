"""For operators: what could not be rendered, and the proof, as they go out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from receipts.domain.receipt import ReceiptCounts
from receipts.domain.render_task import SetAsideTask
from receipts.use_cases.prove_receipts import Discrepancy


class SetAsideOut(BaseModel):
    """A document that could not be rendered."""

    document_id: UUID
    kind: str
    rendition: str
    attempts: int
    reason: str
    requested_at: datetime

    @classmethod
    def of(cls, task: SetAsideTask) -> SetAsideOut:
        """As the API shows it."""
        return cls(
            document_id=task.document_id,
            kind=task.kind,
            rendition=task.rendition,
            attempts=task.attempts,
            reason=task.failure,
            requested_at=task.requested_at,
        )


class RetriedOut(BaseModel):
    """A document is to be rendered again."""

    document_id: UUID


class DifferenceOut(BaseModel):
    """Two figures that should be one."""

    what: str
    expected: int | str
    found: int | str


class ProofOut(BaseModel):
    """What was recounted and rehashed; proven when there is no difference (`ALL-8`)."""

    proven: bool
    receipts: int
    stored: int
    voided: int
    last_number: int
    invoices: int
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, counts: ReceiptCounts, differences: list[Discrepancy]) -> ProofOut:
        """As the API shows it."""
        return cls(
            proven=not differences,
            **{name: getattr(counts, name) for name in ("receipts", "stored", "voided", "last_number", "invoices")},
            differences=[DifferenceOut.model_validate(found, from_attributes=True) for found in differences],
        )
