"""What a provider of text messages says later of one that it took, signed as Twilio signs (`NOT-8.6`)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from notifications.channels.links import SignedLinks
from notifications.channels.tokens import Tokens

PURPOSE: Final = "sms-status"
PATH: Final = "/v1/open/sms-status/"
SIGNATURE: Final = "X-Twilio-Signature"
_NOT_DELIVERED: Final = ("undelivered", "failed")


def status_links(public_url: str, key: str) -> SignedLinks:
    """Those of a service that the provider reaches there."""
    return SignedLinks(public_url, PATH, Tokens(PURPOSE, key))


def is_signed(signature: str, auth_token: str, url: str, form: Mapping[str, str]) -> bool:
    """Whether the provider said this to a URL: HMAC-SHA1 over that and the form in order, by the account's token."""
    said = url + "".join(name + form[name] for name in sorted(form))
    right = base64.b64encode(hmac.new(auth_token.encode(), said.encode(), hashlib.sha1).digest())
    return hmac.compare_digest(signature.encode(), right)


def failure_in(form: Mapping[str, str]) -> str | None:
    """The provider's code of why a message was not delivered; None while it is on its way, or where it arrived."""
    if form.get("MessageStatus") not in _NOT_DELIVERED:
        return None
    code = form.get("ErrorCode", "")
    return code if code.isascii() and code.isdecimal() and len(code) < 10 else "0"  # noqa: PLR2004 - digits
