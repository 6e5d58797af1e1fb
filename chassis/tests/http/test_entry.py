"""Every command and role of a service that a setting does not let in ends with a sentence that names it (`ALL-7`)."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

import pytest
from chassis.database import address
from chassis.entry import SettingUnusable, require_database
from chassis.testing import ServiceHarness, eventually
from chassis.testing.processes import answers, environment, free_port, process_of

Command = Callable[..., Awaitable[tuple[int, str, str]]]

TOO_EARLY = 3
WHY = ("--reason", "mended")
SINCE = ("--topic", "test.books.v1", "--from", "2026-11-23T08:00Z")
ENTRIES = {
    "api": ("api",),
    "worker": ("worker",),
    "both": ("api,worker",),
    "migrate": ("migrate",),
    "prove": ("prove",),
    "replay of a topic": ("replay", *SINCE),
    "list": ("dead-letters", "list"),
    "show": ("dead-letters", "show", "--id", "1"),
    "replay": ("dead-letters", "replay", "--id", "1", *WHY),
    "dismiss": ("dead-letters", "dismiss", "--id", "1", *WHY),
    "reopen": ("dead-letters", "reopen", "--id", "1", *WHY),
}
SHELF = Path(__file__).with_name("conftest.py")
RUN = (
    sys.executable,
    "-c",
    f"import runpy, sys; from chassis.cli import run; sys.exit(run(runpy.run_path({str(SHELF)!r})['shelf']))",
)


def changed(url: str, **parts: str) -> str:
    """The address with another user, host, port or name of a database."""
    found = urlsplit(url)
    given = {"user": found.username, "password": found.password, "host": found.hostname, "port": found.port} | parts
    path = parts.get("name", found.path.lstrip("/"))
    place = f"{given['user']}:{given['password']}@{given['host']}:{given['port']}"
    return found._replace(netloc=place, path=f"/{path}").geturl()


WRONG = {
    "user or password": ({"user": "nobody_at_all_owner"}, "InvalidAuthorizationSpecificationError|InvalidPassword"),
    "host": ({"host": "nowhere.invalid"}, "nobody has that name"),
    "port": ({"port": "9"}, "nobody answers there"),
    "name of the database": ({"name": "no_such_database"}, "does not exist|permission denied"),
}


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("wrong", WRONG)
async def test_wrong_address_of_the_database_is_named_in_one_sentence(
    harness: ServiceHarness, command: Command, monkeypatch: pytest.MonkeyPatch, entry: str, wrong: str
) -> None:
    """ALL-7: and the process ends, with another code than 0, without a traceback and without the password."""
    changes, why = WRONG[wrong]
    monkeypatch.setenv("START_SECONDS", "0")
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "127.0.0.1:9")
    monkeypatch.setenv("DATABASE_URL", changed(harness.owned.app_url, **changes))
    monkeypatch.setenv("MIGRATION_DATABASE_URL", changed(harness.owned.owner_url, **changes))
    code, out, err = await command(*ENTRIES[entry])
    (sentence,) = err.splitlines()
    named = "MIGRATION_DATABASE_URL" if entry == "migrate" else "DATABASE_URL"
    assert (code, out) == (1, "")
    assert sentence.startswith(f"shelf: the environment variable {named} is not usable: PostgreSQL at ")
    assert any(one in sentence for one in why.split("|")), sentence
    assert "Traceback" not in sentence


SERVERS = {
    "user:secret@127.0.0.1:9,[::1]:9/name": "127.0.0.1:9, [::1]:9: nobody answers there",
    "user:secret@127.0.0.1:9,nowhere.invalid/name": "127.0.0.1:9, nowhere.invalid:5432: nobody answers there",
    "user:secret@/name?host=127.0.0.1,nowhere.invalid&port=9": "127.0.0.1:9, nowhere.invalid:9: nobody",
}


@pytest.mark.parametrize("several", SERVERS)
async def test_all_servers_of_an_address_are_named_without_its_password(several: str) -> None:
    """ALL-7: a primary and its standby are named in one address."""
    with pytest.raises(SettingUnusable, match=re.escape(f"PostgreSQL at {SERVERS[several]}")) as refused:
        await require_database("DATABASE_URL", f"postgresql://{several}")
    assert "secret" not in str(refused.value)


async def test_server_that_is_silent_or_takes_no_changes_leaves_time_for_the_next(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: the primary's machine has vanished, or it is a standby now."""
    monkeypatch.setattr(address, "_CONNECT_SECONDS", 4.0)
    there = urlsplit(harness.owned.app_url)
    user, place = there.netloc.split("@")
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        several = there._replace(netloc=f"{user}@127.0.0.1:{silent.getsockname()[1]},{place}").geturl()
        connection = await address.connect(several, {"application_name": "several"})
        connection.terminate()
    twice = there._replace(netloc=f"{user}@{place},{place}", query="default_transaction_read_only=on").geturl()
    with pytest.raises(SettingUnusable, match="none that is there takes changes"):
        await require_database("DATABASE_URL", twice)


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("variable", ["KAFKA_SSL_CAFILE", "DATABASE_URL"])
async def test_file_of_authorities_that_is_not_there_is_named(
    harness: ServiceHarness, command: Command, monkeypatch: pytest.MonkeyPatch, entry: str, variable: str
) -> None:
    """ALL-7: of Kafka and of the database."""
    missing = "/nowhere/authorities.pem"
    if variable == "DATABASE_URL":
        monkeypatch.setenv(variable, f"{harness.owned.app_url}?sslmode=verify-full&sslrootcert={missing}")
    else:
        monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SSL")
        monkeypatch.setenv(variable, missing)
    code, _, err = await command(*ENTRIES[entry])
    (sentence,) = err.splitlines()
    assert code != 0
    assert sentence.startswith(f"shelf: the environment variable {variable} is not usable: ")


