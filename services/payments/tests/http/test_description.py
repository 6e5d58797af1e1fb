"""The API describes itself, with an example for whoever reads it, and the examples are true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from payments.app import service
from payments.http.answers import Answer
from payments.http.requests import Body
from pydantic import BaseModel

DOCUMENT: dict[str, Any] = service.app().openapi()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (path, method, operation) for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
]


def named(content: dict[str, Any]) -> set[str]:
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return {reference.rpartition("/")[2]} - {""}


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_of_ours_has_an_example(path: str, method: str, operation: dict[str, Any]) -> None:
    if not path.startswith("/v1/") or method == "delete":
        return
    shown = named(operation.get("requestBody", {}).get("content", {}))
    for status in ("200", "201"):
        shown |= named(operation["responses"].get(status, {}).get("content", {}))
    files = operation["responses"].get("200", {}).get("content", {}).values()
    told = any("example" in one or "examples" in one for one in files)
    assert told or any("examples" in SCHEMAS[name] or name.startswith("Page_") for name in shown), (path, method)


def models(of: type[BaseModel]) -> list[type[BaseModel]]:
    return [one for sub in of.__subclasses__() for one in (sub, *models(sub))]


MODELS = sorted({*models(Answer), *models(Body)}, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_example_is_as_its_model_says(model: type[BaseModel]) -> None:
    extra = model.model_config.get("json_schema_extra") or {}
    assert isinstance(extra, dict)
    for example in extra.get("examples", []):
        model.model_validate_json(json.dumps(example))
