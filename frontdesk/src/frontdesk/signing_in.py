"""Signing in at any OpenID Connect provider: code flow with PKCE; tokens in the sealed session, renewed in time."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import structlog
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Depends, Request
from joserfc.errors import JoseError
from starlette.responses import RedirectResponse, Response

from frontdesk.settings import FrontDeskSettings

router = APIRouter()
log = structlog.get_logger()

EARLY_SECONDS = 30
"""A token is renewed so long before it ends, that none ends on the way."""
KEPT_SECONDS = 120
"""How long what a renewal gave is remembered, for requests that were sent with the tokens before it."""
RENEWALS_MAX = 10_000


class SignInNeeded(Exception):
    """Nobody is signed in, or what they have has ended."""


@dataclass(frozen=True)
class Person:
    """Who is signed in, and what they may do."""

    subject: str
    name: str
    scopes: frozenset[str]
    clinic_id: str

    def may(self, *scopes: str) -> bool:
        """Whether all of these are theirs."""
        return self.scopes.issuperset(scopes)


class Provider:
    """The provider as this front desk is its client."""

    def __init__(self, settings: FrontDeskSettings) -> None:
        self._settings = settings
        self._base = settings.public_url
        secret = settings.client_secret.get_secret_value() if settings.client_secret else None
        how = {"scope": settings.provider_scopes, "code_challenge_method": "S256"}
        how |= {} if secret else {"token_endpoint_auth_method": "none"}
        metadata = f"{settings.provider_url}/.well-known/openid-configuration"
        self.client = OAuth().register(
            "provider",
            client_id=settings.client_id,
            client_secret=secret,
            server_metadata_url=metadata,
            client_kwargs=how,
        )
        self._renewals: dict[str, tuple[float, asyncio.Task[dict[str, Any]]]] = {}

    async def redirect(self, request: Request) -> Response:
        """Send the browser to the provider."""
        answer: Response = await self.client.authorize_redirect(request, f"{self._base}/sign-in/callback")
        return answer

    async def accept(self, request: Request) -> dict[str, Any]:
        """The tokens of whoever came back from the provider, verified. Raises OAuthError, JoseError."""
        token: dict[str, Any] = await self.client.authorize_access_token(request)
        return token

    async def renew(self, refresh_token: str) -> dict[str, Any]:
        """New tokens; several requests at once with the same old ones are one renewal. Raises SignInNeeded."""
        known = hashlib.sha256(refresh_token.encode()).hexdigest()
        now = time.monotonic()
        self._renewals = {name: kept for name, kept in self._renewals.items() if kept[0] > now}
        if known not in self._renewals:
            if len(self._renewals) >= RENEWALS_MAX:
                raise SignInNeeded
            self._renewals[known] = (now + KEPT_SECONDS, asyncio.create_task(self._renewed(refresh_token)))
        try:
            return await asyncio.shield(self._renewals[known][1])
        except (OAuthError, httpx.HTTPError, JoseError):
            self._renewals.pop(known, None)
            raise SignInNeeded from None

    async def _renewed(self, refresh_token: str) -> dict[str, Any]:
        got: dict[str, Any] = await self.client.fetch_access_token(
            grant_type="refresh_token", refresh_token=refresh_token
        )
        return got

    async def leaving(self, id_token: str) -> str:
        """Where the browser goes to end its session at the provider too; this page where the provider has no such."""
        home = f"{self._base}/signed-out"
        try:
            metadata: Mapping[str, Any] = await self.client.load_server_metadata()
        except httpx.HTTPError:
            return home
        if not (endpoint := metadata.get("end_session_endpoint")):
            return home
        asked = {"post_logout_redirect_uri": home, "client_id": self._settings.client_id}
        asked |= {"id_token_hint": id_token} if id_token else {}
        return str(httpx.URL(str(endpoint)).copy_merge_params(asked))


def keep(session: dict[str, Any], token: Mapping[str, Any]) -> None:
    """Put what the provider gave into the session."""
    session["access"] = token["access_token"]
    session["ends"] = int(token.get("expires_at") or time.time() + int(token.get("expires_in", 60)))
    session["refresh"] = token.get("refresh_token") or session.get("refresh", "")
    session["scopes"] = str(token.get("scope") or session.get("scopes", ""))
    if token.get("id_token"):
        session["id_token"] = token["id_token"]
    if told := token.get("userinfo"):
        session["subject"] = str(told["sub"])
        session["name"] = str(told.get("name") or told.get("preferred_username") or told["sub"])
        session["clinic_id"] = str(told.get("clinic_id", ""))


async def signed_in(request: Request) -> Person:
    """Who is signed in, their token renewed where it is about to end. Raises SignInNeeded."""
    session = request.session
    if "access" not in session or "subject" not in session:
        raise SignInNeeded
    if session["ends"] - EARLY_SECONDS < time.time():
        if not session.get("refresh"):
            raise SignInNeeded
        keep(session, await provider_of(request).renew(session["refresh"]))
    scopes = frozenset(str(session["scopes"]).split())
    return Person(session["subject"], session["name"], scopes, session["clinic_id"])


SignedIn = Annotated[Person, Depends(signed_in)]


def provider_of(request: Request) -> Provider:
    """The provider that this process knows."""
    found: Provider = request.app.state.provider
    return found


def own_path(given: str) -> str:
    """A path of this site to go on to, or the first page: nobody is sent elsewhere by a link."""
    proper = given.startswith("/") and not given.startswith(("//", "/\\")) and "\\" not in given
    return given if proper and given.isprintable() else "/"


@router.get("/sign-in")
async def sign_in(request: Request, to: str = "/") -> Response:
    """Begin to sign in; `to` is where one wanted to go."""
    language = request.session.get("language")
    request.session.clear()
    request.session.update({"to": own_path(to)} | ({"language": language} if language else {}))
    try:
        return await provider_of(request).redirect(request)
    except (httpx.HTTPError, OAuthError):
        return _cannot(request, "provider")


@router.get("/sign-in/callback")
async def come_back(request: Request) -> Response:
    """The provider sends the browser here, with a code or with why there is none."""
    to, language = own_path(str(request.session.get("to", "/"))), request.session.get("language")
    try:
        token = await provider_of(request).accept(request)
    except (OAuthError, JoseError) as wrong:
        log.warning("signing in failed", error_type=type(wrong).__name__)
        return _cannot(request, "refused")
    except httpx.HTTPError:
        return _cannot(request, "provider")
    request.session.clear()  # what was there before belongs to nobody now
    request.session.update({"language": language} if language else {})
    keep(request.session, token)
    return RedirectResponse(to, 303)


def _cannot(request: Request, cause: str) -> Response:
    request.session["cause"] = cause
    return RedirectResponse("/signed-out", 303)


def path_of(request: Request) -> str:
    """The page that one is on, to come back to it."""
    return own_path(request.url.path if request.method == "GET" else "/")
