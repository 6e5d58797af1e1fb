"""Tokens that only we can make: they lead from what strangers send us to what of ours it is about."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

MAC_BYTES: Final = 10
_ID_BYTES: Final = 16


@dataclass(frozen=True)
class Tokens:
    """Makes and reads tokens for one `purpose`: what was made for another is none. Letters and digits, in any case."""

    purpose: str
    key: str = field(repr=False)

    def token_of(self, said: bytes) -> str:
        """A token that says this."""
        return base64.b32encode(said + self._mac(said)).decode().rstrip("=").lower()

    def said_by(self, token: str) -> bytes | None:
        """What a token says; None where it is none of ours."""
        try:
            sealed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except (binascii.Error, ValueError):
            return None
        said, mac = sealed[:-MAC_BYTES], sealed[-MAC_BYTES:]
        return said if hmac.compare_digest(mac, self._mac(said)) else None

    def token_of_message(self, clinic_id: UUID, message_id: UUID) -> str:
        """A token of a clinic's message."""
        return self.token_of(clinic_id.bytes + message_id.bytes)

    def message_said_by(self, token: str) -> tuple[UUID, UUID] | None:
        """Clinic and message that a token is of; None where it is none of ours."""
        said = self.said_by(token)
        if said is None or len(said) != 2 * _ID_BYTES:
            return None
        return UUID(bytes=said[:_ID_BYTES]), UUID(bytes=said[_ID_BYTES:])

    def _mac(self, said: bytes) -> bytes:
        whole = hmac.new(self.key.encode(), self.purpose.encode() + b"\0" + said, hashlib.sha256).digest()
        return whole[:MAC_BYTES]
