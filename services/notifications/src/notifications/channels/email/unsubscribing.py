"""Links by which whoever gets a reminder ends them, with one click (RFC 8058) and no signing in (`NOT-2.5`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from notifications.channels.tokens import Tokens

PURPOSE: Final = "unsubscribe"
PATH: Final = "/v1/open/unsubscribe/"
_IDS_BYTES: Final = 32


@dataclass(frozen=True)
class UnsubscribeLinks:
    """Makes and reads them; `public_url` is where strangers reach this service's API."""

    public_url: str
    tokens: Tokens

    def link_of(self, clinic_id: UUID, message_id: UUID) -> str:
        """The link in a message."""
        return self.public_url.rstrip("/") + PATH + self.tokens.token_of(clinic_id.bytes + message_id.bytes)

    def message_of(self, token: str) -> tuple[UUID, UUID] | None:
        """Clinic and message that a link is of; None where it is none of ours."""
        said = self.tokens.said_by(token)
        if said is None or len(said) != _IDS_BYTES:
            return None
        return UUID(bytes=said[:16]), UUID(bytes=said[16:])
