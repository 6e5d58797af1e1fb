"""Who is asked for money is told what the clinic holds for them; it is taken off nothing (`NOT-10`)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.credit_held import CreditHeld, HeldCredit
from contracts.event import Amount
from contracts.patients import PatientMerged
from contracts.payments import (
    AllocationReleased,
    CreditApplied,
    CreditChange,
    CreditTransferred,
    Payer,
    PaymentRecorded,
)

BOTH = ("documents", "reminders")
HELD = "You have a credit of $500.00 with us."


def usd(amount: str) -> Amount:
    return Amount(amount=amount, currency="USD")


def held(change: str, payment_id: UUID, patient_id: UUID) -> CreditChange:
    return CreditChange(payment_id=payment_id, patient_id=patient_id, change=usd(change))


def paid_ahead(practice: Any, amount: str = "500.00", **changes: Any) -> PaymentRecorded:
    """A payment that no invoice takes anything of."""
    payment_id = new_id()
    parts = (held(amount, payment_id, practice.patient_id),)
    recorded: PaymentRecorded = practice.paid(amount, transaction_id=payment_id, credit_changes=parts, **changes)
    return recorded


def applied(practice: Any, payment: PaymentRecorded, invoice: Any, amount: str, left: str) -> CreditApplied:
    settlement = practice.settlement(invoice, payment.transaction_id, amount, left)
    parts = (held(f"-{amount}", payment.transaction_id, practice.patient_id),)
    return CreditApplied(**practice._moved(amount, {"settlements": (settlement,), "credit_changes": parts}))


def transferred(giver: Any, taker: Any, payment: PaymentRecorded, amount: str) -> list[CreditTransferred]:
    """Both sides, each of which says all that it changed."""
    parts = (
        held(f"-{amount}", payment.transaction_id, giver.patient_id),
        held(amount, payment.transaction_id, taker.patient_id),
    )
    sides = (("out", giver, taker), ("in", taker, giver))
    return [
        CreditTransferred(
            **side._moved(amount, {"credit_changes": parts}),
            direction=direction,
            other_patient_id=other.patient_id,
            linked_transaction_id=new_id(),
        )
        for direction, side, other in sides
    ]


async def reminded(desk: Any, practice: Any, *before: Any) -> str:
    """What a reminder of an invoice of 80.00 says after these events."""
    invoice = practice.issued_invoice("80.00")
    await desk.tell(practice.configured(), practice.registered(BOTH), invoice, *before)
    desk.mail.forget()
    await desk.tell(practice.overdue(invoice))
    (mail,) = desk.mail.taken
    text = str(mail.get_body(("plain",)).get_content())
    assert "$80.00 of it is still open" in text
    return text


@pytest.mark.rule("NOT-10.1")
async def test_a_reminder_names_the_credit_and_asks_for_no_less(desk: Any, practice: Any) -> None:
    text = await reminded(desk, practice, paid_ahead(practice))
    assert HELD in text
    assert "It has not been taken off this amount" in text
    assert "Still open: $80.00" in text


@pytest.mark.rule("NOT-10.1")
async def test_what_is_spent_or_whoever_else_holds_is_not_named(desk: Any, practice: Any) -> None:
    """ALL-4: of another clinic where the same id is somebody else's, and of another patient, neither."""
    payment, other = paid_ahead(practice), practice.issued_invoice("500.00")
    await desk.harness.deliver(paid_ahead(replace(practice, clinic_id=new_id())))
    await desk.harness.deliver(paid_ahead(replace(practice, patient_id=new_id())))
    text = await reminded(desk, practice, payment, other, applied(practice, payment, other, "500.00", "0.00"))
    assert "credit" not in text


