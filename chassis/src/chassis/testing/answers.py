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
    schema = schemathesis.openapi.from_dict(document)
    checked = 0
    for result in schema.get_all_operations():
        if not isinstance(result, Ok):
            raise result.err()
        operation = result.ok()
        if operation.definition.raw.get("operationId") in skip:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _check(operation.as_strategy(generation_mode=mode), address, token, examples)
        checked += 1
    return checked


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
