"""What a running service holds: settings, clock, database, keys of the token issuer, and the service's own things."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from chassis.callers import Verifier
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.settings import Settings

Check = Callable[[], Awaitable[None]]
"""A look whether something that is needed answers; raises when it does not."""

Figures = Callable[[], Awaitable[dict[str, float]]]
"""Numbers by name."""


@dataclass
class Resources:
    """One per process; handed to the lifespan, to jobs, and (as `app.state.resources`) to requests."""

    name: str
    settings: Any
    """The service's own subclass of Settings."""
    database: Database
    verifier: Verifier
    clock: Clock = field(default_factory=SystemClock)
    state: SimpleNamespace = field(default_factory=SimpleNamespace)
    """Whatever the service's own lifespan puts here: a render pool, a mail connection."""
    checks: dict[str, Check] = field(default_factory=dict)
    """What `/health/ready` asks, by name."""
    vital: dict[str, Check] = field(default_factory=dict)
    """What `/health/live` asks, by name: what only a restart can mend."""
    figures: Figures | None = None
    """What `/health/ready` of the inner port tells of how far behind a worker is."""
    looks: dict[str, asyncio.Task[Any]] = field(default_factory=dict)
    """The looks at all of these that are under way, by what is asked."""
    draining: bool = False
    """True from the moment the process was asked to end."""

    @cached_property
    def cursor_secret(self) -> bytes:
        """What marks cursors of lists as made here: the same in every process that has this database's address."""
        return hashlib.sha256(f"cursor {self.database.url}".encode()).digest()

    @property
    def chassis_settings(self) -> Settings:
        """The settings that every service has."""
        settings: Settings = self.settings
        return settings
