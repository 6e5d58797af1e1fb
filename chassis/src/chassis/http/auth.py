"""OAuth 2 bearer tokens: who asks, for which clinic, with which scopes (`ALL-4`, `ALL-5`)."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import httpx
import jwt
import structlog
from starlette.requests import Request

from chassis.callers import Caller, Verifier
from chassis.http.problems import (
    CLINIC_MISSING,
    INVALID,
    SCOPE_MISSING,
    UNAUTHENTICATED,
    UNAVAILABLE,
    FieldError,
    ProblemError,
)
from chassis.tls import refusal
from chassis.typed import says_something

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Asymmetric ones only: nobody but the issuer can make a token."""

ANY_CLINIC: Final = "clinics:any"
"""The scope of a service that works for every clinic: which one, each of its requests says in the header Clinic-Id."""
CLINIC_HEADER: Final = "Clinic-Id"

_LEEWAY_SECONDS = 10
_CACHED_TOKENS_MAX = 4_096
_TOKEN_LENGTH_MAX = 8_192
_SUBJECT_LENGTH_MAX = 200
_KEYS_ASKED_SECONDS = 60.0
_KEYS_FRESH_SECONDS = 300.0
_KEYS_KEPT_SECONDS = 3_600.0
_KEYS_REFRESH_PAUSE_SECONDS = 10.0
_KEYS_TIMEOUT_SECONDS = 5.0

