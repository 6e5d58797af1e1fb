"""Links that strangers follow to us, without a token of the API: signed, so that each leads to its message only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from notifications.channels.tokens import Tokens


@dataclass(frozen=True)
class SignedLinks:
    """Makes and reads links to a `path`; `public_url` is where strangers reach this service's API."""

    public_url: str
    path: str
    tokens: Tokens

    def link_of(self, clinic_id: UUID, message_id: UUID) -> str:
        """The link of a message."""
        return self.public_url.rstrip("/") + self.path + self.tokens.token_of_message(clinic_id, message_id)

    def message_of(self, token: str) -> tuple[UUID, UUID] | None:
        """Clinic and message that a link is of; None where it is none of ours."""
        return self.tokens.message_said_by(token)