@pytest.mark.rule("NOT-10.2")
@pytest.mark.parametrize("kind", ["insurer", "third_party"])
async def test_what_an_insurer_overpaid_is_none_of_the_patients(desk: Any, practice: Any, kind: str) -> None:
    """INS-4: what a parent or an employer paid for them is."""
    text = await reminded(desk, practice, paid_ahead(practice, payer=Payer(kind=kind, name="Acme")))
    assert (HELD in text) == (kind == "third_party")


@pytest.mark.rule("NOT-10.2")
async def test_credit_that_was_handed_over_is_the_takers_and_counts_once(desk: Any, practice: Any) -> None:
    """PAY-3: in whatever order both sides and the payment are heard of."""
    for order in permutations(range(3)):
        giver, taker = replace(practice, patient_id=new_id()), replace(practice, patient_id=new_id())
        payment = paid_ahead(giver, "700.00")
        events = [payment, *transferred(giver, taker, payment, "500.00")]
        assert HELD in await reminded(desk, taker, *(events[place] for place in order))
        assert "You have a credit of $200.00 with us." in await reminded(desk, giver)


@pytest.mark.rule("NOT-10.2")
async def test_what_an_invoice_set_free_is_named_to_whoever_holds_it(desk: Any, practice: Any) -> None:
    """PAY-21, ALL-10: under whichever of the patient's records."""
    other = replace(practice, patient_id=new_id())
    payment, paid = practice.paid("500.00"), practice.issued_invoice("500.00")
    released = AllocationReleased(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        release_id=new_id(),
        patient_id=other.patient_id,
        cause="invoice_credited",
        settlements=(practice.settlement(paid, payment.transaction_id, "-500.00", "0.00"),),
        patient_credit_change=usd("500.00"),
        patient_credit_balance=usd("500.00"),
        credit_changes=(held("500.00", payment.transaction_id, other.patient_id),),
        by=payment.by,
    )
    assert "credit" not in await reminded(desk, practice, payment, released)
    joined = PatientMerged(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        patient_id=practice.patient_id,
        merged_patient_id=other.patient_id,
    )
    assert HELD in await reminded(desk, practice, joined)


def told(practice: Any, payment: PaymentRecorded, amount: str) -> CreditHeld:
    part = HeldCredit(payment_id=payment.transaction_id, amount=usd(amount))
    return CreditHeld(
        clinic_id=practice.clinic_id, occurred_at=practice.at, patient_id=practice.patient_id, parts=(part,)
    )


@pytest.mark.rule("NOT-10.3")
async def test_credit_from_before_is_named_once_payments_has_told_of_it(desk: Any, practice: Any) -> None:
    """D19: of its payment nothing was heard; what was heard of its credit until then is in what was told."""
    before, invoice = paid_ahead(practice), practice.issued_invoice("100.00")
    spent = [applied(practice, before, invoice, "100.00", "0.00") for _ in range(2)]
    assert "credit" not in await reminded(desk, practice, spent[0])
    assert "You have a credit of $600.00 with us." in await reminded(desk, practice, told(practice, before, "600.00"))
    assert HELD in await reminded(desk, practice, spent[1])


@pytest.mark.rule("NOT-10.3")
async def test_what_is_told_of_a_payment_that_was_heard_of_counts_once(desk: Any, practice: Any) -> None:
    """Of one that was recorded beside the upgrade, all its changes were heard of, in whatever order."""
    payment = paid_ahead(practice)
    assert HELD in await reminded(desk, practice, payment, told(practice, payment, "700.00"))
    insurers = paid_ahead(practice, payer=Payer(kind="insurer", name="Acme"))
    assert HELD in await reminded(desk, practice, insurers, told(practice, insurers, "9.00"))


@pytest.mark.rule("NOT-10.1")
async def test_what_asks_for_nothing_names_no_credit(desk: Any, practice: Any) -> None:
    payment = paid_ahead(practice)
    await desk.tell(practice.configured(), practice.registered(BOTH), payment, practice.receipt(payment))
    (mail,) = desk.mail.taken
    assert "credit" not in mail.get_body(("plain",)).get_content()
