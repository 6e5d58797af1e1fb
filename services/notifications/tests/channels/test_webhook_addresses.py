"""Events go to public addresses only, whatever a name leads to, and signatures are those of Standard Webhooks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import UUID

import pytest
from notifications.channels.webhook.client import WebhookClient
from notifications.channels.webhook.public_addresses import is_public, refusal_of
from notifications.channels.webhook.signing import new_secret, signed_headers
from notifications.domain.webhook import DELAYS, WebhookEndpoint, delay_after
from standardwebhooks import Webhook

PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001:0:a00:1::",
)


@pytest.mark.rule("NOT-7.4")
@pytest.mark.parametrize("address", PRIVATE)
async def test_nothing_is_sent_to_an_address_that_is_not_public_however_it_is_named(address: str) -> None:
    assert not is_public(ip_address(address))
    literal = f"[{address}]" if ":" in address else address
    assert refusal_of(f"https://{literal}/hooks") is not None

    async def led(host: str, port: int) -> list[str]:
        assert (host, port) == ("partner.example", 443)
        return ["93.184.215.14", address]

    client = WebhookClient(resolve=led)
    posted = await client.post("https://partner.example/hooks", {}, b"{}")
    await client.close()
    assert (posted.taken, posted.text) == (False, "nothing was sent: its name leads to an address that is not public")


@pytest.mark.rule("NOT-7.4")
@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/",
        "file:///etc/passwd",
        "https://localhost/",
        "https://partner.example:99999/",
        "https://a@partner.example/",
        "https://partner.example/#x",
        "https:///x",
        "https://[::1/",
        "https://strauß.example/",
        f"https://{'a' * 64}.example/",
        "hooks",
    ],
)
def test_what_is_no_public_https_url_is_refused(url: str) -> None:
    assert refusal_of(url) is not None


@pytest.mark.rule("NOT-7.4")
def test_public_addresses_and_names_are_taken() -> None:
    for url in (
        "https://partner.example/hooks?of=us",
        "https://93.184.215.14:8443/",
        "https://[2606:2800:21f:cb07::1]/",
    ):
        assert refusal_of(url) is None
    assert refusal_of("http://127.0.0.1:9/", private_allowed=True) is None


async def test_a_name_that_leads_nowhere_is_no_fault() -> None:
    async def led(host: str, port: int) -> list[str]:
        raise OSError(f"{host}:{port} is not known")

    client = WebhookClient(resolve=led)
    posted = await client.post("https://partner.example/hooks", {}, b"{}")
    await client.close()
    assert (posted.taken, posted.text) == (False, "it cannot be reached: OSError")


@pytest.mark.rule("NOT-7.1")
def test_the_library_of_standard_webhooks_verifies_a_message_with_either_secret() -> None:
    now, old, new, body = datetime.now(UTC), new_secret(), new_secret(), b'{"type":"x"}'
    endpoint = WebhookEndpoint(
        id=UUID(int=1),
        clinic_id=UUID(int=2),
        url="https://partner.example",
        event_types=(),
        description=None,
        secret=new,
        created_at=now,
        previous_secret=old,
        previous_secret_until=now + timedelta(hours=1),
    )
    both = signed_headers(endpoint.secrets_at(now), "msg-1", now, body)
    for secret in (old, new):
        assert Webhook(secret).verify(body, both) == {"type": "x"}
    later = signed_headers(endpoint.secrets_at(now + timedelta(hours=1)), "msg-1", now, body)
    assert len(later["webhook-signature"].split(" ")) == 1


@pytest.mark.rule("NOT-7.1")
def test_delays_grow_up_to_three_days_in_all_and_what_is_asked_for_is_waited() -> None:
    delays = [delay_after(attempts, 0.5) for attempts in range(1, len(DELAYS) + 1)]
    assert delays == sorted(DELAYS)
    assert delay_after(len(DELAYS) + 1, 0.5) is None
    assert delay_after(1, 0.5, timedelta(minutes=1)) == timedelta(minutes=1)
    assert delay_after(1, 0.5, timedelta(days=300)) == timedelta(days=1)
    assert delay_after(1, 0.0) < delay_after(1, 0.999)  # type: ignore[operator]
