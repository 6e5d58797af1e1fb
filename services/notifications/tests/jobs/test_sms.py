"""Text messages: the same machine as mail, with a provider that is down, rejects, or answers too late (NOT-1.6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from chassis.testing.scanning import places_of
from contracts.notifications import NotificationSent
from contracts.patients import ContactPoint, PatientForgotten
from notifications.channels.sms.channel import SmsChannel
from notifications.channels.sms.provider import SmsAccount, SmsProvider
from notifications.domain.settings import Channel
from sms_server import SmsServer

pytestmark = pytest.mark.rule("NOT-1.6")

NUMBER = "+1 202 555 0143"
DIALED = "+12025550143"
URL = "/v1/notification-settings"


def account_at(server: SmsServer, seconds: float) -> SmsAccount:
    return SmsAccount(f"http://127.0.0.1:{server.port}", "AC7", "token", "+12025550100", timeout_seconds=seconds)


@pytest_asyncio.fixture(loop_scope="session")
async def provider(request: pytest.FixtureRequest, desk: Any) -> AsyncIterator[SmsServer]:
    """The provider, set up in the running service, which waits for it, but where it is to be too late."""
    one = SmsServer()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    channels = desk.harness.resources.state.sending.channels
    clients = [SmsProvider(account_at(one, seconds)) for seconds in (30.0, 0.5)]
    patient, impatient = (SmsChannel(client, 4) for client in clients)
    channels[Channel.SMS] = impatient if "late" in request.node.name else patient
    yield one
    del channels[Channel.SMS]
    one.released.set()
    for client in clients:
        await client.close()
    server.close()


async def reminded(desk: Any, practice: Any, *consents: str, number: str = NUMBER, **settings: Any) -> dict[str, Any]:
    """A clinic that reminds by SMS reminds a patient of an invoice; the message of that."""
    body = {"notices": {"invoice_overdue": {"channels": ["sms"]}}, "reason": "they read no mail"} | settings
    async with desk.harness.client("settings:write", practice.clinic_id) as owner:
        answer = await owner.put(URL, json=body, headers={"If-Match": '"0"'})
        assert answer.status_code == 200, answer.text
    points = (
        ContactPoint(channel="email", value="zoe@example.org", consents=("documents", "reminders")),
        ContactPoint(channel="sms", value=number, consents=consents),
    )
    invoice = practice.issued_invoice()
    await desk.tell(practice.configured(), practice.registered(contact_points=points), invoice)
    desk.mail.taken.clear()
    await desk.tell(practice.overdue(invoice))
    (message,) = await desk.messages(practice, notice="invoice_overdue")
    return dict(message)


@pytest.mark.rule("NOT-1.4")
async def test_a_reminder_goes_out_by_the_providers_own_protocol(desk: Any, practice: Any, provider: SmsServer) -> None:
    message = await reminded(desk, practice, "reminders")
    (sent,) = provider.taken
    assert provider.requests == [
        ("POST /2010-04-01/Accounts/AC7/Messages.json", "application/x-www-form-urlencoded", "AC7:token")
    ]
    assert (sent["To"], sent["From"]) == (DIALED, "+12025550100")
    assert sent["Body"].startswith(
        "Smile Dental: Invoice INV-2026-000007 was due on December 23, 2026, and $120.00 of it"
    )
    said = [message[name] for name in ("state", "channel", "recipient", "provider_answer")]
    assert said == ["sent", "sms", "***43", "201 SM00000000000000000000000000000001"]
    assert desk.mail.taken == []
    (announced,) = [
        one
        for one in await desk.harness.announced(NotificationSent, clinic_id=practice.clinic_id)
        if one.data["channel"] == "sms"
    ]
    assert DIALED not in str(announced.data)


async def test_each_channel_is_told_once_and_by_its_own_consent(desk: Any, practice: Any, provider: SmsServer) -> None:
    """NOT-2.2, NOT-3.1."""
    both = {"notices": {"invoice_overdue": {"channels": ["email", "sms"]}}}
    async with desk.harness.client("settings:write", practice.clinic_id) as owner:
        await owner.put(URL, json=both | {"reason": "x"}, headers={"If-Match": '"0"'})
    points = (
        ContactPoint(channel="email", value="zoe@example.org", consents=("documents", "reminders")),
        ContactPoint(channel="sms", value=NUMBER, consents=("documents",)),
    )
    invoice = practice.issued_invoice()
    await desk.tell(practice.configured(), practice.registered(contact_points=points), invoice)
    told = await desk.harness.deliver(practice.overdue(invoice))
    await desk.harness.deliver(*told)
    await desk.send()
    found = {
        message["channel"]: (message["state"], message["cause"])
        for message in await desk.messages(practice, notice="invoice_overdue")
    }
    assert found == {"email": ("sent", None), "sms": ("suppressed", "no_consent")}
    assert provider.taken == []


@pytest.mark.parametrize(
    ("said", "state", "answer"),
    [
        ("429 20429", "retrying", "429 20429"),
        ("503", "retrying", "503"),
        ("401 20003", "retrying", "401 20003"),
        ("400 21211", "refused", "400 21211"),
        ("400 21610", "refused", "400 21610"),
        ("500", "unknown", "500"),
        ("cut", "unknown", "no answer: RemoteProtocolError"),
        ("late", "unknown", "no answer: ReadTimeout"),
    ],
)
async def test_what_the_provider_says_is_what_becomes_of_it(
    desk: Any, practice: Any, provider: SmsServer, said: str, state: str, answer: str
) -> None:
    """NOT-3.2, NOT-3.3: what may have been taken is not repeated. The provider's words quote numbers, and stay out."""
    provider.script[:] = [said]
    message = await reminded(desk, practice, "reminders")
    assert (message["state"], message["provider_answer"]) == (state, answer)
    await desk.send(after=timedelta(minutes=1))
    sent_again = state == "retrying"
    assert len(provider.requests) == (2 if sent_again else 1)
    places = await places_of(desk.harness.owned, (DIALED[1:],))
    assert places.keys() <= {"messages.address"}


