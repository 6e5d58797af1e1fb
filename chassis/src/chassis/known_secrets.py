"""Secrets that are none, as anybody knows or guesses them: only a laptop may have them (`ENVIRONMENT=local`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

LAPTOP = "local"
"""What ENVIRONMENT is on a machine of one's own; anything else is a place where secrets have to be some."""
CHARACTERS_MIN, KINDS_OF_CHARACTERS_MIN = 12, 5

_PUBLISHED = frozenset(
    "invoicingowner paymentsowner receiptsowner notificationsowner notifications invoicingapp paymentsapp receiptsapp "
    "notificationsapp postgrespostgres passwordpassword "
    "password1234 password12345 password123456 changeitchangeit changemechangeme changemeplease secretsecret "
    "adminadminadmin administrator supersecret1 topsecret1234 qwertyuiop123 letmeinletmein".split()
)
"""What stood in files that everybody can read, or is what people choose, and is not too short anyway."""
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"^(\$\{|\$\(|\{\{|<).*(\}|\)|>)$", re.DOTALL)
_OTHERS = re.compile(r"[\W_]+")
_IN_QUERY = ("password", "sslpassword")


def require_own(environment: str, given: str, names: Iterable[str] = ()) -> None:
    """Raise ValueError for a secret that anybody can guess, unless this is a laptop; it is not quoted.

    `given` is a secret, or an address with passwords in it. `names` are words that are told in the open beside it, such
    as the user's, which is no password.
    """
    if environment == LAPTOP:
        return
    for secret, user in secrets_in(given):
        if (weakness := _weakness(secret, [*names, user])) is not None:
            raise ValueError(
                f"has a secret that {weakness}: only a laptop may have one of these (ENVIRONMENT={LAPTOP})"
            )


def secrets_in(given: str) -> Iterator[tuple[str, str]]:
    """The passwords of an address, each with its user's name; what is no address is a secret itself."""
    if not _ADDRESS.match(given):
        yield given, ""
        return
    parts = urlsplit(given)
    asked = dict(parse_qsl(parts.query))
    user = asked.get("user", unquote(parts.username or ""))
    for secret in (unquote(parts.password or ""), *(asked.get(name, "") for name in _IN_QUERY)):
        if secret:
            yield secret, user


def is_address(given: str) -> bool:
    """Whether passwords would be inside."""
    return _ADDRESS.match(given) is not None


def _weakness(secret: str, names: Iterable[str]) -> str | None:
    if _PLACEHOLDER.match(secret):
        return "is a placeholder which nothing was put into"
    if len(secret) < CHARACTERS_MIN:
        return f"has fewer than {CHARACTERS_MIN} characters"
    plain = _plain(secret)
    if plain in _PUBLISHED or plain in {_plain(name) for name in names if name}:
        return "is a word that everybody knows"
    if len(set(secret)) < KINDS_OF_CHARACTERS_MIN:
        return f"has fewer than {KINDS_OF_CHARACTERS_MIN} different characters"
    return None


def _plain(word: str) -> str:
    return _OTHERS.sub("", word).casefold()
