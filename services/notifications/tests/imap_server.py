"""A mailbox by IMAP4rev1 (RFC 3501) on loopback: as much of it as a client needs to read mail and put it elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class ImapMailbox:
    """Mails by UID in INBOX, and what was moved to other folders. `hang` has it accept connections and say nothing."""

    mails: dict[int, bytes] = field(default_factory=dict)
    folders: dict[str, list[bytes]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    sessions: int = 0
    refuses_to_store: bool = False
    hang: bool = False
    port: int = 0
    password: str = "secret word"
    _next: int = 1

    def deliver(self, content: bytes) -> None:
        self.mails[self._next] = content
        self._next += 1

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        try:
            if self.hang:
                await reader.read()
                return
            writer.write(b"* OK ready\r\n")
            while line := await reader.readline():
                tag, _, command = line.decode().strip().partition(" ")
                said, verdict = self._answer(command)
                writer.write(said + f"{tag} {verdict}\r\n".encode())
                await writer.drain()
                if command == "LOGOUT":
                    return
        finally:
            writer.close()

    def _answer(self, command: str) -> tuple[bytes, str]:
        word, _, rest = command.removeprefix("UID ").partition(" ")
        said: dict[str, Callable[[], bytes]] = {
            "CAPABILITY": lambda: b"* CAPABILITY IMAP4rev1\r\n",
            "SELECT": f"* {len(self.mails)} EXISTS\r\n".encode,
            "SEARCH": lambda: b"* SEARCH " + " ".join(map(str, sorted(self.mails))).encode() + b"\r\n",
            "FETCH": lambda: b"".join(self._fetched(uid) for uid in _uids(rest)),
            "LOGOUT": lambda: b"* BYE\r\n",
        }
        if word in said:
            return said[word](), "OK done"
        changed: dict[str, Callable[[], bool]] = {
            "LOGIN": lambda: rest.endswith(f'"{self.password}"'),
            "CREATE": lambda: self._create(rest),
            "COPY": lambda: self._copy(rest),
            "STORE": lambda: self._delete(rest),
            "EXPUNGE": self._expunge,
        }
        return b"", ("OK done" if changed[word]() else "NO no") if word in changed else "BAD what"

    def _create(self, folder: str) -> bool:
        is_new = folder not in self.folders
        self.folders.setdefault(folder, [])
        return is_new

    def _copy(self, given: str) -> bool:
        self.folders[given.split(" ")[1]] += [self.mails[uid] for uid in _uids(given)]
        return True

    def _delete(self, given: str) -> bool:
        if not self.refuses_to_store:
            self.deleted |= set(_uids(given))
        return not self.refuses_to_store

    def _expunge(self) -> bool:
        self.mails = {uid: mail for uid, mail in self.mails.items() if uid not in self.deleted}
        return True

    def _fetched(self, uid: int) -> bytes:
        content = self.mails[uid][:65_536]
        place = sorted(self.mails).index(uid) + 1
        return f"* {place} FETCH (UID {uid} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n"


def _uids(given: str) -> list[int]:
    return [int(uid) for uid in given.partition(" ")[0].split(",")]
