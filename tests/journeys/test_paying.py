"""From completed procedures to receipts and emails: paid in full, in parts, too much, by two clerks at once."""

from __future__ import annotations

import asyncio
from io import BytesIO

import pytest
from local_stack.practice.api import Api
from local_stack.practice.problems import Refused
from local_stack.practice.story import Story
from pypdf import PdfReader


async def test_a_visit_paid_in_full_ends_in_a_receipt_and_emails(story: Story, api: Api) -> None:
    """INV-2, PAY-2, RCP-1, NOT-5."""
    invoice = await story.happen(43_140, 8_628)
    assert invoice["totals"]["total"]["amount"] == "517.68"
    payment = await story.desk.pay(51_768, "bank_card")
    receipt = await story.receipt(payment)
    pdf = await api.document("receipts", story.clinic_id, f"/v1/receipts/{receipt['id']}/pdf")
    assert pdf.startswith(b"%PDF-")
    await story.settled(0, "paid")
    (message,) = await story.messages("payment_recorded")
    assert "peña" not in str(message).lower()


async def test_a_statement_and_a_day_sheet_print_what_payments_has(story: Story, api: Api) -> None:
    """PAY-9, PAY-10, RCP-4: receipts asks payments with the caller's token."""
    await story.happen(10_000)
    payment = await story.desk.pay(2_500, "cash")
    receipt = await story.receipt(payment)
    statement = await api.document("receipts", story.clinic_id, f"/v1/patients/{story.scene.patient.id}/statement.pdf")
    assert "To pay $75.00" in text_of(statement)
    assert f"Receipt {receipt['number']} · Cash $25.00 $75.00" in text_of(statement)
    day = (await api.get("payments", story.clinic_id, f"/v1/payments/{payment}")).body["booked_on"]
    sheet = await api.document("receipts", story.clinic_id, f"/v1/day-sheets/{day}.pdf")
    assert "Cash $25.00 (1) $25.00" in text_of(sheet)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


async def test_an_invoice_paid_in_parts_has_a_receipt_for_each(story: Story) -> None:
    """INV-9, RCP-1."""
    await story.happen(10_000)
    first = await story.desk.pay(2_500, "cash")
    await story.settled(7_500, "partially_paid")
    second = await story.desk.pay(7_500, "check")
    await story.settled(0, "paid")
    numbers = [(await story.receipt(payment))["number"] for payment in (first, second)]
    assert len(set(numbers)) == 2


async def test_more_than_is_owed_is_refused_unless_kept_as_credit(story: Story) -> None:
    """PAY-2, PAY-3."""
    await story.happen(5_000)
    with pytest.raises(Refused) as refused:
        await story.desk.pay(5_001, "cash")
    assert refused.value.status == 422
    assert "50.00" in str(refused.value)
    payment = await story.desk.pay(8_000, "cash", allow_overpayment=True)
    await story.settled(0, "paid")
    assert await story.credit() == 3_000
    await story.desk.refund(payment, 3_000, "overpayment", "paid 30.00 too much")
    assert await story.credit() == 0
    await story.settled(0, "paid")


async def test_two_clerks_at_once_never_take_more_than_is_owed(story: Story) -> None:
    """PAY-11."""
    await story.happen(6_000)
    attempts = [story.desk.pay(4_000, "cash"), story.desk.pay(4_000, "bank_card")]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [refusal.status for refusal in refusals] == [422]
    await story.settled(2_000, "partially_paid")


async def test_the_same_request_sent_twice_is_one_payment(story: Story, api: Api) -> None:
    """ALL-1."""
    await story.happen(6_000)
    key = story.visit().id
    body = {
        "patient_id": str(story.scene.patient.id),
        "payer": {"kind": "patient"},
        "amount": {"amount": "20.00", "currency": "USD"},
        "method": "cash",
        "allocations": [{"invoice_id": story.scene.invoice_id}],
    }
    first = await api.post("payments", story.clinic_id, "/v1/payments", body, key)
    again = await api.post("payments", story.clinic_id, "/v1/payments", body, key)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.body == again.body
    await story.settled(4_000, "partially_paid")
