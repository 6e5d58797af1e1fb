"""What a payment was taken for (ALL-5): what is true of all of it."""

from __future__ import annotations

import pytest
from chassis.identifiers import new_id
from payments.domain.allocation import Wish
from payments.domain.reason_codes import Purpose, purpose_of
from payments.domain.transaction import Payer

PATIENT, FRIEND, INSURER = Payer(), Payer("third_party", None, "A friend"), Payer("insurer", None, "Delta Dental")
WHOLE, PART = Wish(new_id()), Wish(new_id(), None, new_id())
PLAN = new_id()


@pytest.mark.parametrize("payer", [PATIENT, FRIEND])
@pytest.mark.parametrize(
    ("wishes", "plan", "purpose"),
    [
        ((WHOLE,), None, "invoice_settlement"),
        ((WHOLE,), PLAN, "invoice_settlement"),
        ((PART,), None, "installment"),
        ((PART, PART), PLAN, "installment"),
        ((PART, WHOLE), None, "invoice_settlement"),
        ((WHOLE, PART), None, "invoice_settlement"),
        ((), None, "deposit"),
        ((), PLAN, "treatment_plan_deposit"),
    ],
)
def test_what_is_named_says_what_it_is_for(
    payer: Payer, wishes: tuple[Wish, ...], plan: object, purpose: Purpose
) -> None:
    assert purpose_of(payer, wishes, PLAN if plan else None) == purpose


@pytest.mark.parametrize("wishes", [(), (WHOLE,), (PART,)])
def test_an_insurers_money_pays_claims_whatever_it_names(wishes: tuple[Wish, ...]) -> None:
    assert purpose_of(INSURER, wishes, PLAN) == purpose_of(INSURER, wishes, None) == "insurer_remittance"
