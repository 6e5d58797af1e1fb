"""The mailbox that bounces come back to, read by IMAP (RFC 3501): what was read leaves it, the rest is set aside."""

from __future__ import annotations

import asyncio
import imaplib
import re
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

ASIDE: Final = "Other"
"""The folder for what is no bounce: a person may look at it."""
BYTES_MAX: Final = 65_536
"""Of a mail so much is read: a report stands before what it returns."""
_UID: Final = re.compile(rb"UID (\d+)")


class MailboxFault(Exception):
    """The mailbox cannot be read just now. Says why without a word of a mail."""


@dataclass(frozen=True)
class ImapServer:
    """Where the mailbox is."""

    host: str
    port: int = 993
    security: Literal["none", "starttls", "tls"] = "tls"
    username: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    timeout_seconds: float = 10.0


@dataclass(frozen=True)
class ReturnedMail:
    """A mail in the mailbox: its beginning."""

    uid: int
    content: bytes


class BounceMailbox:
    """One mailbox, a session at a time. Python's client waits for the server, so each step is another thread's."""

    def __init__(self, server: ImapServer) -> None:
        self._server = server

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[MailboxSession]:
        """A session. Raises MailboxFault."""
        connection = await _step(self._open)
        try:
            yield MailboxSession(connection)
        finally:
            await asyncio.to_thread(_leave, connection)

    def _open(self) -> imaplib.IMAP4:
        connection = self._connected()
        try:
            if self._server.security == "starttls":
                connection.starttls(ssl.create_default_context())
            connection.login(self._server.username, self._server.password)
            _said(connection.select(_quoted(self._server.folder)))
        except BaseException:
            connection.shutdown()
            raise
        return connection

    def _connected(self) -> imaplib.IMAP4:
        host, port, seconds = self._server.host, self._server.port, self._server.timeout_seconds
        if self._server.security == "tls":
            return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=seconds)
        return imaplib.IMAP4(host, port, timeout=seconds)


class MailboxSession:
    """The mailbox, opened."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    async def first(self, most: int) -> list[ReturnedMail]:
        """The oldest mails, read and left as they are. Raises MailboxFault."""
        return await _step(self._first, most)

    async def finish(self, read: Sequence[int], others: Sequence[int]) -> None:
        """Delete what was `read`, and set the `others` aside. Raises MailboxFault."""
        await _step(self._finish, read, others)

    def _first(self, most: int) -> list[ReturnedMail]:
        (found,) = _said(self._connection.uid("SEARCH", "ALL"))
        uids = sorted(map(int, (found or b"").split()))[:most]
        if not uids:
            return []
        answer = _said(self._connection.uid("FETCH", _set_of(uids), f"(UID BODY.PEEK[]<0.{BYTES_MAX}>)"))
        parts = [part for part in answer if isinstance(part, tuple)]
        return [ReturnedMail(int(uid[1]), content) for head, content in parts if (uid := _UID.search(head))]

    def _finish(self, read: Sequence[int], others: Sequence[int]) -> None:
        if others:
            self._connection.create(ASIDE)  # refused where it is there already
            _said(self._connection.uid("COPY", _set_of(others), ASIDE))
        if done := sorted([*read, *others]):
            _said(self._connection.uid("STORE", _set_of(done), "+FLAGS.SILENT", r"(\Deleted)"))
            _said(self._connection.expunge())


async def _step(do: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    try:
        return await asyncio.to_thread(do, *given, **named)
    except (imaplib.IMAP4.error, OSError, ValueError) as fault:
        raise MailboxFault(f"the mailbox of bounces cannot be read: {type(fault).__name__}") from None


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server answers. Raises imaplib's error for a no."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data


def _leave(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        connection.shutdown()


def _set_of(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", r"\\").replace('"', r"\"") + '"'
