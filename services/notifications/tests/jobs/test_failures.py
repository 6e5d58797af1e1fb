"""What goes wrong on the way, and what is known of it: retried, refused, given up, unknown; never twice (NOT-3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from chassis.messaging import jobs
from contracts.notifications import NotificationFailed, NotificationSent
from notifications import announcements
from notifications.channels.channel import Answer, Composed, Outcome
from notifications.domain.settings import Channel
from notifications.jobs import send_messages
from notifications.jobs.send_messages import LEASE, OTHERS, Sending
from notifications.persistence import messages as log
from notifications.use_cases.record_outcome import RecordOutcome, record_outcome
from notifications.use_cases.reserve_message import RESERVATION_LASTS, ReserveMessage, reserve_message
from starlette.responses import Response

HOURS_OF_TWO_DAYS = range(48)


@pytest_asyncio.fixture(loop_scope="session")
async def due(desk: Any, practice: Any) -> Any:
    """A receipt that is due and not sent yet."""
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    return practice


async def only(desk: Any, practice: Any) -> dict[str, Any]:
    (message,) = await desk.messages(practice)
    return dict(message)


async def failures(desk: Any, practice: Any) -> list[str]:
    announced = await desk.harness.announced(NotificationFailed, clinic_id=practice.clinic_id)
    return [one.data["outcome"] for one in announced]


async def resend(desk: Any, practice: Any, message_id: str, **headers: str) -> Any:
    async with desk.harness.client("notifications:write", practice.clinic_id, subject="clerk:ann") as client:
        body = {"reason": "the patient asked for it"}
        return await client.post(f"/v1/messages/{message_id}/resend", json=body, headers=headers)


@pytest.mark.rule("NOT-3.2")
@pytest.mark.parametrize("said", ["451 try later", "rcpt 450 mailbox busy"])
async def test_a_message_that_is_not_taken_is_tried_again_later(desk: Any, due: Any, said: str) -> None:
    desk.mail.script[:] = [said]
    await desk.send()
    waiting = await only(desk, due)
    assert (waiting["state"], waiting["attempts"]) == ("retrying", 1)
    await desk.send(after=timedelta(seconds=3))
    assert desk.mail.taken == []
    await desk.send(after=timedelta(seconds=3))
    sent = await only(desk, due)
    assert (sent["state"], sent["attempts"], sent["provider_answer"]) == ("sent", 2, "250 taken")
    assert await desk.history(due, sent["id"]) == [("retrying", said.removeprefix("rcpt ")), ("sent", "250 taken")]


@pytest.mark.rule("NOT-8.1")
@pytest.mark.parametrize("said", ["554 refused", "rcpt 550 no such user"])
async def test_a_refused_message_is_not_tried_again(desk: Any, due: Any, said: str) -> None:
    desk.mail.script[:] = [said]
    await desk.send()
    await desk.send(after=timedelta(days=2))
    assert desk.mail.taken == []
    assert (await only(desk, due))["state"] == "refused"
    assert await failures(desk, due) == ["refused"]


@pytest.mark.rule("NOT-8.1")
@pytest.mark.parametrize("address", ["justaword", "jane@gmail", "@c.example", "a@b@c.example", "@"])
async def test_an_address_that_can_never_be_mailed_fails_at_once_and_is_said(
    desk: Any, practice: Any, address: str
) -> None:
    practice.email, payment = address, practice.paid()
    await desk.tell(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    refused = await only(desk, practice)
    said = "the address can never be mailed"
    assert [refused[name] for name in ("state", "attempts", "provider_answer")] == ["refused", 0, said]
    assert await desk.history(practice, refused["id"]) == [("refused", said)]
    assert await failures(desk, practice) == ["refused"]
    await desk.tell(practice.changed(2, contact_points=practice.registered().contact_points))
    await desk.send(after=timedelta(days=1))
    assert (await only(desk, practice))["attempts"] == 0


async def test_an_address_in_other_letters_goes_out(desk: Any, practice: Any) -> None:
    practice.email, payment = "jörg@köln.example", practice.paid()
    await desk.tell(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    assert [envelope[1] for envelope in desk.mail.envelopes] == [["jörg@xn--kln-sna.example"]]
    assert (await only(desk, practice))["state"] == "sent"


@pytest.mark.rule("NOT-3.2")
async def test_a_message_that_nobody_takes_is_given_up_after_a_day(desk: Any, due: Any) -> None:
    desk.mail.script[:] = ["451 try later"] * 100
    for _ in HOURS_OF_TWO_DAYS:
        await desk.send(after=timedelta(hours=1))
    given_up = await only(desk, due)
    assert given_up["state"] == "given_up"
    assert 15 <= given_up["attempts"] <= 30
    assert await failures(desk, due) == ["given_up"]
    assert desk.mail.taken == []


@pytest.mark.rule("NOT-3.3")
async def test_a_connection_lost_after_data_is_counted_as_unknown(
    desk: Any, due: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K8: a figure that an alarm watches."""
    counted: list[tuple[int, Any]] = []
    monkeypatch.setattr(announcements._failed, "add", lambda *given: counted.append(given))
    desk.mail.script[:] = ["cut"]
    await desk.send()
    assert (await only(desk, due))["state"] == "unknown"
    assert counted == [(1, {"channel": "email", "reason": "unknown"})]


