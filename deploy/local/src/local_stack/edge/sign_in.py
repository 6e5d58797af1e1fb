"""People sign in at the local issuer: OpenID Connect's code flow with PKCE, and a page for it (RFC 6749, 7636)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from local_stack.edge.people import PEOPLE, Person
from local_stack.edge.settings import LIFETIME_SECONDS
from local_stack.edge.signing import Signer

CODE_SECONDS, REFRESH_SECONDS = 60, 12 * 3_600
GRANTS_MAX = 10_000
_FIELDS_MAX = 20
_LOOPBACK = {"127.0.0.1", "localhost"}


@dataclass(frozen=True)
class SignIn:
    """Whom the issuer lets sign in, from where, with which password, and into which clinics."""

    signer: Signer
    password: str = field(repr=False)
    clinics: Mapping[UUID, str]
    """The clinics to choose from, by id with a name; any other id can be typed."""
    client_id: str = "front-desk"
    redirects: tuple[str, ...] = ()
    """Beginnings of addresses that a code may be sent to."""


@dataclass(frozen=True)
class Grant:
    """What a code or a refresh token stands for, until a time of this process's clock."""

    person: Person
    clinic_id: UUID
    scopes: frozenset[str]
    until: float
    redirect: str = ""
    challenge: str = ""
    nonce: str = ""


class Grants:
    """Codes and refresh tokens that were given out and not used yet, of this process; bounded."""

    def __init__(self) -> None:
        self._kept: dict[str, Grant] = {}

    def give(self, grant: Grant) -> str:
        """A new secret that stands for it, once."""
        now = time.monotonic()
        if len(self._kept) >= GRANTS_MAX:
            self._kept = {name: one for name, one in self._kept.items() if one.until > now}
        if len(self._kept) >= GRANTS_MAX:
            self._kept.pop(next(iter(self._kept)))
        made = secrets.token_urlsafe(32)
        self._kept[made] = grant
        return made

    def take(self, given: str) -> Grant | None:
        """What it stands for, and it does no more."""
        grant = self._kept.pop(given, None)
        return grant if grant is not None and grant.until > time.monotonic() else None


