"""Withdraw a patient's credit: refunds of the payments that hold it, the oldest first, all in one (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import survivor_of
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.clinic import Clinic
from payments.domain.errors import WrongCurrency
from payments.domain.patient_credit import Part, draw, require_credit
from payments.domain.payment import Payment
from payments.persistence import clinics, payments
from payments.use_cases.compare_with_limit import compare_with_limit
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.posting import Decision, decision_for, post
from payments.use_cases.refund_payment import RefundTerms, refund_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCredit:
    """Whose credit goes back, how much of it, and on which terms; of which plan's deposits only, where it is said."""

    patient_id: UUID
    amount: Money
    terms: RefundTerms
    treatment_plan_id: UUID | None = None


async def withdraw_credit(work: Work, command: WithdrawCredit) -> list[Posted]:
    """Withdraw credit; returns the refunds, each of its payment, with a receipt of its own to come.

    What the patient holds of another's payment is refunded to the patient too: whoever holds it gets it, in their
    account and on their receipt (`PAY-21`).
    Raises WrongCurrency, AmountNotPositive, CreditInsufficient, and RefundNeedsApproval where all of it together with
    what went back on the same day, or what was refunded of one of its payments, is above the limit and no request was
    approved.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.amount.currency != clinic.currency:
        raise WrongCurrency(clinic.currency)
    command = replace(command, patient_id=await survivor_of(work.connection, work.clinic_id, command.patient_id))
    holding = await payments.with_credit_of(work.connection, work.clinic_id, command.patient_id)
    held = _of_plan(command, (await payments.lock(work.connection, holding)).values())
    require_credit(held, command.patient_id, command.amount)
    parts = draw(held, command.patient_id, command.amount.minor)
    if command.terms.request_id is None:
        above = await compare_with_limit(work, clinic, parts, withdrawn_by=command.patient_id)
        if above:
            raise next(iter(above.values()))
    used = [payment for payment, _ in parts]
    await gather_credit(work, clinic, work.clinic_id, used, command.patient_id)
    decided = [_decide(work, clinic, command, part) for part in parts]
    return await post(work, decided, used, {})


def _of_plan(command: WithdrawCredit, held: Iterable[Payment]) -> list[Payment]:
    wanted = command.treatment_plan_id
    return [payment for payment in held if wanted is None or payment.treatment_plan_id == wanted]


def _decide(work: Work, clinic: Clinic, command: WithdrawCredit, part: Part) -> Decision:
    payment, minor = part
    movement = payment.pay_out(command.patient_id, minor)
    fact = refund_of(work, clinic, payment, minor, command.terms)
    return decision_for(payment, replace(fact, patient_id=command.patient_id), movement)
