"""The local stack's token issuer as a container of its own: `uvicorn --app-dir deploy/containers issuer:app`."""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import json
import os
from pathlib import Path

from local_stack.edge.issuer import issuer_routes
from local_stack.edge.signing import Signer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def ready(_: Request) -> Response:
    """It has a key, and that is all it needs."""
    return JSONResponse({"status": "ok"})


def app() -> Starlette:
    """Told by ISSUER (its own address), ISSUER_KEY (the key's file, made once) and ISSUER_CLIENTS (JSON: secrets)."""
    signer = Signer.kept_in(Path(os.environ["ISSUER_KEY"]), os.environ["ISSUER"])
    clients: dict[str, str] = json.loads(os.environ["ISSUER_CLIENTS"])
    return Starlette(routes=[Route("/health/ready", ready), *issuer_routes(signer, clients)])
