"""`docker-compose.yml` is valid by the Compose specification and says nothing that the code does not know."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import yaml
from chassis.http.exports import KEPT_BYTES_MAX
from chassis.settings import Settings
from contracts.participants import SERVICES
from frontdesk.api import ANSWERS_BYTES_MAX, BODIES_BYTES_MAX
from frontdesk.settings import FrontDeskSettings
from jsonschema import Draft7Validator
from local_stack.edge.clients import ANY_CLINIC, clients_of
from local_stack.practice.addresses import PROVING, Addresses

ROOT = Path(__file__).parents[2]
SCHEMA = Path(__file__).parent / "compose-spec" / "schema.json"
VARIABLE = re.compile(r"\$\{(\w+):([-?])([^}]*)\}")
DIGEST = f"@sha256:{'0a' * 32}"
UNHEARD = {"otel-collector", "jaeger"}
"""Their images have nothing that could ask them: `telemetry-health` does."""
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
    """What compose makes of it where `make secrets` has written what is asked for."""
    return VARIABLE.sub(lambda found: found[3] if found[2] == "-" else f"made-for-{found[1].lower()}", text)


def all_words(given: Any) -> Iterator[str]:
    if isinstance(given, dict):
        for value in given.values():
            yield from all_words(value)
    elif isinstance(given, list):
        for value in given:
            yield from all_words(value)
    else:
        yield str(given)


def pins() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pins", ROOT / "deploy/containers/pins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    assert settings.environment == "production"
    assert settings.replicas_asked == 1
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


def test_each_client_of_the_issuer_has_its_own_scopes_and_nobody_else_a_token(compose: dict[str, Any]) -> None:
    """ALL-4, ALL-5: who is stolen from loses what that client may, in the clinics that are its own."""
    clients = clients_of(json.loads(substituted(compose["services"]["issuer"]["environment"]["ISSUER_CLIENTS"])))
    asking = {name for name, one in compose["services"].items() if "CLIENT_SECRET" in one.get("environment", {})}
    assert set(clients) == asking | {"front-desk"}
    for name in asking:
        environment = compose["services"][name]["environment"]
        assert clients[environment["CLIENT_ID"]].secret == substituted(environment["CLIENT_SECRET"])
    assert clients["notifications"].scopes == {"receipts:read"}
    assert {*clients["proof"].scopes, ANY_CLINIC} == set(PROVING.split())
    assert clients["front-desk"].clinics == frozenset({UUID("11111111-1111-7111-8111-111111111111")})


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    found = [VARIABLE.findall(word) for word in all_words(compose)]
    for name, kind, default in (one for several in found for one in several):
        assert kind == "?" or not name.endswith(("_PASSWORD", "_SECRET")), f"{name} is {default}"
    assert "GF_SECURITY_ADMIN_PASSWORD" not in str(compose)
    grafana = compose["services"]["grafana"]["environment"]
    assert grafana["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"


def test_what_the_database_is_given_is_looked_at_first(compose: dict[str, Any]) -> None:
    checked, given = compose["services"]["secrets"], compose["services"]["postgres"]
    assert given["environment"].items() <= checked["environment"].items()
    assert given["depends_on"] == {"secrets": {"condition": "service_completed_successfully"}}
    assert checked["network_mode"] == "none"


def test_the_front_desk_is_told_where_the_parts_are_and_where_browsers_reach_the_provider(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps nothing and hears of nothing: no database, no broker, no secret but its sessions'."""
    environment = compose["services"]["frontdesk"]["environment"]
    assert set(environment) <= {name.upper() for name in FrontDeskSettings.model_fields}
    assert not [name for name in environment if name.startswith(("DATABASE", "KAFKA", "CLIENT_SECRET"))]
    for name, value in environment.items():
        monkeypatch.setenv(name, substituted(value))
    settings = FrontDeskSettings()
    assert settings.environment == "production"
    assert {settings.invoicing_url, settings.receipts_url} == {"http://invoicing:8000", "http://receipts:8000"}
    assert settings.provider_public_url == compose["services"]["issuer"]["environment"]["ISSUER"]
    assert compose["services"]["payments"]["environment"]["TOKEN_ISSUER"] == settings.provider_public_url


