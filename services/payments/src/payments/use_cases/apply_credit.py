"""Apply a patient's credit: to the invoices named, else to invoices and installments by due date (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import survivor_of
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.allocation import Share, Wish, require_currency, spread
from payments.domain.clinic import Clinic
from payments.domain.credit_errors import InsurersCreditUnnamed, NothingToSettle
from payments.domain.errors import WrongCurrency
from payments.domain.installment import Plans, by_due_date, require_installments
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.patient_credit import apply_credit as settle_from_credit
from payments.domain.patient_credit import balance_minor, require_credit, share_out
from payments.domain.payment import Payment
from payments.domain.transaction import Payer
from payments.persistence import clinics, installments, invoices, payments
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.post_applications import Application, post_applications


@dataclass(frozen=True, slots=True)
class ApplyCredit:
    """Whose credit and why, how much of it (all, when not said), and for which invoices, of whichever patient."""

    patient_id: UUID
    reason: str
    amount: Money | None = None
    wishes: tuple[Wish, ...] = ()
    insurer_id: UUID | None = None
    """Spend what this insurer overpaid for the patient, instead of the patient's own credit (`INS-4`)."""


async def apply_credit(work: Work, command: ApplyCredit) -> Posted:
    """Apply credit. What no invoice asks for stays credit. Another patient's invoice is settled where it is named.

    Raises InsurersCreditUnnamed, WrongCurrency, CreditInsufficient, InvoiceUnknown, InvoiceIsVoid, MoreThanOutstanding,
    NothingToSettle.
    """
    if command.insurer_id is not None and not command.wishes:
        raise InsurersCreditUnnamed
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    require_currency(command.wishes, clinic.currency)
    patient_id = await survivor_of(work.connection, work.clinic_id, command.patient_id)
    command = replace(command, patient_id=patient_id)
    holding = await payments.with_credit_of(work.connection, work.clinic_id, patient_id, command.insurer_id)
    held = list((await payments.lock(work.connection, holding)).values())
    amount = _amount(command, clinic, held)
    named = bool(command.wishes)
    wanted = (
        [wish.invoice_id for wish in command.wishes]
        if named
        else await _asking(work, command.patient_id, clinic.currency)
    )
    locked = await invoices.lock(work.connection, wanted)
    plans = await installments.of_invoices(work.connection, locked)
    shares = _shares(command, amount, held, locked, plans)
    await gather_credit(work, clinic, work.clinic_id, held, patient_id)
    movement = settle_from_credit(held, command.patient_id, shares, named=named)
    by_id = {payment.payment_id: payment for payment in held}
    payer = by_id[movement.credits[0].payment_id].payer if command.insurer_id else Payer()
    application = Application(patient_id=patient_id, movement=movement, reason=command.reason, payer=payer)
    (posted,) = await post_applications(work, clinic, work.clinic_id, [application], by_id, locked)
    return posted


def _shares(
    command: ApplyCredit, amount: Money, held: list[Payment], locked: Mapping[UUID, InvoiceBalance], plans: Plans
) -> list[Share]:
    """What each invoice or installment gets: those named what was wished, else what is due first, first."""
    if not command.wishes:
        return share_out(held, command.patient_id, amount, by_due_date(locked.values(), plans))
    require_installments(command.wishes, plans)
    return spread(amount, command.wishes, locked, surplus_allowed=command.amount is None)


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


async def _asking(work: Work, patient_id: UUID, currency: str) -> list[UUID]:
    asking = await invoices.open_of_patient(work.connection, work.clinic_id, patient_id)
    ids = [invoice.invoice_id for invoice in asking if invoice.currency == currency]
    if not ids:
        raise NothingToSettle
    return ids
