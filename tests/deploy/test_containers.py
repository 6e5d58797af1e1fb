"""What runs in the containers beside the services does what the compose file counts on."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from chassis.testing.processes import NOWHERE, answer_to, free_port, process_of
from chassis.testing.processes import answering as answered
from local_stack.edge.signing import Signer

CLINIC = UUID("019ab7c0-0001-7000-8000-000000000001")
CONTAINERS = Path(__file__).parents[2] / "deploy" / "containers"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, CONTAINERS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def answering(status: int, path: str = "/health/ready", body: bytes = b"") -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == path else 404)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_container_that_cannot_ask_itself_is_asked_by_another() -> None:
    with answering(200) as well, answering(503) as unwell:
        urls = [f"http://127.0.0.1:{port}/health/ready" for port in (well, unwell)]
        assert loaded("healthy").main(urls[:1]) == 0
        assert loaded("healthy").main(urls) == 1
    assert loaded("healthy").main(urls[:1]) == 1


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_container_is_healthy_when_its_process_is_ready(
    status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status) as port:
        monkeypatch.setenv("HTTP_PORT", str(port))
        assert loaded("healthy").main() == code
        monkeypatch.setenv("HEALTH_PORT", str(port))
        monkeypatch.setenv("HTTP_PORT", "9")
        assert loaded("healthy").main() == code
    assert loaded("healthy").main() == 1


async def test_the_issuer_signs_tokens_that_its_key_set_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISSUER", "http://issuer:8080")
    monkeypatch.setenv("ISSUER_KEY", str(tmp_path / "keys" / "signing-key.pem"))
    clinic_id = str(CLINIC)
    front_desk = {"secret": "secret", "scopes": "payments:write", "clinics": clinic_id}
    monkeypatch.setenv("ISSUER_CLIENTS", json.dumps({"front-desk": front_desk}))
    form = {"grant_type": "client_credentials", "clinic_id": clinic_id, "scope": "payments:write"}
    transport = httpx.ASGITransport(loaded("issuer").app())
    async with httpx.AsyncClient(transport=transport, base_url="http://issuer:8080") as client:
        assert (await client.get("/health/ready")).status_code == 200
        refused = await client.post("/token", data=form, auth=("front-desk", "guessed"))
        granted = await client.post("/token", data=form, auth=("front-desk", "secret"))
        keys = jwt.PyJWKSet.from_dict((await client.get("/.well-known/jwks.json")).json())
    assert refused.status_code == 401
    claims = jwt.decode(
        granted.json()["access_token"],
        keys.keys[0],
        algorithms=["ES256"],
        audience="billing",
        issuer="http://issuer:8080",
    )
    assert (claims["clinic_id"], claims["scope"]) == (clinic_id, "payments:write")


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer.kept_in(tmp_path / "signing-key.pem", "http://issuer:8080")


@asynccontextmanager
async def proof(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The proof's container, whose services do not answer."""
    with answering(200, "/keys", json.dumps(signer.key_set()).encode()) as port:
        nowhere = {
            f"{name}_URL": "http://127.0.0.1:1" for name in ("INVOICING", "PAYMENTS", "RECEIPTS", "NOTIFICATIONS")
        }
        told = {"JWKS_URL": f"http://127.0.0.1:{port}/keys", "TOKEN_ISSUER": signer.issuer, "TOKEN_AUDIENCE": "billing"}
        told |= {"TOKEN_URL": "ftp://nowhere/token", "CLIENT_ID": "proof", "CLIENT_SECRET": "proof"}
        for name, value in (told | nowhere | {"KAFKA_BOOTSTRAP": "127.0.0.1:1"}).items():
            monkeypatch.setenv(name, value)
        transport = httpx.ASGITransport(loaded("proof").app())
        async with httpx.AsyncClient(transport=transport, base_url="http://proof:8080") as client:
            yield client


@pytest.mark.parametrize("name", ["issuer", "proof"])
async def test_a_container_bounds_what_strangers_hold_open(name: str, tmp_path: Path) -> None:
    """ALL-4: a head without end, and connections that say nothing, where a service's are bounded, too."""
    port = free_port()
    told = {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(port), "HTTP_HEAD_SECONDS": "1", "HTTP_CONNECTIONS_MAX": "4"}
    told |= {"ISSUER": "http://issuer:8080", "ISSUER_KEY": str(tmp_path / "key.pem"), "ISSUER_CLIENTS": "{}"}
    told |= {f"{each}_URL": f"http://{NOWHERE}" for each in ("INVOICING", "PAYMENTS", "RECEIPTS", "NOTIFICATIONS")}
    told |= {"JWKS_URL": f"http://{NOWHERE}", "TOKEN_ISSUER": "x", "TOKEN_AUDIENCE": "billing", "TOKEN_URL": "x"}
    told |= {"CLIENT_ID": "proof", "CLIENT_SECRET": "of-this-test-alone", "KAFKA_BOOTSTRAP": NOWHERE}
    command = [sys.executable, str(CONTAINERS / "serving.py"), name]
    async with process_of(command, {**os.environ, **told}, tmp_path / "log") as process:
        await answered(f"http://127.0.0.1:{port}/health/ready")
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
        well = b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await answer_to(port, well)).startswith(b"HTTP/1.1 200")
        for _, writer in held:
            writer.close()
        assert (await answer_to(port, b"GET / HTTP/1.1\r\nHost: x\r\n")).startswith(b"HTTP/1.1 408")
        process.terminate()
        assert await process.wait() == 0