@pytest.mark.parametrize("entry", ["worker", "both", "replay of a topic"])
async def test_broker_s_host_that_is_nobody_s_is_named(
    command: Command, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    """ALL-7."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "nowhere.invalid:9092")
    code, _, err = await command(*ENTRIES[entry])
    (sentence,) = err.splitlines()
    assert code == 1
    assert sentence.startswith(
        "shelf: the environment variable KAFKA_BOOTSTRAP is not usable: Kafka at nowhere.invalid"
    )


async def test_broker_that_is_away_ends_a_command(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """ALL-7: a worker waits for it (`test_process.py`), and a person does not."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "127.0.0.1:9")
    code, _, err = await command(*ENTRIES["replay of a topic"])
    assert code == 1
    assert err.startswith("shelf: the environment variable KAFKA_BOOTSTRAP is not usable: Kafka at 127.0.0.1:9")


async def test_migrations_by_a_role_that_owns_nothing_are_refused_naming_it(
    harness: ServiceHarness, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIGRATION_DATABASE_URL", harness.owned.app_url)
    code, _, err = await command("migrate")
    assert code == 1
    assert "MIGRATION_DATABASE_URL is not usable: migrations run as the owning role" in err
    assert len(err.splitlines()) == 1


async def test_database_that_comes_a_little_later_is_waited_for(harness: ServiceHarness, tmp_path: Path) -> None:
    """ALL-7: where a machine starts again, its parts come in any order."""
    there, came = urlsplit(harness.owned.app_url), []

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer)
        if len(came) <= TOO_EARLY:
            writer.close()
            return
        to_reader, to_writer = await asyncio.open_connection(there.hostname, there.port)
        await asyncio.gather(_copied(reader, to_writer), _copied(to_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(joined, "127.0.0.1", 0) as server:
        port, at = free_port(), server.sockets[0].getsockname()[1]
        env = environment(harness, HTTP_PORT=str(port))
        env["DATABASE_URL"] = changed(harness.owned.app_url, host="127.0.0.1", port=str(at))
        async with process_of([*RUN, "api"], env, tmp_path / "log") as process:
            await eventually(lambda: answers(f"http://127.0.0.1:{port}/health/ready"), within_seconds=60)
            assert process.returncode is None
    assert len(came) > TOO_EARLY


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
