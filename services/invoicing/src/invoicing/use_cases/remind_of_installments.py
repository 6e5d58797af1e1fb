"""Announce installments that are due soon, due or overdue by their clinic's calendar, each once (`PLN-4`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.clock import today
from chassis.database import Work

from invoicing import announcements
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.installment_balances import InstallmentBalances
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.invoice_reminder import STEPS, AwaitedInstallment, DueInstallment, Step, step_on
from invoicing.persistence import installment_plans, reminders


async def remind_of_installments(work: Work, settings: Mapping[UUID, ClinicSettings], most: int) -> int:
    """Look at up to `most` installments of these clinics; returns how many there were.

    What is said is what is true today: one that is overdue already is not said to be due soon. What is paid is passed
    over; it is looked at again at its next step, and when money leaves its invoice.
    """
    days = {clinic_id: today(work.now, one.time_zone) for clinic_id, one in settings.items()}
    ahead = {clinic_id: one.installment_due_soon_days for clinic_id, one in settings.items()}
    rows = await reminders.due(work.connection, days, ahead, most) if days else []
    if not rows:
        return 0
    plans = {one.id: one for one in await installment_plans.find_many(work.connection, {row.plan_id for row in rows})}
    standings = {plan_id: plan.standing() for plan_id, plan in plans.items()}
    marks, said = [], []
    for row in rows:
        step = step_on(row.due_date, days[row.clinic_id], ahead[row.clinic_id])
        one = step and _to_say(row, step, plans[row.plan_id], standings[row.plan_id], days)
        said += [one] if one else []
        following = STEPS.index(step) + 2 if step else row.step
        marks.append((row.installment_id, following, step if one else None, days[row.clinic_id]))
    for one in said:
        announcements.announce_installment_reminded(work, one)
    await reminders.mark(work.connection, marks)
    await reminders.keep_said(work.connection, said, work.now)
    return len(rows)


def _to_say(
    awaited: AwaitedInstallment,
    step: Step,
    plan: InstallmentPlan,
    standing: InstallmentBalances,
    days: Mapping[UUID, date],
) -> DueInstallment | None:
    """What a step of an installment says; None where that was said already, or nothing of it is unpaid."""
    one = standing.of(awaited.installment_id)
    if one is None or one.remaining == 0 or awaited.was_said(step):
        return None
    return DueInstallment(
        step=step,
        on=days[awaited.clinic_id],
        clinic_id=plan.clinic_id,
        patient_id=plan.patient_id,
        plan_id=plan.id,
        invoice_id=plan.invoice_id,
        invoice_number=plan.invoice_number,
        currency=plan.currency,
        outstanding=standing.remaining,
        installments=len(standing.installments),
        moves=sum(1 for version in plan.versions if version.cause == "installment_moved"),
        standing=one,
    )
