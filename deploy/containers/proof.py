"""A clinic's proof over all services, as a container of its own: `serving.py proof`."""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import os
import sys

from chassis.http.auth import JwksOverHttp, TokenVerifier
from chassis.http.problems import problem_for_status, problem_response
from local_stack.edge.proof import proof_routes
from local_stack.practice.addresses import Addresses
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def ready(_: Request) -> Response:
    """It answers; whether the services do, it says when it is asked for a proof."""
    return JSONResponse({"status": "ok"})


async def problem(_: Request, error: Exception) -> Response:
    """What Starlette refuses by itself: a route or a method that there is not."""
    if not isinstance(error, HTTPException):
        raise error
    return problem_response(problem_for_status(error.status_code), "There is only GET /prove/{clinic_id}")


def app() -> Starlette:
    """Told by JWKS_URL, TOKEN_ISSUER and TOKEN_AUDIENCE whom to believe, and as `stack compare` where the parts are.

    Ends the process where that cannot be used.
    """
    try:
        addresses = Addresses.from_env()
        keys = JwksOverHttp(os.environ["JWKS_URL"])
        verifier = TokenVerifier(keys, audience=os.environ["TOKEN_AUDIENCE"], issuer=os.environ["TOKEN_ISSUER"])
    except KeyError as missing:
        sys.exit(f"The environment variable {missing.args[0].upper()} is not set")
    except (ValueError, OSError) as wrong:
        sys.exit(f"The proof's environment is not usable: {wrong}")
    routes = [Route("/health/ready", ready), *proof_routes(addresses, lambda: verifier)]
    return Starlette(routes=routes, exception_handlers={HTTPException: problem})
