"""Kafka and PostgreSQL that let nobody in without encryption: everything of a service gets in, or says why not."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import runpy
import shutil
import signal
import ssl
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from chassis.broker import Broker
from chassis.database.address import connect, engine
from chassis.database.bell import Bell
from chassis.database.faults import DATABASE_FAULTS
from chassis.database.lease import Lease
from chassis.messaging import cloudevents, kafka
from chassis.testing.databases import TestDatabase, migrated_database
from chassis.testing.eventually import eventually
from chassis.testing.processes import free_port, process_of
from chassis.tls import ENDED_UNSAID, CertificateFiles, refusal
from chassis.trace_context import TraceContext
from sqlalchemy import text

SERVICE = Path(__file__).with_name("noted.py")
MIGRATIONS = SERVICE.with_name("noted_migrations")
NAMES = runpy.run_path(str(SERVICE))
BY_CERTIFICATE = "by_certificate"
HEARD = NAMES["HEARD"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(encrypted_postgres: str) -> AsyncIterator[TestDatabase]:
    async with migrated_database(encrypted_postgres, "noted", MIGRATIONS) as owned:
        admin = await asyncpg.connect(encrypted_postgres)
        await admin.execute(f"CREATE ROLE {BY_CERTIFICATE} LOGIN INHERIT IN ROLE test_noted_app")
        await admin.close()
        yield owned


def shown(database: TestDatabase, files: CertificateFiles) -> str:
    """The address of a role that shows its certificate, and says no password."""
    asked = {"sslmode": "verify-full", "sslrootcert": files.authorities, "sslcert": files.certificate}
    host = database.app_url.partition("@")[2].partition("/")[0]
    return f"postgresql://{BY_CERTIFICATE}@{host}/{database.name}?{urlencode(asked | {'sslkey': files.key})}"


def told(broker: Broker) -> dict[str, str]:
    """The environment that says of Kafka what the broker's object says."""
    said = {
        "KAFKA_BOOTSTRAP": broker.bootstrap,
        "KAFKA_SECURITY_PROTOCOL": broker.protocol,
        "KAFKA_SASL_USERNAME": broker.username,
        "KAFKA_SASL_PASSWORD": broker.password,
        "KAFKA_SSL_CAFILE": broker.files.authorities,
        "KAFKA_SSL_CERTFILE": broker.files.certificate,
        "KAFKA_SSL_KEYFILE": broker.files.key,
    }
    return {name: value for name, value in said.items() if value is not None}


def service(arguments: Sequence[str], env: dict[str, str], log: Path) -> AbstractAsyncContextManager[Process]:
    return process_of([sys.executable, str(SERVICE), *arguments], os.environ | env, log)


async def ran(arguments: Sequence[str], env: dict[str, str], log: Path) -> tuple[int | None, str]:
    """A command's exit code, and what it said."""
    async with service(arguments, env, log) as process:
        await process.wait()
    return process.returncode, written(log)


def written(log: Path) -> str:
    return log.read_text()


def readiness(port: int) -> Callable[[], Any]:
    async def ask() -> tuple[int, dict[str, str]] | None:
        async with httpx.AsyncClient() as client:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/health/ready", timeout=10)
            except httpx.TransportError:
                return None
        return answer.status_code, answer.json()["checks"]

    return ask


async def say(broker: Broker, clinic: UUID, word: str) -> None:
    """Tell the service a word, as another system does."""
    producer = await kafka.started(kafka.producer(broker, "another"), broker)
    headers = cloudevents.headers(
        event_id=str(uuid4()),
        source="/test",
        event_type="word",
        subject=word,
        clinic_id=str(clinic),
        sequence=1,
        time=datetime.now(UTC),
        trace=TraceContext(None, None),
    )
    try:
        await producer.send_and_wait(NAMES["HEARD"], word.encode(), key=b"patient", headers=headers)
    finally:
        await producer.stop()


async def heard_back(broker: Broker, word: str) -> None:
    """Wait for the event that says that a word was noted."""
    client = kafka.consumer(broker, "listener", None, NAMES["TOLD"])
    await kafka.started(client, broker)
    try:
        async with asyncio.timeout(60):
            async for record in client:
                if record.value == word.encode():
                    return
    finally:
        await client.stop()


