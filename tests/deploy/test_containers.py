"""What runs in the containers beside the services does what the compose file counts on."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import httpx
import jwt
import pytest

CONTAINERS = Path(__file__).parents[2] / "deploy" / "containers"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, CONTAINERS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def answering(status: int) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()

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


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_container_is_healthy_when_its_process_is_ready(
    status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status) as port:
        monkeypatch.setenv("HTTP_PORT", str(port))
        assert loaded("healthy").main() == code
    assert loaded("healthy").main() == 1


async def test_the_issuer_signs_tokens_that_its_key_set_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISSUER", "http://issuer:8080")
    monkeypatch.setenv("ISSUER_KEY", str(tmp_path / "keys" / "signing-key.pem"))
    monkeypatch.setenv("ISSUER_CLIENTS", '{"front-desk": "secret"}')
    clinic_id = "019ab7c0-0001-7000-8000-000000000001"
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


def test_topics_are_created_once_and_again_without_harm(kafka_server: str) -> None:
    for _ in range(2):
        command = [sys.executable, str(CONTAINERS / "topics.py"), kafka_server]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
        assert done.stdout == "8 topics with 12 partitions each\n"
