"""A refusal that rests on a figure that another service moves is not the last word: the figure may be about to move.

Whoever is refused because of such a figure is let wait briefly, without a connection; when it has moved, the request is
decided anew. So nobody is told what is false by the time that it is read (`PAY-11`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any

from fastapi.routing import APIRoute, request_response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from chassis.http.auth import caller_of
from chassis.http.change import Change
from chassis.http.problems import ProblemError, ProblemTable
from chassis.http.waiting import until_known
from chassis.resources import Resources

Figure = Callable[[AsyncConnection, Any, Mapping[str, Any]], Awaitable[Hashable]]
"""What a refusal rests on, read again: of the refusal itself, and of the path's parameters. It differs once it has
moved, and is None where it rests on nothing that another service moves."""

Figures = Mapping[type[Exception], Figure]
Handler = Callable[[Request], Awaitable[Response]]


def decide_anew(route: APIRoute, table: ProblemTable) -> None:
    """Let a route's requests be decided anew where a refusal's figure moves (`Problem.figure`), and be refused once."""
    methods = route.methods or set()
    if not methods & {"POST", "PUT", "PATCH", "DELETE"}:
        return
    handler: Handler = route.get_route_handler()
    figures: Figures = {error: problem.figure for error, problem in table.items() if problem.figure is not None}
    if figures and methods & {"POST", "PUT", "PATCH"}:
        handler = _deciding(handler, figures)
    route.app = request_response(_refused_once(handler))


def _refused_once(handler: Handler) -> Handler:
    """Note a refusal under its key (`Change.note_refusal`) when it is told, not each time that it was decided anew."""

    async def handle(request: Request) -> Response:
        try:
            response = await handler(request)
        except Exception:
            await _note_refusal(request)
            raise
        await _note_refusal(request)
        return response

    return handle


async def _note_refusal(request: Request) -> None:
    refused: Change | None = getattr(request.state, "refused", None)
    if refused is not None:
        await refused.note_refusal()


def _deciding(handler: Handler, figures: Figures) -> Handler:
    refusals: tuple[type[Exception], ...] = (*figures, ProblemError)

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except refusals as first:
            refusal = first
        deadline = asyncio.get_running_loop().time() + request.app.state.patience_seconds
        # Decided anew once the figure was read, in case it has moved since, and then whenever it moves.
        while asyncio.get_running_loop().time() < deadline:
            figure = await _read(request, figures, refusal)
            if figure is None:
                break
            try:
                return await handler(request)
            except refusals as again:
                refusal = again
            await _until_moved(request, figures, refusal, figure, deadline)
        raise refusal

    return handle


async def _until_moved(
    request: Request, figures: Figures, refusal: Exception, figure: Hashable, deadline: float
) -> None:
    async def moved() -> bool | None:
        return await _read(request, figures, refusal) != figure or None

    await until_known(moved, max(0.0, deadline - asyncio.get_running_loop().time()))


async def _read(request: Request, figures: Figures, refusal: Exception) -> Hashable:
    """The figure that a refusal rests on, of the caller's clinic; no connection is held afterwards."""
    figure, about = _figure_of(refusal, figures)
    if figure is None:
        return None
    resources: Resources = request.app.state.resources
    caller = await caller_of(request, resources.verifier)
    async with resources.database.reading([caller.clinic_id]) as connection:
        return await figure(connection, about, request.path_params)


def _figure_of(refusal: Exception, figures: Figures) -> tuple[Figure | None, BaseException | None]:
    """A problem that a route made of a refusal is about its cause."""
    if isinstance(refusal, ProblemError):
        return refusal.problem.figure, refusal.__cause__
    return next(figures[kind] for kind in type(refusal).__mro__ if kind in figures), refusal