@pytest.mark.parametrize("by", ["name and password", "certificate"])
async def test_event_comes_in_is_kept_and_one_goes_out(
    by: str, encrypted_kafka: Any, certificates: Any, database: TestDatabase, tmp_path: Path
) -> None:
    """ALL-7: consumer, engine, leases, bells, relay and jobs, all by one address and one way."""
    files = certificates.client(BY_CERTIFICATE)
    broker = encrypted_kafka.by_certificate(files) if by == "certificate" else encrypted_kafka.by_name
    address = shown(database, files) if by == "certificate" else database.app_url
    port, clinic, word = free_port(), uuid4(), f"by {by}"
    env = told(broker) | {"DATABASE_URL": address, "HEALTH_PORT": str(port), "HTTP_HOST": "127.0.0.1"}
    async with service(["worker"], env, tmp_path / "log") as process:
        await say(broker, clinic, word)
        await heard_back(encrypted_kafka.by_name, word)

        async def well() -> bool:
            found = await readiness(port)()
            assert found == (200, dict.fromkeys(found[1] if found else (), "ok"))
            assert {"database", "kafka", "relay", "jobs", "consumer", "measuring"} <= found[1].keys()
            return True

        await eventually(well, within_seconds=30)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    admin = await asyncpg.connect(database.admin_dsn)
    assert await admin.fetchval("SELECT count(*) FROM words WHERE clinic_id = $1", clinic) == 1
    await admin.close()
    assert "interrupted" not in written(tmp_path / "log")


async def test_every_command_gets_in_as_the_service_does(
    encrypted_kafka: Any, database: TestDatabase, tmp_path: Path
) -> None:
    env = told(encrypted_kafka.by_name)
    env |= {"DATABASE_URL": database.app_url, "MIGRATION_DATABASE_URL": database.owner_url}
    since = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    for command in (
        ["migrate"],
        ["prove"],
        ["dead-letters", "list"],
        ["replay", "--topic", NAMES["HEARD"], "--from", since],
    ):
        code, said = await ran(command, env, tmp_path / "log")
        assert code == 0, said


@pytest.mark.parametrize("spelled", ["sslmode", "ssl"])
async def test_engine_lease_and_bell_read_an_address_alike(spelled: str, database: TestDatabase) -> None:
    """With `?ssl=` the engine got in and leases did not: nothing was published, and all looked well."""
    address = database.app_url.replace("sslmode=", f"{spelled}=")
    encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    made = engine(address)
    async with made.connect() as connection:
        assert (await connection.execute(text(encrypted))).scalar_one()
    await made.dispose()
    lease, bell = Lease(address, "holder"), Bell(address)
    assert await lease.take("a lock")
    assert await lease.connection().fetchval(encrypted)
    await lease.close()
    heard = bell.waiting("a_bell")
    heard.clear()
    caller = await connect(address, {})

    async def rings() -> bool:
        await caller.execute("SELECT pg_notify('a_bell', '')")
        return heard.is_set()

    await eventually(rings)
    await caller.close()
    await bell.close()


async def test_nobody_gets_in_without_encryption(encrypted_kafka: Any, database: TestDatabase) -> None:
    """Of the servers of these tests: else they would prove nothing."""
    with pytest.raises(kafka.BrokerUnreachable, match="KAFKA_SECURITY_PROTOCOL"):
        await kafka.require_answer(Broker(encrypted_kafka.by_name.bootstrap))
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await connect(database.app_url.replace("verify-full", "disable"), {})


async def test_server_of_an_unknown_authority_is_not_spoken_to_and_said_so(
    encrypted_kafka: Any, database: TestDatabase, strangers: Any, certificates: Any, tmp_path: Path
) -> None:
    by_name = encrypted_kafka.by_name
    wrong = dataclasses.replace(by_name, files=CertificateFiles(authorities=str(strangers.authorities)))
    with pytest.raises(kafka.BrokerUnreachable, match=r"certificate is not trusted.*file of authorities"):
        await kafka.started(kafka.producer(wrong, "another"), wrong)
    address = database.app_url.replace(str(certificates.authorities).replace("/", "%2F"), str(strangers.authorities))
    address = address.replace(str(certificates.authorities), str(strangers.authorities))
    code, said = await ran(["migrate"], {"DATABASE_URL": address}, tmp_path / "log")
    assert (code, said.count("\n")) == (1, 1)
    assert "the server's certificate is not trusted" in said
    code, said = await ran(["dead-letters", "list"], {"DATABASE_URL": address}, tmp_path / "log")
    assert (code, "the server's certificate is not trusted" in said) == (1, True)


async def test_worker_that_cannot_get_in_is_not_ready_and_its_log_says_why(
    encrypted_kafka: Any, database: TestDatabase, strangers: Any, tmp_path: Path
) -> None:
    """Relay, jobs, gauges and consumer are each part of readiness."""
    by_name = encrypted_kafka.by_name
    wrong = dataclasses.replace(by_name, files=CertificateFiles(authorities=str(strangers.authorities)))
    address = f"{database.app_url.partition('?')[0]}?sslmode=verify-full&sslrootcert={strangers.authorities}"
    port, log = free_port(), tmp_path / "log"
    env = told(wrong) | {"DATABASE_URL": address, "HEALTH_PORT": str(port), "HTTP_HOST": "127.0.0.1"}
    async with service(["worker"], env, log) as process:

        async def unwell() -> bool:
            parts = ("database", "kafka", "relay", "jobs", "consumer", "measuring")
            return bool(await readiness(port)() == (503, dict.fromkeys(parts, "failed") | {"batch": "ok"}))

        await eventually(unwell, within_seconds=30)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    lines = [json.loads(line) for line in written(log).splitlines()]
    reasons = [str(line.get("error") or line.get("reason")) for line in lines if line["level"] == "warning"]
    for event in ("relay interrupted", "job interrupted", "consumer interrupted", "figures not measured"):
        assert event in [line["event"] for line in lines]
    told_off = [reason for reason in reasons if "it has not begun yet" not in reason]
    assert all("certificate is not trusted" in reason for reason in told_off), reasons