async def test_a_message_that_cannot_be_checked_is_counted_and_due_again(
    desk: Any, due: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: in a figure that an alarm watches; it was a line of the log every twenty seconds, and no mail."""
    counted: list[tuple[int, Any]] = []
    monkeypatch.setattr(jobs._failed, "add", lambda *given: counted.append(given))

    async def checked(_work: Any, _ids: Any) -> Any:
        raise LookupError("a text with Mrs. Miller in it")

    with monkeypatch.context() as broken:
        broken.setattr(send_messages, "check_due_messages", checked)
        await desk.send()
    assert counted == [(1, {"job.name": "send_messages"})]
    assert desk.mail.taken == []
    await desk.send(after=LEASE)
    assert (await only(desk, due))["state"] == "sent"
    assert len(counted) == 1


@pytest.mark.rule("NOT-3.3")
async def test_a_connection_lost_after_data_is_unknown_and_not_repeated(desk: Any, due: Any) -> None:
    desk.mail.script[:] = ["cut"]
    await desk.send()
    await desk.send(after=timedelta(days=2))
    unknown = await only(desk, due)
    assert unknown["state"] == "unknown"
    assert len(desk.mail.taken) == 1
    assert await failures(desk, due) == ["unknown"]


@pytest.mark.rule("NOT-3.4")
async def test_what_is_unknown_can_be_sent_again_by_hand_once(desk: Any, due: Any) -> None:
    desk.mail.script[:] = ["cut"]
    await desk.send()
    message_id = (await only(desk, due))["id"]
    first = await resend(desk, due, message_id, **{"Idempotency-Key": "again"})
    replayed = await resend(desk, due, message_id, **{"Idempotency-Key": "again"})
    assert (first.status_code, first.json()["state"]) == (202, "planned")
    assert replayed.headers["Idempotency-Replayed"] == "true"
    await desk.send()
    assert len(desk.mail.taken) == 2
    assert desk.mail.taken[0]["Message-ID"] == desk.mail.taken[1]["Message-ID"]
    assert [outcome for outcome, _ in await desk.history(due, message_id)] == ["unknown", "resend_requested", "sent"]


async def test_sending_by_hand_does_not_override_consent(desk: Any, due: Any) -> None:
    await desk.tell(due.changed(2, ()))
    message_id = (await only(desk, due))["id"]
    assert (await resend(desk, due, message_id)).status_code == 202
    await desk.send()
    assert (await only(desk, due))["cause"] == "no_consent"
    assert desk.mail.taken == []


async def claim(desk: Any, practice: Any) -> Any:
    message_id = (await only(desk, practice))["id"]
    channels = desk.harness.resources.state.sending.channels
    async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
        return await reserve_message(work, ReserveMessage(message_id, b"%PDF-1.7"), channels)


async def test_a_process_that_dies_between_claim_and_answer_leaves_the_outcome_unknown(desk: Any, due: Any) -> None:
    assert await claim(desk, due) is not None
    await desk.send()
    assert (await only(desk, due))["state"] == "claimed"
    await desk.send(after=RESERVATION_LASTS)
    assert (await only(desk, due))["state"] == "unknown"
    assert await failures(desk, due) == ["unknown"]
    assert desk.mail.taken == []


async def test_a_process_that_dies_before_the_claim_has_done_nothing_and_it_is_sent(desk: Any, due: Any) -> None:
    async with desk.harness.database.transaction([], "test") as work:
        assert await log.lease_due(work, work.now + timedelta(seconds=30), 10)
    await desk.send()
    assert desk.mail.taken == []
    await desk.send(after=timedelta(seconds=30))
    assert len(desk.mail.taken) == 1


async def test_who_sent_it_may_still_say_so_after_it_had_to_be_called_unknown(desk: Any, due: Any) -> None:
    claimed = await claim(desk, due)
    await desk.send(after=RESERVATION_LASTS)
    accepted = RecordOutcome(claimed.message, Answer(Outcome.ACCEPTED, "250 taken"), 0.5)
    async with desk.harness.database.transaction([due.clinic_id], "test") as work:
        await record_outcome(work, accepted)
    assert (await only(desk, due))["state"] == "sent"
    assert len(await desk.harness.announced(NotificationSent, clinic_id=due.clinic_id)) == 1


async def test_a_message_is_claimed_by_one_of_many(desk: Any, due: Any) -> None:
    claims = await asyncio.gather(*(claim(desk, due) for _ in range(8)))
    assert len([one for one in claims if one is not None]) == 1


@pytest.mark.rule("NOT-3.1")
async def test_two_senders_at_once_send_it_once(desk: Any, due: Any) -> None:
    first = desk.harness.resources.state.sending
    second = Sending(first.database, first.clock, first.channels, first.documents)
    for _ in range(3):
        await asyncio.gather(first.start_due(), second.start_due())
    await asyncio.gather(first.finish(), second.finish())
    assert len(desk.mail.taken) == 1


@pytest.mark.rule("NOT-3.1")
async def test_a_receipt_that_is_delivered_again_is_told_once(desk: Any, practice: Any) -> None:
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment)
    messages = await desk.harness.deliver(practice.receipt(payment))
    await desk.harness.deliver(*messages)
    await desk.send()
    await desk.harness.deliver(*messages)
    await desk.send(after=timedelta(minutes=5))
    assert len(desk.mail.taken) == 1


async def test_a_document_that_is_not_there_yet_is_asked_for_again_soon(desk: Any, due: Any) -> None:
    desk.documents.answers[:] = [Response(status_code=404, headers={"Retry-After": "1"})]
    await desk.send()
    waiting = await only(desk, due)
    assert (waiting["state"], waiting["attempts"]) == ("planned", 0)
    await desk.send(after=timedelta(seconds=1))
    (mail,) = desk.mail.taken
    assert [part.get_filename() for part in mail.iter_attachments()] == ["R-2026-000042.pdf"]


async def test_documents_that_are_being_made_are_looked_for_together_and_fetched_when_they_are_made(
    desk: Any, practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOT-5, NOT-3: of all that are in work, one question and one transaction; nothing of it counts as an attempt."""
    put_off: list[int] = []
    defer = log.defer

    async def counted(work: Any, moments: Any) -> None:
        if moments:
            put_off.append(len(moments))
        await defer(work, moments)

    monkeypatch.setattr(log, "defer", counted)
    invoices = [practice.issued_invoice(number=f"INV-{number}") for number in range(OTHERS.share)]
    desk.documents.being_made = {str(invoice.invoice_id) for invoice in invoices}
    await desk.harness.deliver(practice.configured(), practice.registered())
    await desk.tell(*invoices)
    assert [sorted(look) for look in desk.documents.looks] == [sorted(desk.documents.being_made)]
    assert (put_off, desk.documents.asked) == ([len(invoices)], [])
    assert {(message["state"], message["attempts"]) for message in await desk.messages(practice)} == {("planned", 0)}
    desk.documents.being_made.clear()
    await desk.send(after=timedelta(seconds=1))
    assert len(desk.documents.looks) == 2
    assert len(desk.mail.taken) == len(desk.documents.asked) == len(invoices)


async def test_a_document_that_is_never_made_becomes_a_failure_that_is_given_up(desk: Any, due: Any) -> None:
    desk.documents.answers[:] = [Response(status_code=404, headers={"Retry-After": "1"})] * 200
    await desk.send()
    await desk.send(after=timedelta(hours=1))
    waiting = await only(desk, due)
    assert (waiting["state"], waiting["provider_answer"]) == ("retrying", "the receipts service answered 404")
    for _ in HOURS_OF_TWO_DAYS:
        await desk.send(after=timedelta(hours=1))
    assert (await only(desk, due))["state"] == "given_up"
    assert desk.mail.taken == []


async def test_a_document_that_is_no_pdf_is_never_attached(desk: Any, due: Any) -> None:
    desk.documents.answers[:] = [Response("<html>login</html>", media_type="text/html")]
    await desk.send()
    assert desk.mail.taken == []
    assert (await only(desk, due))["state"] == "retrying"


class Deaf:
    """A channel that nobody answers on."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def compose(self, content: Any) -> Composed:
        return self.real.compose(content)

    async def send(self, composed: Composed, clinic_id: UUID) -> Answer:  # noqa: ARG002 - a channel takes them
        raise TimeoutError


class Wordless:
    """A channel that cannot put anything into form, and says whom it was about."""

    def compose(self, content: Any) -> Composed:
        raise ValueError(content.address)


async def test_no_answer_in_time_is_unknown(desk: Any, due: Any) -> None:
    real = desk.harness.resources.state.sending
    deaf = Deaf(real.channels[Channel.EMAIL])
    sending = Sending(real.database, real.clock, {Channel.EMAIL: deaf}, real.documents)
    await sending.start_due()
    await sending.finish()
    assert (await only(desk, due))["state"] == "unknown"


async def test_what_cannot_be_composed_is_retried_and_its_error_names_nobody(desk: Any, due: Any) -> None:
    real = desk.harness.resources.state.sending
    sending = Sending(real.database, real.clock, {Channel.EMAIL: Wordless()}, real.documents)  # type: ignore[dict-item]
    await sending.start_due()
    await sending.finish()
    waiting = await only(desk, due)
    assert waiting["state"] == "retrying"
    assert waiting["provider_answer"].startswith("cannot be composed: ValueError")
    assert "@" not in waiting["provider_answer"]
