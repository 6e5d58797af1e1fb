"""From an event to the mail server: what goes out, with which document, and what does not (NOT-2, NOT-4, NOT-5)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from chassis.testing import eventually
from contracts.notifications import NotificationSent, NotificationSuppressed
from contracts.payments import Payer
from notifications.jobs.send_messages import Sending


async def known(desk: Any, practice: Any, consents: tuple[str, ...] = ("documents",), **changes: Any) -> None:
    await desk.harness.deliver(practice.configured(), practice.registered(consents, **changes))


async def put(desk: Any, practice: Any, body: dict[str, Any]) -> None:
    async with desk.harness.client("settings:read settings:write", practice.clinic_id) as client:
        etag = (await client.get("/v1/notification-settings")).headers["ETag"]
        changed = body | {"reason": "as agreed"}
        answer = await client.put("/v1/notification-settings", json=changed, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text


async def states(desk: Any, practice: Any) -> list[tuple[str, str, str | None]]:
    return [(message["notice"], message["state"], message["cause"]) for message in await desk.messages(practice)]


@pytest.mark.rule("NOT-5.1")
async def test_payment_receipt_goes_out_with_its_pdf(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    receipt = practice.receipt(payment)
    await known(desk, practice)
    await desk.tell(payment, receipt)
    (mail,) = desk.mail.taken
    assert mail["To"] == "Zoë Miller <zoe.miller@example.org>"
    assert mail["From"] == "Smile Dental <billing@dental.example>"
    assert mail["Reply-To"] == "Smile Dental <desk@smile.example>"
    assert mail["Subject"] == "Receipt R-2026-000042 from Smile Dental"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    (pdf,) = mail.iter_attachments()
    assert pdf.get_filename() == "R-2026-000042.pdf"
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_content().startswith(b"%PDF-1.7 the very bytes")
    assert desk.documents.asked == [f"/v1/receipts/{receipt.receipt_id}/pdf"]
    assert desk.documents.tokens == [f"Bearer receipts:read+clinics:any for {practice.clinic_id}"]
    (message,) = await desk.messages(practice)
    assert message["state"] == "sent"
    assert message["recipient"] == "z***r@e***.org"
    assert message["template"] == "payment_recorded.en"
    assert mail["Message-ID"] == f"<{message['id']}@dental.example>"
    (event,) = await desk.harness.announced(NotificationSent, clinic_id=practice.clinic_id)
    assert event.data["notification_id"] == message["id"]
    assert event.sequence == 3
    assert b"zoe" not in event.raw.lower()


async def test_an_insurers_payment_names_who_paid(desk: Any, practice: Any) -> None:
    payment = practice.paid(payer=Payer(kind="insurer", name="Acme Insurance"), method="insurance")
    await known(desk, practice)
    await desk.tell(payment, practice.receipt(payment))
    assert "Paid by: Acme Insurance" in desk.mail.taken[0].get_body(("plain",)).get_content()


async def test_refund_receipt_goes_out_with_its_pdf(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    refund = practice.refunded(payment)
    await known(desk, practice)
    await desk.tell(payment, refund, practice.receipt(refund, number="RF-7"))
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Refund receipt RF-7 from Smile Dental"
    assert "Refunded: $10.00" in mail.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["RF-7.pdf"]


@pytest.mark.rule("NOT-2.1")
async def test_invoice_goes_out_with_its_pdf_in_the_patients_language(desk: Any, practice: Any) -> None:
    invoice = practice.issued_invoice()
    await known(desk, practice, language="de-DE")
    await desk.tell(invoice)
    (mail,) = desk.mail.taken
    assert mail["Subject"] == "Rechnung INV-2026-000007 von Smile Dental"
    assert mail["Content-Language"] == "de"
    text = mail.get_body(("plain",)).get_content().replace("\xa0", " ")
    assert "Gesamtbetrag: 120,00 $" in text
    assert "Bitte zahlen Sie bis: 23. Dezember 2026" in text
    assert desk.documents.asked == [f"/v1/invoices/{invoice.invoice_id}/pdf"]


async def test_cancellation_is_told_and_names_what_is_open_again(desk: Any, practice: Any) -> None:
    invoice, payment = practice.issued_invoice(), practice.paid("120.00")
    pays = practice.settlement(invoice, payment.transaction_id, "120.00", "0.00")
    payment = payment.model_copy(update={"settlements": (pays,)})
    undone = practice.settlement(invoice, payment.transaction_id, "-120.00", "120.00")
    await known(desk, practice)
    await desk.tell(invoice, payment, practice.receipt(payment))
    desk.mail.forget()
    await desk.tell(practice.cancelled(payment, settlements=(undone,)))
    (mail,) = desk.mail.taken
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "A payment was cancelled at Smile Dental"
    assert "Receipt, no longer valid: R-2026-000042" in text
    assert "Open again on invoice INV-2026-000007: $120.00" in text
    assert list(mail.iter_attachments()) == []


async def test_chargeback_is_told(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    await known(desk, practice)
    await desk.tell(payment, practice.charged_back(payment))
    assert [mail["Subject"] for mail in desk.mail.taken] == ["A payment was returned by the bank: Smile Dental"]


async def test_cancelled_refund_is_logged_and_not_told_by_default(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    refund = practice.refunded(payment)
    await known(desk, practice)
    await desk.tell(payment, refund, practice.refund_cancelled(refund))
    assert desk.mail.taken == []
    assert await states(desk, practice) == [("refund_cancelled", "suppressed", "switched_off")]


@pytest.mark.rule("NOT-4.1")
async def test_receipt_of_a_payment_cancelled_meanwhile_stays_in_while_the_cancellation_goes_out(
    desk: Any, practice: Any
) -> None:
    payment = practice.paid()
    await known(desk, practice)
    await desk.harness.deliver(payment, practice.receipt(payment), practice.cancelled(payment))
    await desk.send()
    assert await states(desk, practice) == [
        ("payment_cancelled", "sent", None),
        ("payment_recorded", "suppressed", "no_longer_true"),
    ]
    (event,) = await desk.harness.announced(NotificationSuppressed, clinic_id=practice.clinic_id)
    assert event.data["cause"] == "no_longer_true"


@pytest.mark.rule("NOT-4.1")
async def test_invoice_paid_or_voided_meanwhile_stays_in(desk: Any, practice: Any) -> None:
    paid, void = practice.issued_invoice(), practice.issued_invoice()
    payment = practice.paid("120.00")
    pays = practice.settlement(paid, payment.transaction_id, "120.00", "0.00")
    await known(desk, practice)
    payment = payment.model_copy(update={"settlements": (pays,)})
    await desk.harness.deliver(paid, void, payment, practice.voided(void))
    await desk.send()
    assert await states(desk, practice) == [("invoice_issued", "suppressed", "no_longer_true")] * 2


@pytest.mark.rule("NOT-2.2")
@pytest.mark.parametrize(("consents", "sent"), [(("documents",), 1), (("reminders",), 0), ((), 0)])
async def test_only_consent_to_documents_lets_a_receipt_out(
    desk: Any, practice: Any, consents: tuple[str, ...], sent: int
) -> None:
    payment = practice.paid()
    await known(desk, practice, consents)
    await desk.tell(payment, practice.receipt(payment))
    assert len(desk.mail.taken) == sent
    (message,) = await desk.messages(practice)
    assert message["cause"] == (None if sent else "no_consent")


async def test_consent_withdrawn_before_it_is_due_counts(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    await known(desk, practice)
    await desk.harness.deliver(payment, practice.receipt(payment), practice.changed(2, ()))
    await desk.send()
    assert desk.mail.taken == []


@pytest.mark.rule("NOT-2.1")
async def test_an_older_version_of_a_patient_changes_nothing(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.changed(2), practice.registered(()))
    await desk.tell(payment, practice.receipt(payment))
    assert len(desk.mail.taken) == 1


async def test_a_message_waits_for_a_patient_who_is_announced_later(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    await desk.tell(practice.configured(), payment, practice.receipt(payment))
    assert desk.mail.taken == []
    await desk.harness.deliver(practice.registered())
    await desk.send(after=timedelta(seconds=1))
    assert len(desk.mail.taken) == 1


@pytest.mark.rule("NOT-4.3")
async def test_quiet_hours_defer_and_the_look_is_taken_again(desk: Any, practice: Any) -> None:
    await known(desk, practice, time_zone="Asia/Tokyo")
    await put(desk, practice, {"quiet_hours": {"start": "00:00", "end": "04:00"}})
    first, second = practice.paid(), practice.paid()
    # It is midnight and a minute in Tokyo.
    now = desk.clock.now()
    desk.clock.advance(timedelta(hours=15) - (now - now.replace(hour=0, minute=0, second=0)) + timedelta(minutes=1))
    if desk.clock.now().hour != 15:
        desk.clock.advance(timedelta(days=1))
    await desk.tell(first, practice.receipt(first), second, practice.receipt(second))
    assert desk.mail.taken == []
    await desk.tell(practice.cancelled(second))
    await desk.send(after=timedelta(hours=3, minutes=58))
    assert desk.mail.taken == []
    await desk.send(after=timedelta(minutes=2))
    assert sorted(await states(desk, practice)) == [
        ("payment_cancelled", "sent", None),
        ("payment_recorded", "sent", None),
        ("payment_recorded", "suppressed", "no_longer_true"),
    ]


@pytest.mark.rule("NOT-5.1")
async def test_a_clinic_that_sends_no_documents_sends_a_link(desk: Any, practice: Any) -> None:
    await known(desk, practice)
    link = "https://portal.example/{kind}/{id}"
    await put(desk, practice, {"documents": "linked", "document_link": link})
    payment = practice.paid()
    receipt = practice.receipt(payment)
    await desk.tell(payment, receipt)
    (mail,) = desk.mail.taken
    assert list(mail.iter_attachments()) == []
    assert f"https://portal.example/receipts/{receipt.receipt_id}" in mail.get_body(("plain",)).get_content()
    assert desk.documents.asked == []


async def test_a_notice_can_be_told_days_later(desk: Any, practice: Any) -> None:
    await known(desk, practice)
    await put(desk, practice, {"notices": {"invoice_issued": {"offset_days": 3}}})
    practice.at = desk.clock.now()
    await desk.tell(practice.issued_invoice())
    await desk.send(after=timedelta(days=2))
    assert desk.mail.taken == []
    await desk.send(after=timedelta(days=1))
    assert len(desk.mail.taken) == 1


async def test_the_bell_wakes_the_loop_long_before_it_would_look_by_itself(desk: Any, practice: Any) -> None:
    real = desk.harness.resources.state.sending
    sending = Sending(real.database, real.clock, real.channels, real.documents)
    running = asyncio.create_task(sending.run())
    try:
        payment = practice.paid()
        await known(desk, practice)
        await desk.harness.deliver(payment, practice.receipt(payment))

        async def arrived() -> bool:
            return len(desk.mail.taken) == 1

        await eventually(arrived, within_seconds=3)
    finally:
        sending.stop()
        await running
