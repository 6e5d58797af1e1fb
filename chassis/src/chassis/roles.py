"""The roles of a process: `api` answers requests, `worker` consumes, relays and does the jobs; one ends as it began."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import structlog

from chassis.broker import Broker
from chassis.http.app import health_app
from chassis.http.figures import Measuring, figures_of, tell_troubles
from chassis.http.health import Troubled
from chassis.http.listening import Listening
from chassis.messaging import kafka
from chassis.messaging.consumer import Consumer
from chassis.messaging.inbound import Inbound
from chassis.messaging.jobs import Jobs
from chassis.messaging.relay import Relay
from chassis.resources import Resources
from chassis.service import Loop, Part, Service
from chassis.settings import Settings
from chassis.telemetry import start_telemetry

ROLES = ("api", "worker")

_WEDGED_SECONDS = 120.0
# What a request leaves behind is mostly freed by counting; looking for cycles this often was 5 % of the time.
_GC_THRESHOLDS = (20_000, 20, 50)

log = structlog.get_logger(__name__)


@dataclass
class _Running:
    """The parts of a process. The relay ends last: what the others commit while they end still goes out."""

    first: list[Part] = field(default_factory=list)
    last: list[Part] = field(default_factory=list)


async def run_roles(service: Service, roles: Collection[str], settings: Settings) -> int:
    """Run these roles until SIGTERM or SIGINT, then drain; returns the exit code, 1 when a part failed."""
    exporting = start_telemetry(
        service=service.name,
        version=service.version,
        endpoint=settings.otlp_endpoint,
        sample_ratio=settings.trace_sample_ratio,
        metrics_seconds=settings.metrics_seconds,
    )
    try:
        async with service.opened(settings) as resources:
            running = _parts(service, roles, resources)
            log.info("started", roles=sorted(roles), service_version=service.version)
            return await _until_told(running, resources)
    finally:
        await asyncio.to_thread(exporting.close)


def _parts(service: Service, roles: Collection[str], resources: Resources) -> _Running:
    settings = resources.chassis_settings
    running = _Running()
    if "api" in roles:
        running.first.append(Listening(service.app(resources), settings, settings.http_port))
    if "worker" in roles and settings.health_port is not None:
        running.last.append(Listening(health_app(resources), settings, settings.health_port))
    if "worker" in roles:
        _add_worker(service, resources, running)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    return running


def _add_worker(service: Service, resources: Resources, running: _Running) -> None:
    settings, url = resources.chassis_settings, resources.database.url
    broker = settings.broker()
    relay = Relay(service.name, url, broker, resources.database.bell)
    resources.figures = figures_of(resources.database, lambda: relay.leads)
    parts: dict[str, Loop] = {
        "jobs": Jobs(service.name, url, service.all_jobs, resources),
        "relay": relay,
        "measuring": Measuring(resources.figures, service.name, settings.metrics_seconds),
    }
    if service.loops is not None:
        parts |= {type(loop).__name__.lower(): loop for loop in service.loops(resources)}
    if service.subscriptions:
        inbound = Inbound(service.name, resources.database, service.subscriptions, service.without_person)
        client_id = f"{service.name}-{socket.gethostname()}"
        consumer = Consumer(inbound, broker, client_id=client_id, batch=service.batch)
        parts["consumer"] = consumer
        resources.vital["batch"] = lambda: _not_wedged(consumer)
    tell_troubles(parts)
    for name, part in parts.items():
        (running.last if name == "relay" else running.first).append(part)
        resources.checks[name] = partial(_untroubled, part)
    read = {subscription.topic for subscription in service.subscriptions}
    resources.checks["kafka"] = lambda: _kept(broker, read | relay.topics, settings.replicas_asked)


async def _until_told(running: _Running, resources: Resources) -> int:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    first = {asyncio.create_task(part.run(), name=type(part).__name__) for part in running.first}
    last = {asyncio.create_task(part.run(), name=type(part).__name__) for part in running.last}
    asked = asyncio.create_task(told.wait())
    await asyncio.wait({asked, *first, *last}, return_when=asyncio.FIRST_COMPLETED)
    resources.draining = True
    log.info("draining", signal=told.is_set())
    failed = not told.is_set()
    asked.cancel()
    seconds = resources.chassis_settings.drain_seconds
    for parts, tasks in ((running.first, first), (running.last, last)):
        for part in parts:
            part.stop()
        failed |= await _ended(tasks, seconds)
    log.info("ended", state="failed" if failed else "well")
    return int(failed)


async def _ended(tasks: set[asyncio.Task[None]], seconds: float) -> bool:
    """Wait for parts to end, and cut short what takes too long; returns whether any failed."""
    if not tasks:
        return False
    _, late = await asyncio.wait(tasks, timeout=seconds + 1)
    for task in late:
        log.warning("part_cut_short", name=task.get_name())
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for task, result in zip(tasks, results, strict=True):
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            log.error("part_failed", name=task.get_name(), exc_info=result)
    return any(isinstance(result, BaseException) for result in results)


async def _untroubled(part: Loop) -> None:
    """A loop outlives faults, which is why its process cannot be told to be well by living."""
    if part.trouble is not None:
        raise Troubled(part.trouble)


async def _kept(broker: Broker, topics: set[str], replicas: int) -> None:
    """A broker answers, and what this worker reads and writes is kept by as many as it is to be."""
    try:
        await kafka.require_answer(broker, topics, replicas)
    except kafka.TooFewReplicas as few:
        raise Troubled(str(few)) from few


async def _not_wedged(consumer: Consumer) -> None:
    """A handler that hangs keeps its membership of the group, so its age tells."""
    if consumer.seconds_in_work > _WEDGED_SECONDS:
        raise TimeoutError("a batch takes too long")
