"""A text message that its provider took and could not deliver, as it says later, signed (NOT-8.6)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from contracts.patients import ContactPoint
from notifications.channels.sms.channel import SmsChannel
from notifications.channels.sms.provider import SmsAccount, SmsProvider
from notifications.channels.sms.status import status_links
from notifications.domain.settings import Channel
from pydantic import SecretStr
from sms_server import SmsServer

pytestmark = pytest.mark.rule("NOT-8.6")

LINKS = status_links("https://desk.example/api/notifications", "k" * 32)
SECRET = "of the account"


@pytest_asyncio.fixture(loop_scope="session")
async def provider(desk: Any) -> AsyncIterator[SmsServer]:
    one, resources = SmsServer(), desk.harness.resources
    listening = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = listening.sockets[0].getsockname()[1]
    client = SmsProvider(SmsAccount(f"http://127.0.0.1:{one.port}", "AC7", SECRET, "+12025550100"))
    before = resources.settings
    resources.settings = before.model_copy(update={"sms_auth_token": SecretStr(SECRET)})
    resources.state.status_links = LINKS
    resources.state.sending.channels[Channel.SMS] = SmsChannel(client, 4, LINKS)
    yield one
    del resources.state.sending.channels[Channel.SMS]
    resources.settings, resources.state.status_links = before, None
    await client.close()
    listening.close()


async def reminded(desk: Any, practice: Any, *, first: bool = True) -> dict[str, Any]:
    if first:
        body = {"notices": {"invoice_overdue": {"channels": ["sms"]}}, "reason": "they read no mail"}
        async with desk.harness.client("settings:write", practice.clinic_id) as owner:
            await owner.put("/v1/notification-settings", json=body, headers={"If-Match": '"0"'})
    point = ContactPoint(channel="sms", value="+1 202 555 0143", consents=("reminders",))
    invoice = practice.issued_invoice(invoice_id=new_id())
    await desk.tell(practice.configured(), practice.registered(contact_points=(point,)), invoice)
    await desk.tell(practice.overdue(invoice))
    return dict((await desk.messages(practice, notice="invoice_overdue"))[0])


async def say(desk: Any, url: str, secret: str = SECRET, **form: str) -> int:
    """As Twilio says it: a form, signed with the URL."""
    said = url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()).decode()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    async with desk.harness.client(give_keys=False) as stranger:
        del stranger.headers["Authorization"]
        path = urlsplit(url).path.removeprefix("/api/notifications")
        answer = await stranger.post(path, content=urlencode(form), headers=headers)
        return int(answer.status_code)


async def test_a_number_that_nobody_has_is_sent_to_no_more(desk: Any, practice: Any, provider: SmsServer) -> None:
    message = await reminded(desk, practice)
    url = provider.taken[0]["StatusCallback"]
    assert await say(desk, url, MessageStatus="sent") == 204
    assert (await desk.messages(practice, notice="invoice_overdue"))[0]["state"] == "sent"
    for _ in range(2):
        assert await say(desk, url, MessageStatus="undelivered", ErrorCode="30005") == 204
    (found,) = await desk.messages(practice, notice="invoice_overdue")
    assert (found["state"], found["provider_answer"]) == ("bounced", "it came back: 30005")
    assert [outcome for outcome, _ in await desk.history(practice, message["id"])] == ["sent", "bounced"]
    later = await reminded(desk, practice, first=False)
    assert (later["state"], later["cause"]) == ("suppressed", "address_suppressed")


async def test_a_phone_that_was_off_is_tried_next_time(desk: Any, practice: Any, provider: SmsServer) -> None:
    await reminded(desk, practice)
    await say(desk, provider.taken[0]["StatusCallback"], MessageStatus="undelivered", ErrorCode="30003")
    assert (await desk.messages(practice, notice="invoice_overdue"))[0]["state"] == "bounced"
    assert (await reminded(desk, practice, first=False))["state"] == "sent"


async def test_what_the_provider_did_not_sign_changes_nothing(desk: Any, practice: Any, provider: SmsServer) -> None:
    message = await reminded(desk, practice)
    url = provider.taken[0]["StatusCallback"]
    form = {"MessageStatus": "failed", "ErrorCode": "30005"}
    assert await say(desk, url, secret="guessed", **form) == 403
    other = LINKS.link_of(new_id(), new_id())
    assert await say(desk, other, **form) == 204
    assert await say(desk, url[:-1] + ("a" if url[-1] != "a" else "b"), **form) in (403, 404)
    assert (await desk.messages(practice, notice="invoice_overdue"))[0]["id"] == message["id"]
    assert (await desk.messages(practice, notice="invoice_overdue"))[0]["state"] == "sent"
