"""The whole stack as one object: started in parallel, watched, broken on purpose in tests, stopped in order."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from local_stack import state
from local_stack.edge.settings import EdgeSettings
from local_stack.kafka import Kafka
from local_stack.keeping import Keeping, Program
from local_stack.layout import PORTS, PROOF, ROLES, SERVICES, Layout, kept_passwords
from local_stack.migrations import bring_databases_up_to_date
from local_stack.places import command
from local_stack.ports import named_ports
from local_stack.postgres import Postgres, reachable_folder
from local_stack.prerequisites import check_prerequisites
from local_stack.processes import Child, spawn, trim
from local_stack.trouble import CannotRun

HEALTHY_SECONDS_MAX = 300.0
"""For a process that is alive: how long its start takes says how busy the machine is, and nothing about the process."""
DRAIN_SECONDS_MAX = 30.0
WORKERS_NICENESS = 5
"""Of processes that are workers alone: for an API's answer somebody waits, and the rendering stands back by itself."""

_POLL_SECONDS = 0.1
_ANSWER_SECONDS_MAX = 5.0
_WATCH_SECONDS = 2.0


def niceness_of(role: str) -> int:
    """How far a process of this role, or these, stands back where processors are short."""
    return 0 if "api" in role.split(",") else WORKERS_NICENESS


