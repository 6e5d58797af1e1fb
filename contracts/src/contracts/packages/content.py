"""What the two packages consist of: their files by path, made from the classes and from what was published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from contracts import releases
from contracts.event import EVENTS
from contracts.rendering.asyncapi import VERSIONS, parts
from contracts.rendering.schemas import example_of, key_of, named, schema_of, urn_of, written

Files = dict[str, str]

PYTHON, NPM = "dental-billing-contracts", "@dental-billing/contracts"
TOOLS = ("compatibility", "comparison", "generate", "golden", "packages", "releases", "rendering")
"""Modules that make the contracts; whoever only uses them needs none."""
INDEX = "schemas/index.json"


def version(root: Path) -> str:
    """The release of the contracts, or one on the way to the next where something is not released yet."""
    return releases.present(root, {event_type: schema_of(event) for event_type, event in EVENTS.items()})


def documents(root: Path) -> Files:
    """What both hold: AsyncAPI, an example of each event, all schemas that ever were, and where each `$id` lies."""
    files = {Path(path).name: (root / path).read_text(encoding="utf-8") for path in VERSIONS}
    index: dict[str, str] = {}
    for event_type, event in EVENTS.items():
        files[f"examples/{event_type}.json"] = written(example_of(event))
        files[f"schemas/{event_type}.json"] = written(schema_of(event))
        index[urn_of(event_type)] = f"{event_type}.json"
        for published in releases.versions(root, event_type):
            number = int(published.stem)
            schema = named(json.loads(published.read_text(encoding="utf-8")), event_type, number)
            files[f"schemas/{event_type}/{number}.json"] = written(schema)
            index[urn_of(event_type, number)] = f"{event_type}/{number}.json"
    return files | {INDEX: written(index)}


def python_package(root: Path) -> Files:
    """The source of the Python package: the classes, and the documents beside them in `contracts`."""
    source = root / "contracts/src/contracts"
    modules = {
        path.relative_to(source).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(source.rglob("*"))
        if path.suffix in (".py", ".typed") and path.relative_to(source).parts[0].removesuffix(".py") not in TOOLS
    }
    inside = {f"src/contracts/{name}": text for name, text in (modules | documents(root)).items()}
    return _of_both(root) | {"pyproject.toml": _pyproject(root)} | inside


def npm_package(root: Path, types: str) -> Files:
    """The npm package: `types` is what describes `components`, made of `openapi()`."""
    return {
        **_of_both(root),
        **documents(root),
        "package.json": written(_manifest(root)),
        "index.d.ts": types + declarations(),
        "index.js": f"export const events = {json.dumps(_travelling(), indent=2)};\n",
    }


def openapi(root: Path) -> dict[str, Any]:
    """All schemas with names of their own in the form that the generator of types reads."""
    info = {"title": "Dental billing events", "version": version(root)}
    return {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": parts()}}


def declarations() -> str:
    """The types by the names that they have here, and which of them each `ce_type` carries."""
    names = "".join(f'export type {name} = components["schemas"]["{name}"];\n' for name in parts())
    events = "".join(f'  "{event_type}": {event.__name__};\n' for event_type, event in EVENTS.items())
    return (
        f"\n{names}\n/** The data of each event by its type, `ce_type`. */\nexport interface Events {{\n{events}}}\n"
        "export type EventType = keyof Events;\n"
        "/** The topic of each event, the member that is its key, and the `$id` of its newest schema. */\n"
        "export declare const events: {\n"
        "  readonly [Type in EventType]: { readonly topic: string; readonly key: string; readonly schema: string };\n"
        "};\n"
    )


def _travelling() -> dict[str, dict[str, str]]:
    return {
        event_type: {"topic": event.topic, "key": key_of(event), "schema": urn_of(event_type)}
        for event_type, event in EVENTS.items()
    }


def _of_both(root: Path) -> Files:
    named_files = {"LICENSE": root / "LICENSE", "README.md": root / "contracts/packages/README.md"}
    return {name: path.read_text(encoding="utf-8") for name, path in named_files.items()}


def _pyproject(root: Path) -> str:
    """The project file of the classes, under the name and the version that others know them by."""
    own = (root / "contracts/pyproject.toml").read_text(encoding="utf-8")
    described = f'name = "{PYTHON}"\nversion = "{version(root).replace("-dev.", ".dev")}"\nreadme = "README.md"\n'
    before, found, after = own.partition('name = "contracts"\nversion = "0.1.0"\n')
    if not found:
        raise ValueError("contracts/pyproject.toml does not begin with its name and version")
    return before + described + after


def _manifest(root: Path) -> dict[str, Any]:
    return {
        "name": NPM,
        "version": version(root),
        "description": "The events that the practice's systems and the billing services exchange",
        "license": "Apache-2.0",
        "type": "module",
        "types": "./index.d.ts",
        "exports": {
            ".": {"types": "./index.d.ts", "default": "./index.js"},
            **{f"./{folder}/*": f"./{folder}/*" for folder in ("schemas", "examples")},
            **{f"./{Path(path).name}": f"./{Path(path).name}" for path in VERSIONS},
        },
    }
