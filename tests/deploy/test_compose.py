"""`docker-compose.yml` is valid by the Compose specification and says nothing that the code does not know."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from chassis.settings import Settings
from contracts.participants import SERVICES
from jsonschema import Draft7Validator
from local_stack.practice.addresses import Addresses

ROOT = Path(__file__).parents[2]
SCHEMA = Path(__file__).parent / "compose-spec" / "schema.json"
VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
Container = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def specification() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def settings_of(service: str) -> type[Settings]:
    declared: type[Settings] = importlib.import_module(f"{service}.app").service.settings
    return declared


def substituted(text: str) -> str:
    return VARIABLE.sub(lambda found: found[2], text)


def test_it_is_valid_by_the_compose_specification(compose: dict[str, Any], specification: Draft7Validator) -> None:
    assert [error.message for error in specification.iter_errors(compose)] == []


def test_the_specification_refuses_what_is_wrong(compose: dict[str, Any], specification: Draft7Validator) -> None:
    planted = json.loads(json.dumps(compose))
    planted["services"]["payments"]["restarts"] = "always"
    assert list(specification.iter_errors(planted))


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_of_a_service_is_one_of_its_settings(compose: dict[str, Any], service: str) -> None:
    known = {name.upper() for name in settings_of(service).model_fields}
    for container in (service, f"{service}-migrations"):
        assert set(compose["services"][container]["environment"]) <= known


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_from_its_environment(
    compose: dict[str, Any], service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in compose["services"][service]["environment"].items():
        monkeypatch.setenv(name, substituted(value))
    settings = settings_of(service)()
    assert settings.kafka_bootstrap == "kafka:9092"
    assert f"//{service}_app:" in settings.database_url.get_secret_value()


@pytest.mark.parametrize("service", SERVICES)
def test_the_working_role_works_and_the_owning_role_only_migrates(compose: dict[str, Any], service: str) -> None:
    """ALL-4: what answers requests cannot own tables, so it cannot step around row-level security."""
    assert "MIGRATION_DATABASE_URL" not in compose["services"][service]["environment"]
    migrations = compose["services"][f"{service}-migrations"]
    assert f"//{service}_owner:" in migrations["environment"]["MIGRATION_DATABASE_URL"]
    assert migrations["command"] == ["migrate"]
    waits_for = compose["services"][service]["depends_on"]
    assert waits_for[f"{service}-migrations"]["condition"] == "service_completed_successfully"
    assert waits_for["topics"]["condition"] == "service_completed_successfully"


def test_the_passwords_of_the_roles_are_those_that_the_database_was_given(compose: dict[str, Any]) -> None:
    given = compose["services"]["postgres"]["environment"]
    for service in SERVICES:
        owner, app = given[f"{service.upper()}_OWNER_PASSWORD"], given[f"{service.upper()}_APP_PASSWORD"]
        assert owner in compose["services"][f"{service}-migrations"]["environment"]["MIGRATION_DATABASE_URL"]
        assert app in compose["services"][service]["environment"]["DATABASE_URL"]


def test_the_issuer_knows_every_service(compose: dict[str, Any]) -> None:
    clients = json.loads(substituted(compose["services"]["issuer"]["environment"]["ISSUER_CLIENTS"]))
    for service in (*SERVICES, "proof"):
        environment = compose["services"][service]["environment"]
        assert clients[environment["CLIENT_ID"]] == substituted(environment["CLIENT_SECRET"])


def test_the_proof_is_told_where_the_parts_are_and_whom_to_believe(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-8."""
    environment = compose["services"]["proof"]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(name, substituted(value))
    assert Addresses.from_env().services() == {service: f"http://{service}:8000" for service in SERVICES}
    believed = compose["services"]["payments"]["environment"]
    for name in ("KAFKA_BOOTSTRAP", "JWKS_URL", "TOKEN_ISSUER", "TOKEN_AUDIENCE", "TOKEN_URL"):
        assert environment[name] == believed[name]
    assert set(compose["services"]["proof"]["depends_on"]) > set(SERVICES)


@pytest.mark.parametrize("service", [*SERVICES, "local-stack"])
def test_one_dockerfile_builds_every_member_of_the_workspace(compose: dict[str, Any], service: str) -> None:
    arguments = [container["build"]["args"] for container in compose["services"].values() if "build" in container]
    assert {"SERVICE": service} in arguments
    folder = "deploy/local" if service == "local-stack" else f"services/{service}"
    assert f"COPY {folder}/pyproject.toml {folder}/" in DOCKERFILE


def test_what_is_mounted_or_copied_exists(compose: dict[str, Any]) -> None:
    mounted = [
        volume.partition(":")[0]
        for container in compose["services"].values()
        for volume in container.get("volumes", [])
        if volume.startswith("./")
    ]
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    bound = re.findall(r"type=bind,source=(\S+?),", DOCKERFILE)
    for path in [*mounted, *bound, *(name for names in copied for name in names.split())]:
        assert (ROOT / path).exists(), path


def test_no_container_of_ours_is_root_or_can_become_it(compose: dict[str, Any]) -> None:
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    for service in SERVICES:
        for name in (service, f"{service}-migrations"):
            container: Container = compose["services"][name]
            assert container["cap_drop"] == ["ALL"]
            assert container["security_opt"] == ["no-new-privileges:true"]


def test_no_port_is_offered_beyond_this_machine(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        for port in container.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
