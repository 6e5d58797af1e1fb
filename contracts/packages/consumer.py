"""Whoever has the wheel alone: every example is read by its class and by its schema, and every `$id` is found.

Run by `python -m contracts.packages`, in an environment where nothing else of this project is.
"""
# ruff: noqa: D103, INP001 - a test, run by its path

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from contracts.event import EVENTS
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from referencing import Registry, Resource

import contracts

HERE = files("contracts")


def document(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / path).read_text(encoding="utf-8"))
    return found


def known_by_id() -> Registry[Any]:
    index = document("schemas/index.json")
    found = {urn: Resource.from_contents(document(f"schemas/{path}")) for urn, path in index.items()}
    strangers = [urn for urn, resource in found.items() if resource.id() != urn]
    if strangers:
        sys.exit(f"the index names what calls itself otherwise: {strangers}")
    return Registry().with_resources(found.items())


def read(registry: Registry[Any], event_type: str) -> None:
    example = document(f"examples/{event_type}.json")
    EVENTS[event_type].model_validate(example["data"])
    by_id = {"$ref": example["headers"]["ce_dataschema"]}
    checked = Draft202012Validator(by_id, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
    checked.validate(example["data"])


def refuse_nul(registry: Registry[Any]) -> None:
    event_type = "dental.patient.registered.v1"
    example = document(f"examples/{event_type}.json")
    wrong = example["data"] | {"given_name": "Ama\0ra"}
    schema = {"$ref": example["headers"]["ce_dataschema"]}
    if Draft202012Validator(schema, registry=registry).is_valid(wrong):
        sys.exit("the schema takes a NUL")
    try:
        EVENTS[event_type].model_validate(wrong)
    except ValidationError as refused:
        if [error["loc"] for error in refused.errors()] != [("given_name",)]:
            sys.exit(f"the class names another member: {refused}")
    else:
        sys.exit("the class takes a NUL")


def main() -> None:
    for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
        importlib.import_module(module.name)
    registry = known_by_id()
    for event_type in EVENTS:
        read(registry, event_type)
    refuse_nul(registry)
    release = version("dental-billing-contracts")
    sys.stdout.write(f"{release}: {len(EVENTS)} examples read by class and schema, {len(registry)} schemas by $id\n")


if __name__ == "__main__":
    main()
