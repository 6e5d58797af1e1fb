"""A provider with Twilio's HTTP API: one message a request, and what its answer means (`NOT-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
from chassis.telemetry import client_span

from notifications.channels.channel import Answer, Outcome
from notifications.channels.retry_after import asked_for

_ROUTE: Final = "/2010-04-01/Accounts/{sid}/Messages.json"
_NOT_TAKEN_STATUSES: Final = frozenset({401, 403, 404, 408, 425, 429, 503})
"""What is said before anything is sent: of us, of how much, or of a moment."""
_RETRY_AFTER_MAX: Final = timedelta(hours=1)
_BEFORE_IT_WAS_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class SmsAccount:
    """Where text messages are handed over; `sender` is a number, a name, or a messaging service (`MG…`)."""

    url: str
    account_sid: str
    auth_token: str
    sender: str
    connections: int = 4
    timeout_seconds: float = 10.0


class SmsProvider:
    """Hands over one message a request. What it answers is kept as its status and codes: its words quote numbers."""

    def __init__(self, account: SmsAccount) -> None:
        self._account = account
        self._host = urlsplit(account.url).hostname or ""
        self._client = httpx.AsyncClient(
            base_url=account.url,
            auth=httpx.BasicAuth(account.account_sid, account.auth_token),
            timeout=account.timeout_seconds,
            limits=httpx.Limits(max_connections=account.connections),
            follow_redirects=False,
        )

    async def send(self, number: str, text: str, tell: str | None = None) -> Answer:
        """Hand it over; never raises for what the provider or the network does. It is to `tell` us later there."""
        sender = self._account.sender
        named = {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}
        if tell is not None:
            named["StatusCallback"] = tell
        route = _ROUTE.replace("{sid}", self._account.account_sid)
        try:
            with client_span("POST", self._host, _ROUTE):
                answer = await self._client.post(route, data={"To": number, "Body": text, **named})
        except _BEFORE_IT_WAS_SENT as fault:
            return Answer(Outcome.NOT_TAKEN, f"the provider cannot be reached: {type(fault).__name__}")
        except httpx.HTTPError as fault:
            # Whether it has the message already, only the provider knows.
            return Answer(Outcome.UNKNOWN, f"no answer: {type(fault).__name__}")
        return _meaning(answer)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def _meaning(answer: httpx.Response) -> Answer:
    text = f"{answer.status_code} {_code_of(answer)}".strip()
    if answer.is_success:
        return Answer(Outcome.ACCEPTED, text)
    if answer.status_code in _NOT_TAKEN_STATUSES:
        return Answer(Outcome.NOT_TAKEN, text, retry_after=asked_for(answer, _RETRY_AFTER_MAX))
    return Answer(Outcome.REFUSED if answer.is_client_error else Outcome.UNKNOWN, text)


def _code_of(answer: httpx.Response) -> str:
    """The provider's id of the message, or its code of why not: neither says anything of anybody."""
    try:
        said = answer.json()
    except ValueError:
        return ""
    found = (said.get("sid") or said.get("code")) if isinstance(said, dict) else None
    code = str(found or "")
    return code if code.isascii() and code.isalnum() and len(code) <= 64 else ""  # noqa: PLR2004 - an id