@pytest.mark.rule("NOT-3.6")
async def test_what_a_provider_asks_for_is_waited_for(desk: Any, practice: Any, provider: SmsServer) -> None:
    """Retry-After: of the message itself, and of all that goes to the provider where it has a rate."""
    sending = desk.harness.resources.state.sending
    sending.rates = {Channel.SMS: 100.0}
    provider.script[:] = ["429 20429 120"]
    message = await reminded(desk, practice, "reminders")
    assert message["state"] == "retrying"
    await desk.send(after=timedelta(seconds=115))
    assert len(provider.requests) == 1
    await desk.send(after=timedelta(seconds=10))
    sending.rates = {}
    assert len(provider.requests) == 2
    assert (await desk.messages(practice, notice="invoice_overdue"))[0]["state"] == "sent"


async def test_a_provider_that_is_down_is_tried_again(desk: Any, practice: Any, provider: SmsServer) -> None:
    assert provider
    real = desk.harness.resources.state.sending.channels[Channel.SMS]
    down = SmsProvider(SmsAccount("http://127.0.0.1:1", "AC7", "token", "+12025550100"))
    desk.harness.resources.state.sending.channels[Channel.SMS] = SmsChannel(down, 4)
    message = await reminded(desk, practice, "reminders")
    await down.close()
    assert (message["state"], message["provider_answer"]) == (
        "retrying",
        "the provider cannot be reached: ConnectError",
    )
    desk.harness.resources.state.sending.channels[Channel.SMS] = real
    await desk.send(after=timedelta(minutes=1))
    assert len(provider.taken) == 1


@pytest.mark.rule("NOT-8.1")
@pytest.mark.parametrize("number", ["0202 555 0143", "justaword", "+1 23 45 678"])
async def test_a_number_that_can_never_be_reached_is_refused_at_once(
    desk: Any, practice: Any, provider: SmsServer, number: str
) -> None:
    message = await reminded(desk, practice, "reminders", number=number)
    assert message["state"] == "refused"
    assert provider.requests == []


async def test_a_number_is_forgotten_with_its_patient(desk: Any, practice: Any, provider: SmsServer) -> None:
    """ALL-9."""
    await reminded(desk, practice, "reminders", number="+1 202 555 0177")
    assert provider.taken
    assert await places_of(desk.harness.owned, ("202 555 0177",)) != {}
    gone = PatientForgotten(clinic_id=practice.clinic_id, occurred_at=practice.at, patient_id=practice.patient_id)
    await desk.tell(gone)
    assert await places_of(desk.harness.owned, ("2025550177", "202 555 0177")) == {}


async def test_a_document_goes_by_sms_as_a_link_or_not_at_all(desk: Any, practice: Any, provider: SmsServer) -> None:
    by_sms = {"notices": {"payment_recorded": {"channels": ["sms"]}}, "reason": "x"}
    async with desk.harness.client("settings:write", practice.clinic_id) as owner:
        refused = await owner.put(URL, json=by_sms, headers={"If-Match": '"0"'})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "notices.payment_recorded.channels")
        linked = by_sms | {"documents": "linked", "document_link": "https://portal.example/{kind}/{id}"}
        assert (await owner.put(URL, json=linked, headers={"If-Match": '"0"'})).status_code == 200
    point = ContactPoint(channel="sms", value=NUMBER, consents=("documents",))
    payment = practice.paid()
    receipt = practice.receipt(payment)
    await desk.tell(practice.configured(), practice.registered(contact_points=(point,)), payment, receipt)
    (sent,) = provider.taken
    assert sent["Body"].endswith(f"https://portal.example/receipts/{receipt.receipt_id}")
    assert desk.documents.asked == []
