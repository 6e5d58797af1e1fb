"""Record an insurer's transfer that pays the claims of many patients: a payment for each, all or none (`INS-5`)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.database import Work
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.errors import PaymentsError, WrongCurrency
from payments.domain.remittance import check_parts
from payments.persistence import clinics, invoices, ledger
from payments.use_cases.make_room_for_insurers import make_room_for_insurers
from payments.use_cases.record_payment import RecordPayment, record_with_room, require_new_reference


@dataclass(frozen=True, slots=True)
class RecordRemittance:
    """The transfer's amount, and the payment of each patient; they share payer, method and external reference."""

    amount: Money
    payments: tuple[RecordPayment, ...]


async def record_remittance(work: Work, command: RecordRemittance) -> list[Posted]:
    """Record every payment of a transfer, in the order of the request; the first that is refused refuses them all.

    Raises PatientNamedTwice, RemittanceUnbalanced, ReferenceUsed, and what recording a payment raises, naming the
    payment's field.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.amount.currency != clinic.currency:
        raise WrongCurrency(clinic.currency)
    check_parts(command.amount, [(one.patient_id, one.amount) for one in command.payments])
    await require_new_reference(work, command.payments[0])
    await make_room_for_insurers(
        work, [(one.amount.minor, one.wishes) for one in command.payments], command.payments[0].payer
    )
    await _lock_all(work, command)
    # Patient by patient in the order of their ids: two transfers meet on no two patients' credit the other way round.
    places = sorted(range(len(command.payments)), key=lambda place: command.payments[place].patient_id)
    posted = {place: await _record(work, command.payments[place], place) for place in places}
    return [posted[place] for place in range(len(command.payments))]


async def _lock_all(work: Work, command: RecordRemittance) -> None:
    """Lock all invoices in one order, and all credit in one order, before any payment takes some of them (`PAY-11`)."""
    wanted = {wish.invoice_id for payment in command.payments for wish in payment.wishes}
    await invoices.lock(work.connection, wanted)
    await ledger.lock_credit(work.connection, work.clinic_id, {one.patient_id for one in command.payments})


async def _record(work: Work, payment: RecordPayment, place: int) -> Posted:
    try:
        return await record_with_room(work, payment)
    except PaymentsError as error:
        error.field = f"payments[{place}].{error.field}" if error.field else f"payments[{place}]"
        raise
