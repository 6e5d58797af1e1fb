"""Lists of values with names of their own: generators of code name a nameless one after where they met it."""

from __future__ import annotations

import json
from typing import Any

Schema = dict[str, Any]


def with_named_values(schemas: dict[str, Schema], reference: str) -> dict[str, Schema]:
    """The schemas, and beside them each list of values of theirs, named after part and member where it comes first.

    `reference` is what references begin with. Equal lists of members of one name are one.
    """
    named: dict[tuple[str, str], str] = {}
    lists: dict[str, Schema] = {}

    def replaced(node: Any, part: str, member: str) -> Any:
        if isinstance(node, list):
            return [replaced(inner, part, member) for inner in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("enum"), list):
            name = named.setdefault((member, json.dumps(node["enum"])), f"{part}{_camel(member)}")
            values = {key: node[key] for key in ("type", "enum")}
            lists[name] = values | {"title": name, "description": f"The values of `{member}`."}
            return {key: value for key, value in node.items() if key not in values} | {"$ref": reference + name}
        return {
            key: {name: replaced(inner, part, name) for name, inner in value.items()}
            if key == "properties"
            else value
            if key in ("examples", "default")
            else replaced(value, part, member)
            for key, value in node.items()
        }

    found = {name: replaced(schema, name, "") for name, schema in schemas.items()}
    return {name: schema | {"title": name} for name, schema in (found | lists).items()}


def _camel(member: str) -> str:
    return "".join(word.capitalize() for word in member.split("_"))
