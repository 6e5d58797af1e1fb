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
from contracts.installments import (
    InstallmentDue,
    InstallmentDueSoon,
    InstallmentOverdue,
    InstallmentPlanAgreed,
    InvoiceOverdue,
    PlannedInstallment,
)
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


@pytest.mark.rule("INS-4.4")
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


@pytest.mark.rule("INS-4.6")
async def test_what_is_undecided_and_what_is_estimated_beside_a_decision_stay_with_the_insurers(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    event = decided(practice, invoice, "30.00", "5.00", undecided="15.00", estimated="40.00")
    assert await asked(desk, practice, invoice, event, outstanding="100.00") == "15.00"


def agreed(practice: Any, invoice: InvoiceIssued, *amounts: str) -> InstallmentPlanAgreed:
    """The first is due today, each further one a month later."""
    today: date = (practice.at - timedelta(hours=5)).date()
    return InstallmentPlanAgreed(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        plan_id=new_id(),
        version=1,
        invoice_id=invoice.invoice_id,
        patient_id=practice.patient_id,
        invoice_number=invoice.number,
        agreed_on=today,
        total=usd("80.00"),
        outstanding=usd("80.00"),
        installments=tuple(
            PlannedInstallment(
                installment_id=new_id(),
                position=place,
                kind="installment",
                due_date=today + timedelta(days=30 * (place - 1)),
                amount=usd(amount),
                remaining=usd(amount),
            )
            for place, amount in enumerate(amounts, 1)
        ),
        by=CLERK,
    )


def of(plan: InstallmentPlanAgreed, place: int, kind: Any, outstanding: str = "80.00") -> Any:
    one, day = plan.installments[place], plan.installments[place].due_date
    days = {InstallmentDueSoon: -1, InstallmentDue: 0, InstallmentOverdue: 1}[kind]
    return kind(
        clinic_id=plan.clinic_id,
        occurred_at=plan.occurred_at,
        installment_id=one.installment_id,
        plan_id=plan.plan_id,
        invoice_id=plan.invoice_id,
        patient_id=plan.patient_id,
        invoice_number=plan.invoice_number,
        position=one.position,
        installments=len(plan.installments),
        due_date=day,
        on=day + timedelta(days=days),
        amount=one.amount,
        remaining=one.remaining,
        outstanding=usd(outstanding),
    )


async def reminded(desk: Any, practice: Any, invoice: InvoiceIssued, *events: Any) -> dict[str, set[str]]:
    """Every amount that the mails after these events name, by what they say is due; the plan's own mail left out."""
    await desk.tell(practice.configured(), practice.registered(("documents", "reminders")), invoice)
    await desk.tell(*events[:-1])
    desk.mail.forget()
    await desk.tell(events[-1])
    texts = [str(one.get_body(("plain",)).get_content()) for one in desk.mail.taken]
    return {text.partition("installment of $")[2].split()[0]: set(re.findall(r"\$([\d.,]*\d)", text)) for text in texts}


@pytest.mark.parametrize("kind", [InstallmentDue, InstallmentOverdue])
async def test_a_reminder_of_an_installment_asks_for_the_patients_part_and_names_no_other_amount(
    desk: Any, practice: Any, invoice: InvoiceIssued, kind: Any
) -> None:
    """INS-4: of 80.00 in two of 40.00 the patient's part is 10.00."""
    plan = agreed(practice, invoice, "40.00", "40.00")
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "70.00", "10.00"), plan]
    assert await reminded(desk, practice, invoice, *events, of(plan, 0, kind)) == {"10.00": {"10.00"}}


@pytest.mark.rule("INS-4.5")
async def test_the_patients_part_fills_the_oldest_installments_first(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    """50.00 of 80.00: 40.00 with the first and 10.00 with the second, of which it is said that 50.00 is open."""
    plan = agreed(practice, invoice, "40.00", "40.00")
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "30.00", "50.00"), plan]
    found = await reminded(desk, practice, invoice, *events, of(plan, 1, InstallmentDueSoon))
    assert list(found.values()) == [{"10.00", "50.00"}]


async def test_an_installment_that_insurers_pay_is_not_asked_of_the_patient(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    """The 10.00 are asked with the first; the second is the insurers'."""
    plan = agreed(practice, invoice, "40.00", "40.00")
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "70.00", "10.00"), plan]
    assert await reminded(desk, practice, invoice, *events, of(plan, 1, InstallmentDueSoon)) == {}
    (log, *_) = await desk.messages(practice)
    assert (log["notice"], log["cause"]) == ("installment_due_soon", "no_longer_true")


async def test_what_the_patient_paid_of_the_part_is_asked_no_more(
    desk: Any, practice: Any, invoice: InvoiceIssued
) -> None:
    plan = agreed(practice, invoice, "40.00", "40.00")
    change = practice.settlement(invoice, new_id(), "10.00", "70.00")
    paid = practice.paid("10.00", settlements=(change,))
    events = [written_off(practice, invoice, "20.00"), decided(practice, invoice, "70.00", "10.00"), plan, paid]
    assert await reminded(desk, practice, invoice, *events, of(plan, 0, InstallmentDue, "70.00")) == {}


async def test_an_older_decision_told_late_changes_nothing(desk: Any, practice: Any, invoice: InvoiceIssued) -> None:
    await desk.harness.deliver(invoice)
    (told,) = await desk.harness.deliver(decided(practice, invoice, "60.00", "40.00"))
    before = decided(practice, invoice, "90.00", "10.00").model_dump_json().encode()
    await desk.harness.deliver(replace(told, id=str(new_id()), sequence=told.sequence - 1, data=before))
    assert await asked(desk, practice, invoice, outstanding="100.00") == "40.00"


@pytest.mark.rule("INS-4.4")
@pytest.mark.parametrize(("chosen", "found"), [(False, "100.00"), (True, "10.00"), (None, "10.00")])
async def test_until_there_is_a_decision_the_estimated_part_is_asked_for_unless_the_clinic_chose_otherwise(
    desk: Any, practice: Any, invoice: InvoiceIssued, *, chosen: bool | None, found: str
) -> None:
    if chosen is None:
        assert await asked(desk, practice, invoice, outstanding="100.00") == found
        return
    async with desk.harness.client(clinic_id=practice.clinic_id) as client:
        body = {"ask_estimated_share": chosen, "reason": "insured patients pay their part"}
        answer = await client.put("/v1/notification-settings", json=body, headers={"If-Match": '"0"'})
        assert (answer.status_code, answer.json()["ask_estimated_share"]) == (200, chosen), answer.text
    assert await asked(desk, practice, invoice, outstanding="100.00") == found
