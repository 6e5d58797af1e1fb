"""The whole stack by its command and by its Python object: it starts, survives, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from chassis.testing.eventually import eventually
from local_stack import state
from local_stack.layout import SERVICES
from local_stack.looking import token
from local_stack.places import command, passable_folder
from local_stack.supervisor import Stack

START_SECONDS = 240
pytestmark = pytest.mark.timeout(2 * START_SECONDS)


async def stack_command(home: Path, *arguments: str) -> tuple[int, str]:
    """Run `stack`; its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        command("stack"),
        "--home",
        str(home),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
    return process.returncode or 0, said.decode()


@pytest_asyncio.fixture
async def home() -> AsyncIterator[Path]:
    folder = passable_folder("up")
    yield folder / "stack"
    await stack_command(folder / "stack", "down", "--erase")
    shutil.rmtree(folder)


async def test_every_service_answers_with_a_token_and_refuses_without(stack: Stack) -> None:
    clinic = uuid4()
    bearer = await _token(stack, str(clinic))
    async with httpx.AsyncClient() as client:
        url = f"{stack.layout.url('invoicing')}/v1/invoices"
        assert (await client.get(url)).status_code == 401
        assert (await client.get(url, headers={"Authorization": f"Bearer {bearer}"})).status_code == 200
        for service in SERVICES:
            assert (await client.get(f"{stack.layout.url(service)}/health/ready")).status_code == 200


async def test_killed_worker_is_gone_until_it_is_started_again(stack: Stack) -> None:
    health = stack.layout.health_url("payments", "worker")
    await stack.kill("payments", "worker")
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(health)
        await stack.start_service("payments", "worker")
        assert (await client.get(health)).is_success


async def test_up_prints_addresses_and_nothing_outlives_a_killed_supervisor(home: Path) -> None:
    code, said = await stack_command(home, "up", "--trace-ratio", "0")
    assert code == 0, said
    running = state.running(home)
    assert running is not None
    assert all(f"http://127.0.0.1:{running.ports['frontdesk']}/api/{service}" in said for service in SERVICES)
    assert token(home, uuid4(), frozenset({"payments:read"}), "clerk:test", hours=1) not in said
    code, again = await stack_command(home, "run")
    assert (code, "runs already" in again or "A stack runs in" in again) == (2, True)
    code, refused = await stack_command(home, "up", "--fresh", "--trace-ratio", "1")
    assert (code, "too late for --fresh, --trace-ratio: stop it first" in refused) == (2, True)
    code, unchanged = await stack_command(home, "up", "--trace-ratio", "0")
    assert (code, unchanged.startswith("The stack runs already.")) == (0, True)
    family = _family(running.pid)
    assert len(family) > len(SERVICES)

    os.kill(running.pid, signal.SIGKILL)

    async def all_gone() -> bool:
        return not any(_alive(pid) for pid in family)

    await eventually(all_gone, within_seconds=240)
    assert await stack_command(home, "status") == (1, "No stack runs; `make up` starts one.\n")


async def test_taken_port_is_named_by_up(home: Path) -> None:
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        code, said = await stack_command(home, "up", "--port-base", str(port))
    assert code == 2
    assert f"Port {port}, meant for invoicing, is taken." in said


async def _token(stack: Stack, clinic_id: str) -> str:
    addresses = stack.layout.addresses()
    form = {"grant_type": "client_credentials", "clinic_id": clinic_id}
    credentials = {"client_id": addresses.client_id, "client_secret": addresses.client_secret}
    async with httpx.AsyncClient() as client:
        answer = await client.post(addresses.token_url, data=form | credentials)
    return str(answer.json()["access_token"])


def _family(pid: int) -> list[int]:
    """A process's children and theirs, by /proc."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
