"""Links by which whoever gets a reminder ends them, with one click (RFC 8058) and no signing in (`NOT-2.5`)."""

from __future__ import annotations

from typing import Final

from notifications.channels.links import SignedLinks
from notifications.channels.tokens import Tokens

PURPOSE: Final = "unsubscribe"
PATH: Final = "/v1/open/unsubscribe/"


def unsubscribe_links(public_url: str, key: str) -> SignedLinks:
    """Those of a service that strangers reach there."""
    return SignedLinks(public_url, PATH, Tokens(PURPOSE, key))
