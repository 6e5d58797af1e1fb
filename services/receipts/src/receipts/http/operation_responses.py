"""For operators: what could not be rendered, and the proof, as they go out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.proof import Proven
from pydantic import BaseModel

from receipts.domain.render_task import SetAsideTask


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
    def of(cls, proven: Proven) -> ProofOut:
        """As the API shows it."""
        differences = [DifferenceOut.model_validate(found, from_attributes=True) for found in proven.differences]
        return cls.model_validate({**proven.counts, "proven": not differences, "differences": differences})
