"""What the packages of the contracts hold; `make packages` builds them, and tries each as whoever installs it."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contracts.event import EVENTS
from contracts.packages.content import INDEX, TOOLS, documents, npm_package, openapi, python_package, version
from contracts.packages.tools import CannotBuild, run
from contracts.releases import versions
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from contracts import releases

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def held() -> dict[str, str]:
    return documents(ROOT)


@pytest.fixture(scope="module")
def by_id(held: dict[str, str]) -> dict[str, Any]:
    return {urn: json.loads(held[f"schemas/{path}"]) for urn, path in json.loads(held[INDEX]).items()}


def test_every_schema_that_was_ever_published_is_found_by_its_id(held: dict[str, str], by_id: dict[str, Any]) -> None:
    """ALL-7: an event of years ago says by which schema it was written."""
    assert {urn: schema["$id"] for urn, schema in by_id.items()} == {urn: urn for urn in by_id}
    there = {name for name in held if name.startswith("schemas/") and name != INDEX}
    assert there == {f"schemas/{path}" for path in json.loads(held[INDEX]).values()}
    for event_type in EVENTS:
        for published in versions(ROOT, event_type):
            said = json.loads(published.read_text(encoding="utf-8"))
            packed = by_id[f"urn:dental-billing:schemas:{event_type}:{published.stem}"]
            assert packed | {"$id": said["$id"]} == said


def test_every_reference_is_followed_within_the_package(by_id: dict[str, Any]) -> None:
    registry: Registry[Any] = Registry().with_resources(
        (urn, Resource.from_contents(schema)) for urn, schema in by_id.items()
    )
    for urn, schema in by_id.items():
        resolver = registry.resolver(base_uri=urn)
        for reference in references(schema):
            assert resolver.lookup(reference).contents


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


@pytest.mark.parametrize("event_type", EVENTS)
def test_an_example_is_valid_by_the_schema_that_its_header_names(
    held: dict[str, str], by_id: dict[str, Any], event_type: str
) -> None:
    example = json.loads(held[f"examples/{event_type}.json"])
    Draft202012Validator(by_id[example["headers"]["ce_dataschema"]]).validate(example["data"])


def test_the_python_package_stands_by_itself() -> None:
    """It imports nothing of what makes the contracts, and nothing but what its project file names."""
    files = python_package(ROOT)
    modules = {name: text for name, text in files.items() if name.endswith(".py")}
    assert "src/contracts/payments.py" in modules
    for name, text in modules.items():
        for imported in imports(ast.parse(text)):
            package, _, module = imported.partition(".")
            assert module.partition(".")[0] not in TOOLS or package != "contracts", name
            assert package not in ("chassis", "yaml"), name
    project = tomllib.loads(files["pyproject.toml"])["project"]
    assert project["name"] == "dental-billing-contracts"
    assert project["version"] == version(ROOT).replace("-dev.", ".dev")
    assert {"README.md", "LICENSE", "src/contracts/py.typed", f"src/contracts/{INDEX}"} <= files.keys()


def test_the_python_package_alone_reads_every_example_by_class_and_by_schema(tmp_path: Path) -> None:
    """As `make packages` has it done with the wheel, but with its files alone: no registry is asked."""
    files = python_package(ROOT)
    source = tmp_path / "src"
    metadata = f"Metadata-Version: 2.1\nName: dental-billing-contracts\nVersion: {version(ROOT)}\n"
    for name, text in {**files, "src/dental_billing_contracts.dist-info/METADATA": metadata}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    consumer = ROOT / "contracts/packages/consumer.py"
    first = f"import runpy, sys; sys.path.insert(0, {str(source)!r}); import contracts; print(contracts.__file__)"
    program = f"{first}; runpy.run_path({str(consumer)!r}, run_name='__main__')"
    where, said = run(sys.executable, "-I", "-c", program, folder=tmp_path).splitlines()
    assert Path(where).is_relative_to(source)
    assert f"{len(EVENTS)} examples read by class and schema" in said


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_npm_package_has_a_type_for_each_event() -> None:
    files = npm_package(ROOT, "export interface components {}\n")
    described = openapi(ROOT)["components"]["schemas"]
    for event_type, event in EVENTS.items():
        assert f'  "{event_type}": {event.__name__};\n' in files["index.d.ts"]
        assert event.__name__ in described
    manifest = json.loads(files["package.json"])
    assert manifest["version"] == version(ROOT)
    assert "dependencies" not in manifest


def test_what_differs_from_the_last_release_is_on_the_way_to_the_next(tmp_path: Path) -> None:
    """Two packages of one version never differ."""
    schema = {"$id": "urn:dental-billing:schemas:tea.served.v1", "type": "object"}
    assert releases.present(tmp_path, {"tea.served.v1": schema}) == "0.1.0-dev.0"


def test_what_a_program_said_when_it_failed_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotBuild, match="No such file or directory"):
        run("ls", "nothing-here", folder=tmp_path)
    with pytest.raises(CannotBuild, match="could not be run"):
        run("no-program-of-this-name", folder=tmp_path)
