"""The HTTP application of a service: its routes between the edge and the problem documents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.http import health
from chassis.http.admission import Admission
from chassis.http.deciding import decide_anew
from chassis.http.edge import Edge
from chassis.http.exports import Exports
from chassis.http.idempotency import Replayed
from chassis.http.openapi import describe
from chassis.http.parameters import parameters_of
from chassis.http.problems import (
    BODY_MALFORMED,
    INVALID,
    Problem,
    ProblemError,
    ProblemTable,
    fields_of,
    problem_for_status,
    problem_response,
    response_to,
    response_to_domain_error,
)
from chassis.http.tracing import Tracing
from chassis.resources import Resources

CONVENTIONS = """\
- **Tokens.** An OAuth 2 bearer JWT with `sub`, `clinic_id` and `scope`; its clinic decides what is seen and changed. A
  service's token has the scope `clinics:any` and no `clinic_id`: each request names its clinic in `Clinic-Id`.
- **Changes** take an `Idempotency-Key`. The same request under the same key is carried out once and answered again as
  it was (`Idempotency-Replayed: true`); another request under it is refused (422); while the first still runs, the
  answer is 409 with `Retry-After`. Keys are each person's own. A refused request changes nothing and may be sent again
  under its key; an earlier attempt that was stuck on its way counts no more then, nor does one whose client has gone.
- **Problems** are RFC 9457 documents. `type` is `urn:problem:dental-billing:` and a slug; it never changes, it names
  and is not fetched; `x-problems` of this document lists this service's own. `errors` names the fields.
- **Limits.** Request line and headers have 32 KiB at most (431), a body 1 MiB (413); a request that does not come
  in time is ended (408). More requests than can be answered soon are refused with `Retry-After`: 429 where they are
  the clinic's own, else 503.
- **Lists** are read part by part: pass `next` of one part as `cursor` of the following one, until it is null.
- **Versions.** What can be changed has an `ETag`; send it as `If-Match`. A stale one is refused with 412.
- **Money** is a decimal string and its ISO 4217 currency. Parameters and fields that do not exist are refused."""

Handler = Callable[[Request, Any], Awaitable[Response]]


def create_app(
    name: str,
    routers: Sequence[APIRouter],
    table: ProblemTable,
    *,
    version: str,
    description: str = "",
    resources: Resources | None = None,
    printed: bool = False,
) -> FastAPI:
    """The application; without resources it can only describe itself. `printed`: see `Service`."""
    app = FastAPI(
        title=name,
        version=version,
        description=f"{description}\n\n{CONVENTIONS}".strip(),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        middleware=[Middleware(Tracing), Middleware(Edge)],
        redirect_slashes=False,
    )
    app.state.parameters = {}
    app.state.patience_seconds = 0.0
    app.state.printed = printed
    if resources is not None:
        _keep_state(app, resources)
    for router in routers:
        _add(app, router, table)
    app.router.routes.extend(health.ROUTES)
    for error, handler in _handlers(table).items():
        app.add_exception_handler(error, handler)
    describe(app, table)
    return app


def _keep_state(app: FastAPI, resources: Resources) -> None:
    """What requests find: the process's resources, whose turn it is, and the files that are being made and sent.

    As many requests are in work as there are connections, of one clinic three in four.
    """
    settings, places = resources.chassis_settings, resources.chassis_settings.database_pool_size
    app.state.resources = resources
    app.state.patience_seconds = settings.patience_seconds
    app.state.admission = Admission(places, max(1, places * 3 // 4), settings.line_seconds)
    app.state.exports = Exports(places, settings.line_seconds)


def health_app(resources: Resources) -> Starlette:
    """What a worker answers on its own port: its health, and how far behind it is."""
    app = Starlette(routes=health.INNER_ROUTES)
    app.state.resources = resources
    return app


def _add(app: FastAPI, router: APIRouter, table: ProblemTable) -> None:
    """Add the routes themselves: a flat list is matched faster than a tree; operations bear their functions' names."""
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise TypeError(f"a router of a service holds plain routes, not {type(route).__name__}")
        route.operation_id = route.operation_id or route.name
        decide_anew(route, table)
        app.router.routes.append(route)
        app.state.parameters[route.endpoint] = parameters_of(route.dependant)


def _handlers(table: ProblemTable) -> dict[type[Exception], Handler]:
    handlers: dict[type[Exception], Handler] = {error: _domain_handler(problem) for error, problem in table.items()}
    return handlers | {
        ProblemError: _problem,
        Replayed: _replayed,
        RequestValidationError: _invalid,
        HTTPException: _refused,
    }


def _domain_handler(problem: Problem) -> Handler:
    async def handler(_: Request, error: Exception) -> Response:
        return response_to_domain_error(error, problem)

    return handler


async def _problem(_: Request, error: ProblemError) -> Response:
    return response_to(error)


async def _replayed(_: Request, replay: Replayed) -> Response:
    return replay.response


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    errors = error.errors()
    if any(one["type"] == "json_invalid" for one in errors):
        return problem_response(BODY_MALFORMED)
    return problem_response(INVALID, errors=fields_of(errors))


async def _refused(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_offered(request)))
    return problem_response(problem_for_status(error.status_code), headers=headers)


def _offered(request: Request) -> set[str]:
    """All methods of a path: each is a route of its own, and the framework names only the first one's."""
    path = request.scope["path"]
    routes = [route for route in request.app.router.routes if isinstance(route, Route)]
    return {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
