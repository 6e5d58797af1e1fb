"""`make play`: an extract into the running stack at full speed, then every visit's invoice beside the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console

from local_stack.practice.addresses import Addresses
from local_stack.practice.api import Api
from local_stack.practice.comparison import Comparison, Sums
from local_stack.practice.csv_rows import DataError
from local_stack.practice.extract import Extract, Size
from local_stack.practice.player import Played, Player
from local_stack.practice.printing import aligned, counted, dollars
from local_stack.practice.problems import PlayError, Stuck
from local_stack.practice.progress import Steps
from local_stack.practice.proving import Proof, prove

Look = Callable[[str], str]
"""Where a person sees what a service set aside: a command or a file."""
AGREES, DIFFERS, CANNOT = 0, 1, 2
NAMED_MAX = 200
"""How many differences are printed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be played: a folder, and how much of it."""

    data: Path
    until: date | None = None
    patients: int | None = None


async def run(
    addresses: Addresses, asked: Asked, console: Console | None = None, *, look: Look = lambda service: service
) -> int:
    """Play and compare. 0: every visit agrees; 1: some differ, each named; 2: it could not be played, and why."""
    shown = console or Console(highlight=False)
    try:
        with Extract(asked.data, until=asked.until, patients=asked.patients) as extract:
            return await _play(addresses, extract, shown)
    except (DataError, PlayError) as error:
        say(shown, f"Not played: {error}")
        where_to_look(shown, error, look)
        return CANNOT


async def _play(addresses: Addresses, extract: Extract, console: Console) -> int:
    size = extract.check()
    say(console, opening(size))
    async with Api(addresses) as api:
        await api.reach()
        with Steps(console) as steps:
            played = await Player(extract, size, api, steps).play()
        comparison = Comparison(extract, api)
        differences = played.refusals + await comparison.compare()
        proof = await prove(api, [clinic.id for clinic in extract.clinics()])
    for line in (*what_was_done(played), *what_it_comes_to(comparison.sums), *verdict(size, differences)):
        say(console, line)
    for line in proven(proof):
        say(console, line)
    return DIFFERS if differences or proof.told() else AGREES


def proven(proof: Proof) -> list[str]:
    """What the services proved by themselves and beside each other; and where they do not."""
    wrong = proof.told()
    lines = [f"{counted(len(wrong), 'difference')} in the books:" if wrong else "The books balance:"]
    lines += [f"  {line}" for line in (*wrong[:NAMED_MAX], *proof.lines())]
    return lines


def say(console: Console, line: str) -> None:
    """Print a line as it is: paths and brackets in it mean nothing."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def where_to_look(console: Console, error: Exception, look: Look) -> None:
    """Print where one sees why a service did not do what it should have done."""
    for service in error.services if isinstance(error, Stuck) else ():
        say(console, f"What {service} set aside, and why: {look(service)}")


def opening(size: Size) -> str:
    """What is about to be played."""
    visits = f"{counted(size.visits, 'visit')} of {counted(size.patients, 'patient')}"
    lines = f"{counted(size.procedures, 'procedure')}, {counted(size.decisions, 'decision')} of insurers"
    lines += f", {counted(size.payments, 'payment')}"
    return f"Playing {visits} at {counted(size.clinics, 'clinic')}: {lines}"


def what_was_done(played: Played) -> list[str]:
    """How much was sent, and how fast."""
    rate = f" ({played.payments / played.seconds:,.0f} payments/s)" if played.payments else ""
    new = counted(played.visits - played.already, "visit")
    sent = f"{new}, {counted(played.decisions, 'decision')} of insurers and {counted(played.payments, 'payment')}"
    lines = [f"Sent {sent} in {played.seconds:.1f} s{rate}"]
    if played.already:
        lines.append(f"{counted(played.already, 'visit')} had been invoiced before; only missing payments were sent")
    return lines


def what_it_comes_to(sums: Sums) -> list[str]:
    """The sums that the services show."""
    paid = [
        (f"paid by {payer}, {method.replace('_', ' ')}", dollars(cents))
        for (payer, method), cents in sorted(sums.paid.items())
    ]
    rows = [
        (f"invoiced for {counted(sums.visits, 'visit')}", dollars(sums.total)),
        *paid,
        ("outstanding", dollars(sums.outstanding)),
        ("insurers decided to pay", dollars(sums.insurers_decided)),
        ("insurers left to the patients", dollars(sums.patient_part)),
    ]
    return ["As invoicing and payments show it (USD):", *aligned(rows)]


def verdict(size: Size, differences: list[str]) -> list[str]:
    """Whether the services agree with the ledger; if not, where."""
    if not differences:
        return [f"All {counted(size.visits, 'visit')} agree with the ledger"]
    lines = [f"{counted(len(differences), 'difference')} from the ledger:"]
    lines += [f"  {line}" for line in differences[:NAMED_MAX]]
    if len(differences) > NAMED_MAX:
        lines.append(f"  and {len(differences) - NAMED_MAX:,} more")
    return lines
