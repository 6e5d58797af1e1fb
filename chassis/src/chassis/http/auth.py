"""OAuth 2 bearer tokens: who asks, for which clinic, with which scopes (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import httpx
import jwt
import structlog

from chassis.http.problems import CLINIC_MISSING, SCOPE_MISSING, UNAUTHENTICATED, UNAVAILABLE, ProblemError

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Asymmetric ones only: nobody but the issuer can make a token."""

_LEEWAY_SECONDS = 10
_CACHED_TOKENS_MAX = 4_096
_TOKEN_LENGTH_MAX = 8_192
_SUBJECT_LENGTH_MAX = 200
_KEYS_AGE_MAX_SECONDS = 3_600.0
_KEYS_REFRESH_PAUSE_SECONDS = 10.0
_KEYS_TIMEOUT_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request, as its token says."""

    subject: str
    clinic_id: UUID
    scopes: frozenset[str]


class KeySource(Protocol):
    """Where the issuer's public keys come from."""

    async def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key with this id; None where the issuer has none such."""
        ...


class StaticKeys:
    """Keys given beforehand, for tests."""

    def __init__(self, *keys: jwt.PyJWK) -> None:
        self._keys = {key.key_id: key for key in keys}

    async def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key with this id."""
        return self._keys.get(kid)


class JwksOverHttp:
    """The issuer's key set, fetched when first needed, each hour, and when a token names a key not seen yet.

    However many unknown keys are named, it is fetched at most every 10 seconds. When the issuer does not answer, the
    keys known so far keep working.
    """

    def __init__(self, url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched_at = -_KEYS_AGE_MAX_SECONDS
        self._tried_at = -_KEYS_REFRESH_PAUSE_SECONDS
        self._lock = asyncio.Lock()

    async def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key with this id. Raises ProblemError (503) when no key could be had at all."""
        fresh = time.monotonic() - self._fetched_at < _KEYS_AGE_MAX_SECONDS
        if kid not in self._keys or not fresh:
            async with self._lock:
                await self._refresh(kid)
        if not self._keys:
            raise ProblemError(UNAVAILABLE, "The token issuer's keys cannot be had")
        return self._keys.get(kid)

    async def _refresh(self, kid: str | None) -> None:
        now = time.monotonic()
        if (kid in self._keys and now - self._fetched_at < _KEYS_AGE_MAX_SECONDS) or (
            now - self._tried_at < _KEYS_REFRESH_PAUSE_SECONDS
        ):
            return
        self._tried_at = now
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=_KEYS_TIMEOUT_SECONDS) as client:
                answer = await client.get(self._url)
            answer.raise_for_status()
            self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(answer.json()).keys}
            self._fetched_at = now
        except (httpx.HTTPError, jwt.PyJWKSetError, jwt.PyJWKError, ValueError, AttributeError) as error:
            # A first failure must not lock everybody out for long; a later one leaves the known keys in use.
            self._tried_at = now - _KEYS_REFRESH_PAUSE_SECONDS + 1
            log.warning("keys_not_fetched", error_type=type(error).__name__)


class TokenVerifier:
    """Verifies bearer tokens. Remembers the verified ones until they expire, as each signature check costs 50 µs."""

    def __init__(self, keys: KeySource, *, audience: str, issuer: str | None = None) -> None:
        self._keys = keys
        self._audience = audience
        self._issuer = issuer
        self._verified: dict[str, tuple[float, Caller]] = {}

    async def caller(self, authorization: str | None) -> Caller:
        """The caller of an Authorization header. Raises ProblemError (401, 403 without clinic, 503 without keys)."""
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("Send Authorization: Bearer with a token", code=None)
        known = self._verified.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        return await self._verify(token)

    async def _verify(self, token: str) -> Caller:
        if len(token) > _TOKEN_LENGTH_MAX:
            raise _unauthenticated("The token is too long")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise _unauthenticated("The token is signed in a way that is not accepted")
            key = await self._keys.key(header.get("kid"))
            if key is None:
                raise _unauthenticated("The token's key is not the issuer's")
            claims = self._decoded(token, key)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _unauthenticated(_REASONS.get(type(error), "The token is not valid")) from None
        caller = _caller_of(claims)
        self._remember(token, float(claims["exp"]), caller)
        return caller

    def _decoded(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=self._audience,
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "sub", "aud"] + (["iss"] if self._issuer else [])},
        )

    def _remember(self, token: str, expires_at: float, caller: Caller) -> None:
        if len(self._verified) >= _CACHED_TOKENS_MAX:
            now = time.time()
            self._verified = {kept: known for kept, known in self._verified.items() if known[0] > now}
            if len(self._verified) >= _CACHED_TOKENS_MAX:
                self._verified.clear()
        self._verified[token] = (expires_at, caller)


_REASONS: Mapping[type[Exception], str] = {
    jwt.ExpiredSignatureError: "The token has expired",
    jwt.ImmatureSignatureError: "The token is not valid yet",
    jwt.InvalidAudienceError: "The token is meant for another audience",
    jwt.InvalidIssuerError: "The token is another issuer's",
    jwt.MissingRequiredClaimError: "The token lacks a claim",
}


def _caller_of(claims: Mapping[str, Any]) -> Caller:
    subject, scope = claims["sub"], claims.get("scope", "")
    if not isinstance(subject, str) or not _says_who(subject):
        raise _unauthenticated("The token's subject is not usable")
    try:
        clinic_id = UUID(str(claims.get("clinic_id")))
    except ValueError:
        raise ProblemError(CLINIC_MISSING, "The token's clinic_id is not a UUID") from None
    return Caller(subject, clinic_id, frozenset(scope.split()) if isinstance(scope, str) else frozenset())


def _says_who(subject: str) -> bool:
    """Whether it is somebody: every change records it (`ALL-5`)."""
    return bool(subject.strip()) and len(subject) <= _SUBJECT_LENGTH_MAX and "\x00" not in subject


def _unauthenticated(reason: str, code: str | None = "invalid_token") -> ProblemError:
    challenge = 'Bearer realm="billing"'
    if code:
        challenge += f', error="{code}", error_description="{reason}"'
    return ProblemError(UNAUTHENTICATED, reason, headers={"WWW-Authenticate": challenge})


def require_scope(caller: Caller, scope: str) -> None:
    """Raise ProblemError (403), naming the scope, unless the caller has it."""
    if scope not in caller.scopes:
        challenge = f'Bearer realm="billing", error="insufficient_scope", scope="{scope}"'
        raise ProblemError(SCOPE_MISSING, f"The scope {scope} is required", headers={"WWW-Authenticate": challenge})
