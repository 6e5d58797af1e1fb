"""Whether the process lives, and whether it can do its work now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.database.faults import ReadOnly
from chassis.messaging.errors import reason_of_interruption
from chassis.resources import Check, Figures, Resources

Looked = tuple[int, dict[str, object]]
"""A status, and what is said of it."""

_CHECK_SECONDS = 2.0
log = structlog.get_logger(__name__)


class Troubled(Exception):
    """A part of the process does not get on at the moment; the text says why, and may be logged (`ALL-6`)."""


async def live(request: Request) -> Response:
    """The event loop turns, and nothing hangs that only a restart can mend."""
    resources: Resources = request.app.state.resources
    return _said(*await _looked(resources.vital))


async def ready(request: Request) -> Response:
    """Everything that the process needs answers, and it was not asked to end."""
    return await _ready(request.app.state.resources)


async def ready_and_behind(request: Request) -> Response:
    """The same, and how far behind it is: for those who run it, and nobody else."""
    resources: Resources = request.app.state.resources
    return await _ready(resources, resources.figures)


ROUTES = [Route("/health/live", live), Route("/health/ready", ready)]
INNER_ROUTES = [Route("/health/live", live), Route("/health/ready", ready_and_behind)]
"""Of a port that is not for clients."""


async def _ready(resources: Resources, figures: Figures | None = None) -> Response:
    if resources.draining:
        return _said(503, {"status": "draining"})
    name = "ready" if figures is None else "ready and behind"
    return _said(*await _at_once(resources, name, lambda: _looked(resources.checks | resources.vital, figures)))


async def _at_once(resources: Resources, name: str, look: Callable[[], Coroutine[Any, Any, Looked]]) -> Looked:
    """One look for all who ask meanwhile: nobody has to say who asks, so no number of them takes the connections."""
    looking = resources.looks.get(name)
    if looking is None or looking.done():
        looking = resources.looks[name] = asyncio.create_task(look())
    return await asyncio.shield(looking)


def database_check(resources: Resources) -> Check:
    """Whether the database answers and takes writes, and had room for what was to be written a moment ago."""

    async def check() -> None:
        if resources.database.is_full:
            raise Troubled("its disk is full")
        try:
            await resources.database.require_writable()
        except ReadOnly as closed:
            raise Troubled(str(closed)) from None

    return check


async def _looked(checks: dict[str, Check], figures: Figures | None = None) -> Looked:
    states = dict(await asyncio.gather(*(_checked(name, check) for name, check in checks.items())))
    well = all(state == "ok" for state in states.values())
    said: dict[str, object] = {"status": "ok" if well else "unavailable", "checks": states}
    if figures is not None and states.get("database") == "ok":
        said["figures"] = await figures()
    return 200 if well else 503, said


async def _checked(name: str, check: Check) -> tuple[str, str]:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever a check raises means that it failed
        log.warning("check_failed", check=name, error_type=type(error).__name__, reason=_reason(error))
        return name, "failed"
    return name, "ok"


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Troubled) else reason_of_interruption(error)


def _said(status: int, document: dict[str, object]) -> Response:
    return Response(orjson.dumps(document), status, {"Cache-Control": "no-store"}, "application/json")
