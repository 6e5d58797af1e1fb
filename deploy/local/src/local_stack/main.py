"""The command `stack`: the whole system on one machine, from a shell or from the Makefile."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from local_stack.arguments import API_PROCESSES_MAX, HOURS_MAX, PATIENTS_MAX, PORT_BASE_MAX, day, number, whole
from local_stack.places import home
from local_stack.trouble import CannotRun

Command = Callable[[argparse.Namespace], int]

CANNOT, INTERRUPTED = 2, 130


def main() -> int:
    """Run a command line; returns the exit code: 0 well, 1 not so, 2 when it cannot run, with the reason said."""
    arguments = _parser().parse_args()
    # A person watches: what is said must not wait in a buffer when the output is a pipe.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    try:
        command: Command = arguments.command
        return command(arguments)
    except CannotRun as trouble:
        sys.stderr.write(f"{trouble}\n")
        return CANNOT
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stack", description=__doc__)
    parser.add_argument("--home", type=Path, default=None, help="the folder of the stack (default: .local/stack)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_running(commands)
    _add_looking(commands)
    _add_playing(commands)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: Command, help_: str
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=help_, description=help_)
    added.set_defaults(command=command)
    return added


def _add_running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    up = _add(commands, "up", _up, "start everything in the background and print the addresses once it is healthy")
    run = _add(commands, "run", _run, "start everything and stay in the foreground; Ctrl-C stops it")
    for each in (up, run):
        _add_options(each)
        each.add_argument("--fresh", action="store_true", help="throw the data of earlier runs away first")
    down = _add(commands, "down", _down, "stop what `up` started")
    down.add_argument("--erase", action="store_true", help="throw the data away too")
    wrapped = _add(commands, "with", _with, "run a command with a throw-away PostgreSQL and Kafka in its environment")
    wrapped.add_argument("program", nargs=argparse.REMAINDER, metavar="-- PROGRAM ARGUMENTS")
    fetched = _add(commands, "fetch", _fetch, "fetch Kafka, check what the machine has, and prepare quick starts")
    fetched.add_argument(
        "--tests", action="store_true", help="and what only tests need: a Keycloak, migrated databases"
    )


def _add_options(parser: argparse.ArgumentParser) -> None:
    def option(name: str, **how: Any) -> None:
        parser.add_argument(name, default=argparse.SUPPRESS, **how)

    ports, processes = whole(1, PORT_BASE_MAX), whole(1, API_PROCESSES_MAX)
    option("--port-base", type=ports, help="count the ports up from here (default: free ones, remembered)")
    option("--api-processes", type=processes, help="API processes of invoicing and of payments (default: 1)")
    option("--trace-ratio", type=number(0, 1), help="the share of requests that are traced (default: 1)")
    option("--log-level", choices=("DEBUG", "INFO", "WARNING", "ERROR"), help="(default: INFO)")


def _add_looking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(commands, "status", _status, "say whether the stack runs, and where")
    logs = _add(commands, "logs", _logs, "follow the logs")
    logs.add_argument("names", nargs="*", help="only these, such as payments-worker")
    logs.add_argument("--no-follow", action="store_true", help="print their ends and leave")
    token = _add(commands, "token", _token, "print a token for the running stack's APIs")
    token.add_argument("--clinic", type=UUID, required=True, help="the clinic's id")
    token.add_argument("--scope", nargs="*", default=[], help="scopes, such as payments:write (default: all)")
    token.add_argument("--subject", default="clerk:local", help="who it stands for")
    token.add_argument("--hours", type=number(0.01, HOURS_MAX), default=8.0, help="how long it is valid")
    within = _add(commands, "exec", _exec, "run a service's own command in its environment: payments dead-letters list")
    within.add_argument("service")
    within.add_argument("arguments", nargs=argparse.REMAINDER)
    _add(commands, "prove", _prove, "recompute and compare every balance in all services; exit 1 on a difference")
    compare = _add(commands, "compare", _compare, "compare the services of any deployment, told by the environment")
    compare.add_argument(
        "clinics", nargs="+", type=UUID, metavar="CLINIC", help="ids, as `invoicing clinics` prints them"
    )
    forget = _add(commands, "forget", _forget, "have every service forget a patient, as the register's event would")
    forget.add_argument("--clinic", type=UUID, required=True, help="the clinic's id")
    forget.add_argument("--patient", type=UUID, required=True, help="the patient's id in the register")


def _add_playing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _add(commands, "demo", _demo, "play one clinic day into a stack of its own, print what came out, and stop")
    demo.add_argument("--keep", type=Path, help="where the stack of the demo lives (default: .local/demo, made anew)")
    play = _add(commands, "play", _play, "play an extract into the running stack and compare with its ledger")
    play.add_argument("--data", type=Path, required=True, help="the extract's folder")
    play.add_argument("--until", type=day, help="play only what happened until this day")
    play.add_argument("--patients", type=whole(1, PATIENTS_MAX), help="play only so many patients")
    remittance = _add(commands, "remittance", _remittance, "import an insurer's X12 835 file into the running stack")
    remittance.add_argument("file", type=Path)
    remittance.add_argument("--clinic", type=UUID, required=True, help="the clinic whose claims it pays")
    remittance.add_argument("--payer", type=UUID, help="the insurer's id (default: found on the invoices)")
    remittance.add_argument("--book", action="store_true", help="record its transfers in payments, too")
    remittance.add_argument("--another", action="store_true", help="it is another transfer than the one of its number")


def _home(arguments: argparse.Namespace) -> Path:
    given: Path | None = arguments.home
    return given.resolve() if given else home()


def _up(arguments: argparse.Namespace) -> int:
    from local_stack.background import up

    return up(_home(arguments), arguments)


def _run(arguments: argparse.Namespace) -> int:
    from local_stack.foreground import run

    return run(_home(arguments), arguments)


def _down(arguments: argparse.Namespace) -> int:
    from local_stack.background import down

    return down(_home(arguments), erase=arguments.erase)


def _with(arguments: argparse.Namespace) -> int:
    import asyncio

    from local_stack.throwaway import run_with_servers

    program = [part for part in arguments.program if part != "--" or arguments.program.index(part) > 0]
    if not program:
        raise CannotRun("Name the program to run: stack with -- pytest")
    return asyncio.run(run_with_servers(program))


def _fetch(arguments: argparse.Namespace) -> int:
    import asyncio

    from local_stack.kafka import prepare_quick_start
    from local_stack.prerequisites import check_prerequisites

    check_prerequisites(_home(arguments))
    asyncio.run(prepare_quick_start(print))
    if arguments.tests:
        from local_stack.keycloak import prepared_distribution
        from local_stack.prepared_postgres import prepare_databases

        prepared_distribution(print)
        asyncio.run(prepare_databases(print))
    return 0


def _status(arguments: argparse.Namespace) -> int:
    from local_stack.looking import status

    return status(_home(arguments))


def _logs(arguments: argparse.Namespace) -> int:
    from local_stack.looking import logs

    return logs(_home(arguments), arguments.names, follow=not arguments.no_follow)


def _token(arguments: argparse.Namespace) -> int:
    from local_stack.looking import token

    scopes = frozenset(scope for given in arguments.scope for scope in given.split())
    print(token(_home(arguments), arguments.clinic, scopes, arguments.subject, arguments.hours))  # noqa: T201 - its result
    return 0


def _exec(arguments: argparse.Namespace) -> int:
    from local_stack.looking import execute

    return execute(_home(arguments), arguments.service, arguments.arguments)


def _prove(arguments: argparse.Namespace) -> int:
    from local_stack.looking import prove

    return prove(_home(arguments))


def _compare(arguments: argparse.Namespace) -> int:
    from local_stack.looking import compare

    return compare(arguments.clinics)


def _forget(arguments: argparse.Namespace) -> int:
    from local_stack.forgetting import forget

    return forget(_home(arguments), arguments.clinic, arguments.patient)


def _demo(arguments: argparse.Namespace) -> int:
    from local_stack.playing import demo

    return demo(arguments.keep)


def _play(arguments: argparse.Namespace) -> int:
    from local_stack.playing import play

    return play(_home(arguments), arguments.data, arguments.until, arguments.patients)


def _remittance(arguments: argparse.Namespace) -> int:
    from local_stack.playing import remittance

    asked = {"books": arguments.book, "is_another": arguments.another}
    return remittance(_home(arguments), arguments.file, arguments.clinic, arguments.payer, **asked)


if __name__ == "__main__":
    sys.exit(main())
