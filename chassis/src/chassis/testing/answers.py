"""Generated requests against a running API: no fault of the server, and every answer as the API describes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

# A request can be of the right form and yet be refused by a rule (422), which no schema tells.
_LEFT_OUT: list[Any] = [positive_data_acceptance]


def check_answers(
    document: dict[str, Any], address: str, token: str, *, examples: int = 50, skip: Collection[str] = ()
) -> int:
    """Send valid and invalid requests of each operation but those in `skip`, by id; returns how many operations.

    Raises what Schemathesis found: an answer with an undocumented status, media type or schema, a 5xx, an operation
    that answers without a token. Blocks: run it in a thread beside the server's event loop.
    """
    checked = 0
    # The token is always sent, so what is invalid must be something else than its absence.
    for mode, described in (
        (GenerationMode.POSITIVE, document),
        (GenerationMode.NEGATIVE, _without_security(document)),
    ):
        for result in schemathesis.openapi.from_dict(described).get_all_operations():
            if not isinstance(result, Ok):
                raise result.err()
            operation = result.ok()
            described_input = {"parameters", "requestBody"} & operation.definition.raw.keys()
            if mode is GenerationMode.NEGATIVE and not described_input:
                continue  # there is nothing that could be wrong
            if operation.definition.raw.get("operationId") not in skip:
                _check(operation.as_strategy(generation_mode=mode), address, token, examples)
                checked += mode is GenerationMode.POSITIVE
    return checked


def _without_security(document: dict[str, Any]) -> dict[str, Any]:
    paths = {
        path: {
            method: {name: value for name, value in operation.items() if name != "security"}
            for method, operation in item.items()
        }
        for path, item in document["paths"].items()
    }
    return document | {"paths": paths}


def _check(cases: Any, address: str, token: str, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def check(case: Case[Any]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=address, headers=headers, excluded_checks=_LEFT_OUT)

    check()
