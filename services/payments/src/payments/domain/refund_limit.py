"""Without a second person no more goes back than the limit: of a payment, or to a patient in a day (`ALL-5`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.patient_credit import Part
from payments.domain.payment import Payment
from payments.domain.refund_request_errors import RefundNeedsApproval


def above_limit(
    limit: Money,
    wanted: Sequence[Part],
    paid_out: Mapping[UUID, int],
    *,
    withdrawn_by: UUID | None = None,
    refusal: type[RefundNeedsApproval] = RefundNeedsApproval,
) -> dict[UUID, RefundNeedsApproval]:
    """Which of these payments one person does not refund or cancel alone, by as much, with the sum that is too much.

    All that goes back of a payment counts together, and all that goes back to a patient in a day, lest it be split.
    `paid_out` is what went back to patients that day without a second person, in minor units of the limit's currency. A
    withdrawal is counted whole for whoever's credit it is, too, wherever that came from. A limit in a currency that the
    clinic had before allows nothing: it is to be set anew.
    """
    to_patients = Counter({(patient_id, limit.currency): minor for patient_id, minor in paid_out.items()})
    for payment, minor in wanted:
        for patient_id in counted_for(payment, withdrawn_by):
            to_patients[patient_id, payment.amount.currency] += minor
    refused: dict[UUID, RefundNeedsApproval] = {}
    for payment, minor in wanted:
        currency = payment.amount.currency
        allowed = limit if limit.currency == currency else Money(0, currency)
        of_payment = payment.refunded_minor + minor
        to_patient = max(to_patients[patient_id, currency] for patient_id in counted_for(payment, withdrawn_by))
        if of_payment > allowed.minor:
            refused[payment.payment_id] = refusal(Money(of_payment, currency), allowed, "payment")
        elif to_patient > allowed.minor:
            refused[payment.payment_id] = refusal(Money(to_patient, currency), allowed, "patient")
    return refused


def counted_for(payment: Payment, withdrawn_by: UUID | None = None) -> set[UUID]:
    """The patients for whom a refund of this payment counts: its own, and whoever's credit it is that is withdrawn."""
    return {payment.own_person} if withdrawn_by is None else {payment.own_person, withdrawn_by}
