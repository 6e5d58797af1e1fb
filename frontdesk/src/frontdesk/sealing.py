"""A person's session in their browser's own keeping: sealed, so that nobody reads or changes it, them included."""

from __future__ import annotations

import base64
import binascii
import json
import os
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "desk"
PART_BYTES_MAX = 3_800
"""A browser keeps 4,096 bytes of a cookie with its name: what is longer goes into several."""
PARTS_MAX = 4
SESSION_BYTES_MAX = 100_000
_NONCE_BYTES = 12


class Seal:
    """AES-GCM with a key of the secret's; what was sealed says when, and opens for so many seconds."""

    def __init__(self, secret: str, seconds: float) -> None:
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"front desk session").derive(secret.encode())
        self._cipher = AESGCM(derived)
        self._seconds = seconds

    def close(self, session: Mapping[str, Any]) -> str:
        """The session as a cookie's text."""
        packed = zlib.compress(json.dumps(session, separators=(",", ":")).encode())
        nonce = os.urandom(_NONCE_BYTES)
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, packed, None)).decode().rstrip("=")

    def open(self, text: str) -> dict[str, Any]:
        """The session, or an empty one of what was not sealed here, was changed, or is too old."""
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            packed = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError, binascii.Error):
            return {}
        session = json.loads(zlib.decompressobj().decompress(packed, SESSION_BYTES_MAX))
        began = session.get("began", 0) if isinstance(session, dict) else 0
        return session if time.time() - began < self._seconds else {}


@dataclass(frozen=True)
class SealedSession:
    """ASGI middleware: `request.session` is a dict whose changes go back into the browser's cookies.

    The cookie is `HttpOnly`, so no script reads it, and `SameSite=Lax`, so no other site's form is sent with it.
    """

    app: ASGIApp
    seal: Seal
    secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with its session."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cookies = HTTPConnection(scope).cookies
        given = [cookies[name] for name in self._names(PARTS_MAX) if name in cookies]
        session = self.seal.open("".join(given)) if given else {}
        before = json.dumps(session, sort_keys=True)
        scope["session"] = session

        async def sent(message: Message) -> None:
            now = scope["session"]
            if message["type"] == "http.response.start" and json.dumps(now, sort_keys=True) != before:
                self._write(MutableHeaders(scope=message), now, len(given))
            await send(message)

        await self.app(scope, receive, sent)

    def _names(self, count: int) -> list[str]:
        prefix = "__Host-" if self.secure else ""
        return [f"{prefix}{COOKIE}-{number}" for number in range(count)]

    def _write(self, headers: MutableHeaders, session: dict[str, Any], before: int) -> None:
        if session:
            session.setdefault("began", time.time())
        text = self.seal.close(session) if session else ""
        parts = [text[at : at + PART_BYTES_MAX] for at in range(0, len(text), PART_BYTES_MAX)]
        how = "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self.secure else "")
        for name, part in zip(self._names(len(parts)), parts, strict=True):
            headers.append("Set-Cookie", f"{name}={part}; {how}")
        for name in self._names(max(before, len(parts)))[len(parts) :]:
            headers.append("Set-Cookie", f"{name}=; Max-Age=0; {how}")
