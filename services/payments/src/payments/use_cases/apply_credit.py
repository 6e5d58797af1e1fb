"""Apply a patient's credit to invoices: those named, else the oldest due first (`PAY-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import Posted, announce_transaction
from payments.domain.allocation import Wish, spread
from payments.domain.errors import InvoiceUnknown, NothingToSettle, WrongCurrency
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.patient_credit import apply_credit as settle_from_credit
from payments.domain.patient_credit import balance_minor, oldest_due_first, require_credit
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, Transaction
from payments.persistence import clinics, invoices, ledger, payments
from payments.persistence.clinics import Clinic
from payments.persistence.ledger import Posting


@dataclass(frozen=True, slots=True)
class ApplyCredit:
    """Whose credit, how much of it (all, when not said), and for which of the patient's invoices."""

    patient_id: UUID
    amount: Money | None = None
    wishes: tuple[Wish, ...] = ()


async def apply_credit(work: Work, command: ApplyCredit) -> Posted:
    """Apply credit. What no invoice asks for stays credit.

    Raises WrongCurrency, CreditInsufficient, InvoiceUnknown (another patient's too), InvoiceIsVoid,
    MoreThanOutstanding, NothingToSettle.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    holding = await payments.with_credit_of(work.connection, work.clinic_id, command.patient_id)
    held = list((await payments.lock(work.connection, holding)).values())
    amount = _amount(command, clinic, held)
    wishes = command.wishes or await _oldest_first(work, command.patient_id)
    locked = await invoices.lock(work.connection, [wish.invoice_id for wish in wishes])
    for wish in wishes:
        if wish.invoice_id in locked and locked[wish.invoice_id].patient_id != command.patient_id:
            raise InvoiceUnknown(wish.invoice_id, "allocations")
    surplus_allowed = command.amount is None or not command.wishes
    shares = spread(amount, wishes, locked, surplus_allowed=surplus_allowed)
    movement = settle_from_credit(held, command.patient_id, shares)
    changed = {part.payment_id for part in movement.credits}
    touched = [locked[invoice_id] for invoice_id in {part.invoice_id for part in movement.settlements}]
    used = [payment for payment in held if payment.payment_id in changed]
    return await _book(work, _transaction(work, clinic, command.patient_id, movement), movement, used, touched)


def _amount(command: ApplyCredit, clinic: Clinic, held: list[Payment]) -> Money:
    if command.amount is not None:
        if command.amount.currency != clinic.currency:
            raise WrongCurrency(clinic.currency)
        require_credit(held, command.patient_id, command.amount)
        return command.amount
    fixed = sum(wish.amount_minor or 0 for wish in command.wishes)
    every_fixed = bool(command.wishes) and all(wish.amount_minor is not None for wish in command.wishes)
    wanted = Money(fixed if every_fixed else balance_minor(held, command.patient_id), clinic.currency)
    if wanted.minor == 0:
        raise NothingToSettle
    require_credit(held, command.patient_id, wanted)
    return wanted


async def _oldest_first(work: Work, patient_id: UUID) -> tuple[Wish, ...]:
    asking = await invoices.open_of_patient(work.connection, work.clinic_id, patient_id)
    if not asking:
        raise NothingToSettle
    return tuple(Wish(invoice.invoice_id) for invoice in oldest_due_first(asking))


def _transaction(work: Work, clinic: Clinic, patient_id: UUID, movement: Movement) -> Transaction:
    moved = sum(part.change_minor for part in movement.settlements)
    return Transaction(
        transaction_id=new_id(),
        kind="credit_application",
        patient_id=patient_id,
        amount=Money(moved, clinic.currency),
        method="other",
        method_label="patient credit",
        payer=Payer(),
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
    )


async def _book(
    work: Work,
    transaction: Transaction,
    movement: Movement,
    used: list[Payment],
    touched: list[InvoiceBalance],
) -> Posted:
    for payment in used:
        payment.version += 1
    posting = Posting(work.clinic_id, transaction, movement)
    balances = await ledger.post(work.connection, [posting], used, touched)
    patient_id = transaction.patient_id
    change = movement.credit_change_of(patient_id)
    posted = Posted(work.clinic_id, transaction, movement, change, balances[patient_id])
    announce_transaction(work, posted)
    return posted