@dataclass
class Stack:
    """PostgreSQL, Kafka, the edge (issuer, mails, traces), the four services and the front desk, in `home`.

    `async with Stack(home) as stack:` starts it and stops it; data stays in `home` until `erase`. Must be started from
    the main thread. `durable=False` makes PostgreSQL quick and forgetful: for tests that kill no database.
    Workers stand back for the APIs, and for whatever else runs on the machine, unless told not to: by tests and demo.
    """

    home: Path
    port_base: int | None = None
    api_processes: int = 1
    durable: bool = True
    stand_back: bool = True
    trace_ratio: float = 1.0
    log_level: str = "INFO"
    say: Callable[[str], None] = field(default=lambda _: None)
    processes: dict[str, Child] = field(default_factory=dict)
    keeping: Keeping = field(default_factory=Keeping)

    async def __aenter__(self) -> Self:
        """Start."""
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Start everything and wait until all of it is ready. Raises CannotRun; stop it then."""
        check_prerequisites(self.home)
        self.home.mkdir(parents=True, exist_ok=True)
        if not (self.home / "passwords.json").exists():
            # Data that could not be inside the folder may be left of one by that name; nobody has its passwords.
            shutil.rmtree(self._database_folder(), ignore_errors=True)
        self.layout = self._laid_out()
        self.layout.documents.mkdir(mode=0o700, exist_ok=True)
        self._make_servers()
        edge, desk = self._start_edge(), self._start_frontdesk()
        begun = time.monotonic()
        self.say("Starting PostgreSQL and Kafka")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._kafka.start())
                group.create_task(self._databases_then_services())
                group.create_task(self._answers("edge", [edge], f"{self.layout.edge_url}/health/ready"))
                group.create_task(self._answers("frontdesk", [desk], f"{self.layout.url('frontdesk')}/health/ready"))
        except* CannotRun as troubles:
            raise CannotRun("\n".join(str(trouble) for trouble in troubles.exceptions)) from None
        self.say(f"Everything is ready after {time.monotonic() - begun:.1f} s")

    async def stop(self) -> None:
        """Stop everything: the services drain first, then the edge and Kafka, PostgreSQL last."""
        services = [child for name, child in self.processes.items() if name != "edge"]
        await asyncio.gather(*(child.stop(DRAIN_SECONDS_MAX) for child in services))
        if "edge" in self.processes:
            await self.processes["edge"].stop()
        self.processes.clear()
        if hasattr(self, "layout"):
            await asyncio.gather(self._kafka.stop(), self._postgres.stop())

    def erase(self) -> None:
        """Throw the data away; nothing may run."""
        shutil.rmtree(self._database_folder(), ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    async def kill(self, service: str, role: str | None = None) -> None:
        """End a service's processes of this role (or of any) at once, as a crash does."""
        for name in self._named(service, role):
            self.processes.pop(name).kill()

    async def stop_service(self, service: str, role: str | None = None) -> None:
        """Have a service's processes drain and end."""
        children = [self.processes.pop(name) for name in self._named(service, role)]
        await asyncio.gather(*(child.stop(DRAIN_SECONDS_MAX) for child in children))

    async def start_service(self, service: str, role: str | None = None) -> None:
        """Start those of a service's processes that do not run, and wait until they are ready."""
        roles = [each for each in ROLES[service] if role in (None, each)]
        for each in roles:
            self._spawn_role(service, each)
        await asyncio.gather(*(self._until_ready(service, each) for each in roles))

    def pause(self, service: str, role: str | None = None) -> None:
        """Have a service's processes stand still where they are, as on a machine that has no time for them."""
        for name in self._named(service, role):
            self.processes[name].send(signal.SIGSTOP)

    def resume(self, service: str, role: str | None = None) -> None:
        """Let them go on."""
        for name in self._named(service, role):
            self.processes[name].send(signal.SIGCONT)

    async def stop_kafka(self) -> None:
        """Stop the broker; its data stays."""
        await self._kafka.stop()

    async def start_kafka(self) -> None:
        """Start the broker again on the same port with the same data."""
        await self._kafka.start()

    def database_dsn(self, service: str) -> str:
        """A service's database as the superuser sees it: for tests and operators that look inside."""
        return self._postgres.dsn(service)

    @property
    def database_pid(self) -> int:
        """The process id of PostgreSQL, whose children work for the services; 0 where it does not run."""
        return self._postgres.child.pid if self._postgres.child else 0

    async def watch(self, stop: asyncio.Event, noted: Callable[[], None] = lambda: None) -> None:
        """Until `stop`: keep logs bounded, start again whatever ends by itself, and call `noted` when that happens."""
        while not stop.is_set():
            if await self.keeping.look(self._programs()):
                noted()
            for file in (self.home / "logs").glob("*.log"):
                trim(file)
            try:
                await asyncio.wait_for(stop.wait(), _WATCH_SECONDS)
            except TimeoutError:
                continue

    def _laid_out(self) -> Layout:
        ports = named_ports(PORTS, base=self.port_base, remembered=state.remembered_ports(self.home))
        state.remember_ports(self.home, ports)
        return Layout(self.home, ports, kept_passwords(self.home), self.trace_ratio, self.log_level)

    def _database_folder(self) -> Path:
        return reachable_folder(self.home / "postgres" / "data", "data")

    def _make_servers(self) -> None:
        ports, passwords = self.layout.ports, self.layout.passwords
        self._postgres = Postgres(
            self._database_folder(),
            ports["postgres"],
            self.layout.log("postgres"),
            password=passwords["postgres"],
            durable=self.durable,
        )
        folder, control = self.home / "kafka", ports["kafka-controller"]
        self._kafka = Kafka(folder, ports["kafka"], control, self.layout.log("kafka"))

    def _start_edge(self) -> Child:
        ports = self.layout.ports
        url, clients = self.layout.edge_url, self.layout.clients()
        addresses = self.layout.addresses(PROOF)
        password = self.layout.passwords["people"]
        settings = EdgeSettings(self.home / "edge", ports["edge"], ports["smtp"], url, clients, addresses, password)
        program = [sys.executable, "-m", "local_stack.edge.app"]
        env = dict(os.environ) | settings.as_env()
        self.processes["edge"] = edge = spawn("edge", program, log=self.layout.log("edge"), env=env)
        return edge

    def _start_frontdesk(self) -> Child:
        program, log = [command("frontdesk")], self.layout.log("frontdesk")
        self.processes["frontdesk"] = desk = spawn("frontdesk", program, log=log, env=self.layout.frontdesk_env())
        return desk

    async def _databases_then_services(self) -> None:
        await self._postgres.start()
        await bring_databases_up_to_date(self._postgres, self.layout, self.say)
        self.say("Starting the services")
        for service in SERVICES:
            for role in ROLES[service]:
                self._spawn_role(service, role)
        await asyncio.gather(*(self._until_ready(name, role) for name in SERVICES for role in ROLES[name]))

    def _spawn_role(self, service: str, role: str) -> None:
        for number in range(self.api_processes if role == "api" else 1):
            name = f"{service}-{role.replace(',', '-')}" + (f"-{number + 1}" if number else "")
            if name not in self.processes or not self.processes[name].running:
                self._spawn(name, service, role)

    def _spawn(self, name: str, service: str, role: str) -> None:
        env = self.layout.env(service) | ({} if self.stand_back else {"RENDER_NICENESS": "0"})
        niceness = niceness_of(role) if self.stand_back else 0
        program, log = [command(service), role], self.layout.log(name)
        self.processes[name] = spawn(name, program, log=log, env=env, niceness=niceness)

    def _programs(self) -> list[Program]:
        """What is to run: the servers first, as the others need them."""
        servers: dict[str, Postgres | Kafka] = {"postgres": self._postgres, "kafka": self._kafka}
        found = [Program(name, partial(_has_ended, server), server.start) for name, server in servers.items()]
        for name, child in list(self.processes.items()):
            found.append(Program(name, partial(_is_gone, child), partial(self._start_again, name)))
        return found

    async def _start_again(self, name: str) -> None:
        if name == "edge":
            self._start_edge()
            return
        if name == "frontdesk":
            self._start_frontdesk()
            return
        command_line = self.processes[name].process.args
        role = command_line[-1] if isinstance(command_line, list) else ""
        self._spawn(name, name.partition("-")[0], role)

    def _named(self, service: str, role: str | None) -> list[str]:
        prefix = service if role is None else f"{service}-{role.replace(',', '-')}"
        found = [name for name in self.processes if name == prefix or name.startswith(f"{prefix}-")]
        if not found:
            raise ValueError(f"no process of {service} {role or ''} runs; there are {', '.join(self.processes)}")
        return found

    async def _until_ready(self, service: str, role: str) -> None:
        children = [self.processes[name] for name in self._named(service, role)]
        await self._answers(f"{service} {role}", children, self.layout.health_url(service, role))

    async def _answers(self, what: str, children: list[Child], url: str) -> None:
        """Wait until processes answer that they are ready. Raises CannotRun with the last words of one that ends."""
        deadline = time.monotonic() + HEALTHY_SECONDS_MAX
        while time.monotonic() < deadline:
            for child in children:
                if not child.running:
                    raise CannotRun(f"{child.name} ended at its start ({child.log}):\n{child.last_words()}")
            if await _says_ready(url):
                return
            await asyncio.sleep(_POLL_SECONDS)
        log, words = children[0].log, children[0].last_words()
        raise CannotRun(f"{what} was not ready in {HEALTHY_SECONDS_MAX:.0f} s; its log is {log}:\n{words}")


def _is_gone(child: Child) -> bool:
    return not child.running


def _has_ended(server: Postgres | Kafka) -> bool:
    """Whether a server ended by itself: one that was stopped has no program."""
    return server.child is not None and not server.child.running


async def _says_ready(url: str) -> bool:
    """Whether a GET is answered with 200. By hand: polled often, an HTTP client would take what the services need."""
    parts = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError:
        return False
    try:
        writer.write(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        status_line = await asyncio.wait_for(reader.readline(), _ANSWER_SECONDS_MAX)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return b" 200 " in status_line
