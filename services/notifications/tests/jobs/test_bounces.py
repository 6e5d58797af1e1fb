"""Mail that came back: by IMAP, or as the server's answer; what comes back for good is sent to no more (NOT-8.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing.scanning import places_of
from contracts.notifications import NotificationFailed, NotificationSuppressed
from contracts.patients import ContactPoint, PatientForgotten
from imap_server import ImapMailbox
from notifications.channels.email.bounce_mailbox import BounceMailbox, ImapServer, MailboxFault
from notifications.channels.email.returns import PURPOSE, ReturnAddresses
from notifications.channels.tokens import Tokens
from notifications.domain.settings import Channel
from reports import report

pytestmark = pytest.mark.rule("NOT-8.2")

URL = "/v1/suppressed-addresses"


@dataclass
class Returning:
    """The mailbox that bounces come back to, and the desk whose mail does."""

    desk: Any
    mailbox: ImapMailbox

    async def receipt(self, practice: Any, *, known: bool = False) -> dict[str, Any]:
        """A receipt is mailed; its message, and where that comes back to."""
        payment = practice.paid()
        events = [] if known else [practice.configured(), practice.registered()]
        await self.desk.tell(*events, payment, practice.receipt(payment))
        message = (await self.desk.messages(practice))[0]
        back = self.desk.mail.envelopes[-1][0] if message["state"] == "sent" else None
        return dict(message) | {"back": back}

    async def read(self) -> None:
        await self.desk.harness.run_job("read_bounces")

    async def bounced(self, practice: Any, status: str = "5.1.1") -> dict[str, Any]:
        message = await self.receipt(practice)
        self.mailbox.deliver(report(message["back"], status))
        await self.read()
        return dict(message)

    async def suppressed(self, practice: Any, **wanted: Any) -> list[dict[str, Any]]:
        async with self.desk.harness.client("notifications:read", practice.clinic_id) as client:
            answer = await client.get(URL, params=wanted)
            assert answer.status_code == 200, answer.text
            found: list[dict[str, Any]] = answer.json()["items"]
            return found

    async def lift(self, practice: Any, suppression_id: Any) -> Any:
        async with self.desk.harness.client("notifications:write", practice.clinic_id, subject="clerk:ann") as client:
            return await client.post(f"{URL}/{suppression_id}/lift", json={"reason": "they made room"})


@pytest_asyncio.fixture(loop_scope="session")
async def returning(desk: Any) -> AsyncIterator[Returning]:
    mailbox, state = ImapMailbox(), desk.harness.resources.state
    listening = await asyncio.start_server(mailbox.serve, "127.0.0.1", 0)
    mailbox.port = listening.sockets[0].getsockname()[1]
    server = ImapServer("127.0.0.1", mailbox.port, "none", "bounces", mailbox.password, timeout_seconds=5)
    before = state.return_addresses, state.bounce_mailbox, state.sending.channels[Channel.EMAIL]
    state.return_addresses = ReturnAddresses("bounces@dental.example", Tokens(PURPOSE, "k" * 32))
    state.bounce_mailbox = BounceMailbox(server)
    state.sending.channels[Channel.EMAIL] = replace(before[2], returns=state.return_addresses)
    yield Returning(desk, mailbox)
    state.return_addresses, state.bounce_mailbox, state.sending.channels[Channel.EMAIL] = before
    listening.close()


@pytest.mark.rule("NOT-8.4")
async def test_mail_that_comes_back_for_good_suppresses_its_address(returning: Returning, practice: Any) -> None:
    message = await returning.bounced(practice)
    assert message["back"] != "billing@dental.example"
    came_back = (await returning.desk.messages(practice))[0]
    assert (came_back["state"], came_back["provider_answer"]) == ("bounced", "it came back: 5.1.1")
    assert [outcome for outcome, _ in await returning.desk.history(practice, message["id"])] == ["sent", "bounced"]
    announced = await returning.desk.harness.announced(NotificationFailed, clinic_id=practice.clinic_id)
    assert [one.data["outcome"] for one in announced] == ["refused"]
    (found,) = await returning.suppressed(practice, patient_id=str(practice.patient_id))
    assert (found["address"], found["status"]) == ("z***r@e***.org", "5.1.1")
    assert found["message_id"] == message["id"]
    later = await returning.receipt(practice, known=True)
    assert (later["state"], later["cause"]) == ("suppressed", "address_suppressed")
    assert len(returning.desk.mail.taken) == 1
    announced = await returning.desk.harness.announced(NotificationSuppressed, clinic_id=practice.clinic_id)
    assert [one.data["cause"] for one in announced] == ["no_address"]
    assert returning.mailbox.mails == {}
    async with returning.desk.harness.client("operations", practice.clinic_id) as client:
        assert (await client.get("/v1/prove")).json()["proven"]


@pytest.mark.rule("NOT-8.4")
@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.0.0"])
async def test_a_full_mailbox_or_a_policy_is_no_fault_of_the_address(
    returning: Returning, practice: Any, status: str
) -> None:
    await returning.bounced(practice, status)
    assert (await returning.desk.messages(practice))[0]["state"] == "bounced"
    assert await returning.suppressed(practice) == []
    assert (await returning.receipt(practice, known=True))["state"] == "sent"


@pytest.mark.parametrize("changed", ["zoe@example.com", " ZOE.MILLER@Example.org "])
async def test_another_address_is_sent_to(returning: Returning, practice: Any, changed: str) -> None:
    await returning.bounced(practice)
    practice.email = changed
    await returning.desk.tell(practice.changed(2))
    later = await returning.receipt(practice, known=True)
    assert later["state"] == ("sent" if changed == "zoe@example.com" else "suppressed")


async def test_the_next_address_that_is_allowed_takes_its_place(returning: Returning, practice: Any) -> None:
    await returning.bounced(practice)
    points = [
        ContactPoint.model_validate({"channel": "email", "value": value, "consents": ("documents",)})
        for value in (practice.email, "zoe@work.example")
    ]
    await returning.desk.tell(practice.changed(2, contact_points=points))
    assert (await returning.receipt(practice, known=True))["state"] == "sent"
    assert returning.desk.mail.envelopes[-1][1] == ["zoe@work.example"]


@pytest.mark.rule("NOT-8.5")
async def test_by_hand_it_is_lifted_once_and_bounces_again_only_if_it_does(returning: Returning, practice: Any) -> None:
    await returning.bounced(practice)
    old = report(returning.desk.mail.envelopes[-1][0], "5.1.1")
    (found,) = await returning.suppressed(practice, is_lifted=False)
    answer = await returning.lift(practice, found["id"])
    assert (answer.status_code, answer.json()["lifted_by"]) == (200, "clerk:ann")
    again = await returning.lift(practice, found["id"])
    assert (again.status_code, again.json()["type"]) == (409, "urn:problem:dental-billing:suppression-lifted")
    assert (await returning.lift(practice, new_id())).status_code == 404
    returning.mailbox.deliver(old)
    await returning.read()
    assert await returning.suppressed(practice, is_lifted=False) == []
    message = await returning.receipt(practice, known=True)
    assert message["state"] == "sent"
    returning.mailbox.deliver(report(message["back"], "5.1.1"))
    await returning.read()
    assert [one["lifted_at"] is None for one in await returning.suppressed(practice)] == [True, False]


async def test_who_has_the_address_in_another_clinic_is_written_to(returning: Returning, practice: Any) -> None:
    """ALL-4."""
    await returning.bounced(practice)
    other = replace(practice, clinic_id=new_id())
    assert (await returning.receipt(other))["state"] == "sent"
    assert await returning.suppressed(other) == []
    (found,) = await returning.suppressed(practice)
    assert (await returning.lift(other, found["id"])).status_code == 404


async def test_a_forged_bounce_suppresses_nobody(returning: Returning, practice: Any) -> None:
    message = await returning.receipt(practice)
    forger = ReturnAddresses("bounces@dental.example", Tokens(PURPOSE, "guessed" * 8))
    returning.mailbox.deliver(report(forger.address_of(new_id()), "5.1.1"))
    returning.mailbox.deliver(report(f"bounces+{message['id'].replace('-', '')}@dental.example", "5.1.1"))
    returning.mailbox.deliver(b"To: bounces@dental.example\r\nSubject: Hello\r\n\r\nIs anybody there?\r\n")
    await returning.read()
    assert await returning.suppressed(practice) == []
    assert (returning.mailbox.mails, len(returning.mailbox.folders["Other"])) == ({}, 3)
    await returning.read()
    assert len(returning.mailbox.folders["Other"]) == 3


async def test_what_is_recorded_and_still_there_changes_nothing(returning: Returning, practice: Any) -> None:
    """A process that dies, or a mailbox that goes away, between recording and deleting."""
    message = await returning.receipt(practice)
    returning.mailbox.deliver(report(message["back"], "5.1.1"))
    returning.mailbox.refuses_to_store = True
    with pytest.raises(MailboxFault):
        await returning.read()
    returning.mailbox.refuses_to_store = False
    await returning.read()
    assert returning.mailbox.mails == {}
    assert len(await returning.suppressed(practice)) == 1
    assert [outcome for outcome, _ in await returning.desk.history(practice, message["id"])] == ["sent", "bounced"]


async def test_a_mailbox_that_does_not_let_us_in_is_said_without_its_words(returning: Returning) -> None:
    returning.mailbox.password = "changed"
    with pytest.raises(MailboxFault) as failed:
        await returning.read()
    assert str(failed.value) == "the mailbox of bounces cannot be read: error"


@pytest.mark.parametrize("said", ["rcpt 550 5.1.1 no such user", "550 5.1.1 no such user"])
async def test_what_the_server_says_of_the_address_at_once_counts_like_a_bounce(
    returning: Returning, practice: Any, said: str
) -> None:
    returning.desk.mail.script[:] = [said]
    assert (await returning.receipt(practice))["state"] == "refused"
    assert [one["status"] for one in await returning.suppressed(practice)] == ["5.1.1"]
    assert (await returning.receipt(practice, known=True))["cause"] == "address_suppressed"


@pytest.mark.parametrize("said", ["rcpt 550 no such user", "rcpt 550 5.7.1 blocked", "rcpt 451 5.1.1 later"])
async def test_an_answer_that_may_be_about_us_suppresses_nothing(
    returning: Returning, practice: Any, said: str
) -> None:
    returning.desk.mail.script[:] = [said]
    await returning.receipt(practice)
    assert await returning.suppressed(practice) == []


async def test_a_suppressed_address_is_forgotten_with_its_patient(returning: Returning, practice: Any) -> None:
    """ALL-9: which was suppressed, and that it was; not whose it is."""
    practice.email = "qqzyzx@example.org"
    await returning.bounced(practice)
    assert "suppressed_addresses.address" in await places_of(returning.desk.harness.owned, ("qqzyzx",))
    gone = PatientForgotten(clinic_id=practice.clinic_id, occurred_at=practice.at, patient_id=practice.patient_id)
    await returning.desk.tell(gone)
    assert await places_of(returning.desk.harness.owned, ("qqzyzx",)) == {}
    assert [one["address"] for one in await returning.suppressed(practice)] == [None]


async def test_a_bounce_that_comes_after_forgetting_keeps_no_address(returning: Returning, practice: Any) -> None:
    practice.email = "qqzyzx@example.org"
    message = await returning.receipt(practice)
    gone = PatientForgotten(clinic_id=practice.clinic_id, occurred_at=practice.at, patient_id=practice.patient_id)
    await returning.desk.tell(gone)
    returning.mailbox.deliver(report(message["back"], "5.1.1"))
    await returning.read()
    assert await places_of(returning.desk.harness.owned, ("qqzyzx",)) == {}
    assert await returning.suppressed(practice) == []
