"""An insurer's transfer over the invoices of many patients, recorded at once (`INS-5`)."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from chassis.http import NOT_BLANK, Change, MoneyIn, MoneyOut, problems
from chassis.http.time import Instant
from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field, model_validator

from payments.domain.errors import InvoiceUnknown
from payments.domain.transaction import Method, Payer
from payments.http.answers import Answer, PaymentOut, example_of
from payments.http.examples import PAYMENT_EXAMPLE
from payments.http.payments import Writing, arrives
from payments.http.refusing import require_label
from payments.http.requests import (
    INSURER,
    INVOICE,
    OTHER_PATIENT,
    PATIENT,
    AllocationIn,
    Body,
    Label,
    Note,
    wishes_of,
)
from payments.use_cases.record_payment import RecordPayment
from payments.use_cases.record_remittance import RecordRemittance, record_remittance

PAYMENTS_MAX = 500

router = APIRouter(tags=["payments"])


class InsurerIn(Body):
    """The insurer that pays."""

    payer_id: UUID | None = None
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK)]


class PartIn(Body):
    """What the transfer pays for one patient, over the patient's invoices."""

    patient_id: UUID
    amount: MoneyIn
    allocations: Annotated[tuple[AllocationIn, ...], Field(max_length=200)] = ()
    note: Note | None = None


class RemittanceIn(Body):
    """An insurer's transfer: its amount is the sum of its payments, one for each patient."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "insurer": {"payer_id": INSURER, "name": "Delta Dental"},
                    "amount": {"amount": "200.00", "currency": "USD"},
                    "external_reference": "ERA 10027",
                    "payments": [
                        {
                            "patient_id": PATIENT,
                            "amount": {"amount": "120.00", "currency": "USD"},
                            "allocations": [{"invoice_id": INVOICE}],
                        },
                        {"patient_id": OTHER_PATIENT, "amount": {"amount": "80.00", "currency": "USD"}},
                    ],
                    "allow_overpayment": True,
                }
            ]
        }
    )

    insurer: InsurerIn
    amount: MoneyIn
    external_reference: Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK)]
    """The transfer's own reference; every payment of it carries it, and the list of payments can be asked by it. Used
    before by the same insurer and method, it is refused."""
    confirm_duplicate_reference: bool = False
    """It is another transfer, although a payment of the same insurer and method has its reference (`PAY-17`)."""
    method: Method = "insurance"
    method_label: Label | None = None
    received_at: Instant | None = None
    group_id: UUID | None = None
    payments: Annotated[tuple[PartIn, ...], Field(min_length=1, max_length=PAYMENTS_MAX)]
    allow_overpayment: bool = False
    """Keep what no invoice asks for as the insurer's credit (`INS-4`)."""

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        require_label(self.method, self.method_label)
        return self

    def to_command(self) -> RecordRemittance:
        """As the use case takes it. Raises Invalid."""
        return RecordRemittance(
            amount=self.amount.to_money("amount"),
            payments=tuple(self._payment(part, f"payments[{place}]") for place, part in enumerate(self.payments)),
        )

    def _payment(self, part: PartIn, field: str) -> RecordPayment:
        return RecordPayment(
            patient_id=part.patient_id,
            payer=Payer("insurer", self.insurer.payer_id, self.insurer.name),
            amount=part.amount.to_money(f"{field}.amount"),
            method=self.method,
            method_label=self.method_label,
            received_at=self.received_at,
            note=part.note,
            group_id=self.group_id,
            external_reference=self.external_reference.strip(),
            duplicate_confirmed=self.confirm_duplicate_reference,
            wishes=wishes_of(part.allocations, f"{field}."),
            allow_overpayment=self.allow_overpayment,
        )


class RemittanceOut(Answer):
    """What was recorded: the payments in the order of the request."""

    model_config = example_of(
        {
            "external_reference": "ERA 10027",
            "amount": {"amount": "86.28", "currency": "USD"},
            "payments": [PAYMENT_EXAMPLE],
        }
    )

    external_reference: str
    amount: MoneyOut
    payments: list[PaymentOut]


@router.post(
    "/v1/remittances",
    status_code=201,
    response_model=RemittanceOut,
    responses=problems(404, 409, 422),
    summary="Record an insurer's transfer for many patients",
)
async def post_remittance(body: RemittanceIn, request: Request, change: Writing) -> Response:
    """Record one payment for each patient of an insurer's transfer: all of them, or none.

    Each is a payment like any other, payer the insurer, with its own receipt; they share the external reference. The
    error names the payment that was refused (`payments[3].amount`).
    """
    command = body.to_command()
    try:
        return await _recorded(change, command)
    except InvoiceUnknown as error:
        if not await arrives(request, change.clinic_id, error.identifier):
            raise
    return await _recorded(change, command)


async def _recorded(change: Change, command: RecordRemittance) -> Response:
    async with change as work:
        posted = await record_remittance(work, command)
        payments = [
            PaymentOut.of(
                one.transaction,
                one.payment,
                {part.invoice_id: part.invoice_number for part in one.movement.settlements},
            )
            for one in posted
            if one.payment is not None
        ]
        shown = RemittanceOut.model_construct(
            external_reference=command.payments[0].external_reference or "",
            amount=MoneyOut.of(command.amount),
            payments=payments,
        )
        return change.answer(201, shown)
