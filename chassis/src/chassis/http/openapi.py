"""The API's description: every operation with its problems, its token's scope and its headers, as they really are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from chassis.http.change import Changing, Reading
from chassis.http.examples import give_examples
from chassis.http.idempotency import KEPT_DAYS, KEY_LENGTH_MAX
from chassis.http.problems import TYPE_PREFIX, Problem, ProblemTable, documented

SECURITY = "token"

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. Clients tell problems apart by `type`, never by a text.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": f"^{TYPE_PREFIX}[a-z0-9-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                    "sentence": {
                        "type": "string",
                        "description": "The detail with names in place of its values, `is above {le}`: what to say it "
                        "in another language by. Where it is left out, the detail has no values.",
                    },
                    "values": {
                        "type": "object",
                        "description": "What stands in the sentence, by name: text, days, amounts of money.",
                        "additionalProperties": True,
                    },
                },
            },
        },
        "trace_id": {"type": "string", "description": "Quote it when asking for help."},
    },
    "example": {
        "type": f"{TYPE_PREFIX}invalid-request",
        "title": "The request is not valid",
        "status": 422,
        "detail": "lines[0].quantity: is not above 0",
        "errors": [{"field": "lines[0].quantity", "detail": "is not above 0"}],
    },
}
_KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Made by the client, new for each new change. The same request under the same key is carried out "
    f"once and answered again as it was the first time (`Idempotency-Replayed: true`), for {KEPT_DAYS} days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH_MAX, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    "example": "5f0e2c1a-4b7d-4a53-9a3c-0d6a4be0f1c2",
}
_IF_MATCH_PARAMETER: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag that the change was decided on.",
    "schema": {"type": "string"},
    "example": '"3"',
}


def describe(app: FastAPI, table: ProblemTable) -> None:
    """Let the application describe itself by what its routes are, rather than by the framework's defaults."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            for route in app.router.routes:
                if isinstance(route, APIRoute) and route.include_in_schema:
                    _complete(document, route)
            _complete_components(document, table)
            give_examples(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], route: APIRoute) -> None:
    for method in route.methods or ():
        operation = document["paths"][route.path_format][method.lower()]
        guard = next(_guards(route.dependant), None)
        parameters = [_sendable(one) for one in operation.get("parameters", [])]
        if isinstance(guard, Changing):
            parameters = [*parameters, _KEY_PARAMETER | {"required": method == "POST"}]
        if "412" in operation["responses"]:
            parameters = [*parameters, _IF_MATCH_PARAMETER]
        if parameters:
            operation["parameters"] = parameters
        if guard is not None:
            operation["security"] = [{SECURITY: [guard.scope]}]
        for status in _statuses(operation, guard, method):
            operation["responses"][str(status)] = documented(status)
        operation["responses"] = dict(sorted(operation["responses"].items()))


def _sendable(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter without null as a value: a URL cannot say null, a parameter is left out instead."""
    schema = dict(parameter["schema"])
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        schema |= kinds[0]
    elif kinds:
        schema["anyOf"] = kinds
    return parameter | {"schema": schema}


def _guards(dependant: Dependant) -> Iterator[Changing | Reading]:
    for part in dependant.dependencies:
        if isinstance(part.call, Changing | Reading):
            yield part.call
        yield from _guards(part)


def _statuses(operation: dict[str, Any], guard: Changing | Reading | None, method: str) -> set[int]:
    """What any such operation can be answered with, whether its route says so or not."""
    statuses = {500, 503}
    if guard is not None:
        statuses |= {401, 403, 422, 429}
    if isinstance(guard, Changing):
        statuses |= {409}
        statuses |= {400} if method == "POST" else set()
    if operation.get("parameters"):
        statuses |= {422}
    if any(one["in"] == "path" for one in operation.get("parameters", ())):
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
    if "412" in operation["responses"]:
        statuses |= {428}
    return statuses


def _complete_components(document: dict[str, Any], table: ProblemTable) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {
        SECURITY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An OAuth 2 access token with the claims sub, clinic_id, scope and aud; "
            "instead of clinic_id a service has the scope clinics:any, and names the clinic in the header Clinic-Id.",
        }
    }
    document["x-problems"] = [_listed(problem) for problem in sorted(set(table.values()), key=lambda one: one.slug)]


def _listed(problem: Problem) -> dict[str, Any]:
    return {"type": problem.type, "status": problem.status, "title": problem.title}
