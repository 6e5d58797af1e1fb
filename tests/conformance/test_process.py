"""Every service as the process that it is in use: it becomes ready, and ends in order when it is told to."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.processes import free_port

READY_WITHIN_SECONDS = 60.0
ENDED_WITHIN_SECONDS = 30.0


@asynccontextmanager
async def process(
    harness: ServiceHarness, kafka_server: str, log: Path, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        "ENVIRONMENT": "local",
        "DATABASE_URL": harness.owned.app_url,
        "MIGRATION_DATABASE_URL": harness.owned.owner_url,
        "KAFKA_BOOTSTRAP": kafka_server,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
        "PATH": str(Path(sys.executable).parent),
    }
    command = str(Path(sys.executable).with_name(harness.service.name))
    with log.open("wb") as written:
        started = await asyncio.create_subprocess_exec(
            command, "api,worker", env=environment, stdout=written, stderr=written
        )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


@pytest.mark.timeout(180)
async def test_a_process_becomes_ready_and_drains_on_sigterm(
    harness: ServiceHarness, kafka_server: str, tmp_path: Path
) -> None:
    """ALL-7: it ends with 0, promptly, and its log holds no error."""
    port, log = free_port(), tmp_path / "log"
    async with process(harness, kafka_server, log, port) as running, httpx.AsyncClient() as client:

        async def ready() -> bool:
            assert running.returncode is None, log.read_text()
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/health/ready")
            except httpx.TransportError:
                return False
            return answer.status_code == 200

        await eventually(ready, within_seconds=READY_WITHIN_SECONDS)
        running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(ENDED_WITHIN_SECONDS):
            code = await running.wait()
    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text()
    # aiokafka calls it an error that a coordinator is not there yet; it tries again by itself.
    own = [line for line in log.read_text().splitlines() if '"aiokafka' not in line]
    assert [line for line in own if '"level":"error"' in line.replace(" ", "")] == []
