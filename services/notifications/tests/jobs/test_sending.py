"""From an event to the mail server: what goes out, with which document, and what does not (NOT-3 to NOT-5)."""

from __future__ import annotations

from contracts.notifications import NotificationSent


async def test_payment_receipt_goes_out_with_its_pdf(desk, practice):
    payment = practice.paid()
    receipt = practice.receipt(payment)
    await desk.tell(practice.configured(), practice.registered(), payment, receipt)
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
    assert desk.documents.tokens == [f"Bearer for {practice.clinic_id}"]
    (message,) = await desk.messages(practice)
    assert message["state"] == "sent"
    assert message["recipient"] == "z***r@e***.org"
    assert mail["Message-ID"] == f"<{message['id']}@dental.example>"
    (event,) = await desk.harness.announced(NotificationSent, clinic_id=practice.clinic_id)
    assert event.data["notification_id"] == message["id"]
    assert b"zoe" not in event.raw.lower()
