"""`make faults`: a practice's load while everything is killed, paused and cut; then all of it is checked from outside.

`make faults ARGS="--minutes 60 --seed 7"` repeats what the seed draws, though not its timing. Prints what was survived
and how long each kind took to recover, as Markdown for `docs/reliability.md`; ends with 1 where anything was lost or
doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random, SystemRandom

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "journeys"), str(ROOT / "tests" / "faults")]

from asked_requests import AskingApi  # noqa: E402 - after its folder is on the path
from disk import Disk, disk_at  # noqa: E402
from evidence import collected, come_to_rest, settle  # noqa: E402
from far_broker import StackSeenFromAfar  # noqa: E402
from fault_load import Clerk, PersistentAnnouncer, Visits  # noqa: E402
from fault_report import Round, report  # noqa: E402
from front_office import FrontOffice  # noqa: E402
from hurried_office import HurriedOffice  # noqa: E402
from local_stack.places import passable_folder  # noqa: E402
from local_stack.practice.problems import PlayError  # noqa: E402
from local_stack.practice.streams import Streams  # noqa: E402
from local_stack.supervisor import Stack  # noqa: E402
from nemesis import Nemesis, say  # noqa: E402
from partner import Partner, partner  # noqa: E402
from planted import NAME  # noqa: E402
from replaying import PROJECTIONS, Projection, changed_by_replay  # noqa: E402
from survival import lost_or_doubled  # noqa: E402

CLINICS = 2
PATIENCE_SECONDS = 45.0
FINALLY_PATIENT_SECONDS = 120.0
LOGS_KEPT = ROOT / ".local" / "faults-logs"
TOLD = {"LATE_DRAFT_QUIET_SECONDS": "10", "WEBHOOK_PRIVATE_ADDRESSES": "true"}
"""What is quicker than usual, and that a partner may be on this machine."""


def main() -> int:
    """Play one round."""
    parser = argparse.ArgumentParser(prog="make faults", description=main.__doc__)
    parser.add_argument("--minutes", type=float, default=3.0, help="of faults; what follows takes some more")
    parser.add_argument("--seed", type=int, default=None, help="what is drawn; a new one without")
    parser.add_argument("--clerks", type=int, default=6, help="who ask for changes, each without a pause")
    arguments = parser.parse_args()
    seed = SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    say(f"seed {seed}, {arguments.minutes:g} minutes, {arguments.clerks} clerks")
    os.environ.update(TOLD)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # that the broker is away is what is meant
    played = asyncio.run(play(seed, arguments.minutes * 60, arguments.clerks))
    say(report(played))
    return 1 if played.wrong else 0


async def play(seed: int, seconds: float, clerks: int) -> Round:
    """A stack of its own: the load, the faults, rest, and what is found. Its logs are kept."""
    home = passable_folder("faults")
    stack = StackSeenFromAfar(home, stand_back=False, trace_ratio=0.0)
    try:
        with disk_at(home / "postgres") as disk:
            async with stack, partner() as told:
                return await _play(stack, disk, told, Random(seed), seed, seconds, clerks)
    finally:
        shutil.rmtree(LOGS_KEPT, ignore_errors=True)
        shutil.copytree(home / "logs", LOGS_KEPT)
        stack.erase()


async def _play(
    stack: StackSeenFromAfar,
    disk: Disk | None,
    told: Partner,
    dice: Random,
    seed: int,
    seconds: float,
    clerks: int,
) -> Round:
    addresses = stack.layout.addresses()
    announcer = PersistentAnnouncer(addresses.kafka_bootstrap)
    counted: Counter[str] = Counter()
    async with AskingApi(addresses, Random(seed), PATIENCE_SECONDS) as api:
        async with Streams(api, addresses.kafka_bootstrap) as streams:
            offices = [await FrontOffice.open(api, announcer, streams) for _ in range(CLINICS)]  # type: ignore[arg-type]
            for office in offices:
                await told.be_told_by(api, office.clinic.id)
            people = [Clerk(await _at_a_desk(offices[one % CLINICS], dice, counted), counted) for one in range(clerks)]
            days = [
                Visits(office, announcer, await office.register(3, NAME), Random(dice.random())) for office in offices
            ]
        stop, began = asyncio.Event(), time.monotonic()
        working = [asyncio.create_task(person.work(stop)) for person in people]
        working += [asyncio.create_task(day.happen(stop)) for day in days]
        nemesis = Nemesis(stack, Random(seed), disk)
        await nemesis.rage(seconds, say)
        stop.set()
        await asyncio.gather(*working)
        lasted = time.monotonic() - began
        say(f"{len(nemesis.faults)} faults in {lasted:.0f} s; it comes to rest")
        wrong, rested = await found_wrong(stack, api, days, offices, told)
        await announcer.close()
    wrong += nemesis.wrong
    wrong += [
        f"never ready again after {fault.kind}: {fault.what}" for fault in nemesis.faults if fault.recovered is None
    ]
    visits = sum(len(day.told) for day in days)
    return Round(seed, seconds / 60, clerks, nemesis.faults, api.told, visits, rested, wrong)


async def _at_a_desk(office: FrontOffice, dice: Random, counted: Counter[str]) -> HurriedOffice:
    return HurriedOffice(office, Random(dice.random()), await office.register(2, NAME), counted)


async def found_wrong(
    stack: Stack,
    api: AskingApi,
    days: list[Visits],
    offices: list[FrontOffice],
    told: Partner,
    projections: Mapping[str, Projection] = PROJECTIONS,
) -> tuple[list[str], float]:
    """What is lost, doubled or not as it should be, and how long everything took to come to rest."""
    clinics = [office.clinic.id for office in offices]
    began = time.monotonic()
    api._patience_seconds = FINALLY_PATIENT_SECONDS
    try:
        await settle(api)
        set_aside = await come_to_rest(api, clinics, stack.layout.addresses().kafka_bootstrap, told)
    except PlayError as trouble:
        return [*api.wrong, f"it never came to rest: {trouble}"], time.monotonic() - began
    rested = time.monotonic() - began
    try:
        found = lost_or_doubled(await collected(stack, api, days, clinics, set_aside, told))
        say("every topic is heard again from its first record")
        found += await changed_by_replay(stack, projections)
    except PlayError as trouble:
        found = [f"it could not be looked at: {trouble}"]
    return [*api.wrong, *found], rested


if __name__ == "__main__":
    sys.exit(main())
