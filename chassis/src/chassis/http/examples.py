"""An example of every body in the API's description: the one its schema gives, else one put together from its parts."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

DEPTH_MAX = 12
_STRINGS = {
    "uuid": "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c01",
    "date": "2026-11-23",
    "date-time": "2026-11-23T15:00:00Z",
    "time": "21:00:00",
    "uri": "https://example.org",
    "email": "desk@example.org",
}


def give_examples(document: dict[str, Any]) -> None:
    """Put an example beside the schema of each JSON body that is asked for or answered, problems aside."""
    schemas: dict[str, Schema] = document.get("components", {}).get("schemas", {})
    for item in document["paths"].values():
        for operation in item.values():
            bodies = [operation.get("requestBody", {})]
            bodies += [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for body in bodies:
                content = body.get("content", {}).get("application/json")
                if content and not {"example", "examples"} & content.keys():
                    content["example"] = example_of(content.get("schema", {}), schemas)


def example_of(schema: Schema, schemas: dict[str, Schema], depth: int = 0) -> Any:
    """A value that the schema accepts, as far as its examples, defaults and formats tell."""
    if depth > DEPTH_MAX:
        return None
    schema = resolved(schema, schemas)
    for given in ([schema["example"]] if "example" in schema else []) + list(schema.get("examples", ())):
        return with_nulls(given, schema, schemas)
    for given in ([schema["const"]] if "const" in schema else []) + list(schema.get("enum", ())):
        return given
    return _of_type(schema, schemas, depth)


def resolved(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    """The schema itself, behind references; of several the first that is not null."""
    while "example" not in schema and "examples" not in schema:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
            continue
        choices = [one for name in ("allOf", "anyOf", "oneOf") for one in schema.get(name, ())]
        kinds = [choice for choice in choices if choice != {"type": "null"}]
        if not kinds:
            break
        schema = kinds[0]
    return schema


def with_nulls(value: Any, schema: Schema, schemas: dict[str, Schema]) -> Any:
    """An example with the members that are null: the framework leaves them out of everything it describes."""
    if value is None:
        return None
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    choices = [one for name in ("allOf", "anyOf", "oneOf") for one in schema.get(name, ()) if one != {"type": "null"}]
    if choices and "properties" not in schema:
        return with_nulls(value, choices[0], schemas)
    if isinstance(value, list):
        return [with_nulls(one, schema.get("items", {}), schemas) for one in value]
    if not isinstance(value, dict):
        return value
    properties: dict[str, Schema] = schema.get("properties", {})
    missing = {name: None for name in schema.get("required", ()) if name not in value}
    return missing | {name: with_nulls(one, properties.get(name, {}), schemas) for name, one in value.items()}


def _of_type(schema: Schema, schemas: dict[str, Schema], depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return {name: example_of(one, schemas, depth + 1) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [example_of(schema.get("items", {}), schemas, depth + 1)]
        case "boolean":
            return bool(schema.get("default", False))
        case "integer" | "number":
            return schema.get("default", schema.get("minimum", 1))
        case "string":
            return schema.get("default") or _STRINGS.get(schema.get("format", ""), "text")
    return schema.get("default")
