"""Links that strangers follow to us, without a token of the API: signed, so that each leads to its message only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from notifications.channels.tokens import Tokens

_IDS_BYTES: Final = 32


@dataclass(frozen=True)
class SignedLinks:
    """Makes and reads links to a `path`; `public_url` is where strangers reach this service's API."""

    public_url: str
    path: str
    tokens: Tokens

    def link_of(self, clinic_id: UUID, message_id: UUID) -> str:
        """The link of a message."""
        return self.public_url.rstrip("/") + self.path + self.tokens.token_of(clinic_id.bytes + message_id.bytes)

    def message_of(self, token: str) -> tuple[UUID, UUID] | None:
        """Clinic and message that a link is of; None where it is none of ours."""
        said = self.tokens.said_by(token)
        if said is None or len(said) != _IDS_BYTES:
            return None
        return UUID(bytes=said[:16]), UUID(bytes=said[16:])
