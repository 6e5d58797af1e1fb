"""What asks for money says how the clinic is paid, as its document settings have it (`NOT-11`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from notifications.documents.receipts import DocumentMissing
from notifications.documents.remembered import PATIENCE_SECONDS, Remembered
from starlette.responses import JSONResponse, Response

BOTH = ("documents", "reminders")
ACCOUNT = {"account_holder": "Smile Dental LLC", "iban": "DE89370400440532013000", "bic": None, "payment_link": None}


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


async def overdue(desk: Any, practice: Any) -> Any:
    """An invoice that is overdue, not told of yet."""
    invoice = practice.issued_invoice("80.00")
    await desk.tell(practice.configured(), practice.registered(BOTH), invoice)
    desk.mail.forget()
    return practice.overdue(invoice)


@pytest.mark.rule("NOT-11.1", "NOT-11.2")
async def test_a_reminder_says_how_to_pay_what_is_open(desk: Any, practice: Any) -> None:
    reminder = await overdue(desk, practice)
    desk.harness.resources.state.sending.documents = desk.documents.as_service()
    desk.documents.payment = JSONResponse(ACCOUNT)
    await desk.tell(reminder)
    (mail,) = desk.mail.taken
    assert "IBAN: DE89 3704 0044 0532 0130 00" in text_of(mail)
    assert "Payment reference: INV-2026-000007" in text_of(mail)
    assert "BIC" not in text_of(mail)


@pytest.mark.rule("NOT-1.7", "NOT-10.1", "NOT-11.1")
async def test_a_preview_says_how_to_pay_and_names_credit_as_the_message_will(desk: Any) -> None:
    """A clinic saw its words without them, and the first patient's mail had two paragraphs more."""
    desk.harness.resources.state.sending.documents = desk.documents.as_service()
    desk.documents.payment = JSONResponse(ACCOUNT)
    previewed = {notice: await preview_of(desk, notice) for notice in ("invoice_overdue", "payment_recorded")}
    for said in ("IBAN: DE89 3704 0044 0532 0130 00", "Payment reference: INV-000123", "€20.00"):
        assert {notice: said in text for notice, text in previewed.items()} == {
            "invoice_overdue": True,
            "payment_recorded": False,
        }
    assert desk.documents.payment_asked == 1


@pytest.mark.rule("NOT-11.3")
async def test_words_are_seen_while_nobody_says_how_to_pay(desk: Any) -> None:
    desk.harness.resources.state.sending.documents = desk.documents.as_service()
    desk.documents.payment = Response(status_code=503)
    text = await preview_of(desk, "invoice_overdue")
    assert ("INV-000123" in text, "IBAN" in text) == (True, False)


async def preview_of(desk: Any, notice: str) -> str:
    async with desk.harness.client("settings:read") as clerk:
        answer = await clerk.post("/v1/templates/preview", json={"notice": notice, "language": "en"})
    assert answer.status_code == 200
    return str(answer.json()["text"])


@pytest.mark.rule("NOT-11.1")
async def test_a_receipt_does_not(desk: Any, practice: Any) -> None:
    """Nor is anybody asked."""
    desk.documents.payment = JSONResponse(ACCOUNT)
    payment = practice.paid()
    await desk.tell(practice.configured(), practice.registered(BOTH), payment, practice.receipt(payment))
    (mail,) = desk.mail.taken
    assert "IBAN" not in text_of(mail)
    assert desk.documents.payment_asked == 0


@pytest.mark.rule("NOT-11.3")
async def test_while_nobody_says_how_it_waits_some_minutes_and_then_goes_out_without(desk: Any, practice: Any) -> None:
    reminder = await overdue(desk, practice)
    documents = desk.documents.as_service()
    desk.harness.resources.state.sending.documents = documents
    by_the_clock = Remembered(documents._ask_payment_details, (DocumentMissing,), lambda: desk.clock.now().timestamp())
    documents._payment_details = by_the_clock
    desk.documents.payment = Response(status_code=503)
    await desk.tell(reminder)
    await desk.send(after=timedelta(seconds=PATIENCE_SECONDS - 1))
    assert desk.mail.taken == []
    (waiting,) = await desk.messages(practice, notice="invoice_overdue")
    assert (waiting["state"], waiting["attempts"]) == ("planned", 0)
    await desk.send(after=timedelta(minutes=1))
    (mail,) = desk.mail.taken
    assert "$80.00 of it is still open" in text_of(mail)


@pytest.mark.rule("NOT-11.3")
async def test_many_reminders_of_a_clinic_ask_once(desk: Any, practice: Any) -> None:
    reminders = [await overdue(desk, practice) for _ in range(5)]
    desk.harness.resources.state.sending.documents = desk.documents.as_service()
    desk.documents.payment, desk.documents.payment_asked = JSONResponse(ACCOUNT), 0
    await desk.tell(*reminders)
    assert len(desk.mail.taken) == 5
    assert desk.documents.payment_asked == 1
