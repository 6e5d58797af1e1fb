"""What the API takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import NOT_BLANK, MoneyOut
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from receipts.domain.receipt import Receipt
from receipts.domain.settings import DocumentSettings
from receipts.persistence.document_settings import SettingsVersion
from receipts.persistence.queries import Counted
from receipts.persistence.render_tasks import SetAsideTask
from receipts.persistence.wanted_documents import Wanted, WantedKind
from receipts.use_cases.look_for_documents import State
from receipts.use_cases.prove_receipts import Discrepancy

Paper = Literal["A4", "Letter"]
_SETTINGS: dict[str, Any] = {"paper": "Letter", "show_note": True, "show_procedures": True}
_REASON = "letter paper is what the printer has"


class VoidedOut(BaseModel):
    """That the transaction was undone."""

    at: datetime
    cause: Literal["cancellation", "chargeback"]
    reason: str | None


class ReceiptOut(BaseModel):
    """A receipt. Its PDF is at `/v1/receipts/{id}/pdf`."""

    id: UUID
    number: Annotated[str, Field(examples=["REC-2026-000042"])]
    kind: Literal["payment", "refund"]
    state: Annotated[
        Literal["pending", "issued", "void"],
        Field(description="`pending` until its PDF is stored, a fraction of a second; `void` once it was undone."),
    ]
    patient_id: UUID
    transaction_id: Annotated[UUID, Field(description="The payment or refund that it proves.")]
    amount: MoneyOut
    language: Annotated[str, Field(examples=["en-US"])]
    recorded_at: datetime
    numbered_on: Annotated[date, Field(description="The clinic's calendar day on which it got its number.")]
    sha256: Annotated[str | None, Field(description="Of the original PDF, once stored.")]
    size_bytes: int | None
    voided: VoidedOut | None

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptOut:
        """As the API shows it."""
        stored, voided = receipt.stored, receipt.voided
        return cls(
            id=receipt.receipt_id,
            number=receipt.number,
            kind=receipt.kind,
            state=receipt.state,
            patient_id=receipt.patient_id,
            transaction_id=receipt.transaction_id,
            amount=MoneyOut.of(receipt.amount),
            language=receipt.language,
            recorded_at=receipt.recorded_at,
            numbered_on=receipt.numbered_on,
            sha256=stored.sha256 if stored else None,
            size_bytes=stored.size_bytes if stored else None,
            voided=VoidedOut(at=voided.at, cause=voided.cause, reason=voided.reason) if voided else None,
        )


class _DocumentSettings(BaseModel):
    paper: Annotated[Paper | None, Field(description="Null: as the clinic's general settings say.")] = None
    show_note: Annotated[
        StrictBool | None, Field(description="Print a payment's note. Null: as the clinic's general settings say.")
    ] = None
    show_procedures: Annotated[
        StrictBool, Field(description="Print what was done to the patient; without it, receipts show invoices only.")
    ] = True


class DocumentSettingsIn(_DocumentSettings):
    """How the clinic wants its documents from now on, and why; what is frozen stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _SETTINGS | {"reason": _REASON}})

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, description="Why; kept with the version (`ALL-5`)."),
    ]


class DocumentSettingsOut(_DocumentSettings):
    """The settings and their version, which is the ETag."""

    model_config = ConfigDict(json_schema_extra={"example": _SETTINGS | {"version": 1}})

    version: Annotated[int, Field(description="0 where none were saved yet.")]

    @classmethod
    def of(cls, settings: DocumentSettings) -> DocumentSettingsOut:
        """As the API shows them."""
        return cls(
            paper=settings.paper,
            show_note=settings.show_note,
            show_procedures=settings.show_procedures,
            version=settings.version,
        )


class DocumentSettingsVersionOut(DocumentSettingsOut):
    """One version of the settings: what they were, who made them so, when and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": _SETTINGS
            | {"version": 1, "changed_at": "2026-11-23T15:00:00Z", "changed_by": "owner:11d0", "reason": _REASON}
        }
    )

    changed_at: datetime
    changed_by: str
    reason: Annotated[str | None, Field(description="Null for versions from before it was asked for.")]

    @classmethod
    def of_version(cls, version: SettingsVersion) -> DocumentSettingsVersionOut:
        """As the API shows it."""
        return cls(
            **DocumentSettingsOut.of(version.settings).model_dump(),
            changed_at=version.changed_at,
            changed_by=version.changed_by,
            reason=version.reason,
        )


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


class WantedDocumentOut(BaseModel):
    """A document that was looked for, and what becomes of it."""

    kind: WantedKind
    id: UUID
    state: State


class WantedDocumentsOut(BaseModel):
    """The documents that were looked for, in the order of their kinds and as they were named."""

    items: list[WantedDocumentOut]

    @classmethod
    def of(cls, found: Sequence[tuple[Wanted, State]]) -> WantedDocumentsOut:
        """As the API shows them."""
        return cls(items=[WantedDocumentOut(kind=one.kind, id=one.id, state=state) for one, state in found])


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
    def of(cls, count: Counted, differences: list[Discrepancy]) -> ProofOut:
        """As the API shows it."""
        return cls(
            proven=not differences,
            receipts=count.receipts,
            stored=count.stored,
            voided=count.voided,
            last_number=count.last_number,
            invoices=count.invoices,
            differences=[DifferenceOut(what=one.what, expected=one.expected, found=one.found) for one in differences],
        )
