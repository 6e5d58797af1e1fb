"""The SMTP server that takes our mail (RFC 5321), over a few connections that are kept open."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID
from weakref import WeakValueDictionary

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponse, SMTPResponseException
from aiosmtplib.errors import SMTPException
from chassis.text import kept

from notifications.channels.channel import Answer, Outcome
from notifications.channels.email.mime import Mail
from notifications.channels.places import Places
from notifications.domain.bounce import status_in
from notifications.domain.masking import without_addresses
from notifications.domain.notice import Priority

_REFUSED_FROM = 500
_OK = range(200, 300)


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over, and how many connections to it are kept."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    username: str | None = None
    password: str | None = None
    connections: int = 4
    timeout_seconds: float = 30.0
    keep_seconds: float = 20.0
    """An idle connection older than this is not trusted: servers close theirs after some minutes, relays sooner."""


class SmtpPool:
    """Sends one message at a time on each of its connections, and never one clinic's on all of several (`ALL-4`)."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._free = Places(server.connections)
        self._shares: WeakValueDictionary[UUID, Places] = WeakValueDictionary()
        self._idle: list[tuple[SMTP, float]] = []

    async def send(self, mail: Mail, clinic_id: UUID, priority: Priority = Priority.DOCUMENTS) -> Answer:
        """Hand one message over and say what came of it; never raises for what the server or the network does.

        Whoever has its share of the connections waits for its own messages, the urgent first, and stands in nobody's
        way.
        """
        async with self._share_of(clinic_id).taken(priority), self._free.taken(priority):
            for connection in self._take_idle():
                answer = await self._exchange(connection, mail)
                if answer is not None:
                    return answer
                # The server had closed it while it was idle; nothing was said of this message yet.
            try:
                connection = await self._connect()
            except (SMTPException, OSError, TimeoutError) as fault:
                return _before_data(fault)
            answer = await self._exchange(connection, mail)
            return answer or Answer(Outcome.NOT_TAKEN, "the server closed the connection before it was told anything")

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        idle, self._idle = self._idle, []
        for connection, _ in idle:
            try:
                await connection.quit(timeout=2)
            except (SMTPException, OSError, TimeoutError):
                connection.close()

    def _share_of(self, clinic_id: UUID) -> Places:
        """All connections but one; kept while any message of the clinic has it or waits for it."""
        return self._shares.setdefault(clinic_id, Places(max(1, self._server.connections - 1)))

    def _take_idle(self) -> list[SMTP]:
        """The freshest idle connection, if there is one; stale ones are closed."""
        oldest = time.monotonic() - self._server.keep_seconds
        for connection, _ in [one for one in self._idle if one[1] < oldest]:
            connection.close()
        self._idle = [one for one in self._idle if one[1] >= oldest and one[0].is_connected]
        return [self._idle.pop()[0]] if self._idle else []

    async def _connect(self) -> SMTP:
        server = self._server
        connection = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=server.timeout_seconds,
        )
        await connection.connect()
        return connection

    async def _exchange(self, connection: SMTP, mail: Mail) -> Answer | None:
        """The dialogue. None where a connection turned out to be closed before the server heard of the message."""
        try:
            options = await _options(connection, mail)
            if options is None:
                self._idle.append((connection, time.monotonic()))
                return Answer(Outcome.REFUSED, "the server takes no internationalized addresses (SMTPUTF8)")
            await connection.mail(mail.sender, options=options, encoding="utf-8")
        except aiosmtplib.SMTPServerDisconnected:
            connection.close()
            return None
        except (SMTPException, OSError, TimeoutError) as fault:
            return self._failed(connection, _before_data(fault))
        try:
            await connection.rcpt(mail.recipient, encoding="utf-8")
        except (SMTPException, OSError, TimeoutError) as fault:
            return self._failed(connection, _of_recipient(_before_data(fault)))
        return await self._hand_over(connection, mail)

    async def _hand_over(self, connection: SMTP, mail: Mail) -> Answer:
        try:
            response = await connection.data(mail.data)
        except SMTPResponseException as said:
            return self._failed(connection, _of_recipient(_answered(said)))
        except (SMTPException, OSError, TimeoutError) as fault:
            # Whether the server has the message already, only the server knows.
            return self._failed(connection, Answer(Outcome.UNKNOWN, f"no answer after DATA: {_name(fault)}"))
        self._idle.append((connection, time.monotonic()))
        return Answer(Outcome.ACCEPTED, _words(response))

    def _failed(self, connection: SMTP, answer: Answer) -> Answer:
        """A dialogue that went wrong leaves a connection in a state that is not worth untangling."""
        connection.close()
        return answer


async def _options(connection: SMTP, mail: Mail) -> list[str] | None:
    if not mail.is_internationalized:
        return []
    if connection.is_ehlo_or_helo_needed:
        await connection.ehlo()
    return ["SMTPUTF8", "BODY=8BITMIME"] if connection.supports_extension("smtputf8") else None


def _before_data(fault: Exception) -> Answer:
    """What went wrong before DATA is safe to try again, unless the server said that it never will take it."""
    if isinstance(fault, aiosmtplib.SMTPAuthenticationError):
        return Answer(Outcome.NOT_TAKEN, f"the server did not let us in: {fault.code}")
    if isinstance(fault, aiosmtplib.SMTPConnectResponseError | aiosmtplib.SMTPHeloError):
        return Answer(Outcome.NOT_TAKEN, _words(fault))
    if isinstance(fault, SMTPResponseException):
        return _answered(fault)
    return Answer(Outcome.NOT_TAKEN, f"the server cannot be reached: {_name(fault)}")


def _of_recipient(answer: Answer) -> Answer:
    """With what the server says of the one recipient, where it refuses that for good (`NOT-8.2`)."""
    return replace(answer, status=status_in(answer.text)) if answer.outcome is Outcome.REFUSED else answer


def _answered(said: SMTPResponseException) -> Answer:
    text = _words(said)
    if said.code in _OK:
        return Answer(Outcome.ACCEPTED, text)
    return Answer(Outcome.REFUSED if said.code >= _REFUSED_FROM else Outcome.NOT_TAKEN, text)


def _words(said: SMTPResponse | SMTPResponseException) -> str:
    """What the server said, in whatever encoding: it is noted, also where it can be read only in part."""
    return without_addresses(kept(f"{said.code} {said.message}"))


def _name(fault: Exception) -> str:
    return type(fault).__name__
