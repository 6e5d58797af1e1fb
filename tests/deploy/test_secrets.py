"""Outside a laptop no process starts with a secret that anybody knows, whichever variable has it (`ALL-5`)."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args, get_type_hints

import pytest
from chassis.cli import run
from chassis.known_secrets import require_own
from chassis.service import Service
from contracts.participants import SERVICES
from local_stack.looking import compare
from local_stack.trouble import CannotRun
from pydantic import SecretStr

ROOT = Path(__file__).parents[2]
CONTAINERS = ROOT / "deploy" / "containers"
OWN = "gPz4-whQ8_nobody-else-has-it"
KNOWN = {
    "postgres": "fewer than 12 characters",
    "notifications": "a word that everybody knows",
    "Change-It-Change-It": "a word that everybody knows",
    "payments_app": "fewer than 12|a word that everybody knows",
    "${CLIENT_SECRET}": "a placeholder",
    "<your secret here>": "a placeholder",
    "aaaaaaaaaaaaaaaaaaaa": "different characters",
}


def service_of(name: str) -> Service:
    found: Service = importlib.import_module(f"{name}.app").service
    return found


def secrets_of(service: str) -> Iterator[str]:
    """Every variable of a service that is a secret, or an address which may have one."""
    hints = get_type_hints(service_of(service).settings)
    for name in service_of(service).settings.model_fields:
        if SecretStr in (hints[name], *get_args(hints[name])):
            yield name.upper()


ALL = [(service, name) for service in SERVICES for name in secrets_of(service)]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No laptop: nothing is said of where this runs, and all secrets are some."""
    monkeypatch.delenv("ENVIRONMENT")
    told = {"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_SASL_USERNAME": "billing", "KAFKA_SASL_PASSWORD": OWN}
    told |= {"DATABASE_URL": f"postgresql://app:{OWN}@db/x", "MIGRATION_DATABASE_URL": f"postgresql://owner:{OWN}@db/x"}
    told |= {"KAFKA_SSL_PASSWORD": OWN, "CLIENT_ID": "payments", "CLIENT_SECRET": OWN, "SMTP_PASSWORD": OWN}
    told |= {"SMS_AUTH_TOKEN": OWN, "AWS_SECRET_ACCESS_KEY": OWN}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, CONTAINERS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_secrets_of_the_services_are_looked_at() -> None:
    assert {name for _, name in ALL} == {
        "DATABASE_URL",
        "MIGRATION_DATABASE_URL",
        "KAFKA_SASL_PASSWORD",
        "KAFKA_SSL_PASSWORD",
        "CLIENT_SECRET",
        "SMTP_PASSWORD",
        "SMS_AUTH_TOKEN",
        "TOKEN_KEY",
        "IMAP_PASSWORD",
        "AWS_SECRET_ACCESS_KEY",
    }


