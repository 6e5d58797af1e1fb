"""Which of one payer's decisions on one line count, in whatever order they were told (`INS-3`)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from invoicing.domain.counted_adjudications import counted_of
from invoicing.domain.shares import PayerAdjudication, contractual_of, divide

FEE = 100


def row(paid: int = 0, contract: int = 0, patient: int = 0, pending: int = 0, by_others: int = 0) -> PayerAdjudication:
    """A decision on the line, or below zero its reversal; `pending` is of group CO, as an insurer says it."""
    charge = paid + contract + patient + pending + by_others
    return PayerAdjudication(
        line_id=UUID(int=1),
        payer_id=UUID(int=2),
        payer_name="x",
        sequence="primary",
        charge=charge,
        allowed=charge - contract,
        paid=paid,
        contractual=contract + pending,
        patient=patient,
        other=by_others,
        by_contract=contract,
        pending=pending,
        by_others=by_others,
    )


def back(one: PayerAdjudication) -> PayerAdjudication:
    return row(-one.paid, -one.by_contract, -one.patient, -one.pending, -one.by_others)


UNPAID = row(contract=20, patient=80)
"""All that is allowed goes to the deductible."""
PAID = row(paid=70, contract=20, patient=10)
PUT_OFF = row(pending=100)
IN_PART = row(contract=20, pending=80)
"""The rest is asked for again: a document is missing."""
DENIED = row(contract=100)


@pytest.mark.rule("INS-3.7", "INS-4.7")
@pytest.mark.parametrize(
    ("rows", "counted"),
    [
        ([PUT_OFF, UNPAID], UNPAID),
        ([PUT_OFF, PUT_OFF, UNPAID], UNPAID),
        ([PUT_OFF, DENIED], DENIED),
        ([PUT_OFF, DENIED, PAID], PAID),
        ([PUT_OFF, back(PUT_OFF), UNPAID], UNPAID),
        ([back(PUT_OFF), UNPAID], UNPAID),
        ([PUT_OFF, UNPAID, back(UNPAID)], PUT_OFF),
        ([PUT_OFF, PAID, back(PAID), UNPAID], UNPAID),
        ([PUT_OFF, PAID, back(PAID)], PUT_OFF),
        ([row(by_others=52, pending=48), row(by_others=52, patient=48)], row(by_others=52, patient=48)),
        ([PUT_OFF, row(patient=60), row(contract=40)], row(patient=60, contract=40)),
        ([row(pending=40), row(patient=60)], row(pending=40, patient=60)),
        ([row(pending=40), row(contract=60), row(paid=60)], row(pending=40, paid=60)),
        ([PUT_OFF, PUT_OFF], row(pending=200)),
        ([row(by_others=100), row(by_others=100)], row(by_others=200)),
        ([IN_PART, UNPAID], UNPAID),
        ([IN_PART, DENIED], DENIED),
        ([IN_PART, PAID], PAID),
        ([row(patient=20, pending=80), UNPAID], UNPAID),
        ([PUT_OFF, IN_PART], IN_PART),
        ([PUT_OFF, IN_PART, UNPAID], UNPAID),
        ([IN_PART, back(IN_PART), UNPAID], UNPAID),
        ([IN_PART, UNPAID, back(UNPAID)], IN_PART),
        ([IN_PART, row(paid=70, patient=10)], row(paid=70, patient=10, contract=20, pending=80)),
        ([row(by_others=52, contract=8, pending=40), row(by_others=52, patient=48)], row(by_others=52, patient=48)),
    ],
    ids=[
        "put off",
        "put off twice",
        "put off, then denied",
        "put off, denied, then paid",
        "reversed, too",
        "reversed though it was never told",
        "the decision taken back",
        "a payment taken back, then nothing paid",
        "a payment taken back",
        "the secondary's",
        "decided in parts",
        "another part of the fee",
        "another part of the fee, the first denied before",
        "never decided",
        "all was taken by others: that is decided",
        "a part of it, then nothing paid",
        "a part of it, then denied",
        "a part of it, then paid",
        "a part of it, the rest the patient's",
        "all, then a part of it",
        "all, then a part of it, then nothing paid",
        "a part of it, reversed, too",
        "a part of it, the decision taken back",
        "a part of it, and just that is decided",
        "a part of the secondary's",
    ],
)
def test_what_was_put_off_counts_no_more_once_the_same_claim_is_decided(
    rows: list[PayerAdjudication], counted: PayerAdjudication
) -> None:
    for order in set(permutations(rows)):
        assert counted_of(order, FEE) == counted


@pytest.mark.rule("INS-3.7")
def test_what_another_payer_decided_leaves_open_what_this_one_put_off() -> None:
    """They are counted apart: the secondary's answer is still to come."""
    secondary = replace(row(by_others=20, pending=80), payer_id=UUID(int=3), sequence="secondary")
    decided = [counted_of([UNPAID], FEE), counted_of([secondary], FEE)]
    assert [one.stands for one in decided] == [True, False]
    shares = divide(FEE, contractual_of(decided, FEE), decided)
    assert (shares.written_off, shares.patient_part, shares.undecided) == (20, 80, 0)
