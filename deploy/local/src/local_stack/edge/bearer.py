"""Who may ask for a clinic's proof: a bearer token of that clinic with the scope `operations` (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from starlette.responses import JSONResponse, Response

Keys = Callable[[], Awaitable[jwt.PyJWKSet]]
"""The issuer's public keys, as they are now. Raises Refusal when they cannot be had."""

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Those that the services accept: nobody but the issuer can make a token."""
SCOPE = "operations"
LEEWAY_SECONDS = 10
TOKEN_LENGTH_MAX = 8_192


class Refusal(Exception):
    """A problem to answer with (RFC 9457), of a type that the services have too."""

    def __init__(self, status: int, slug: str, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self._status = status
        self._document = {"type": f"urn:problem:dental-billing:{slug}", "title": title, "status": status}
        self._document |= {"detail": detail}
        self._headers = headers or {}

    @classmethod
    def unavailable(cls, detail: str) -> Refusal:
        """What is needed for an answer cannot be had now (503)."""
        return cls(503, "unavailable", "The service cannot answer at the moment", detail, {"Retry-After": "2"})

    def answer(self) -> Response:
        """The problem document."""
        return JSONResponse(self._document, self._status, self._headers, media_type="application/problem+json")


@dataclass(frozen=True)
class Guard:
    """Lets pass who has a token of this issuer for this audience."""

    keys: Keys
    issuer: str
    audience: str

    async def require(self, authorization: str | None, asked: str) -> UUID:
        """The clinic that is asked for, as the token is of it.

        Raises Refusal: 401 without a valid token, 403 without the scope, 404 for another clinic than the token's.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip() or len(token) > TOKEN_LENGTH_MAX:
            raise _unauthenticated("Send Authorization: Bearer with a token")
        claims = self._claims(token.strip(), await self.keys())
        if SCOPE not in str(claims.get("scope", "")).split():
            challenge = {"WWW-Authenticate": f'Bearer realm="billing", error="insufficient_scope", scope="{SCOPE}"'}
            title = "The token does not permit this"
            raise Refusal(403, "insufficient-scope", title, f"The scope {SCOPE} is required", challenge)
        clinic_id = _uuid(asked)
        if clinic_id is None or clinic_id != _uuid(str(claims["clinic_id"])):
            raise Refusal(
                404, "not-found", "There is no such thing", "The token's clinic is another, or none has this id"
            )
        return clinic_id

    def _claims(self, token: str, keys: jwt.PyJWKSet) -> dict[str, Any]:
        try:
            key = keys[jwt.get_unverified_header(token).get("kid", "")]
            return jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self.audience,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "sub", "aud", "iss", "clinic_id"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError):
            raise _unauthenticated("The token is not valid") from None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _unauthenticated(detail: str) -> Refusal:
    challenge = {"WWW-Authenticate": 'Bearer realm="billing"'}
    return Refusal(401, "unauthenticated", "A valid bearer token is required", detail, challenge)
