"""At the largest amounts and quantities that a schema allows: no fault, and no event that nobody can read (`ALL-2`).

Generated requests hardly ever have them: three hundred of each operation found nothing that these find at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from chassis.testing.harness import ServiceHarness
from contracts.event import EVENTS

LARGEST = {"amount": "999999999999.99", "quantity": "999999999"}
BOUNDS: list[dict[str, str]] = [
    {"amount": LARGEST["amount"]},
    {"quantity": LARGEST["quantity"]},
    LARGEST,
    {"amount": LARGEST["amount"], "quantity": "1000.0001"},
    {"amount": f"-{LARGEST['amount']}"},
]


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
async def test_nothing_fails_and_every_event_keeps_its_contract_at_the_bounds_of_amounts_and_quantities(
    harness: ServiceHarness, clinic_id: UUID, bounds: dict[str, str]
) -> None:
    async with harness.client(clinic_id=clinic_id) as client:
        for method, path, example in _bodies(harness.app.openapi()):
            answer = await client.request(method, path, json=_enlarged(example, bounds), headers={"If-Match": '"1"'})
            assert answer.status_code < 500, (method, path, answer.text)
    for told in await harness.announced(clinic_id=clinic_id):
        EVENTS[told.type].model_validate_json(told.raw)


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each operation that takes JSON, with the example of what it takes."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                yield method.upper(), path, content["example"]


def _enlarged(value: Any, bounds: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_enlarged(one, bounds) for one in value]
    if isinstance(value, dict):
        return {
            name: bounds[name] if name in bounds and isinstance(one, str) else _enlarged(one, bounds)
            for name, one in value.items()
        }
    return value
