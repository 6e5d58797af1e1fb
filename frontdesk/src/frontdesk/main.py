"""`frontdesk`: the front desk as a process, told by its environment."""

from __future__ import annotations

import asyncio
import signal
import sys

import uvloop
from chassis.http.listening import Listening
from chassis.logging import configure_logging
from chassis.telemetry import start_telemetry
from pydantic import ValidationError

from frontdesk.app import build_app
from frontdesk.settings import FrontDeskSettings

VERSION = "0.1.0"


def main() -> int:
    """Serve until told to stop; 2 where the environment cannot be meant, naming the variable."""
    try:
        settings = FrontDeskSettings()
    except ValidationError as wrong:
        for error in wrong.errors(include_input=False):
            name = "_".join(map(str, error["loc"])).upper() or "The environment"
            sys.stderr.write(f"{name}: {error['msg']}\n")
        return 2
    configure_logging(service="frontdesk", level=settings.log_level)
    exporting = start_telemetry(
        service="frontdesk",
        version=VERSION,
        endpoint=settings.otlp_endpoint,
        sample_ratio=settings.trace_sample_ratio,
    )
    try:
        uvloop.run(_serve(settings))
    finally:
        exporting.close()
    return 0


async def _serve(settings: FrontDeskSettings) -> None:
    """Answer until SIGTERM or SIGINT, then finish what is in flight; strangers are bounded as services have it."""
    listening = Listening(build_app(settings), settings, settings.http_port, lifespan=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, listening.stop)
    await listening.run()
