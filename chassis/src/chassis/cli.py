"""A service's command line: `payments api|worker|api,worker|migrate|dead-letters|replay|restored|openapi|prove`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from chassis.database.faults import SESSION_FAULTS, cause_of
from chassis.entry import (
    SettingUnusable,
    await_broker,
    await_database,
    require_broker,
    require_database,
    require_owner,
)
from chassis.settings import Settings
from chassis.text import unkept
from chassis.tls import refusal
from chassis.typed import says_something

if TYPE_CHECKING:
    from chassis.service import Service

Command = Callable[["Service", Settings, argparse.Namespace], Coroutine[Any, Any, int]]

_MISUSED = 2
_DATABASE_URL = "DATABASE_URL"


def run(service: Service, argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code: 0 well, 1 not so, 2 misused."""
    arguments = _parser(service).parse_args(argv)
    if arguments.command == "openapi":
        _print(service.app().openapi(), indent=True)
        return 0
    try:
        settings = service.settings()
    except ValidationError as error:
        for one in error.errors():
            name = "_".join(str(part) for part in one["loc"]).upper()
            sys.stderr.write(f"{service.name}: the environment variable {name} is not usable: {one['msg']}\n")
        return _MISUSED
    import uvloop

    from chassis.logging import configure_logging

    configure_logging(service=service.name, level=settings.log_level)
    command: Command = arguments.run
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_begun(command, service, settings, arguments))
    except SettingUnusable as unusable:
        sys.stderr.write(f"{service.name}: {unusable}\n")
        return 1
    except (*SESSION_FAULTS, KafkaError) as fault:
        sys.stderr.write(f"{service.name}: {_plainly(fault)}\n")
        return 1


def _parser(service: Service) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=service.name)
    commands = parser.add_subparsers(dest="command", required=True)
    for roles in ("api", "worker", "api,worker"):
        commands.add_parser(roles, help=f"run {roles.replace(',', ' and ')}").set_defaults(run=_run_roles)
    commands.add_parser("migrate", help="bring the database to this version").set_defaults(run=_migrate)
    commands.add_parser("openapi", help="print the API's description; needs no database")
    commands.add_parser("prove", help="recompute every balance; exit 1 on a difference").set_defaults(run=_prove)
    if service.says_which_clinics:
        commands.add_parser("clinics", help="the ids of all clinics, one a line").set_defaults(run=_clinics)
    for own in service.commands:
        commands.add_parser(own.name, help=own.help).set_defaults(run=_own, own=own)
    _add_dead_letters(commands.add_parser("dead-letters", help="what could not be handled, and what to do about it"))
    replay = commands.add_parser("replay", help="read a range of a topic again, through the inbox")
    replay.add_argument("--topic", required=True)
    replay.add_argument(
        "--from", dest="since", type=_instant, required=True, help="ISO 8601, such as 2026-11-23T08:00Z"
    )
    replay.add_argument("--to", dest="until", type=_instant, default=None, help="ISO 8601; now when left out")
    replay.set_defaults(run=_replay)
    restored = commands.add_parser(
        "restored", help="after the database was put back: take over, read again, say what is lost"
    )
    restored.add_argument("--since", type=_instant, required=True, help="a moment before the one restored, ISO 8601")
    restored.set_defaults(run=_restored)
    return parser