def bearer(
    signer: Signer, clinic_id: UUID | str = CLINIC, scope: str = "operations", seconds: int = 60
) -> dict[str, str]:
    named: Any = clinic_id  # an issuer of another make may put a word there
    token = signer.token(subject="somebody", clinic_id=named, scopes=frozenset([scope]), lifetime_seconds=seconds)
    return {"Authorization": f"Bearer {token}"}


async def test_the_proof_is_for_who_may_operate_the_clinic(
    signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-2, ALL-4, ALL-5."""
    stranger = Signer.kept_in(tmp_path / "another-key.pem", signer.issuer)
    other_issuer = Signer(signer.key, "http://elsewhere")
    refused = [
        ({}, 401, "unauthenticated"),
        ({"Authorization": "Basic cHJvb2Y6cHJvb2Y="}, 401, "unauthenticated"),
        ({"Authorization": "Bearer nonsense"}, 401, "unauthenticated"),
        (bearer(stranger), 401, "unauthenticated"),
        (bearer(other_issuer), 401, "unauthenticated"),
        (bearer(signer, seconds=-60), 401, "unauthenticated"),
        (bearer(signer, scope="payments:read"), 403, "insufficient-scope"),
        (bearer(signer, clinic_id=uuid4()), 404, "not-found"),
    ]
    async with proof(signer, monkeypatch) as client:
        assert (await client.get("/health/ready")).status_code == 200
        for headers, status, slug in refused:
            answer = await client.get(f"/prove/{CLINIC}", headers=headers)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            assert answer.json()["type"] == f"urn:problem:dental-billing:{slug}"
            assert ("www-authenticate" in answer.headers) == (status != 404)
        for headers, status in ((bearer(signer), 404), (bearer(signer, clinic_id="all"), 403)):
            assert (await client.get("/prove/all", headers=headers)).status_code == status
        assert (await client.post(f"/prove/{CLINIC}")).json()["type"] == "urn:problem:dental-billing:method-not-allowed"


async def test_there_is_no_proof_while_a_part_does_not_answer(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proof(signer, monkeypatch) as client:
        answer = await client.get(f"/prove/{CLINIC}", headers=bearer(signer))
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:dental-billing:unavailable")
        assert "the token issuer does not answer" in answer.json()["detail"]
        monkeypatch.setenv("JWKS_URL", "http://127.0.0.1:1/keys")
        transport = httpx.ASGITransport(loaded("proof").app())
        async with httpx.AsyncClient(transport=transport, base_url="http://proof:8080") as alone:
            answer = await alone.get(f"/prove/{CLINIC}", headers=bearer(signer))
        assert (answer.status_code, answer.json()["detail"]) == (503, "The token issuer's keys cannot be had")


async def test_topics_are_created_once_and_again_without_harm(
    kafka_server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first time as the container does it, by a process of its own."""
    created = "8 topics with 12 partitions each, of 1 replica\n"
    command = [sys.executable, str(CONTAINERS / "topics.py"), kafka_server]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    assert done.stdout == created
    assert await topics_created(monkeypatch, kafka_server) == 0
    assert capsys.readouterr().out == created


async def topics_created(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of the container's program, run here: a process would load for seconds what is loaded."""
    monkeypatch.setattr(sys, "argv", ["topics.py", *arguments])
    code: int = await asyncio.to_thread(loaded("topics").main)
    return code


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"KAFKA_BOOTSTRAP": "127.0.0.1:9"}, "KAFKA_BOOTSTRAP"),
        ({"KAFKA_BOOTSTRAP": "nowhere.invalid:9092"}, "KAFKA_BOOTSTRAP"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SSL_CAFILE": "/nowhere/ca.pem"}, "KAFKA_SSL_CAFILE"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "KAFKA_SASL_USERNAME"),
    ],
)
async def test_topics_that_no_broker_lets_in_says_which_setting_it_is(
    told: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert await topics_created(monkeypatch) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{named} is not usable: ")
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["JWKS_URL", "TOKEN_ISSUER", "TOKEN_AUDIENCE", "CLIENT_ID", "PAYMENTS_URL"])
async def test_proof_names_the_variable_that_is_missing(
    signer: Signer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with proof(signer, monkeypatch):
        monkeypatch.delenv(name)
        with pytest.raises(SystemExit, match=f"The environment variable {name} is not set"):
            loaded("proof").app()


@pytest.mark.parametrize("name", ["ISSUER", "ISSUER_KEY", "ISSUER_CLIENTS"])
def test_issuer_names_the_variable_that_is_missing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"ISSUER": "http://issuer:8080", "ISSUER_KEY": str(tmp_path / "key.pem"), "ISSUER_CLIENTS": "{}"}
    for variable, value in told.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit, match=f"The environment variable {name} is not set"):
        loaded("issuer").app()
