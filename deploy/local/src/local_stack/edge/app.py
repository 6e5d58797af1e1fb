"""The process that is issuer, mail catcher and collector in one: `python -m local_stack.edge.app`, told by its env.

Its connections are bounded as those of services are, so that here is tried what runs in containers.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator

import uvloop
from chassis.http.listening import Listening
from chassis.listening_settings import ListeningSettings
from chassis.logging import configure_logging
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.edge.collector import LineFile, collector_routes
from local_stack.edge.issuer import issuer_routes
from local_stack.edge.mail_catcher import mail_routes, smtp_protocol
from local_stack.edge.mailbox import Mailbox
from local_stack.edge.people import clinics_to_try
from local_stack.edge.proof import proof_routes
from local_stack.edge.settings import EdgeSettings
from local_stack.edge.sign_in import SignIn
from local_stack.edge.signing import Signer

_DRAIN_SECONDS = 2.0


def edge_app(settings: EdgeSettings) -> Starlette:
    """The HTTP side; its lifespan runs the SMTP side."""
    mailbox = Mailbox(settings.folder / "mails")
    traces = LineFile(settings.folder / "traces" / "spans.jsonl")
    measurements = LineFile(settings.folder / "traces" / "metrics.jsonl")
    signer = Signer.kept_in(settings.folder / "signing-key.pem", settings.issuer)

    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(lambda: smtp_protocol(mailbox), "127.0.0.1", settings.smtp_port)
        async with smtp:
            yield

    people = SignIn(signer, settings.people_password, clinics_to_try()) if settings.people_password else None
    routes = [Route("/health/ready", ready), *issuer_routes(signer, settings.clients, people), *mail_routes(mailbox)]
    routes += proof_routes(settings.addresses, signer.verifier) if settings.addresses else []
    return Starlette(routes=[*routes, *collector_routes(traces, measurements)], lifespan=lifespan)


async def _serve(settings: EdgeSettings) -> None:
    """Answer until SIGTERM or SIGINT, and wait for no client that keeps its connection."""
    listens = ListeningSettings(http_host="127.0.0.1", drain_seconds=_DRAIN_SECONDS)
    listening = Listening(edge_app(settings), listens, settings.http_port, lifespan=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, listening.stop)
    await listening.run()


def main() -> None:
    """Serve until told to stop."""
    configure_logging(service="edge", level="WARNING")
    uvloop.run(_serve(EdgeSettings.from_env()))


if __name__ == "__main__":
    main()