def test_the_proof_is_told_where_the_parts_are_and_whom_to_believe(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-8."""
    environment = compose["services"]["proof"]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(name, substituted(value))
    assert Addresses.from_env().services() == {service: f"http://{service}:8000" for service in SERVICES}
    believed = compose["services"]["payments"]["environment"]
    for name in ("ENVIRONMENT", "KAFKA_BOOTSTRAP", "JWKS_URL", "TOKEN_ISSUER", "TOKEN_AUDIENCE", "TOKEN_URL"):
        assert environment[name] == believed[name]
    assert set(compose["services"]["proof"]["depends_on"]) > set(SERVICES)


@pytest.mark.parametrize("service", [*SERVICES, "frontdesk", "local-stack"])
def test_one_dockerfile_builds_every_member_of_the_workspace(compose: dict[str, Any], service: str) -> None:
    arguments = [container["build"]["args"] for container in compose["services"].values() if "build" in container]
    assert {"SERVICE": service} in arguments
    elsewhere = {"frontdesk": "frontdesk", "local-stack": "deploy/local"}
    folder = elsewhere.get(service, f"services/{service}")
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


def test_no_container_is_root_or_can_become_it_or_writes_where_it_need_not(compose: dict[str, Any]) -> None:
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    for name, container in compose["services"].items():
        assert container["user"].partition(":")[0] not in {"0", "root"}, name
        assert container["cap_drop"] == ["ALL"], name
        assert "cap_add" not in container, name
        assert not container.get("privileged"), name
        assert container["security_opt"] == ["no-new-privileges:true"], name
        assert container["read_only"] is True, name
        assert "/tmp" in [  # noqa: S108 - in memory, and its own
            tmpf.partition(":")[0] for tmpf in container["tmpfs"]
        ], name
        assert container.get("user") == "10001" or "image" in container, name


def test_documents_outlive_their_container(compose: dict[str, Any]) -> None:
    """RCP-1: in a volume, in a folder that is there and is its user's alone."""
    container = compose["services"]["receipts"]
    folder = container["environment"]["DOCUMENT_STORE_URL"].removeprefix("file://")
    volume, _, mounted = container["volumes"][0].partition(":")
    assert (mounted, volume in compose["volumes"]) == (folder, True)
    assert f"install --directory --owner=10001 --mode=0700 {folder}" in DOCKERFILE


def test_no_container_takes_more_than_its_share(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        assert 0 < container["cpus"] <= 1, name
        assert re.fullmatch(r"\d+[mg]", container["mem_limit"]), name
        assert 0 < container["pids_limit"] <= 500, name


def test_what_the_front_desk_keeps_of_bodies_and_answers_fits_its_folder_in_memory(compose: dict[str, Any]) -> None:
    """ALL-4.3: which counts to its memory."""
    assert folder_in_memory(compose["services"]["frontdesk"]) > BODIES_BYTES_MAX + ANSWERS_BYTES_MAX


@pytest.mark.parametrize("service", SERVICES)
def test_files_that_are_read_from_a_service_fit_its_folder_in_memory(compose: dict[str, Any], service: str) -> None:
    """ALL-4.3: which counts to its memory."""
    assert folder_in_memory(compose["services"][service]) > KEPT_BYTES_MAX


def folder_in_memory(container: Container) -> int:
    """How much a container's folder may hold, less than half of its memory."""
    (size,) = (int(one.removeprefix("/tmp:size=").removesuffix("m")) << 20 for one in container["tmpfs"])  # noqa: S108
    number, unit = container["mem_limit"][:-1], container["mem_limit"][-1]
    assert size < int(number) << {"m": 20, "g": 30}[unit] >> 1
    return size


def test_every_container_that_stays_is_asked_whether_it_is_well(compose: dict[str, Any]) -> None:
    asked = " ".join(compose["services"]["telemetry-health"]["healthcheck"]["test"])
    for name, container in compose["services"].items():
        by_itself = container.get("healthcheck", {"test": "of the Dockerfile"} if "build" in container else {})
        if container["restart"] == "no":
            assert by_itself == {"disable": True}, name
        elif name in UNHEARD:
            assert f"http://{name}:" in asked
        else:
            assert by_itself.get("test"), name
    assert re.search(r"^HEALTHCHECK ", DOCKERFILE, re.MULTILINE)


def test_topics_have_as_many_replicas_as_the_services_look_for(compose: dict[str, Any]) -> None:
    """ALL-7: outside a laptop one replica is only what somebody has asked for."""
    created = compose["services"]["topics"]["environment"]
    assert created["ENVIRONMENT"] == "${ENVIRONMENT:-production}"
    for service in SERVICES:
        looked_for = compose["services"][service]["environment"]["KAFKA_REPLICATION_FACTOR"]
        assert looked_for == created["KAFKA_REPLICATION_FACTOR"]


BY_TAG = {"kafka: apache/kafka:4.4.0 has no digest"}
"""Its digest was asked of no registry, as none was reached, and nothing that was read elsewhere has it."""


def test_every_image_is_named_by_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    pins().main(["--check"])
    assert set(capsys.readouterr().err.splitlines()) <= BY_TAG


@pytest.fixture
def pinning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command on copies of what it changes, and `docker` as a program of the test: a file beside them."""
    loaded = pins()
    for name, file in (("COMPOSE", "docker-compose.yml"), ("DOCKERFILE", "deploy/Dockerfile")):
        copy = tmp_path / Path(file).name
        copy.write_bytes((ROOT / file).read_bytes())
        monkeypatch.setattr(loaded, name, copy)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return loaded


def program(folder: Path, script: str) -> None:
    (folder / "docker").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "docker").chmod(0o755)


def test_digests_are_renewed_beside_their_tags_and_nothing_else_changes(
    pinning: ModuleType, compose: dict[str, Any], tmp_path: Path
) -> None:
    program(tmp_path, f"""echo "$6" >> {tmp_path}/asked; echo '{json.dumps({"digest": DIGEST[1:]})}'""")
    assert pinning.main([]) == 0
    assert pinning.main(["--check"]) == 0
    tags = {one["image"].partition("@")[0] for one in compose["services"].values() if "image" in one}
    assert sorted((tmp_path / "asked").read_text().split()) == sorted(tags | {"python:3.11-slim-bookworm"})
    for file in (ROOT / "docker-compose.yml", ROOT / "deploy/Dockerfile"):
        renewed = (tmp_path / file.name).read_text()
        assert renewed.count(DIGEST) == (len(tags) if file.suffix else 1)
        assert re.sub(r"@sha256:\w+", "", renewed) == re.sub(r"@sha256:\w+", "", file.read_text())


@pytest.mark.parametrize("file", ["docker-compose.yml", "Dockerfile"])
def test_an_image_without_a_digest_is_refused(
    pinning: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    """Of each container, also of what ours are built on."""
    (tmp_path / file).write_text(re.sub(r"@sha256:\w+", "", (tmp_path / file).read_text()))
    assert pinning.main(["--check"]) == 1
    said = set(capsys.readouterr().err.splitlines()) - BY_TAG
    assert "postgres: postgres:18 has no digest" in said or "payments: python:3.11-slim-bookworm has no digest" in said


def test_without_a_registry_nothing_is_changed(
    pinning: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path, "echo 'no such host' >&2; exit 1")
    assert pinning.main([]) == 1
    assert "no such host" in capsys.readouterr().err
    for file in (ROOT / "docker-compose.yml", ROOT / "deploy/Dockerfile"):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_no_port_is_offered_beyond_this_machine(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        for port in container.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_the_apis_are_offered_at_the_front_desk_only(compose: dict[str, Any]) -> None:
    """One address for pages and APIs, which knows where each service is."""
    assert {name for name in (*SERVICES, "frontdesk") if compose["services"][name].get("ports")} == {"frontdesk"}
    told = compose["services"]["frontdesk"]["environment"]
    assert {told[f"{name.upper()}_URL"] for name in SERVICES} == {f"http://{name}:8000" for name in SERVICES}
