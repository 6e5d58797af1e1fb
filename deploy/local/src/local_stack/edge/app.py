"""The process that is issuer, mail catcher and collector in one: `python -m local_stack.edge.app`, told by its env."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator

import uvicorn
import uvloop
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


class _Server(uvicorn.Server):
    """Stops on SIGTERM without a word, and does not wait long for clients that keep their connections."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Have both signals end the server, once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


def main() -> None:
    """Serve until told to stop."""
    settings = EdgeSettings.from_env()
    config = uvicorn.Config(
        edge_app(settings),
        host="127.0.0.1",
        port=settings.http_port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    uvloop.run(_Server(config).serve())


if __name__ == "__main__":
    main()
