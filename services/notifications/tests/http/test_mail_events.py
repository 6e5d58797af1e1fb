"""Mail that a provider took and could not deliver, as it says later, signed (NOT-8.7)."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from notifications.channels.email.mail_events import (
    ARGUMENT,
    HEADER,
    PATH,
    PURPOSE,
    SIGNATURE,
    TIMESTAMP,
    MailEvents,
    public_key,
)
from notifications.channels.tokens import Tokens
from notifications.domain.settings import Channel
from notifications.settings import NotificationsSettings
from pydantic import ValidationError

pytestmark = pytest.mark.rule("NOT-8.7")

PRIVATE, FORGERS = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
TOKENS = Tokens(PURPOSE, "k" * 32)
EVENTS = MailEvents(PRIVATE.public_key(), TOKENS)
UNKNOWN = {"event": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user", "type": "bounce"}
FULL = {"event": "bounce", "status": "5.0.0", "reason": "552 5.2.2 over quota", "type": "blocked"}


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def provider(desk: Any) -> AsyncIterator[None]:
    state = desk.harness.resources.state
    before = state.sending.channels[Channel.EMAIL]
    state.mail_events, state.sending.channels[Channel.EMAIL] = EVENTS, replace(before, events=EVENTS)
    yield
    state.mail_events, state.sending.channels[Channel.EMAIL] = None, before


async def mailed(desk: Any, practice: Any) -> dict[str, Any]:
    """A receipt's mail, and what it tells the provider of itself."""
    payment = practice.paid()
    await desk.tell(practice.configured(), practice.registered(), payment, practice.receipt(payment))
    arguments: dict[str, Any] = json.loads(desk.mail.taken[-1][HEADER])["unique_args"]
    return arguments


async def say(desk: Any, *events: Any, key: Any = PRIVATE, body: bytes | None = None, **headers: str) -> int:
    """As the provider says it, signed by the timestamp and the body."""
    said = json.dumps(list(events)).encode()
    signature = base64.b64encode(key.sign(b"1600112502" + said, ECDSA(SHA256()))).decode()
    signed = {SIGNATURE: signature, TIMESTAMP: "1600112502", "Content-Type": "application/json"} | headers
    async with desk.harness.client(give_keys=False) as stranger:
        del stranger.headers["Authorization"]
        answer = await stranger.post(PATH, content=said if body is None else body, headers=signed)
        return int(answer.status_code)


async def suppressed(desk: Any, practice: Any) -> list[tuple[str, str]]:
    async with desk.harness.client("notifications:read", practice.clinic_id) as client:
        items = (await client.get("/v1/suppressed-addresses")).json()["items"]
        return [(one["address"], one["status"]) for one in items]


async def test_a_mail_that_came_back_says_so_and_its_address_is_sent_to_no_more(desk: Any, practice: Any) -> None:
    """As by IMAP; said twice, once. A mail that arrived, and one that is nobody's, are passed over."""
    token = await mailed(desk, practice)
    others = [{"event": "delivered"} | token, {"event": "open"} | token, UNKNOWN, UNKNOWN | {ARGUMENT: "aa"}, 7]
    for _ in range(2):
        assert await say(desk, *others, UNKNOWN | token) == 204
    (message,) = await desk.messages(practice)
    assert (message["state"], message["provider_answer"]) == ("bounced", "it came back: 5.1.1")
    assert await suppressed(desk, practice) == [("z***r@e***.org", "5.1.1")]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (FULL, "5.2.2"),
        ({"event": "bounce", "type": "blocked", "reason": "unable to get mx info"}, "5.0.0"),
        ({"event": "dropped", "reason": "Bounced Address"}, "5.0.0"),
    ],
)
async def test_what_is_not_the_addresss_fault_suppresses_nothing(
    desk: Any, practice: Any, event: dict[str, Any], status: str
) -> None:
    assert await say(desk, event | await mailed(desk, practice)) == 204
    (message,) = await desk.messages(practice)
    assert (message["state"], message["provider_answer"]) == ("bounced", f"it came back: {status}")
    assert await suppressed(desk, practice) == []


async def test_what_somebody_else_says_is_refused_and_changes_nothing(desk: Any, practice: Any) -> None:
    bounce = UNKNOWN | await mailed(desk, practice)
    altered = json.dumps([bounce | {"status": "5.1.2"}]).encode()
    forgeries: list[dict[str, Any]] = [
        {"key": FORGERS},
        {"body": altered},
        {SIGNATURE: ""},
        {SIGNATURE: "no base64"},
        {SIGNATURE: base64.b64encode(b"x" * 70).decode()},
        {TIMESTAMP: "1600112503"},
    ]
    for forged in forgeries:
        assert await say(desk, bounce, **forged) == 403
    assert [one["state"] for one in await desk.messages(practice)] == ["sent"]
    assert await suppressed(desk, practice) == []


async def test_a_token_of_another_purpose_or_clinic_leads_to_no_message(desk: Any, practice: Any) -> None:
    """ALL-4."""
    await mailed(desk, practice)
    (message,) = await desk.messages(practice)
    others = [
        Tokens("unsubscribe", "k" * 32).token_of(practice.clinic_id.bytes + message["id"].encode()[:16]),
        TOKENS.token_of_message(new_id(), practice.clinic_id),
    ]
    assert await say(desk, *(UNKNOWN | {ARGUMENT: token} for token in others)) == 204
    assert [one["state"] for one in await desk.messages(practice)] == ["sent"]


async def test_what_is_signed_and_no_list_of_events_is_refused(desk: Any) -> None:
    body = b'{"event": "bounce"}'
    signature = base64.b64encode(PRIVATE.sign(b"1600112502" + body, ECDSA(SHA256()))).decode()
    signed: dict[str, Any] = {"body": body, SIGNATURE: signature}
    assert await say(desk, **signed) == 400


async def test_where_no_provider_is_set_up_there_is_nothing(desk: Any) -> None:
    desk.harness.resources.state.mail_events = None
    assert await say(desk, UNKNOWN) == 404


def test_what_the_provider_publishes_as_an_example_is_verified() -> None:
    """Of its own library's tests: a real signature over real bytes, line break included."""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaIN"
        "XvVpiglSI8eNEc6wEA3F+g=="
    )
    signature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
    event = {
        "email": "hello@world.com",
        "event": "dropped",
        "reason": "Bounced Address",
        "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
        "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
        "smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",
        "timestamp": 1600112492,
    }
    events = MailEvents(public_key(key), TOKENS)
    body = json.dumps([event], separators=(",", ":")).encode() + b"\r\n"
    assert events.is_signed(signature, "1600112502", body)
    assert not events.is_signed(signature, "1600112502", body.rstrip())
    assert events.bounces_in(body) == {}


def spki(key: Any) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.mark.parametrize(
    "key",
    ["", "not a key", "AAAA", spki(generate_private_key(SECP384R1()))],
    ids=["nothing", "no base64", "no key", "of another curve"],
)
def test_a_key_that_is_none_is_refused_when_the_process_begins(key: str) -> None:
    given: dict[str, Any] = {"database_url": "postgresql://x/y", "token_key": "k" * 32}
    with pytest.raises(ValidationError, match="mail_events_key"):
        NotificationsSettings(**given, mail_events_key=key)