@pytest.mark.parametrize(("service", "name"), ALL)
def test_a_service_does_not_start_with_a_known_secret(
    service: str, name: str, elsewhere: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = service_of(service).settings
    settings()
    for known in KNOWN:
        elsewhere.setenv(name, f"postgresql://somebody:{known}@db/x" if name.endswith("_URL") else known)
        assert run(service_of(service), ["migrate"]) == 2
        said = capsys.readouterr().err
        assert f"the environment variable {name} is not usable" in said
        assert "only a laptop may have one of these (ENVIRONMENT=local)" in said
        assert f"{known}" not in said.replace(f"{service}:", "").replace("ENVIRONMENT=local", "")
    elsewhere.setenv("ENVIRONMENT", "local")
    settings()


@pytest.mark.parametrize("place", ["production", "staging", "Local", "LOCAL ", "laptop"])
def test_no_other_word_is_a_laptop(place: str, elsewhere: pytest.MonkeyPatch) -> None:
    elsewhere.setenv("ENVIRONMENT", place)
    elsewhere.setenv("CLIENT_SECRET", "payments")
    assert run(service_of("payments"), ["migrate"]) == 2


@pytest.mark.parametrize(("secret", "said"), KNOWN.items())
def test_it_is_said_what_is_wrong_with_a_secret(secret: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        require_own("", secret, ["payments_app"])
    require_own("", OWN, ["payments_app"])


def test_passwords_are_found_wherever_an_address_has_them(elsewhere: pytest.MonkeyPatch) -> None:
    """As a user's name, per cent encoded, in the query, and beside the address as libpq has it."""
    for address in (
        "postgresql+asyncpg://the_owner_of_all:the_owner_of_all@db/x",
        "postgresql://app:not%2Down@db/x",
        "postgresql://app@db/x?password=short",
        f"postgresql://app:{OWN}@db/x?sslpassword=short",
    ):
        elsewhere.setenv("DATABASE_URL", address)
        assert run(service_of("payments"), ["migrate"]) == 2, address
    elsewhere.setenv("DATABASE_URL", "postgresql://app@db/x?sslmode=verify-full")
    service_of("payments").settings()
    elsewhere.setenv("PGPASSWORD", "short")
    assert run(service_of("payments"), ["migrate"]) == 2
    elsewhere.setenv("DATABASE_URL", f"postgresql://app:{OWN}@db/x")
    service_of("payments").settings()
    elsewhere.setenv("OTLP_ENDPOINT", "https://collector:collector@telemetry.example")
    assert run(service_of("payments"), ["migrate"]) == 2


@pytest.fixture
def issuing(elsewhere: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, dict[str, str]]:
    elsewhere.setenv("ISSUER", "http://issuer:8080")
    elsewhere.setenv("ISSUER_KEY", str(tmp_path / "key.pem"))
    return {"front-desk": {"secret": OWN, "scopes": "payments:read", "clinics": "any"}}


def test_the_issuer_does_not_start_with_a_known_secret(
    issuing: dict[str, dict[str, str]], elsewhere: pytest.MonkeyPatch
) -> None:
    elsewhere.setenv("ISSUER_CLIENTS", json.dumps(issuing))
    loaded("issuer").app()
    for known in KNOWN:
        issuing["front-desk"]["secret"] = known
        elsewhere.setenv("ISSUER_CLIENTS", json.dumps(issuing))
        with pytest.raises(SystemExit, match=r"ISSUER_CLIENTS is not usable: the client front-desk has a secret that"):
            loaded("issuer").app()
    elsewhere.setenv("ENVIRONMENT", "local")
    loaded("issuer").app()


def test_the_issuer_does_not_start_with_clients_of_all_scopes(
    issuing: dict[str, dict[str, str]], elsewhere: pytest.MonkeyPatch
) -> None:
    """ALL-4, ALL-5: what a client may is said, or it does not start; also as clients were told before."""
    for wrong in (OWN, issuing["front-desk"] | {"scopes": "all"}, {"secret": OWN}):
        elsewhere.setenv("ISSUER_CLIENTS", json.dumps({"front-desk": wrong}))
        with pytest.raises(SystemExit, match="ISSUER_CLIENTS is not usable: the client front-desk"):
            loaded("issuer").app()


def test_proof_and_comparison_do_not_start_with_a_known_secret(elsewhere: pytest.MonkeyPatch) -> None:
    for name in (*SERVICES, "token"):
        elsewhere.setenv(f"{name.upper()}_URL", f"http://{name}")
    for name, value in {"JWKS_URL": "http://x", "TOKEN_ISSUER": "x", "TOKEN_AUDIENCE": "x"}.items():
        elsewhere.setenv(name, value)
    elsewhere.setenv("KAFKA_BOOTSTRAP", "kafka:9092")
    loaded("proof").app()
    for name in ("CLIENT_SECRET", "KAFKA_SASL_PASSWORD"):
        elsewhere.setenv(name, "short")
        with pytest.raises(SystemExit, match=f"(?is){name}.* has a secret that"):
            loaded("proof").app()
        with pytest.raises(CannotRun, match=f"(?is){name}.* has a secret that"):
            compare([])
        elsewhere.setenv(name, OWN)


async def test_topics_are_not_created_with_a_known_secret(
    elsewhere: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere.delenv("KAFKA_SSL_PASSWORD")
    elsewhere.setenv("KAFKA_SASL_PASSWORD", "short")
    elsewhere.setattr(sys, "argv", ["topics.py", "127.0.0.1:9"])
    assert await asyncio.to_thread(loaded("topics").main) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "KAFKA_SASL_PASSWORD is not usable" in said.err


def test_a_database_is_given_no_known_password(
    elsewhere: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL would take it: what looks before it starts is told all that it is told."""
    checking = loaded("secrets_given")
    for name, value in {"POSTGRES_PASSWORD": OWN, "PAYMENTS_OWNER_PASSWORD": f"{OWN}!"}.items():
        elsewhere.setenv(name, value)
    assert checking.main() == 0
    elsewhere.setenv("POSTGRES_PASSWORD", "postgres")
    elsewhere.setenv("PAYMENTS_OWNER_PASSWORD", "payments_owner")
    assert checking.main() == 1
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == [
        "PAYMENTS_OWNER_PASSWORD",
        "POSTGRES_PASSWORD",
    ]
    elsewhere.setenv("ENVIRONMENT", "local")
    assert checking.main() == 0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "deploy/setup").mkdir(parents=True)
    shutil.copy(ROOT / "deploy/setup/secrets", tmp_path / "deploy/setup")
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    return tmp_path


def written(checkout: Path) -> dict[str, str]:
    command = ["sh", str(checkout / "deploy/setup/secrets")]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own script
    lines = (checkout / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_secrets_are_made_for_all_that_compose_asks_for(checkout: Path) -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    made = written(checkout)
    assert set(made) == asked
    assert len(set(made.values())) == len(made)
    for name, secret in made.items():
        require_own("", secret, [name])
    assert stat.S_IMODE((checkout / ".env").stat().st_mode) == 0o600


def test_secrets_that_are_there_stay(checkout: Path) -> None:
    (checkout / ".env").write_text(f"LOG_LEVEL=DEBUG\nPROOF_CLIENT_SECRET={OWN}")  # no line's end
    first = written(checkout)
    assert (first["PROOF_CLIENT_SECRET"], first["LOG_LEVEL"]) == (OWN, "DEBUG")
    assert written(checkout) == first
    assert os.stat(checkout / ".env").st_mode & 0o077 == 0  # noqa: PTH116 - its mode


def test_no_file_that_a_provider_imports_has_a_secret_or_a_placeholder_for_one() -> None:
    """ALL-5: a placeholder that nobody fills is a text that everybody can read."""
    files = sorted((ROOT / "deploy/keycloak").glob("*.json"))
    assert files
    for file in files:
        realm = json.loads(file.read_text(encoding="utf-8"))
        members = set(members_of(realm))
        assert not members & {"secret", "clientSecret", "credentials", "password", "secretData", "privateKey"}, file
        assert not re.findall(r"\$\{[A-Z_]+\}", file.read_text(encoding="utf-8")), file
        assert all("serviceAccountClientId" in user for user in realm["users"]), file


def members_of(value: object) -> Iterator[str]:
    """The name of every member, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from members_of(inner)
