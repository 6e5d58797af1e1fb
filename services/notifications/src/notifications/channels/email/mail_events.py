"""What a mail provider says later of a mail that it took, by SendGrid's Event Webhook, signed (`NOT-8.7`).

A mail carries a token of its own among the provider's `unique_args`, which come back with each event of it. The
signature, ECDSA over the timestamp and the body, is checked by the provider's public key: we keep no secret of it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Final, TypeGuard
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from notifications.channels.tokens import Tokens
from notifications.domain.bounce import Bounce, status_in

PURPOSE: Final = "mail-events"
PATH: Final = "/v1/open/mail-events"
SIGNATURE: Final = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP: Final = "X-Twilio-Email-Event-Webhook-Timestamp"
HEADER: Final = "X-SMTPAPI"
ARGUMENT: Final = "dental_message"
_UNDELIVERED: Final = ("bounce", "dropped")
_NO_STATUS: Final = "5.0.0"
"""Of what failed for good without saying why (RFC 3463)."""


class EventsUnreadable(ValueError):
    """What was signed is no list of events."""


def public_key(text: str) -> EllipticCurvePublicKey:
    """The key as the provider shows it: DER in base64. Raises ValueError."""
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise ValueError("is no public key in base64, as the provider shows it") from None
    if not _is_of_p256(key):
        raise ValueError("is no key of ECDSA over P-256")
    return key


def _is_of_p256(key: object) -> TypeGuard[EllipticCurvePublicKey]:
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


@dataclass(frozen=True)
class MailEvents:
    """Marks mails, and reads what is said of them."""

    key: EllipticCurvePublicKey
    tokens: Tokens

    def header_for(self, clinic_id: UUID, message_id: UUID) -> str:
        """What a mail says to the provider of itself (`X-SMTPAPI`)."""
        return json.dumps({"unique_args": {ARGUMENT: self.tokens.token_of_message(clinic_id, message_id)}})

    def is_signed(self, signature: str, timestamp: str, body: bytes) -> bool:
        """Whether the provider said this."""
        try:
            self.key.verify(base64.b64decode(signature, validate=True), timestamp.encode() + body, ECDSA(SHA256()))
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def bounces_in(self, body: bytes) -> dict[UUID, list[Bounce]]:
        """What did not arrive, by clinic; what is said of mails that are none of ours, or arrived, is passed over.

        Raises EventsUnreadable.
        """
        found: dict[UUID, dict[UUID, Bounce]] = {}
        for event in _events_in(body):
            told = self.tokens.message_said_by(str(event.get(ARGUMENT, "")))
            if told is not None and event.get("event") in _UNDELIVERED:
                clinic_id, message_id = told
                found.setdefault(clinic_id, {})[message_id] = Bounce(message_id, _status_of(event))
        return {clinic_id: list(bounces.values()) for clinic_id, bounces in found.items()}


def _events_in(body: bytes) -> list[dict[str, Any]]:
    try:
        events = json.loads(body)
    except (ValueError, RecursionError):
        raise EventsUnreadable from None
    if not isinstance(events, list):
        raise EventsUnreadable
    return [event for event in events if isinstance(event, dict)]


def _status_of(event: dict[str, Any]) -> str:
    """The enhanced status. What the receiving server said is more exact than `5.0.0`."""
    status, said = status_in(str(event.get("status", ""))), status_in(str(event.get("reason", "")))
    if status is None or status.endswith(".0.0"):
        return said or status or _NO_STATUS
    return status
