"""Record a payment: allocate it up to what is outstanding, keep the rest as credit (`PAY-1`, `PAY-2`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.domain.allocation import Wish, require_currency, spread
from payments.domain.clinic import Clinic
from payments.domain.errors import ReceivedInFuture, WrongCurrency
from payments.domain.given_credit import left_over
from payments.domain.installment import require_installments
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.reason_codes import purpose_of
from payments.domain.transaction import Method, Payer, PaymentTransaction, Transaction
from payments.persistence import given_credit, installments, intake, references
from payments.use_cases.make_room_for_insurers import make_room_for_insurers
from payments.use_cases.posting import post_one
from payments.use_cases.require_unforgotten import require_unforgotten

CLOCKS_APART = timedelta(minutes=5)
"""How far a client's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment:
    """A payment as the front desk tells it; no wish at all makes it a deposit."""

    patient_id: UUID
    amount: Money
    method: Method
    wishes: tuple[Wish, ...] = ()
    allow_overpayment: bool = False
    payer: Payer = field(default_factory=Payer)
    method_label: str | None = None
    received_at: datetime | None = None
    note: str | None = None
    group_id: UUID | None = None
    external_reference: str | None = None
    duplicate_confirmed: bool = False
    """Somebody says that it is another payment, whatever payment has its reference (`PAY-17`)."""
    treatment_plan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment that was recorded: as it is after it, and what it did."""

    transaction: Transaction
    payment: Payment
    movement: Movement

    @property
    def numbers(self) -> dict[UUID, str]:
        """The numbers of the invoices that it settles."""
        return {part.invoice_id: part.invoice_number for part in self.movement.settlements}


async def record_payment(work: Work, command: RecordPayment) -> NewPayment:
    """Record a payment.

    Raises ClinicNotConfigured, GroupUnknown, GroupArchived, WrongCurrency, ReceivedInFuture, InvoiceUnknown,
    InvoiceIsVoid, InvoiceNamedTwice, InstallmentUnknown, AmountNotPositive, AllocationsExceedAmount,
    MoreThanOutstanding, ReferenceUsed, PatientForgotten.
    """
    await require_unforgotten(work, {"note": command.patient_id} if command.note else {})
    await require_new_reference(work, command)
    limits: Mapping[UUID, int] = {}
    if command.payer.kind == "insurer":
        incoming = (command.patient_id, command.amount.minor, command.wishes)
        limits = await make_room_for_insurers(work, [incoming], command.payer)
    return await record_with_room(work, command, limits)


async def record_with_room(work: Work, command: RecordPayment, limits: Mapping[UUID, int]) -> NewPayment:
    """The same where room has been made for an insurer's money, as a transfer makes it for all its payments at once.

    `limits` say what an invoice takes of it at most, where that is decided; what is above becomes the insurer's credit.
    """
    wanted = [wish.invoice_id for wish in command.wishes]
    loaded = await intake.load(work.connection, work.clinic_id, wanted, command.group_id)
    _check(work, command, loaded)
    if any(wish.installment_id for wish in command.wishes):
        require_installments(command.wishes, await installments.of_invoices(work.connection, wanted))
    payment = _payment(command)
    allowed = command.allow_overpayment
    shares = spread(
        command.amount,
        command.wishes,
        loaded.invoices,
        surplus_allowed=allowed,
        limits=limits,
        void_allowed=allowed and command.payer.kind == "insurer",
    )
    movement = payment.record(shares)
    transaction = _transaction(work, loaded.clinic, command, payment)
    await post_one(work, payment, transaction, movement, loaded.invoices)
    if movement.credits:
        left = left_over(command.amount, command.wishes, shares)
        await given_credit.keep(work.connection, work.clinic_id, payment.payment_id, left)
    return NewPayment(transaction, payment, movement)


async def require_new_reference(work: Work, command: RecordPayment) -> None:
    """See that no payment of the same payer and method has its reference (`PAY-17`). Raises ReferenceUsed.

    Two at once with one reference wait for each other here, before either locks an invoice.
    """
    if command.external_reference is None or command.duplicate_confirmed:
        return
    await references.lock(work.connection, work.clinic_id, command.external_reference)
    await references.require_new(
        work.connection,
        work.clinic_id,
        command.external_reference,
        payer=command.payer,
        patient_id=command.patient_id,
        method=command.method,
        method_label=command.method_label,
    )


def _check(work: Work, command: RecordPayment, loaded: intake.Intake) -> None:
    if command.amount.currency != loaded.clinic.currency:
        raise WrongCurrency(loaded.clinic.currency)
    require_currency(command.wishes, loaded.clinic.currency)
    if command.received_at is not None and command.received_at > work.now + CLOCKS_APART:
        raise ReceivedInFuture(work.now)
    if loaded.group is not None:
        loaded.group.require_open()


def _payment(command: RecordPayment) -> Payment:
    return Payment(
        payment_id=new_id(),
        patient_id=command.patient_id,
        amount=command.amount,
        method=command.method,
        method_label=command.method_label,
        payer=command.payer,
        note=command.note,
        group_id=command.group_id,
        treatment_plan_id=command.treatment_plan_id,
    )


def _transaction(work: Work, clinic: Clinic, command: RecordPayment, payment: Payment) -> PaymentTransaction:
    return PaymentTransaction(
        transaction_id=payment.payment_id,
        kind="payment",
        patient_id=command.patient_id,
        amount=command.amount,
        method=command.method,
        method_label=command.method_label,
        payer=command.payer,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        payment_id=payment.payment_id,
        received_at=command.received_at or work.now,
        reason_code=purpose_of(command.payer, command.wishes, command.treatment_plan_id),
        external_reference=command.external_reference,
        treatment_plan_id=command.treatment_plan_id,
        group_id=command.group_id,
    )
