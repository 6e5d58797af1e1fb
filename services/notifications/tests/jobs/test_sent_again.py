"""What was sent is sent again by hand as a copy; it is known who asked for it, and why (NOT-8.3)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.notifications import NotificationSent

pytestmark = pytest.mark.rule("NOT-8.3")

WHY = "The patient cannot find it."


async def ask(desk: Any, practice: Any, message_id: str, key: str | None = None) -> Any:
    async with desk.harness.client("notifications:write", practice.clinic_id, subject="clerk:ann") as client:
        headers = {"Idempotency-Key": key} if key else {}
        return await client.post(f"/v1/messages/{message_id}/resend", json={"reason": WHY}, headers=headers)


async def receipt_sent(desk: Any, practice: Any) -> tuple[Any, str]:
    """A payment, and the message that carried its receipt."""
    payment = practice.paid()
    await desk.tell(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    (message,) = await desk.messages(practice)
    assert message["state"] == "sent"
    return payment, message["id"]


async def invoice_told(desk: Any, practice: Any, *consents: str) -> Any:
    invoice = practice.issued_invoice()
    await desk.tell(practice.configured(), practice.registered(consents), invoice)
    return invoice


def paid_in_full(practice: Any, invoice: Any) -> Any:
    payment_id = new_id()
    settled = practice.settlement(invoice, payment_id, "120.00", "0.00")
    return practice.paid("120.00", transaction_id=payment_id, settlements=(settled,))


async def test_a_receipt_that_was_sent_is_sent_again_as_a_copy(desk: Any, practice: Any) -> None:
    """And each says whose receipt it is."""
    payment, first = await receipt_sent(desk, practice)
    answer = await ask(desk, practice, first)
    copy = answer.json()
    assert (answer.status_code, copy["state"], copy["copy_of"]) == (202, "planned", first)
    assert answer.headers["Location"] == f"/v1/messages/{copy['id']}"
    await desk.send()
    again, once = await desk.messages(practice)
    assert {one["transaction_id"] for one in (again, once)} == {str(payment.transaction_id)}
    assert [(one["id"], one["state"], one["attempts"]) for one in (once, again)] == [
        (first, "sent", 1),
        (copy["id"], "sent", 1),
    ]
    assert len({mail["Message-ID"] for mail in desk.mail.taken}) == 2, "a mail program shows both"
    assert [one.endswith("/pdf?copy=true") for one in desk.documents.asked] == [False, True], "it says COPY (RCP-1.3)"
    announced = await desk.harness.announced(NotificationSent, clinic_id=practice.clinic_id)
    assert [one.data["copy_of"] for one in announced] == [None, first]


async def test_who_asked_and_why_is_in_the_history_of_both(desk: Any, practice: Any) -> None:
    _, first = await receipt_sent(desk, practice)
    copy = (await ask(desk, practice, first)).json()["id"]
    await desk.send()
    async with desk.harness.client("notifications:read", practice.clinic_id) as client:
        for message_id, outcomes in ((first, ["sent", "resend_requested"]), (copy, ["resend_requested", "sent"])):
            history = (await client.get(f"/v1/messages/{message_id}")).json()["history"]
            assert [one["outcome"] for one in history] == outcomes
            (asked,) = [one for one in history if one["outcome"] == "resend_requested"]
            assert (asked["by"], asked["detail"]) == ("clerk:ann", WHY)


async def test_the_same_request_twice_is_one_copy(desk: Any, practice: Any) -> None:
    _, first = await receipt_sent(desk, practice)
    answers = [await ask(desk, practice, first, "again") for _ in range(2)]
    await desk.send()
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert (await ask(desk, practice, first, "again")).headers["Idempotency-Replayed"] == "true"
    assert len(desk.mail.taken) == 2


async def test_one_copy_at_a_time_is_on_its_way_whoever_asks(desk: Any, practice: Any) -> None:
    _, first = await receipt_sent(desk, practice)
    answers = await asyncio.gather(*(ask(desk, practice, first) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    (copy,) = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    refused = await ask(desk, practice, copy)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "message-not-resendable")
    await desk.send()
    later = await ask(desk, practice, copy)
    assert (later.status_code, later.json()["copy_of"]) == (202, first)
    await desk.send()
    assert len(desk.mail.taken) == 3


async def test_a_reminder_is_looked_at_again(desk: Any, practice: Any) -> None:
    """NOT-4.1: of what was paid meanwhile nobody is reminded, also by hand."""
    invoice = await invoice_told(desk, practice, "reminders")
    await desk.tell(practice.overdue(invoice))
    reminder, _ = await desk.messages(practice)
    assert (reminder["notice"], reminder["state"]) == ("invoice_overdue", "sent")
    await desk.harness.deliver(paid_in_full(practice, invoice))
    assert (await ask(desk, practice, reminder["id"])).status_code == 202
    await desk.send()
    copy = (await desk.messages(practice))[0]
    assert (copy["state"], copy["cause"]) == ("suppressed", "no_longer_true")
    assert len(desk.mail.taken) == 1


async def test_an_invoice_is_sent_again_when_it_is_paid_but_not_when_it_is_void(desk: Any, practice: Any) -> None:
    """Who asks for it wants it for the records: it is a document, and asks for nothing."""
    invoice = await invoice_told(desk, practice, "documents")
    (first,) = await desk.messages(practice)
    await desk.harness.deliver(paid_in_full(practice, invoice))
    await ask(desk, practice, first["id"])
    await desk.send()
    assert len(desk.mail.taken) == 2
    assert "$0.00" in desk.mail.taken[1].get_body(("plain",)).get_content()
    await desk.harness.deliver(practice.voided(invoice))
    await ask(desk, practice, first["id"])
    await desk.send()
    assert (await desk.messages(practice))[0]["cause"] == "no_longer_true"


async def test_neither_a_cancelled_payments_receipt_nor_one_without_consent_is_sent_again(
    desk: Any, practice: Any
) -> None:
    payment, first = await receipt_sent(desk, practice)
    await desk.harness.deliver(practice.changed(2, ()))
    await ask(desk, practice, first)
    await desk.send()
    await desk.harness.deliver(practice.changed(3), practice.cancelled(payment))
    await ask(desk, practice, first)
    await desk.send()
    causes = {message["cause"] for message in await desk.messages(practice) if message["copy_of"]}
    assert causes == {"no_consent", "no_longer_true"}


async def test_a_copy_is_of_the_clinics_own_message_and_the_log_stays_proven(desk: Any, practice: Any) -> None:
    _, first = await receipt_sent(desk, practice)
    stranger = replace(practice, clinic_id=new_id())
    assert (await ask(desk, stranger, first)).status_code == 404
    await ask(desk, practice, first)
    await desk.send(after=timedelta(seconds=1))
    async with desk.harness.client("operations", practice.clinic_id) as operator:
        proof = (await operator.get("/v1/prove")).json()
    assert (proof["proven"], proof["counts"]["sent"]) == (True, 2)