@pytest.mark.parametrize(
    "arguments", [["worker"], ["api,worker"], ["replay", "--topic", HEARD, "--from", "2026-11-23"]]
)
async def test_wrong_password_of_kafka_ends_the_process_and_is_named(
    arguments: list[str], encrypted_kafka: Any, database: TestDatabase, tmp_path: Path
) -> None:
    """ALL-7: no waiting mends it."""
    wrong = dataclasses.replace(encrypted_kafka.by_name, password="of-nobody-at-all")
    code, said = await ran(arguments, told(wrong) | {"DATABASE_URL": database.app_url}, tmp_path / "log")
    (sentence,) = said.splitlines()
    assert code == 1
    assert sentence.startswith("noted: the environment variable KAFKA_SASL_PASSWORD is not usable: Kafka at 127.0.0.1")


@pytest.mark.parametrize("arguments", [["worker"], ["api"], ["migrate"], ["prove"], ["dead-letters", "list"]])
async def test_wrong_password_of_the_database_ends_the_process_and_is_named(
    arguments: list[str], encrypted_kafka: Any, database: TestDatabase, tmp_path: Path
) -> None:
    """ALL-7: and is not quoted."""
    env = told(encrypted_kafka.by_name)
    for name, url in (("DATABASE_URL", database.app_url), ("MIGRATION_DATABASE_URL", database.owner_url)):
        env[name] = url.replace(":test@", ":of-nobody-at-all@")
    code, said = await ran(arguments, env, tmp_path / "log")
    (sentence,) = said.splitlines()
    named = "MIGRATION_DATABASE_URL" if arguments == ["migrate"] else "DATABASE_URL"
    assert code == 1
    assert sentence.startswith(f"noted: the environment variable {named} is not usable: PostgreSQL at 127.0.0.1")
    assert "password authentication failed" in sentence
    assert "of-nobody-at-all" not in sentence


async def test_wrong_password_is_said(encrypted_kafka: Any) -> None:
    with pytest.raises(kafka.BrokerUnreachable, match=r"(?i)authentication|credentials"):
        await kafka.require_answer(dataclasses.replace(encrypted_kafka.by_name, password="a guess"))


async def test_certificate_that_ran_out_is_renewed_without_a_restart(
    encrypted_kafka: Any, certificates: Any, database: TestDatabase
) -> None:
    """The very client and address that were refused go on, once the files are others."""
    files = certificates.client(BY_CERTIFICATE, expired=True)
    broker, address = encrypted_kafka.by_certificate(files), shown(database, files)
    with pytest.raises(kafka.BrokerUnreachable, match="certificate"):
        await kafka.require_answer(broker)
    with pytest.raises(DATABASE_FAULTS) as refused:
        await connect(address, {})
    assert refusal(refused.value) in ("our certificate has expired", ENDED_UNSAID)
    certificates.client(BY_CERTIFICATE)
    await kafka.require_answer(broker)
    await (await connect(address, {})).close()


async def test_files_that_are_half_replaced_leave_the_old_ones_in_use(encrypted_kafka: Any, certificates: Any) -> None:
    files = certificates.client("half")
    broker = encrypted_kafka.by_certificate(files)
    await kafka.require_answer(broker)
    shutil.copy(certificates.client("other").key, files.key)
    await kafka.require_answer(broker)
    certificates.client("half")
    await kafka.require_answer(broker)


@asynccontextmanager
async def hasty(certificates: Any, asked_for: int) -> AsyncIterator[str]:
    """The host and port of a server that hangs up on whoever says something after the handshake."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.server("hasty"))

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(asked_for)
        writer.write(b"S" if asked_for else b"")
        await writer.start_tls(context)
        await reader.read(1)
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_server_that_hangs_up_without_a_word_is_said_too(
    encrypted_kafka: Any, certificates: Any, database: TestDatabase
) -> None:
    """The alert about our certificate is lost where the server ends before it has read what we said meanwhile."""
    files = certificates.client(BY_CERTIFICATE)
    async with hasty(certificates, 8) as postgres, hasty(certificates, 0) as broker:
        address = urlsplit(shown(database, files))._replace(netloc=f"{BY_CERTIFICATE}@{postgres}").geturl()
        with pytest.raises(DATABASE_FAULTS) as refused:
            await connect(address, {})
        with pytest.raises(kafka.BrokerUnreachable, match=ENDED_UNSAID):
            await kafka.require_answer(dataclasses.replace(encrypted_kafka.by_certificate(files), bootstrap=broker))
    assert refusal(refused.value) == ENDED_UNSAID
