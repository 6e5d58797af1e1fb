"""The broker from afar: a second address of it, by a line that is slow; and all connections to it cut at once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chassis.testing.line import Line, line_to
from local_stack.ports import free_port
from local_stack.supervisor import Stack

SS = Path("/usr/bin/ss")


@dataclass
class StackSeenFromAfar(Stack):
    """The stack, whose broker also listens where only a line leads, and says to be at the line's own end."""

    far_port: int = field(default_factory=free_port)
    line_port: int = field(default_factory=free_port)

    def _make_servers(self) -> None:
        super()._make_servers()
        near, control = self.layout.ports["kafka"], self.layout.ports["kafka-controller"]
        self._kafka.more = {
            "listeners": f"PLAINTEXT://127.0.0.1:{near},FAR://127.0.0.1:{self.far_port},"
            f"CONTROLLER://127.0.0.1:{control}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{near},FAR://127.0.0.1:{self.line_port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,FAR:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
        }

    @asynccontextmanager
    async def broker_by_a_line(self) -> AsyncIterator[tuple[Line, str]]:
        """A line to the broker, and the broker's address through it; one at a time."""
        async with line_to(f"kafka://127.0.0.1:{self.far_port}", port=self.line_port) as (line, _):
            yield line, f"127.0.0.1:{self.line_port}"


def may_cut_connections() -> bool:
    """Whether whoever runs this may end other processes' connections: root, where iproute2 is installed."""
    return os.geteuid() == 0 and SS.exists()


def cut_connections(port: int) -> int:
    """End all connections to a port of this machine, at both ends; how many ends there were."""
    which = f"( sport = :{port} or dport = :{port} )"
    words = [str(SS), "--kill", "--no-header", "--tcp", "state", "established", which]
    said = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return len(said.stdout.splitlines())
