"""Looking at a running stack: where it is, its logs, a token for it, its services' own commands."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from local_stack import places, state
from local_stack.edge.clients import SCOPES
from local_stack.edge.people import PEOPLE
from local_stack.edge.signing import Signer
from local_stack.layout import PROOF, SERVICES, Layout, kept_passwords
from local_stack.places import ROOT, command
from local_stack.practice.addresses import Addresses
from local_stack.state import State
from local_stack.trouble import CannotRun

DEMO_CLINIC = UUID("11111111-1111-7111-8111-111111111111")


def layout_of(home: Path) -> Layout:
    """The layout of the stack that runs in `home`. Raises CannotRun when none does."""
    said = state.running(home)
    if said is None or said.phase != "healthy":
        raise CannotRun("No stack runs; `make up` starts one.")
    return Layout(home, said.ports, kept_passwords(home))


def describe(home: Path, said: State) -> str:
    """Where everything is, for the person who started it."""
    layout = Layout(home, said.ports, kept_passwords(home))
    rows = [
        ("front desk", layout.url("frontdesk")),
        ("  sign in as", f"{', '.join(PEOPLE)}"),
        ("  password", layout.passwords["people"]),
    ]
    rows += [("APIs", f"{layout.api_url('SERVICE')}/v1, SERVICE one of {', '.join(SERVICES)}")]
    rows += [(f"  {name}", f"{layout.api_url(name)}/openapi.json") for name in SERVICES]
    rows += [
        ("mails", layout.edge_url),
        ("tokens", f"{layout.edge_url}/token"),
        ("proofs", f"{layout.edge_url}/prove/CLINIC"),
        ("Kafka", layout.addresses().kafka_bootstrap),
        ("PostgreSQL", f"127.0.0.1:{said.ports['postgres']} (passwords: {home / 'passwords.json'})"),
        ("logs", str(home / "logs")),
        ("traces", str(home / "edge" / "traces" / "spans.jsonl")),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {where}" for name, where in rows]
    example = token(home, DEMO_CLINIC, SCOPES, "clerk:local", hours=8)
    stack = _shown(Path(command("stack")))
    return "\n".join(
        [
            "The stack is up:",
            *lines,
            "",
            f"A token of clinic {DEMO_CLINIC} for 8 hours, with every scope",
            f"(another: {stack} token --clinic ID --scope payments:write):",
            f"  {example}",
            "",
            "Stop it with `make down`.",
        ]
    )


def status(home: Path) -> int:
    """Say how the stack of `home` is; 0 when it is healthy."""
    said = state.running(home)
    if said is None:
        print("No stack runs; `make up` starts one.")  # noqa: T201 - its result
        return 1
    print(describe(home, said) if said.phase == "healthy" else f"The stack is {said.phase}.")  # noqa: T201 - its result
    for line in said.ended:
        print(f"  {line}")  # noqa: T201 - its result
    return 0 if said.phase == "healthy" else 1


def token(home: Path, clinic_id: UUID, scopes: frozenset[str], subject: str, hours: float) -> str:
    """A token for the stack that runs in `home`. Raises CannotRun where a scope does not exist."""
    if unknown := scopes - SCOPES:
        raise CannotRun(f"There is no scope {', '.join(sorted(unknown))}; there are {', '.join(sorted(SCOPES))}.")
    issuer = layout_of(home).edge_url
    signer = Signer.kept_in(home / "edge" / "signing-key.pem", issuer)
    seconds = int(hours * 3600)
    return signer.token(subject=subject, clinic_id=clinic_id, scopes=scopes or SCOPES, lifetime_seconds=seconds)


def logs(home: Path, names: Sequence[str], *, follow: bool) -> int:
    """Print the ends of the logs, and what comes after them if `follow`."""
    folder = home / "logs"
    files = [folder / f"{name}.log" for name in names] or sorted(folder.glob("*.log"))
    missing = [file.stem for file in files if not file.exists()]
    if missing or not files:
        have = ", ".join(sorted(file.stem for file in folder.glob("*.log"))) or "none; `make up` starts the stack"
        raise CannotRun(f"There is no log of {', '.join(missing) or 'anything'}; there are: {have}.")
    tail = ["tail", "-n", "20", *(["-F"] if follow else []), *map(str, files)]
    return subprocess.run(tail, check=False).returncode  # noqa: S603 - our own files


def execute(home: Path, service: str, arguments: Sequence[str]) -> int:
    """Run a service's own command as the running stack's processes run; its exit code."""
    if service not in SERVICES:
        raise CannotRun(f"There is no service {service}; there are {', '.join(SERVICES)}.")
    done = subprocess.run([command(service), *arguments], env=_beside(layout_of(home), service), check=False)  # noqa: S603
    return done.returncode


def set_aside_by(home: Path, service: str) -> str:
    """The command that lists what a service of the stack in `home` set aside, as a person types it here."""
    elsewhere = "" if home == places.home() else f" --home {_shown(home)}"
    return f"{_shown(Path(command('stack')))}{elsewhere} exec {service} dead-letters list"


def prove(home: Path) -> int:
    """Have every service recompute what it stores, then compare the services (`ALL-8`); 1 where anything differs."""
    layout = layout_of(home)
    well = prove_each(layout)
    print("compared with each other:", flush=True)  # noqa: T201 - a heading for what follows
    lines, differences = asyncio.run(compare_all(layout))
    for line in lines + differences:
        print(f"  {line}")  # noqa: T201 - its result
    well = well and not differences
    print("All balances are proven: no difference." if well else "There are differences, see above.")  # noqa: T201 - its result
    return 0 if well else 1


def prove_each(layout: Layout) -> bool:
    """Have every service recompute what it stores, of all clinics, and print what it says; whether all is well."""
    codes = []
    for service in SERVICES:
        print(f"{service}:", flush=True)  # noqa: T201 - a heading for what follows
        codes.append(subprocess.run([command(service), "prove"], env=_beside(layout, service), check=False).returncode)  # noqa: S603
    return not any(codes)


def compare(clinics: Sequence[UUID]) -> int:
    """Compare the services that the environment names; 1 where anything differs. Raises CannotRun."""
    try:
        addresses = Addresses.from_env()
    except KeyError as missing:
        raise CannotRun(f"The environment variable {missing} is not set.") from None
    except (ValueError, OSError) as unusable:
        raise CannotRun(f"What the environment says cannot be used: {unusable}") from None
    lines, differences = asyncio.run(_side_by_side(addresses, clinics))
    for line in lines + differences:
        print(line)  # noqa: T201 - its result
    return 1 if differences else 0


async def compare_all(layout: Layout) -> tuple[list[str], list[str]]:
    """Lay the services side by side, clinic by clinic: what was compared, and what differs, a line each."""
    listed = await asyncio.create_subprocess_exec(
        command("invoicing"), "clinics", env=_beside(layout, "invoicing"), stdout=subprocess.PIPE
    )
    said, _ = await listed.communicate()
    if listed.returncode:
        raise CannotRun("invoicing does not say which clinics there are, see above.")
    return await _side_by_side(layout.addresses(PROOF), [UUID(one) for one in said.decode().split()])


async def _side_by_side(addresses: Addresses, clinics: Sequence[UUID]) -> tuple[list[str], list[str]]:
    from local_stack.practice.api import Api
    from local_stack.practice.comparing import compare_clinics
    from local_stack.practice.problems import PlayError

    try:
        async with Api(addresses) as api:
            outcome = await compare_clinics(api, clinics)
    except PlayError as error:
        raise CannotRun(f"Not compared: {error}") from None
    return list(outcome.lines()), list(outcome.told())


def _beside(layout: Layout, service: str) -> dict[str, str]:
    """The environment of a service's own command: no part of what runs, so its traces are not the service's."""
    return layout.env(service) | {"OTLP_ENDPOINT": ""}


def _shown(path: Path) -> str:
    """A path as a person in the checkout would type it."""
    try:
        return str(path.relative_to(ROOT)) if Path.cwd() == ROOT else os.path.relpath(path)
    except ValueError:
        return str(path)
