"""A reminder asks the patient for the patient's part, not for what insurers are still to pay (INS-4, NOT-4, F18)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied, Shares
from contracts.event import Actor, Amount
from contracts.installments import InvoiceOverdue
from contracts.invoicing import InvoiceCredited, InvoiceIssued
from contracts.payments import Payer

CLERK = Actor(subject="clerk:test")
DELTA = Payer(kind="insurer", payer_id=new_id(), name="Delta")


def usd(amount: str) -> Amount:
    return Amount(amount=amount, currency="USD")


def overdue(practice: Any, invoice: InvoiceIssued, outstanding: str) -> InvoiceOverdue:
    today: date = (practice.at - timedelta(hours=5)).date()
    return InvoiceOverdue(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        invoice_id=invoice.invoice_id,
        patient_id=practice.patient_id,
        number=invoice.number,
        due_date=today - timedelta(days=1),
        on=today,
        total=invoice.totals.total,
        outstanding=usd(outstanding),
    )


def written_off(practice: Any, invoice: InvoiceIssued, total: str) -> InvoiceCredited:
    return InvoiceCredited(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        credit_note_id=new_id(),
        invoice_id=invoice.invoice_id,
        patient_id=practice.patient_id,
        kind="contractual_write_off",
        number="CN-1",
        invoice_number=invoice.number,
        issue_date=date(2026, 11, 23),
        reason="by contract",
        lines=(),
        net=usd(total),
        tax=usd("0.00"),
        total=usd(total),
        by=CLERK,
    )


def decided(practice: Any, invoice: InvoiceIssued, paid: str, patient: str, **more: str) -> AdjudicationApplied:
    zero = usd("0.00")
    undecided = usd(more.get("undecided", "0.00"))
    return AdjudicationApplied(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        decision_id=new_id(),
        claim_id=new_id(),
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.number,
        patient_id=practice.patient_id,
        payer_id=DELTA.payer_id or UUID(int=0),
        payer_name="Delta",
        payer_sequence="primary",
        charge=usd(paid),
        paid=usd(paid),
        contractual=zero,
        patient_responsibility=usd(patient),
        other=zero,
        written_off=zero,
        shares=Shares(paid=usd(paid), written_off=zero, patient_part=usd(patient), undecided=undecided, overpaid=zero),
        estimated=usd(more.get("estimated", "0.00")),
        lines=(),
    )


@pytest.fixture
def invoice(practice: Any) -> InvoiceIssued:
    """100.00, of which insurers are estimated to take 90.00."""
    found: InvoiceIssued = practice.issued_invoice("100.00", patient_share=usd("10.00"))
    return found


async def asked(desk: Any, practice: Any, invoice: InvoiceIssued, *events: Any, outstanding: str = "80.00") -> str:
    """What the reminder asks for, after these events; nothing where there is none."""
    consents = ("documents", "reminders")
    await desk.harness.deliver(practice.configured(), practice.registered(consents), invoice)
    await desk.send()
    desk.mail.forget()
    await desk.harness.deliver(*events, overdue(practice, invoice, outstanding))
    await desk.send()
    texts = [one.get_body(("plain",)).get_content() for one in desk.mail.taken]
    assert len(texts) <= 1
    found = texts[0].partition(" of it is still open")[0].rpartition("$")[2] if texts else ""
    amounts = {amount for text in texts for amount in re.findall(r"\$([\d.,]*\d)", text)}
    assert amounts <= {found}, "nowhere another amount"
    return found


async def test_once_the_insurer_has_decided_the_patients_part_is_asked_for(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    """Decided: 70.00 paid, 20.00 written off, 10.00 the patient's; the 70.00 have not come."""
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "70.00", "10.00")]
    assert await asked(desk, practice, invoice, *events) == "10.00"


async def test_what_the_insurer_has_paid_is_not_taken_off_twice(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    payment = new_id()
    change = practice.settlement(invoice, payment, "70.00", "10.00")
    paid = practice.paid("70.00", transaction_id=payment, payer=DELTA, settlements=(change,))
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "70.00", "10.00"), paid]
    assert await asked(desk, practice, invoice, *events, outstanding="10.00") == "10.00"


async def test_what_the_patient_has_paid_of_it_is_not_asked_for_again(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    """All of the patient's part is paid: nothing is asked, though the insurer's money is to come."""
    change = practice.settlement(invoice, new_id(), "10.00", "70.00")
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "70.00", "10.00")]
    found = await asked(desk, practice, invoice, *events, practice.paid("10.00", settlements=(change,)))
    assert found == ""
    (log, *_) = await desk.messages(practice)
    assert (log["notice"], log["state"], log["cause"]) == ("invoice_overdue", "suppressed", "no_longer_true")


async def test_what_is_undecided_and_what_is_estimated_beside_a_decision_stay_with_the_insurers(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    event = decided(practice, invoice, "30.00", "5.00", undecided="15.00", estimated="40.00")
    assert await asked(desk, practice, invoice, event, outstanding="100.00") == "15.00"


async def test_an_older_decision_told_late_changes_nothing(desk: Any, practice: Any, invoice: InvoiceIssued) -> None:
    await desk.harness.deliver(invoice)
    (told,) = await desk.harness.deliver(decided(practice, invoice, "60.00", "40.00"))
    before = decided(practice, invoice, "90.00", "10.00").model_dump_json().encode()
    await desk.harness.deliver(replace(told, id=str(new_id()), sequence=told.sequence - 1, data=before))
    assert await asked(desk, practice, invoice, outstanding="100.00") == "40.00"


@pytest.mark.parametrize(("chosen", "found"), [(False, "100.00"), (True, "10.00")])
async def test_until_there_is_a_decision_the_estimated_part_is_asked_for_where_the_clinic_chose_so(
    desk: Any, practice: Any, invoice: InvoiceIssued, *, chosen: bool, found: str
) -> None:
    async with desk.harness.client(clinic_id=practice.clinic_id) as client:
        body = {"ask_estimated_share": chosen, "reason": "insured patients pay their part"}
        answer = await client.put("/v1/notification-settings", json=body, headers={"If-Match": '"0"'})
        assert (answer.status_code, answer.json()["ask_estimated_share"]) == (200, chosen), answer.text
    assert await asked(desk, practice, invoice, outstanding="100.00") == found
