"""The token issuer of the local stack: OAuth 2 client credentials (RFC 6749, 4.4).

People sign in beside it (`sign_in`), where it is told to let them.

A client gets scopes that are its own, for clinics that are its own (`ALL-4`, `ALL-5`). A service's token has the scope
`clinics:any`, as any provider would give it. As nobody logs in here, a form may have the field `clinic_id` instead: the
token is then that clinic's, as a person's is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.edge.clients import ANY_CLINIC, SCOPES, Client
from local_stack.edge.settings import LIFETIME_SECONDS
from local_stack.edge.sign_in import Page, SignIn
from local_stack.edge.signing import Signer

_FIELDS_MAX = 20
_OF_PEOPLE = ("authorization_code", "refresh_token")


def issuer_routes(signer: Signer, clients: Mapping[str, Client], people: SignIn | None = None) -> list[Route]:
    """`GET /.well-known/jwks.json` and `POST /token`, for these clients, and for people where they may sign in."""
    page = Page(people) if people is not None else None

    async def jwks(_: Request) -> Response:
        return JSONResponse(signer.key_set(), headers={"Cache-Control": "max-age=300"})

    async def token(request: Request) -> Response:
        try:
            fields = dict(parse_qsl((await request.body()).decode(), max_num_fields=_FIELDS_MAX))
        except ValueError:
            return _refused(400, "invalid_request", "the request is no form")
        if page is not None and fields.get("grant_type") in _OF_PEOPLE:
            return page.exchange(fields)
        client_id, secret = _credentials(request, fields)
        client = clients.get(client_id)
        own = client.secret if client is not None else ""
        if client is None or not hmac.compare_digest(own.encode(), secret.encode()) or not secret:
            return _refused(401, "invalid_client", "the client is unknown or its secret is wrong")
        if fields.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", "only client_credentials is granted")
        return _granted(signer, client_id, client, fields)

    async def metadata(_: Request) -> Response:
        described = {"issuer": signer.issuer, "token_endpoint": f"{signer.issuer}/token"}
        described |= {"jwks_uri": f"{signer.issuer}/.well-known/jwks.json"}
        return JSONResponse(described | {"grant_types_supported": ["client_credentials"]})

    return [
        *(page.routes() if page is not None else []),
        Route("/.well-known/jwks.json", jwks),
        Route("/.well-known/oauth-authorization-server", metadata),
        Route("/token", token, methods=["POST"]),
    ]


def _granted(signer: Signer, client_id: str, client: Client, fields: Mapping[str, str]) -> Response:
    scopes = frozenset(fields.get("scope", "").split()) or client.scopes
    try:
        clinic_id = None if ANY_CLINIC in scopes else UUID(fields.get("clinic_id", ""))
    except ValueError:
        return _refused(
            400, "invalid_request", f"the field clinic_id must be a UUID, or the scope {ANY_CLINIC} be asked"
        )
    if refusal := _refusal(client_id, client, scopes, clinic_id):
        return refusal
    token = signer.token(subject=f"service:{client_id}", clinic_id=clinic_id, scopes=scopes)
    granted = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
    return JSONResponse(granted | {"scope": " ".join(sorted(scopes))}, headers={"Cache-Control": "no-store"})


def _refusal(client_id: str, client: Client, scopes: frozenset[str], clinic_id: UUID | None) -> Response | None:
    """What a client may not have: a scope, or a clinic, that is not its own."""
    if unknown := scopes - SCOPES - {ANY_CLINIC}:
        return _refused(400, "invalid_scope", f"there is no scope {' '.join(sorted(unknown))}")
    if lacking := client.lacks(scopes):
        return _refused(400, "invalid_scope", f"{client_id} may not have {' '.join(sorted(lacking))}")
    if clinic_id is not None and not client.works_for(clinic_id):
        return _refused(400, "unauthorized_client", f"{client_id} does not work for this clinic")
    return None


def _credentials(request: Request, fields: Mapping[str, str]) -> tuple[str, str]:
    """From the Authorization header (Basic), else from the form; RFC 6749, 2.3.1 allows both."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return client_id, secret
    return fields.get("client_id", ""), fields.get("client_secret", "")


def _refused(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status_code=status)
