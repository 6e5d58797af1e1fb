"""A second process of a service beside the one that is kept: it joins, is far away, vanishes, or has another clock."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import psutil
from chassis.testing.line import Line, line_to
from far_broker import StackSeenFromAfar
from local_stack.layout import ROLES, SERVICES
from local_stack.places import command
from local_stack.ports import free_port
from local_stack.processes import Child, spawn
from local_stack.supervisor import _says_ready

STARTED_SECONDS_MAX = 120.0
POLL_SECONDS = 0.05
DRAIN_SECONDS_MAX = 60.0
"""How long a process that is replaced may finish what it is at."""
WORKS_SECONDS = 8.0
"""How long a second worker is let work before it is cut off."""
FAKETIME = (
    *((Path(os.environ["FAKETIME_LIBRARY"]),) if "FAKETIME_LIBRARY" in os.environ else ()),
    Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
    Path("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"),
)
"""Where Debian's package libfaketime puts it. Where it is not, no clock is moved."""


def clock_library() -> Path | None:
    """What moves a process's clock, where it is installed."""
    return next((one for one in FAKETIME if one.exists()), None)


@dataclass
class SecondProcesses:
    """What can be done with a second process; what was wrong about it is noted in words."""

    stack: StackSeenFromAfar
    dice: Random
    wrong: list[str] = field(default_factory=list)

    async def join_and_leave(self) -> tuple[str, str]:
        """A second worker joins, so that partitions move, and leaves in good order or not."""
        service = self.dice.choice(SERVICES)
        async with self._joined(service, ROLES[service][-1]) as second:
            await asyncio.sleep(self.dice.choice([4.0, 8.0]))
            if self.dice.random() < 0.5:
                return "worker joined and was killed", service
            await second.stop()
        return "worker joined and left", service

    async def join_from_afar(self) -> tuple[str, str]:
        """A second process joins whose every word to and from the database is late; it answers requests, too."""
        service = self.dice.choice(SERVICES)
        role, delay = self.dice.choice(ROLES[service]), self.dice.choice([0.02, 0.1, 0.3])
        async with self._line(service) as (line, url):
            line.delay_seconds = delay
            shared = {} if role == "worker" else {"HTTP_PORT": str(self.stack.layout.ports[service])}
            async with self._joined(service, role, {"DATABASE_URL": url} | shared) as second:
                await asyncio.sleep(self.dice.choice([5.0, 10.0]))
                await second.stop()
        return "process with slow connections", f"{service} {role}, {delay * 1000:.0f} ms each"

    async def join_far_from_the_broker(self) -> tuple[str, str]:
        """A second worker joins whose every word to and from the broker is late, and whose connections are cut."""
        service, delay = self.dice.choice(SERVICES), self.dice.choice([0.02, 0.1, 0.5])
        cuts = self.dice.choice([0, 1, 3])
        async with self.stack.broker_by_a_line() as (line, address):
            line.delay_seconds = delay
            async with self._joined(service, ROLES[service][-1], {"KAFKA_BOOTSTRAP": address}) as second:
                await asyncio.sleep(self.dice.choice([6.0, 12.0]))
                for _ in range(cuts):
                    line.cut()
                    await asyncio.sleep(self.dice.random() * 3)
                await second.stop()
        return "worker far from the broker", f"{service}, {delay * 1000:.0f} ms each, cut {cuts} times"

    async def vanish(self) -> tuple[str, str]:
        """A second worker is left alone with all leases, and then without the database: nobody says goodbye."""
        service = self.dice.choice(SERVICES)
        role, kept = ROLES[service][-1], self.stack.processes[f"{service}-{ROLES[service][-1].replace(',', '-')}"]
        async with self._line(service) as (line, url), self._joined(service, role, {"DATABASE_URL": url}):
            kept.kill()
            await asyncio.sleep(WORKS_SECONDS)
            line.vanish()
            await self.stack.start_service(service, role)
            await asyncio.sleep(WORKS_SECONDS)
        return "worker cut off from the database", service

    async def join_with_another_clock(self) -> tuple[str, str]:
        """A second worker joins whose clock is wrong by seconds or minutes, and leaves."""
        service, wrong = self.dice.choice(SERVICES), self.dice.choice([-90, -7, 7, 90, 600])
        library = clock_library()
        told = {"LD_PRELOAD": str(library), "FAKETIME": f"{wrong:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        async with self._joined(service, ROLES[service][-1], told) as second:
            await asyncio.sleep(self.dice.choice([6.0, 12.0]))
            await second.stop()
        return "worker joined with another clock", f"{service}, {wrong:+d} s"

    async def replace(self) -> tuple[str, str]:
        """A rolling restart: a second API joins at the port, then the first leaves; no request is lost by it."""
        service = self.dice.choice(SERVICES)
        return "API replaced while it is asked", await self.replaced(service, ROLES[service][0])

    async def replaced(self, service: str, role: str) -> str:
        """Another process of a role joins where the first listens, which then leaves; what came of requests to it."""
        name, url = f"{service}-{role.replace(',', '-')}", self.stack.layout.health_url(service, role)
        port = urlsplit(url).port or 0
        told = {"HEALTH_PORT" if role == "worker" else "HTTP_PORT": str(port)}
        stop = asyncio.Event()
        asking = asyncio.create_task(lost_requests(url.replace("/ready", "/live"), stop))
        async with self._joined(service, role, told, stays=True) as second:
            await _listens(second, port)
            first = self.stack.processes[name]
            self.stack.processes[name] = second
            await first.stop(DRAIN_SECONDS_MAX)
        stop.set()
        asked, lost = await asking
        if lost:
            self.wrong.append(f"a rolling restart of {name} lost {lost} of {asked} requests")
        return f"{name}, {asked} requests, {lost} lost"

    @asynccontextmanager
    async def _line(self, service: str) -> AsyncIterator[tuple[Line, str]]:
        async with line_to(self.stack.layout.database_url(service, "app")) as found:
            yield found

    @asynccontextmanager
    async def _joined(
        self, service: str, role: str, told: Mapping[str, str] | None = None, *, stays: bool = False
    ) -> AsyncIterator[Child]:
        """A second process, with ports of its own where nothing else is said; killed in the end if it does not stay."""
        ports = {name: str(free_port()) for name in ("HEALTH_PORT", "HTTP_PORT")}
        env = self.stack.layout.env(service) | ports | dict(told or {})
        name = f"{service}-{role.replace(',', '-')}" if stays else f"{service}-second"
        child = spawn(name, [command(service), role], log=self.stack.layout.log(name), env=env)
        try:
            yield child
        finally:
            if not stays and child.running:
                child.kill()


async def _listens(child: Child, port: int) -> None:
    """Wait until a process takes connections at a port that another has, too. Raises TimeoutError."""
    async with asyncio.timeout(STARTED_SECONDS_MAX):
        while True:
            sockets = psutil.Process(child.pid).net_connections("tcp")
            if any(socket.status == psutil.CONN_LISTEN and socket.laddr.port == port for socket in sockets):
                return
            await asyncio.sleep(POLL_SECONDS)


async def lost_requests(url: str, stop: asyncio.Event) -> tuple[int, int]:
    """Ask again and again, each time by a connection of its own, until told to stop: how often, how often in vain.

    It is told and not cancelled: `asyncio.wait_for` of Python 3.11 forgets a cancellation that comes with an answer.
    """
    asked = lost = 0
    while not stop.is_set():
        answered = await _says_ready(url)
        asked, lost = asked + 1, lost + (not answered)
        await asyncio.sleep(POLL_SECONDS / 5)
    return asked, lost
