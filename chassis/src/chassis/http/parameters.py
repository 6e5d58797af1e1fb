"""Query parameters that an operation does not have are refused, and one that is given twice (`ALL-2`).

A misspelled filter is not no filter, and which of two would count nobody could tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from inspect import isclass
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.requests import Request

from chassis.http.problems import INVALID, FieldError, ProblemError

_PARAMETERS_MAX = 100
_NOT_OFFERED = "is not a parameter of this operation"


def require_known_parameters(request: Request) -> None:
    """Raise ProblemError (422), naming the parameters that the operation does not have, or has only once."""
    query: bytes = request.scope["query_string"]
    if not query:
        return
    try:
        given = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_PARAMETERS_MAX)
    except ValueError:
        raise ProblemError(INVALID, errors=[FieldError("url", "has too many parameters")]) from None
    known: Mapping[str, bool] = request.app.state.parameters[request.scope["endpoint"]]
    names = [name for name, _ in given]
    errors = [FieldError(name[:100] or "url", _NOT_OFFERED) for name in dict.fromkeys(names) if name not in known]
    errors += [
        FieldError(name, "is given twice") for name, often in Counter(names).items() if _ambiguous(known, name, often)
    ]
    if errors:
        raise ProblemError(INVALID, errors=errors)


def _ambiguous(known: Mapping[str, bool], name: str, often: int) -> bool:
    return often > 1 and known.get(name) is False


def parameters_of(dependant: Dependant) -> dict[str, bool]:
    """The names of an operation's query parameters, and whether each is a list."""
    return dict(_names(dependant))


def _names(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            yield from ((one.alias or name, _is_list(one.annotation)) for name, one in kind.model_fields.items())
        else:
            yield field.alias, _is_list(kind)
    for part in dependant.dependencies:
        yield from _names(part)


def _is_list(kind: Any) -> bool:
    return any(one is list or get_origin(one) is list for one in (kind, *get_args(kind)))
