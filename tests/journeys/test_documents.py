"""The documents of one patient's story, on the whole stack: a plan, receipts on a roll, several as one (RCP-4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

from local_stack.practice.api import Api
from local_stack.practice.story import Story
from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


async def test_a_plan_is_agreed_mailed_and_named_on_the_next_receipt(story: Story, api: Api) -> None:
    """PLN-1, PLN-5, NOT-1, RCP-2, RCP-4, RCP-5."""
    invoice = await story.happen(30_000)
    first_due = (datetime.now(UTC) + timedelta(days=40)).date()
    wanted = {"count": 3, "first_due_date": first_due.isoformat(), "unit": "months"}
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    plan = (await api.post("invoicing", story.clinic_id, path, wanted, uuid4())).body
    (message,) = await story.messages("plan_agreed")
    assert message["state"] == "sent"
    agreement = await api.document("receipts", story.clinic_id, f"/v1/installment-plans/{plan['id']}/agreement.pdf")
    assert "To be paid in installments $300.00" in text_of(agreement)
    assert "Installment 3" in text_of(agreement)

    payments = [await story.desk.pay(12_000, "cash"), await story.desk.pay(3_000, "bank_card")]
    receipts = [await story.receipt(payment) for payment in payments]
    shown = text_of(await api.document("receipts", story.clinic_id, f"/v1/receipts/{receipts[0]['id']}/pdf"))
    assert "Next open installment, " in shown
    assert shown.split("Next open installment, ")[1].split(" ")[3] == "$80.00"
    query = "&".join(f"transaction_id={payment}" for payment in payments)
    roll = await api.document("receipts", story.clinic_id, f"/v1/receipts/print?{query}&paper=roll")
    assert len(PdfReader(BytesIO(roll)).pages) == 2
    await story.settled(15_000, "partially_paid")
