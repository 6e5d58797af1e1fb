"""What is generated from the event classes is committed, and says when it is stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from chassis.messaging.kafka import LARGEST_MESSAGE_BYTES
from contracts.event import EVENTS
from contracts.generate import main, rendered, stale, write
from contracts.participants import LISTENS
from jsonschema import Draft7Validator, Draft202012Validator

ROOT = Path(__file__).parents[2]
OFFICIAL = Path(__file__).parent / "asyncapi-3.1.0" / "schema.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return read("contracts/asyncapi.yaml")


def read(path: str) -> dict[str, Any]:
    """A document of half a megabyte, by the reader that is not Python."""
    found: dict[str, Any] = yaml.load((ROOT / path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return rendered()


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))


def test_what_is_committed_is_what_the_classes_say(generated: dict[str, str]) -> None:
    assert stale(ROOT, generated) == []


def test_stale_missing_and_left_over_files_are_named(
    generated: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, generated)
    (tmp_path / "contracts/asyncapi.yaml").write_text("asyncapi: 3.1.0\n", encoding="utf-8")
    (tmp_path / "contracts/schemas/billing.invoice.voided.v1.json").unlink()
    (tmp_path / "contracts/examples/billing.invoice.forgotten.v1.json").write_text("{}", encoding="utf-8")
    assert main(["--check", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "contracts/asyncapi.yaml is not what the event classes say." in said
    assert "contracts/schemas/billing.invoice.voided.v1.json is missing." in said
    assert "contracts/examples/billing.invoice.forgotten.v1.json belongs to no event." in said
    assert main(["--root", str(tmp_path)]) == 0
    assert main(["--check", "--root", str(tmp_path)]) == 0


def test_asyncapi_is_valid_by_the_official_schema(document: dict[str, Any], official: Draft7Validator) -> None:
    assert [error.message for error in official.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [(("operations", "payments.sends.billing.payments.v1", "action"), "shout"), (("info",), {"title": "No version"})],
)
def test_the_official_schema_refuses_what_is_wrong(
    document: dict[str, Any], official: Draft7Validator, path: tuple[str, ...], wrong: Any
) -> None:
    broken = json.loads(json.dumps(document))
    place = broken
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = wrong
    assert list(official.iter_errors(broken))


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in _references(document):
        place: Any = document
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for inner in node.values() for found in _references(inner)]
    if isinstance(node, list):
        return [found for inner in node for found in _references(inner)]
    return []


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_documents_examples_are_valid_by_its_own_headers_and_payload(
    document: dict[str, Any], event_type: str
) -> None:
    message = document["components"]["messages"][EVENTS[event_type].__name__]
    (example,) = message["examples"]
    Draft202012Validator(message["headers"]).validate(example["headers"])
    resolved = message["payload"] | {"components": document["components"]}
    Draft202012Validator(resolved).validate(example["payload"])


def test_every_list_of_values_has_a_name(document: dict[str, Any]) -> None:
    """Generators of code call a nameless one AnonymousSchema_17, which is another at the next change."""
    for name, schema in document["components"]["schemas"].items():
        assert schema["title"] == name
        inner = {key: value for key, value in schema.items() if key != "enum"}
        assert '"enum"' not in json.dumps(inner), name


def test_the_document_of_3_0_says_the_same(document: dict[str, Any]) -> None:
    older = read("contracts/asyncapi-3.0.yaml")
    assert older.pop("asyncapi") == "3.0.0"
    assert older == {name: value for name, value in document.items() if name != "asyncapi"}


def test_topics_are_what_the_document_says(document: dict[str, Any]) -> None:
    """Retention, size and partitions are those that are created."""
    created = yaml.safe_load((ROOT / "deploy/kafka/topics.yaml").read_text(encoding="utf-8"))
    own = {topic["name"]: created["config"] | topic.get("config", {}) for topic in created["topics"]}
    for topic, channel in document["channels"].items():
        said = channel["bindings"]["kafka"]
        assert said["partitions"] == created["partitions"]
        for name in ("retention.ms", "max.message.bytes"):
            assert said["topicConfiguration"][name] == int(own[topic][name])
        assert said["topicConfiguration"]["cleanup.policy"] == created["config"]["cleanup.policy"].split(",")
        assert said["topicConfiguration"]["max.message.bytes"] == LARGEST_MESSAGE_BYTES
        assert channel["x-owner"]
        assert "murmur2" in channel["x-partitioner"]


def test_every_service_receives_in_a_group_of_its_own(document: dict[str, Any]) -> None:
    groups = {
        name.partition(".")[0]: operation["bindings"]["kafka"]["groupId"]["enum"]
        for name, operation in document["operations"].items()
        if operation["action"] == "receive"
    }
    assert groups == {service: [service] for service in LISTENS}


def test_every_field_of_every_event_is_described(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, said in schema.get("properties", {}).items():
            if not _says_something(said):
                pytest.fail(f"{name}.{field} is not described")


def _says_something(field: dict[str, Any]) -> bool:
    return "description" in field or "$ref" in field or any(map(_says_something, field.get("anyOf", [])))
