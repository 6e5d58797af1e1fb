"""What strangers are sent to lies behind the front desk's address, the only one that is offered (decision 0063)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from frontdesk.app import build_app
from frontdesk.settings import FrontDeskSettings
from notifications.channels.email import mail_events
from notifications.channels.email.mail_events import MailEvents
from notifications.channels.email.unsubscribing import unsubscribe_links
from notifications.channels.sms.status import status_links
from notifications.channels.tokens import Tokens
from notifications.domain.settings import Channel
from pydantic import SecretStr

HERE = "http://desk.test"
API = f"{HERE}/api/notifications"
SECRET, ACCOUNT = "k" * 32, "of the account"
PROVIDER = generate_private_key(SECP256R1())


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(desk: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever was sent a link, before the front desk as it runs, with the service behind it."""
    resources = desk.harness.resources
    state, settings = resources.state, resources.settings
    email = state.sending.channels[Channel.EMAIL]
    links, events = unsubscribe_links(API, SECRET), MailEvents(PROVIDER.public_key(), Tokens("mail-events", SECRET))
    state.unsubscribe_links, state.status_links, state.mail_events = links, status_links(API, SECRET), events
    state.sending.channels[Channel.EMAIL] = replace(email, unsubscribing=links, events=events)
    resources.settings = settings.model_copy(update={"sms_auth_token": SecretStr(ACCOUNT)})
    urls = {f"{name}_url": f"http://{name}" for name in ("invoicing", "payments", "receipts", "notifications")}
    given: dict[str, Any] = {"environment": "local", "session_secret": SecretStr(SECRET), "public_url": HERE}
    pages = FrontDeskSettings(**(given | {"provider_url": "http://provider.test"} | urls))
    app = build_app(pages, transport=httpx.ASGITransport(desk.harness.app))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as client,
    ):
        yield client
    state.unsubscribe_links = state.status_links = state.mail_events = None
    state.sending.channels[Channel.EMAIL], resources.settings = email, settings


async def reminder(desk: Any, practice: Any) -> Any:
    invoice = practice.issued_invoice(invoice_id=new_id())
    await desk.tell(practice.configured(), practice.registered(("documents", "reminders")), invoice)
    desk.mail.forget()
    await desk.tell(practice.overdue(invoice))
    return desk.mail.taken[-1] if desk.mail.taken else None


@pytest.mark.rule("NOT-2.5")
@pytest.mark.parametrize("origin", [None, HERE])
async def test_a_link_of_a_reminder_is_looked_at_and_clicked_there(
    desk: Any, practice: Any, stranger: httpx.AsyncClient, origin: str | None
) -> None:
    """By a mail program (RFC 8058), and by the page's own form, which says where it is from."""
    link = str((await reminder(desk, practice))["List-Unsubscribe"]).strip("<>")
    page = await stranger.get(link)
    assert (page.status_code, page.headers["content-security-policy"]) == (
        200,
        "default-src 'none'; form-action 'self'",
    )
    assert re.search(r'<form method="post">', page.text)
    click = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Origin": origin} if origin else {})
    done = await stranger.post(link, content=b"List-Unsubscribe=One-Click", headers=click)
    assert (done.status_code, "<form" in done.text) == (200, False)
    assert await reminder(desk, practice) is None
    assert (await stranger.get(link + "x")).status_code == 404


@pytest.mark.rule("NOT-8.7")
async def test_what_a_mail_provider_signs_arrives_there_byte_by_byte(
    desk: Any, practice: Any, stranger: httpx.AsyncClient
) -> None:
    arguments = json.loads((await reminder(desk, practice))[mail_events.HEADER])["unique_args"]
    body = json.dumps([{"event": "bounce", "status": "5.1.1", "email": "zoë"} | arguments], ensure_ascii=False) + "\r\n"
    signature = base64.b64encode(PROVIDER.sign(b"7" + body.encode(), ECDSA(SHA256()))).decode()
    headers = {mail_events.SIGNATURE: signature, mail_events.TIMESTAMP: "7", "Content-Type": "application/json"}
    url = urlsplit(API).path + mail_events.PATH
    assert (await stranger.post(url, content=body.encode() + b" ", headers=headers)).status_code == 403
    assert (await stranger.post(url, content=body.encode(), headers=headers)).status_code == 204
    (last, *_) = await desk.messages(practice, notice="invoice_overdue")
    assert last["state"] == "bounced"


@pytest.mark.rule("NOT-8.6")
async def test_what_a_provider_of_text_messages_says_arrives_there(
    desk: Any, practice: Any, stranger: httpx.AsyncClient
) -> None:
    """Signed over the address that it was given, which is this one."""
    await reminder(desk, practice)
    (sent, *_) = await desk.messages(practice, notice="invoice_overdue")
    link = status_links(API, SECRET).link_of(practice.clinic_id, UUID(sent["id"]))
    form = {"MessageStatus": "undelivered", "ErrorCode": "30003"}
    said = link + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(ACCOUNT.encode(), said.encode(), hashlib.sha1).digest()).decode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    forged = await stranger.post(link, content=urlencode(form), headers=kind | {"X-Twilio-Signature": "x"})
    assert forged.status_code == 403
    told = await stranger.post(link, content=urlencode(form), headers=kind | {"X-Twilio-Signature": signature})
    assert told.status_code == 204
    (last, *_) = await desk.messages(practice, notice="invoice_overdue")
    assert last["state"] == "bounced"
