"""The local stack's token issuer as a container of its own: `serving.py issuer`."""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from chassis.known_secrets import require_own
from local_stack.edge.clients import Client, clients_of
from local_stack.edge.issuer import issuer_routes
from local_stack.edge.people import PEOPLE, clinics_to_try
from local_stack.edge.sign_in import SignIn
from local_stack.edge.signing import Signer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def ready(_: Request) -> Response:
    """It has a key, and that is all it needs."""
    return JSONResponse({"status": "ok"})


def app() -> Starlette:
    """Told by ISSUER (its own address), ISSUER_KEY (the key's file, made once), ISSUER_CLIENTS and ENVIRONMENT.

    With ISSUER_PEOPLE_PASSWORD the people of `local_stack.edge.people` may sign in at it, for trying things out.

    Clients are JSON: `{"front-desk": {"secret": "…", "scopes": "invoices:read …", "clinics": "ID ID"}}`, where clinics
    may be `any`. Ends the process where that cannot be meant, or a secret is one that anybody can guess.
    """
    try:
        signer = Signer.kept_in(Path(os.environ["ISSUER_KEY"]), os.environ["ISSUER"])
        clients = _own(clients_of(json.loads(os.environ["ISSUER_CLIENTS"])))
    except KeyError as missing:
        sys.exit(f"The environment variable {missing.args[0]} is not set")
    except OSError as unwritable:
        sys.exit(f"ISSUER_KEY is not usable: {unwritable}")
    except ValueError as wrong:
        sys.exit(f"ISSUER_CLIENTS is not usable: {wrong}")
    return Starlette(routes=[Route("/health/ready", ready), *issuer_routes(signer, clients, _people(signer))])


def _people(signer: Signer) -> SignIn | None:
    password = os.environ.get("ISSUER_PEOPLE_PASSWORD", "")
    if not password:
        return None
    try:
        require_own(os.environ.get("ENVIRONMENT", ""), password, PEOPLE)
    except ValueError as known:
        sys.exit(f"ISSUER_PEOPLE_PASSWORD {known}")
    return SignIn(signer, password, clinics_to_try())


def _own(clients: dict[str, Client]) -> dict[str, Client]:
    for name, client in clients.items():
        try:
            require_own(os.environ.get("ENVIRONMENT", ""), client.secret, [name])
        except ValueError as known:
            raise ValueError(f"the client {name} {known}") from None
    return clients
