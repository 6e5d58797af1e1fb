"""Serve the application of `issuer.py` or `proof.py`: its connections are bounded as those of services are.

`serving.py proof`, told HTTP_HOST and HTTP_PORT besides what the application is told.
"""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import asyncio
import importlib
import signal
import sys
from collections.abc import Sequence

from chassis.http.listening import Listening
from chassis.listening_settings import ListeningSettings
from chassis.logging import configure_logging
from pydantic import ValidationError
from starlette.types import ASGIApp


def main(arguments: Sequence[str]) -> int:
    """Serve until told to stop; 2 where the environment cannot be meant, naming the variable."""
    (name,) = arguments
    try:
        settings = ListeningSettings()
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False):
            sys.stderr.write(f"{'_'.join(map(str, error['loc'])).upper()}: {error['msg']}\n")
        return 2
    configure_logging(service=name, level="INFO")
    asyncio.run(_serve(importlib.import_module(name).app(), settings))
    return 0


async def _serve(app: ASGIApp, settings: ListeningSettings) -> None:
    """Answer until SIGTERM or SIGINT, then finish what is in flight."""
    listening = Listening(app, settings, settings.http_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, listening.stop)
    await listening.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
