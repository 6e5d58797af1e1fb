"""An insurer's transfer as it is sent: what it pays, takes back and withholds (`INS-5`, `INS-9`)."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from chassis.http import NOT_BLANK, MoneyIn, RequestBody
from chassis.http.patterns import pattern
from chassis.http.time import Instant
from pydantic import ConfigDict, Field, StrictBool, model_validator

from payments.domain.remittance import Adjustment, TakeBack
from payments.domain.transaction import Method, Payer
from payments.http.examples import INSURER, INVOICE, OTHER_PATIENT, PATIENT
from payments.http.request_rules import require_label
from payments.http.shared_requests import AllocationIn, Label, Note, Reason, wishes_of
from payments.use_cases.record_payment import RecordPayment
from payments.use_cases.record_remittance import RecordRemittance

PAYMENTS_MAX = 500

_REASON = pattern(r"^[A-Z0-9]{2,5}$", "is not an adjustment reason such as WO")


class InsurerIn(RequestBody):
    """The insurer that pays."""

    payer_id: UUID | None = None
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK)]


class PartIn(RequestBody):
    """What the transfer pays for one patient, over the patient's invoices."""

    patient_id: UUID
    amount: MoneyIn
    allocations: Annotated[tuple[AllocationIn, ...], Field(max_length=200)] = ()
    note: Note | None = None


class TakeBackIn(RequestBody):
    """What the insurer takes back inside this transfer: of a payment of its own, or of what it paid on an invoice."""

    payment_id: UUID | None = None
    invoice_id: UUID | None = None
    amount: MoneyIn
    reason: Reason | None = None
    of_this_transfer: StrictBool = False
    """Whether this transfer itself pays on the invoice what is taken back: it is taken back once that is booked. Else
    what is taken back goes first, as the same transfer may pay it anew."""

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        if (self.payment_id is None) == (self.invoice_id is None):
            raise ValueError("name either the payment or the invoice that it is taken back of")
        if self.of_this_transfer and self.invoice_id is None:
            raise ValueError("what this transfer pays itself is taken back of an invoice")
        return self


class AdjustmentIn(RequestBody):
    """What the insurer withholds from the transfer as a whole (above zero) or adds to it (below), as in X12 835 PLB."""

    code: Annotated[str, Field(pattern=_REASON, examples=["WO", "L6", "FB", "72", "CS"])]
    """The insurer's reason (PLB03-1): L6 and CR are interest, and booked as income; below zero it came with the
    transfer, above zero the insurer took it back."""
    reference: Annotated[str, Field(min_length=1, max_length=80, pattern=NOT_BLANK)] | None = None
    """What it says it is about (PLB03-2)."""
    amount: MoneyIn


class RemittanceIn(RequestBody):
    """An insurer's transfer: its payments, one for each patient, less what it takes back and withholds.

    Its amount may be zero, or below, where it takes back and withholds as much as it pays, or more.
    """

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
                },
                {
                    "insurer": {"payer_id": INSURER, "name": "Delta Dental"},
                    "amount": {"amount": "148.00", "currency": "USD"},
                    "external_reference": "ERA 10028",
                    "payments": [
                        {
                            "patient_id": PATIENT,
                            "amount": {"amount": "200.00", "currency": "USD"},
                            "allocations": [{"invoice_id": INVOICE}],
                        }
                    ],
                    "take_backs": [{"invoice_id": INVOICE, "amount": {"amount": "60.00", "currency": "USD"}}],
                    "adjustments": [{"code": "L6", "amount": {"amount": "-8.00", "currency": "USD"}}],
                },
            ]
        }
    )

    insurer: InsurerIn
    amount: MoneyIn
    external_reference: Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK)]
    """The transfer's own reference; every payment of it carries it, and the list of payments can be asked by it. Used
    before by the same insurer and method, it is refused."""
    confirm_duplicate_reference: StrictBool = False
    """It is another transfer, although one of the same insurer with its reference is recorded (`INS-6`, `PAY-17`)."""
    method: Method = "insurance"
    method_label: Label | None = None
    received_at: Instant | None = None
    group_id: UUID | None = None
    payments: Annotated[tuple[PartIn, ...], Field(max_length=PAYMENTS_MAX)] = ()
    take_backs: Annotated[tuple[TakeBackIn, ...], Field(max_length=PAYMENTS_MAX)] = ()
    adjustments: Annotated[tuple[AdjustmentIn, ...], Field(max_length=PAYMENTS_MAX)] = ()
    allow_overpayment: StrictBool = False
    """Keep what no invoice asks for, as it is void, say, as the insurer's credit (`INS-4`)."""

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        require_label(self.method, self.method_label)
        if not (self.payments or self.take_backs or self.adjustments):
            raise ValueError("a transfer pays, takes back or withholds something: name at least one")
        return self

    def to_command(self) -> RecordRemittance:
        """As the use case takes it. Raises Invalid."""
        return RecordRemittance(
            amount=self.amount.to_money("amount"),
            payer=Payer("insurer", self.insurer.payer_id, self.insurer.name),
            method=self.method,
            method_label=self.method_label,
            external_reference=self.external_reference.strip(),
            take_backs=tuple(
                TakeBack(
                    taken.amount.to_money(f"take_backs[{place}].amount"),
                    taken.payment_id,
                    taken.invoice_id,
                    taken.reason,
                    taken.of_this_transfer,
                )
                for place, taken in enumerate(self.take_backs)
            ),
            adjustments=tuple(
                Adjustment(
                    adjustment.amount.to_money(f"adjustments[{place}].amount"), adjustment.code, adjustment.reference
                )
                for place, adjustment in enumerate(self.adjustments)
            ),
            confirmed=self.confirm_duplicate_reference,
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