log = structlog.get_logger(__name__)


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
    """The issuer's key set, as it was within the last five minutes: a key that the issuer took back opens nothing more.

    It is asked for again once a minute beside the requests, at once when a token names a key not seen yet, and however
    many unknown keys are named, at most every 10 seconds. When the issuer does not answer, the keys known so far keep
    working for an hour: nobody gets a new token meanwhile either, and who could take back a key cannot be asked.
    """

    def __init__(
        self,
        url: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._transport = transport
        self._now = now
        self._documents: dict[str | None, dict[str, Any]] = {}
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched_at = -math.inf
        self._tried_at = -math.inf
        self._failing = False
        self._lock = asyncio.Lock()
        self._beside: asyncio.Task[None] | None = None

    async def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key with this id; the same object for as long as the issuer has it. Raises ProblemError (503)."""
        age = self._now() - self._fetched_at
        if kid not in self._keys or age >= _KEYS_KEPT_SECONDS or (age >= _KEYS_FRESH_SECONDS and not self._failing):
            await self._refresh()
        elif age >= _KEYS_ASKED_SECONDS and (self._beside is None or self._beside.done()):
            self._beside = asyncio.create_task(self._refresh(), name="keys")
        if self._now() - self._fetched_at >= _KEYS_KEPT_SECONDS:
            raise ProblemError(UNAVAILABLE, "The token issuer's keys cannot be had")
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        asked_at = self._now()
        async with self._lock:
            # Who waited for the lock has what the one before fetched meanwhile.
            if self._fetched_at > asked_at or self._now() - self._tried_at < _KEYS_REFRESH_PAUSE_SECONDS:
                return
            self._tried_at = self._now()
            self._failing = not await self._fetched()
            if self._failing and not self._keys:
                # A first failure must not lock everybody out for long; a later one leaves the known keys in use.
                self._tried_at += 1 - _KEYS_REFRESH_PAUSE_SECONDS

    async def _fetched(self) -> bool:
        """Ask the issuer; whether it answered with keys."""
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=_KEYS_TIMEOUT_SECONDS) as client:
                answer = await client.get(self._url)
            answer.raise_for_status()
            self._take(answer.json())
        except (httpx.HTTPError, OSError, jwt.PyJWKSetError, jwt.PyJWKError, ValueError, AttributeError) as error:
            log.warning("keys_not_fetched", error_type=type(error).__name__, reason=refusal(error))
            return False
        self._fetched_at = self._now()
        return True

    def _take(self, key_set: dict[str, Any]) -> None:
        """Keep what the set has, and nothing else: what it has no more was taken back."""
        documents = {one.get("kid"): one for one in key_set.get("keys", ()) if one.get("use", "sig") == "sig"}
        fresh = {key.key_id: key for key in jwt.PyJWKSet.from_dict({"keys": list(documents.values())}).keys}
        same = {kid for kid in fresh if kid in self._keys and documents[kid] == self._documents.get(kid)}
        self._keys = {kid: self._keys[kid] if kid in same else key for kid, key in fresh.items()}
        self._documents = documents


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token said, and the key that it was signed with."""

    expires_at: float
    kid: str | None
    key: jwt.PyJWK
    subject: str
    clinic_id: UUID | None
    scopes: frozenset[str]


class TokenVerifier:
    """Verifies bearer tokens.

    Remembers the verified ones until they expire or their key is taken back, as each signature check costs 50 µs.
    """

    def __init__(self, keys: KeySource, *, audience: str, issuer: str | None = None) -> None:
        self._keys = keys
        self._audience = audience
        self._issuer = issuer
        self._verified: dict[str, _Verified] = {}

    async def caller(self, authorization: str | None, clinic: str | None = None) -> Caller:
        """The caller of an Authorization and, perhaps, a Clinic-Id header.

        Raises ProblemError: 401; 403 without a clinic, or with one that the token is not for; 503 without keys.
        """
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("Send Authorization: Bearer with a token", code=None)
        known = self._verified.get(token)
        if known is None or known.expires_at <= time.time() or await self._keys.key(known.kid) is not known.key:
            known = await self._verify(token)
        return Caller(known.subject, _clinic_of(known, clinic), known.scopes)

    async def _verify(self, token: str) -> _Verified:
        self._verified.pop(token, None)
        if len(token) > _TOKEN_LENGTH_MAX:
            raise _unauthenticated("The token is too long")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise _unauthenticated("The token is signed in a way that is not accepted")
            kid = header.get("kid")
            key = await self._keys.key(kid)
            if key is None:
                raise _unauthenticated("The token's key is not the issuer's")
            claims = self._decoded(token, key)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise _unauthenticated(_REASONS.get(type(error), "The token is not valid")) from None
        verified = _verified(claims, kid, key)
        self._remember(token, verified)
        return verified

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

    def _remember(self, token: str, verified: _Verified) -> None:
        if len(self._verified) >= _CACHED_TOKENS_MAX:
            now = time.time()
            self._verified = {kept: known for kept, known in self._verified.items() if known.expires_at > now}
            if len(self._verified) >= _CACHED_TOKENS_MAX:
                self._verified.clear()
        self._verified[token] = verified


_REASONS: Mapping[type[Exception], str] = {
    jwt.ExpiredSignatureError: "The token has expired",
    jwt.ImmatureSignatureError: "The token is not valid yet",
    jwt.InvalidAudienceError: "The token is meant for another audience",
    jwt.InvalidIssuerError: "The token is another issuer's",
    jwt.MissingRequiredClaimError: "The token lacks a claim",
}


def _verified(claims: Mapping[str, Any], kid: str | None, key: jwt.PyJWK) -> _Verified:
    subject, scope = claims["sub"], claims.get("scope", "")
    if not isinstance(subject, str) or not _says_who(subject):
        raise _unauthenticated("The token's subject is not usable")
    scopes = frozenset(scope.split()) if isinstance(scope, str) else frozenset[str]()
    return _Verified(float(claims["exp"]), kid, key, subject, _claimed(claims.get("clinic_id")), scopes)


def _claimed(clinic: Any) -> UUID | None:
    """The clinic that a token is of; None where it names none. Raises ProblemError (403)."""
    if clinic is None:
        return None
    try:
        return UUID(str(clinic))
    except ValueError:
        raise ProblemError(CLINIC_MISSING, "The token's clinic_id is not a UUID") from None


def _clinic_of(known: _Verified, named: str | None) -> UUID:
    """The clinic of a request: the token's own, or the one that is named by a service for all (`ALL-4`)."""
    wanted = _named(named)
    if known.clinic_id is not None:
        if wanted not in (None, known.clinic_id):
            raise ProblemError(CLINIC_MISSING, f"The token is of another clinic than {CLINIC_HEADER} names")
        return known.clinic_id
    if ANY_CLINIC not in known.scopes:
        raise ProblemError(CLINIC_MISSING, "The token has no clinic_id")
    if wanted is None:
        raise ProblemError(CLINIC_MISSING, f"The token is of no clinic: name one in the header {CLINIC_HEADER}")
    return wanted


def _named(clinic: str | None) -> UUID | None:
    if clinic is None:
        return None
    try:
        return UUID(clinic)
    except ValueError:
        raise ProblemError(INVALID, errors=[FieldError(CLINIC_HEADER, "is not an id of a clinic")]) from None


def _says_who(subject: str) -> bool:
    """Whether it is somebody: every change records it, and letters that nobody sees make nobody another (`ALL-5`)."""
    return says_something(subject) and len(subject) <= _SUBJECT_LENGTH_MAX and subject.isprintable()


def _unauthenticated(reason: str, code: str | None = "invalid_token") -> ProblemError:
    challenge = 'Bearer realm="billing"'
    if code:
        challenge += f', error="{code}", error_description="{reason}"'
    return ProblemError(UNAUTHENTICATED, reason, headers={"WWW-Authenticate": challenge})


async def caller_of(request: Request, verifier: Verifier) -> Caller:
    """Who makes a request, and for which clinic. Raises ProblemError, as `TokenVerifier.caller` does."""
    return await verifier.caller(request.headers.get("authorization"), request.headers.get(CLINIC_HEADER))


def in_the_name_of(request: Request, clinic_id: UUID) -> dict[str, str]:
    """The headers with which something is asked of another service as the caller of a request, for that clinic."""
    return {"Authorization": request.headers["authorization"], CLINIC_HEADER: str(clinic_id)}


def require_scope(caller: Caller, scope: str) -> None:
    """Raise ProblemError (403), naming the scope, unless the caller has it."""
    if scope not in caller.scopes:
        challenge = f'Bearer realm="billing", error="insufficient_scope", scope="{scope}"'
        raise ProblemError(SCOPE_MISSING, f"The scope {scope} is required", headers={"WWW-Authenticate": challenge})
