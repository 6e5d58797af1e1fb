"""An invoice's whole story in one read: the documents, the money and the reviews, in order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import MoneyOut, Paging, problems
from chassis.http.paging import CURSOR_LENGTH_MAX, LIMIT_MAX
from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict
from starlette.responses import Response

from invoicing.http.answer import Answer, shown
from invoicing.http.examples import STORY_EXAMPLE
from invoicing.http.invoices import Reader, shown_whole
from invoicing.http.reading import ClinicDay
from invoicing.http.shown import InvoiceOut
from invoicing.persistence import invoices, stories
from invoicing.use_cases.show_drafts import show_drafts

router = APIRouter(tags=["invoices"])

StepKind = Literal[
    "drafted",
    "issued",
    "voided",
    "credited",
    "debited",
    "payment",
    "refund",
    "cancellation",
    "refund_cancellation",
    "chargeback",
    "take_back",
    "take_back_cancellation",
    "credit_application",
    "application_cancellation",
    "allocation_move",
    "credit_transfer",
    "release",
    "plan_agreed",
    "plan_changed",
    "plan_cancelled",
    "review_opened",
    "review_closed",
    "insurer_decided",
    "decision_set_aside",
    "decision_dismissed",
    "installment_due_soon",
    "installment_due",
    "installment_overdue",
    "invoice_overdue",
]
_ANNOUNCED: dict[str, str] = {
    "drafted": "billing.invoice.drafted.v1",
    "issued": "billing.invoice.issued.v1",
    "voided": "billing.invoice.voided.v1",
    "credited": "billing.invoice.credited.v1",
    "debited": "billing.invoice.debited.v1",
    "payment": "billing.payment.recorded.v1",
    "refund": "billing.payment.refunded.v1",
    "cancellation": "billing.payment.cancelled.v1",
    "refund_cancellation": "billing.refund.cancelled.v1",
    "chargeback": "billing.payment.charged_back.v1",
    "take_back": "billing.payment.taken_back.v1",
    "take_back_cancellation": "billing.take_back.cancelled.v1",
    "credit_application": "billing.credit.applied.v1",
    "application_cancellation": "billing.credit.application_cancelled.v1",
    "allocation_move": "billing.allocation.moved.v1",
    "credit_transfer": "billing.credit.transferred.v1",
    "release": "billing.allocation.released.v1",
    "plan_agreed": "billing.installment_plan.agreed.v1",
    "plan_changed": "billing.installment_plan.changed.v1",
    "plan_cancelled": "billing.installment_plan.cancelled.v1",
    "insurer_decided": "billing.adjudication.applied.v1",
    "decision_set_aside": "billing.adjudication.set_aside.v1",
    "installment_due_soon": "billing.installment.due_soon.v1",
    "installment_due": "billing.installment.due.v1",
    "installment_overdue": "billing.installment.overdue.v1",
    "invoice_overdue": "billing.invoice.overdue.v1",
}


class InstallmentToldOut(Answer):
    """The installment of which something was announced, as it was then: it may have been rescheduled since."""

    id: UUID
    position: int
    """Its number in its plan, from 1."""
    due_date: date


class StepOut(Answer):
    """One step of an invoice's story."""

    at: datetime
    kind: StepKind
    event_type: str | None
    """The event that told it to the other services; null for what is invoicing's own, as a review is."""
    by: str | None
    """Whose doing it was; null where no one's."""
    reason: str | None
    number: str | None
    """The document's."""
    detail: str | None
    """The note's kind, the kind of payer, why the plan changed, what the review is about, or which insurer decided."""
    document_id: UUID | None
    transaction_id: UUID | None
    """The payment, refund or cancellation, as payments knows it."""
    payment_id: UUID | None
    procedure_id: UUID | None
    method: str | None
    amount: MoneyOut | None
    """The document's total, what the transaction settled or the insurer decided to pay; negative where taken back.

    Of what was announced on the clock (due soon, due, overdue): what was unpaid of the installment, or of the invoice.
    """
    installment: InstallmentToldOut | None
    """The installment that was announced as due soon, due or overdue; `document_id` is its plan."""
    outstanding: MoneyOut
    """What the invoice asked for after it."""

    @classmethod
    def of(cls, row: Any, currency: str) -> StepOut:
        """As the wire has it."""
        same = ("at kind reason number detail document_id transaction_id payment_id procedure_id method").split()
        return cls.model_construct(
            event_type=_ANNOUNCED.get(row.kind),
            by=row.by_subject,
            amount=None if row.amount_minor is None else shown(row.amount_minor, currency),
            outstanding=shown(row.outstanding_minor, currency),
            installment=_installment(row),
            **{name: getattr(row, name) for name in same},
        )


def _installment(row: Any) -> InstallmentToldOut | None:
    if row.installment_id is None:
        return None
    return InstallmentToldOut(id=row.installment_id, position=row.position, due_date=row.due_date)


class StoryOut(Answer):
    """The invoice as it is, and how it came to be so."""

    model_config = ConfigDict(json_schema_extra={"example": STORY_EXAMPLE})

    invoice: InvoiceOut
    steps: list[StepOut]
    """The oldest first."""
    next: str | None
    """The cursor of the steps after these, null at the end."""


class StoryPaging(Paging):
    """Which part of a story: nearly every story is told in one."""

    def __init__(
        self,
        request: Request,
        cursor: Annotated[
            str | None, Query(max_length=CURSOR_LENGTH_MAX, description="`next` of the part before")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_MAX,
    ) -> None:
        super().__init__(request, cursor, limit)


@router.get(
    "/v1/invoices/{invoice_id}/story",
    response_model=StoryOut,
    responses=problems(404, 422),
    summary="Read an invoice's whole story",
)
async def get_story(
    invoice_id: UUID,
    read: Reader,
    paging: Annotated[StoryPaging, Depends()],
    day: Annotated[ClinicDay, Depends()],
) -> Response:
    """The invoice, and every document, payment, refund, cancellation, plan, review and reminder of it in order of time.

    Reminders are what was announced on the clock: an installment as due soon, due, overdue; the invoice as
    overdue. Each step says who did it and why, and what the invoice asked for after it.
    """
    after = paging.after_of(datetime, int, UUID, UUID)
    async with read as connection:
        invoice = await invoices.find(connection, invoice_id, notes=True)
        now = await day.today(connection, read.clinic_id)
        await show_drafts(connection, read.clinic_id, [invoice], now)
        whole = await shown_whole(connection, invoice, now)
        rows = await stories.story_of(connection, invoice_id, after, paging.fetch)
    currency = invoice.pricing.currency
    page = paging.page(rows, key=stories.place_of, show=lambda row: StepOut.of(row, currency))
    return read.answer(StoryOut.model_construct(invoice=whole, steps=page.items, next=page.next), etag=invoice.version)
