"""An insurer's transfer that pays the claims of many patients: a payment for each of them, all or none (`INS-5`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import PatientNamedTwice, RemittanceUnbalanced, WrongCurrency


def check_parts(amount: Money, parts: Sequence[tuple[UUID, Money]]) -> None:
    """See that each patient is named once and that the parts are the transfer.

    Raises PatientNamedTwice, WrongCurrency, RemittanceUnbalanced.
    """
    named: set[UUID] = set()
    for place, (patient_id, part) in enumerate(parts):
        if patient_id in named:
            raise PatientNamedTwice(patient_id, f"payments[{place}].patient_id")
        named.add(patient_id)
        if part.currency != amount.currency:
            raise WrongCurrency(amount.currency, f"payments[{place}].amount.currency")
    total = sum(part.minor for _, part in parts)
    if total != amount.minor:
        raise RemittanceUnbalanced(amount, Money(total, amount.currency))