class Page:
    """The page where people sign in, and what their code is worth."""

    def __init__(self, told: SignIn) -> None:
        self._told = told
        self._codes, self._refreshes = Grants(), Grants()

    def routes(self) -> list[Route]:
        """`/authorize` and `/sign-out`."""
        return [
            Route("/authorize", self.authorize, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out),
            Route("/.well-known/openid-configuration", self.metadata),
        ]

    async def metadata(self, request: Request) -> Response:
        """What a client is to know; it reaches the issuer where it asked, and browsers where the issuer says it is."""
        here, issuer = str(request.base_url).rstrip("/"), self._told.signer.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "end_session_endpoint": f"{issuer}/sign-out",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/.well-known/jwks.json",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
                "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        """Show the page, or send whoever signed in back with a code."""
        asked = dict(request.query_params)
        if refusal := self._refusal(asked):
            return HTMLResponse(_page("<p role=alert>" + escape(refusal) + "</p>"), 400)
        if request.method == "GET":
            return HTMLResponse(self._form(""))
        try:
            typed = dict(parse_qsl((await request.body()).decode(), max_num_fields=_FIELDS_MAX))
            clinic_id = UUID(typed.get("clinic", "").strip())
        except ValueError:
            return HTMLResponse(self._form("The clinic is an id."), 422)
        person = PEOPLE.get(typed.get("username", ""))
        right = hmac.compare_digest(typed.get("password", "").strip().encode(), self._told.password.encode())
        if person is None or not right:
            return HTMLResponse(self._form("The name or the password is wrong."), 422)
        scopes = person.scopes & frozenset(asked.get("scope", "").split())
        ends = time.monotonic() + CODE_SECONDS
        grant = Grant(person, clinic_id, scopes, ends, asked["redirect_uri"], asked["code_challenge"])
        code = self._codes.give(replace(grant, nonce=asked.get("nonce", "")))
        back = urlencode({"code": code, "state": asked.get("state", ""), "iss": self._told.signer.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def sign_out(self, request: Request) -> Response:
        """Nothing is kept here of who is signed in: back to where one came from."""
        where = request.query_params.get("post_logout_redirect_uri", "")
        if self._allowed(where):
            return RedirectResponse(where, 303)
        return HTMLResponse(_page("<p>You are signed out.</p>"))

    def exchange(self, fields: Mapping[str, str]) -> Response:
        """Tokens for a code or a refresh token (`POST /token`)."""
        if fields.get("client_id") != self._told.client_id:
            return _refused("invalid_client", "the client is unknown")
        if fields.get("grant_type") == "refresh_token":
            grant = self._refreshes.take(fields.get("refresh_token", ""))
            return _refused("invalid_grant", "it has ended") if grant is None else self._granted(grant)
        grant = self._codes.take(fields.get("code", ""))
        if grant is None or grant.redirect != fields.get("redirect_uri"):
            return _refused("invalid_grant", "the code has ended, or was for another address")
        proof = base64.urlsafe_b64encode(hashlib.sha256(fields.get("code_verifier", "").encode()).digest())
        if not hmac.compare_digest(proof.rstrip(b"=").decode(), grant.challenge):
            return _refused("invalid_grant", "the code was asked for by somebody else")
        return self._granted(grant)

    def _granted(self, grant: Grant) -> Response:
        signer, person = self._told.signer, grant.person
        access = signer.token(subject=person.subject, clinic_id=grant.clinic_id, scopes=grant.scopes)
        identity: dict[str, Any] = {"name": person.name, "preferred_username": person.username}
        identity |= {"clinic_id": str(grant.clinic_id)} | ({"nonce": grant.nonce} if grant.nonce else {})
        named = signer.identity_token(subject=person.subject, audience=self._told.client_id, claims=identity)
        renewed = replace(grant, until=time.monotonic() + REFRESH_SECONDS, nonce="")
        given = {"access_token": access, "id_token": named, "refresh_token": self._refreshes.give(renewed)}
        given |= {"token_type": "Bearer", "scope": " ".join(sorted(grant.scopes))}
        return JSONResponse(given | {"expires_in": LIFETIME_SECONDS}, headers={"Cache-Control": "no-store"})

    def _refusal(self, asked: Mapping[str, str]) -> str:
        if asked.get("client_id") != self._told.client_id:
            return "There is no such client."
        if not self._allowed(asked.get("redirect_uri", "")):
            return "The client may not send people there."
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return "Only the code flow with PKCE (S256) is offered."
        return "" if asked.get("code_challenge") else "There is no code_challenge."

    def _allowed(self, where: str) -> bool:
        """On this machine by its address, whatever the port (RFC 8252, 7.3), or where the client is told to be."""
        parts = urlsplit(where)
        if parts.scheme == "http" and parts.hostname in _LOOPBACK and not parts.username:
            return True
        return any(where.startswith(beginning) for beginning in self._told.redirects)

    def _form(self, wrong: str) -> str:
        people = "".join(
            f"<label><input type=radio name=username value={one.username} required{' checked' if not place else ''}>"
            f"<span><b>{escape(one.name)}</b><small>{escape(one.role)} · {one.username}</small></span></label>"
            for place, one in enumerate(PEOPLE.values())
        )
        clinics = "".join(f"<option value={one}>{escape(name)}</option>" for one, name in self._told.clinics.items())
        first = next(iter(self._told.clinics), "")
        said = f"<p role=alert>{escape(wrong)}</p>" if wrong else ""
        return _page(
            f"{said}<form method=post><fieldset><legend>Who are you?</legend>{people}</fieldset>"
            f'<label class=field>Password<input type=password name=password required autocomplete="current-password">'
            f"</label><label class=field>Clinic<input name=clinic list=clinics value='{first}' required></label>"
            f"<datalist id=clinics>{clinics}</datalist><button>Sign in</button></form>"
            "<p><small>The people of this machine's own stack, for trying it out. Their password is printed by "
            "<code>make up</code> and <code>make status</code>.</small></p>"
        )


def _refused(error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status_code=400)


def _page(inner: str) -> str:
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;background:#f4f7f6;color:#10231f;display:grid;place-items:center;"
        "min-height:100vh;margin:0}main{background:#fff;border:1px solid #dfe6e3;border-radius:14px;padding:28px;"
        "width:min(400px,90vw)}h1{font-size:1.3rem;margin:0 0 14px}form,fieldset{display:grid;gap:12px}"
        "fieldset{border:0;padding:0;margin:0;gap:8px}fieldset label{display:flex;gap:12px;align-items:center;"
        "border:1px solid #dfe6e3;border-radius:10px;padding:9px 12px}small{display:block;color:#56635f}"
        ".field{display:grid;gap:4px}input:not([type=radio]),button{font:inherit;padding:9px 12px;border-radius:9px;"
        "border:1px solid #8d9b96}button{background:#0f766e;color:#fff;border-color:#0f766e;font-weight:600}"
        "[role=alert]{color:#b42318}"
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Sign in</title><style>{style}</style><main><h1>Sign in</h1>{inner}</main></html>"
    )
