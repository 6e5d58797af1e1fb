"""`frontdesk`: the front desk as a process, told by its environment."""

from __future__ import annotations

import sys

import uvicorn
from chassis.logging import configure_logging
from chassis.telemetry import start_telemetry
from pydantic import ValidationError

from frontdesk.app import build_app
from frontdesk.settings import FrontDeskSettings

VERSION = "0.1.0"
GRACE_SECONDS = 20


def main() -> int:
    """Serve until told to stop; 2 where the environment cannot be meant, naming the variable."""
    try:
        settings = FrontDeskSettings()
    except ValidationError as wrong:
        for one in wrong.errors(include_input=False):
            name = "_".join(map(str, one["loc"])).upper() or "The environment"
            sys.stderr.write(f"{name}: {one['msg']}\n")
        return 2
    configure_logging(service="frontdesk", level=settings.log_level)
    exporting = start_telemetry(
        service="frontdesk",
        version=VERSION,
        endpoint=settings.otlp_endpoint,
        sample_ratio=settings.trace_sample_ratio,
    )
    try:
        uvicorn.run(
            build_app(settings),
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    finally:
        exporting.close()
    return 0
