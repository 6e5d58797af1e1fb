"""Record an insurer's transfer: a payment for each patient, what it takes back and withholds, all or none (`INS-5`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.clinic import Clinic
from payments.domain.errors import PaymentsError, WrongCurrency
from payments.domain.remittance import Adjustment, Parts, TakeBack, check_parts
from payments.domain.transaction import Method, Payer, PaymentTransaction
from payments.persistence import clinics, invoices, ledger, references, transfers
from payments.use_cases.make_room_for_insurers import make_room_for_insurers
from payments.use_cases.posting import Decision, post
from payments.use_cases.record_payment import NewPayment, RecordPayment, record_with_room
from payments.use_cases.require_unforgotten import require_unforgotten
from payments.use_cases.take_back_payments import lock_what_is_taken_back, take_back_payments


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRemittance:
    """The transfer, and what it consists of; its parts share payer, method and external reference.

    Its amount may be zero or below: what the insurer takes back and withholds may be as much as it pays, or more.
    """

    amount: Money
    payer: Payer
    method: Method
    method_label: str | None
    external_reference: str
    payments: tuple[RecordPayment, ...]
    take_backs: tuple[TakeBack, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    confirmed: bool = False
    """That it is another transfer than one with the same reference (`INS-6`)."""


@dataclass(frozen=True, slots=True)
class RecordedRemittance:
    """What was recorded: payments and adjustments in the order of the request, and what was taken back."""

    payments: Sequence[NewPayment]
    take_backs: Sequence[Posted]
    adjustments: Sequence[Posted]


async def record_remittance(work: Work, command: RecordRemittance) -> RecordedRemittance:
    """Record a transfer; the first part that is refused refuses it all.

    What is taken back goes first, as the same transfer may pay anew what it takes back, but for what is said to be of
    this transfer itself. Raises ReferenceUsed, PatientForgotten, PatientNamedTwice, RemittanceUnbalanced,
    AdjustmentOfNothing, what taking back and what recording a payment raise, naming the part's field.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.amount.currency != clinic.currency:
        raise WrongCurrency(clinic.currency)
    paid = [(payment.patient_id, payment.amount) for payment in command.payments]
    noted = {
        f"payments[{place}].note": payment.patient_id for place, payment in enumerate(command.payments) if payment.note
    }
    await require_unforgotten(work, noted)
    check_parts(command.amount, Parts(paid, command.take_backs, command.adjustments))
    await _require_new(work, command)
    how = (command.payer, command.method, command.method_label, command.external_reference)
    first, then = _in_turn(command.take_backs)
    if then:  # all of them now: what is locked after invoices is no payment of anybody else
        await lock_what_is_taken_back(work, command.payer, command.take_backs)
    taken = await take_back_payments(work, clinic, how, first) if first else []
    incoming = [(payment.patient_id, payment.amount.minor, payment.wishes) for payment in command.payments]
    limits = await make_room_for_insurers(work, incoming, command.payer)
    await _lock_all(work, command)
    # Patient by patient in the order of their ids: two transfers meet on no two patients' credit the other way round.
    places = sorted(range(len(command.payments)), key=lambda place: command.payments[place].patient_id)
    recorded = {place: await _record(work, command.payments[place], place, limits) for place in places}
    taken += await take_back_payments(work, clinic, how, then) if then else []
    adjusted = [await _adjust(work, clinic, command, adjustment) for adjustment in command.adjustments]
    return RecordedRemittance([recorded[place] for place in range(len(command.payments))], taken, adjusted)


def _in_turn(take_backs: Sequence[TakeBack]) -> tuple[dict[int, TakeBack], dict[int, TakeBack]]:
    """What is taken back before anything is paid, and what of this transfer after it, by their places."""
    of_this = {place: taken for place, taken in enumerate(take_backs) if taken.of_this_transfer}
    return {place: taken for place, taken in enumerate(take_backs) if place not in of_this}, of_this


async def _require_new(work: Work, command: RecordRemittance) -> None:
    """Two clerks with the same transfer: the second waits for the first, and is told of it (`INS-6`, `PAY-17`)."""
    if not command.confirmed:
        await references.lock(work.connection, work.clinic_id, command.external_reference)
        await transfers.require_new(work.connection, work.clinic_id, command.payer, command.external_reference)


async def _lock_all(work: Work, command: RecordRemittance) -> None:
    """Lock all invoices in one order, and all credit in one order, before any payment takes some of them (`PAY-11`)."""
    wanted = {wish.invoice_id for payment in command.payments for wish in payment.wishes}
    await invoices.lock(work.connection, wanted)
    await ledger.lock_credit(work.connection, work.clinic_id, {payment.patient_id for payment in command.payments})


async def _record(work: Work, payment: RecordPayment, place: int, limits: dict[UUID, int]) -> NewPayment:
    try:
        recorded = await record_with_room(work, payment, limits)
    except PaymentsError as error:
        error.field = f"payments[{place}].{error.field}" if error.field else f"payments[{place}]"
        raise
    for settlement in recorded.movement.settlements:
        if settlement.invoice_id in limits:
            limits[settlement.invoice_id] -= settlement.change_minor
    return recorded


async def _adjust(work: Work, clinic: Clinic, command: RecordRemittance, adjustment: Adjustment) -> Posted:
    """It concerns no patient: its patient is the clinic, and it is about itself."""
    id_ = new_id()
    fact = PaymentTransaction(
        transaction_id=id_,
        kind=adjustment.kind,
        patient_id=work.clinic_id,
        amount=replace(adjustment.amount, minor=abs(adjustment.amount.minor)),
        method=command.method,
        method_label=command.method_label,
        payer=command.payer,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        payment_id=id_,
        external_reference=command.external_reference,
        reason_code=adjustment.code,
        reason=adjustment.reference,
    )
    (posted,) = await post(work, [Decision(fact, adjustment.movement)], [], {})
    return posted
