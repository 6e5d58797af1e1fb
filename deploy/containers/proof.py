"""A clinic's proof over all services, as a container of its own: `uvicorn --app-dir deploy/containers proof:app`."""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import os

import httpx
import jwt
from local_stack.edge.bearer import Guard, Keys, Refusal
from local_stack.edge.proof import proof_routes
from local_stack.practice.addresses import Addresses
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TIMEOUT_SECONDS = 5.0


async def ready(_: Request) -> Response:
    """It answers; whether the services do, it says when it is asked for a proof."""
    return JSONResponse({"status": "ok"})


async def problem(_: Request, error: Exception) -> Response:
    """What Starlette refuses by itself: a route or a method that there is not."""
    if not isinstance(error, HTTPException):
        raise error
    slug = error.detail.lower().replace(" ", "-")
    return Refusal(error.status_code, slug, error.detail, "There is only GET /prove/{clinic_id}").answer()


def keys_at(url: str) -> Keys:
    """The issuer's key set, fetched for each proof: proofs are rare, and a key may have been replaced."""

    async def keys() -> jwt.PyJWKSet:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = await client.get(url)
            return jwt.PyJWKSet.from_dict(answer.raise_for_status().json())
        except (httpx.HTTPError, jwt.PyJWKSetError, jwt.PyJWKError, ValueError, AttributeError) as error:
            raise Refusal.unavailable("The token issuer's keys cannot be had") from error

    return keys


def app() -> Starlette:
    """Told by JWKS_URL, TOKEN_ISSUER and TOKEN_AUDIENCE whom to believe, and as `stack compare` where the parts are."""
    guard = Guard(keys_at(os.environ["JWKS_URL"]), os.environ["TOKEN_ISSUER"], os.environ["TOKEN_AUDIENCE"])
    routes = [Route("/health/ready", ready), *proof_routes(Addresses.from_env(), guard)]
    return Starlette(routes=routes, exception_handlers={HTTPException: problem})