def _add_dead_letters(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    listed = actions.add_parser("list", help="what is set aside, oldest first, one JSON document a line")
    listed.add_argument("--state", action="append", choices=("waiting", "dead", "handled", "dismissed"))
    listed.add_argument("--after", type=int, default=0, help="go on after this id")
    listed.add_argument("--limit", type=int, default=100)
    listed.set_defaults(run=_list_letters)
    show = actions.add_parser("show", help="one message with its data, which may be personal")
    show.add_argument("--id", type=int, required=True)
    show.set_defaults(run=_show_letter)
    replay = actions.add_parser("replay", help="have messages tried again at once")
    dismiss = actions.add_parser("dismiss", help="decide that messages are never handled; what waits behind goes on")
    reopen = actions.add_parser("reopen", help="take a dismissal back: the message is tried again, under a new id")
    for action, command in ((replay, _replay_letters), (dismiss, _dismiss_letters), (reopen, _reopen_letters)):
        action.add_argument("--reason", type=_words, required=True, help="why, in words: it is kept with the message")
        action.add_argument("--id", type=int, nargs="+", required=True)
        action.add_argument("--by", type=_words, default=f"operator:{_user()}")
        action.set_defaults(run=command)


async def _begun(command: Command, service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    """Run a command once its settings have proved to be usable. Raises SettingUnusable."""
    address = settings.database_url.get_secret_value()
    if command is _migrate:
        named = "MIGRATION_DATABASE_URL" if settings.migration_database_url else _DATABASE_URL
        await require_owner(named, settings.migrations_url())
    elif command is _run_roles:
        await await_database(_DATABASE_URL, address, settings.start_seconds)
    else:
        await require_database(_DATABASE_URL, address)
    if command is _run_roles and "worker" in arguments.command:
        await await_broker(settings.broker())
    return await command(service, settings, arguments)


async def _run_roles(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from chassis.roles import run_roles

    return await run_roles(service, arguments.command.split(","), settings)


async def _migrate(service: Service, settings: Settings, _: argparse.Namespace) -> int:
    from chassis.database.migrations import migrate

    reached = await migrate(settings.migrations_url(), service.migrations)
    _print({"service": service.name, "schema": reached})
    return 0


async def _prove(service: Service, settings: Settings, _: argparse.Namespace) -> int:
    differences = 0
    async with service.opened(settings) as resources:
        for proof in service.proofs:
            began = perf_counter()
            proven = await proof.run(resources)
            seconds = round(perf_counter() - began, 3)
            found = proven.differences
            differences += len(found)
            for difference in found:
                told = {"what": difference.what, "expected": difference.expected, "found": difference.found}
                _print({"proof": proof.name, "clinic": str(difference.clinic_id), **told})
            _print({"proof": proof.name, "figures": proven.figures, "differences": len(found), "seconds": seconds})
    return 1 if differences else 0


async def _own(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    async with service.opened(settings) as resources:
        return 0 if await arguments.own.run(resources, _print) else 1


async def _clinics(service: Service, settings: Settings, _: argparse.Namespace) -> int:
    from chassis.database.clinic_directory import all_clinics

    async with service.opened(settings) as resources:
        for clinic_id in await all_clinics(resources.database):
            sys.stdout.write(f"{clinic_id}\n")
    return 0


async def _replay(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from chassis.messaging.inbound import Inbound
    from chassis.messaging.replay import replay

    until = arguments.until or datetime.now(UTC)
    async with service.opened(settings) as resources:
        inbound = Inbound(service.name, resources.database, service.subscriptions, service.without_person)
        if arguments.topic not in inbound.topics:
            sys.stderr.write(f"{service.name} does not listen to {arguments.topic}: {', '.join(inbound.topics)}\n")
            return _MISUSED
        await require_broker(settings.broker())
        read = await replay(inbound, settings.broker(), arguments.topic, arguments.since, until)
    _print({"topic": arguments.topic, "read": read})
    return 0


async def _restored(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    """Take over what was announced since, then read again what was heard since; 1 where anything is lost."""
    from chassis.messaging.inbound import Inbound
    from chassis.messaging.restoring import restore

    await require_broker(settings.broker())
    said: dict[str, Any] = {}
    async with service.opened(settings) as resources:
        inbound = Inbound(service.name, resources.database, service.subscriptions, service.without_person)
        until = datetime.now(UTC)
        async for said in restore(
            resources.database, settings.broker(), inbound, service.announcing, arguments.since, until
        ):
            _print(said)
    return 1 if said["lost"] else 0


async def _list_letters(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from chassis.messaging import dead_letters

    states = arguments.state or ("waiting", "dead")
    async with service.opened(settings) as resources, resources.database.reading([]) as connection:
        rows = await dead_letters.listed(connection, states, after=arguments.after, most=arguments.limit)
    for row in rows:
        _print(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's documented access to a row as a mapping
    if len(rows) == arguments.limit:
        sys.stderr.write(
            f"{arguments.limit} are shown, there may be more: --after {rows[-1].id}, or a larger --limit\n"
        )
    return 0


async def _show_letter(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from sqlalchemy import text

    from chassis.database.machinery import every_clinic

    async with (
        service.opened(settings) as resources,
        resources.database.reading([]) as connection,
        every_clinic(connection),
    ):
        found = await connection.execute(text("SELECT * FROM dead_letters WHERE id = :id"), {"id": arguments.id})
        row = found.mappings().one_or_none()
    if row is None:
        sys.stderr.write(f"there is no dead letter {arguments.id}\n")
        return 1
    _print(dict(row), indent=True)
    return 0


async def _replay_letters(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from chassis.messaging import dead_letters

    async with service.opened(settings) as resources, resources.database.transaction([], arguments.by) as work:
        done = await dead_letters.replay(work.connection, arguments.id, arguments.by, arguments.reason)
    return _told(done, arguments.id)


async def _dismiss_letters(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from chassis.messaging import dead_letters

    async with service.opened(settings) as resources, resources.database.transaction([], arguments.by) as work:
        done = await dead_letters.dismiss(work.connection, arguments.id, arguments.by, arguments.reason)
    return _told(done, arguments.id)


async def _reopen_letters(service: Service, settings: Settings, arguments: argparse.Namespace) -> int:
    from chassis.messaging import dead_letters

    async with service.opened(settings) as resources, resources.database.transaction([], arguments.by) as work:
        opened = await dead_letters.reopen(work.connection, arguments.id, arguments.by, arguments.reason)
        emptied = await dead_letters.without_data(work.connection, arguments.id)
    missed = sorted(set(arguments.id) - opened.keys() - set(emptied))
    told = {str(old): new for old, new in sorted(opened.items())}
    _print({"opened": told, "not_dismissed": missed, "without_data": sorted(emptied)})
    return 1 if missed or emptied else 0


def _plainly(fault: Exception) -> str:
    """What is wrong, in a line: the first of the text, as what follows in PostgreSQL's may quote a row."""
    cause = cause_of(fault)
    text = refusal(cause) or str(cause).partition("\n")[0]
    return f"{text} ({type(cause).__name__})"


def _told(done: Sequence[int], asked: Sequence[int]) -> int:
    missed = sorted(set(asked) - set(done))
    _print({"done": sorted(done), "not_open": missed})
    return 1 if missed else 0


def _print(document: Any, *, indent: bool = False) -> None:
    options = orjson.OPT_INDENT_2 if indent else 0
    sys.stdout.write(orjson.dumps(document, default=_shown, option=options).decode() + "\n")


def _shown(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _instant(given: str) -> datetime:
    found = datetime.fromisoformat(given)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _words(given: str) -> str:
    if not says_something(given):
        raise argparse.ArgumentTypeError("is blank")
    if wrong := unkept(given):
        raise argparse.ArgumentTypeError(wrong)
    return given.strip()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
