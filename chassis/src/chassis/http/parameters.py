"""Query parameters that an operation does not have are refused: a misspelled filter is not no filter (`ALL-2`)."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isclass
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.requests import Request

from chassis.http.problems import INVALID, FieldError, ProblemError

_PARAMETERS_MAX = 100


def require_known_parameters(request: Request) -> None:
    """Raise ProblemError (422), naming the parameters that the operation does not have."""
    query: bytes = request.scope["query_string"]
    if not query:
        return
    try:
        given = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_PARAMETERS_MAX)
    except ValueError:
        raise ProblemError(INVALID, errors=[FieldError("url", "has too many parameters")]) from None
    known: frozenset[str] = request.app.state.parameters[request.scope["endpoint"]]
    unknown = dict.fromkeys(name for name, _ in given if name not in known)
    if unknown:
        detail = "is not a parameter of this operation"
        raise ProblemError(INVALID, errors=[FieldError(name[:100] or "url", detail) for name in unknown])


def parameters_of(dependant: Dependant) -> frozenset[str]:
    """The names of an operation's query parameters."""
    return frozenset(_names(dependant))


def _names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            yield from (one.alias or name for name, one in kind.model_fields.items())
        else:
            yield field.alias
    for part in dependant.dependencies:
        yield from _names(part)
