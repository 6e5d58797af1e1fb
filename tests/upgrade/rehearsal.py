"""A practice goes on while its system is upgraded: `python tests/upgrade/rehearsal.py [COMMIT]`, the release without.

A stack of that commit's own code works for clerks who never pause. Each database is migrated beside that, then each
process is replaced by one of this code; some time later everything comes to rest, and is looked at from outside as
after a round of faults. Prints how long each step took, as Markdown for `docs/reliability.md`; ends with 1 where
anything was lost or doubled. Not in `make test`: it takes minutes, and an older commit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("upgrade", "faults", "journeys")]

from asked_requests import AskingApi  # noqa: E402 - after its folder is on the path
from far_broker import StackSeenFromAfar  # noqa: E402
from fault_load import Clerk, PersistentAnnouncer, Visits  # noqa: E402
from faults import PATIENCE_SECONDS, TOLD, found_wrong  # noqa: E402
from front_office import FrontOffice  # noqa: E402
from hurried_office import HurriedOffice  # noqa: E402
from keep_release import PREVIOUS, SOURCES, unpacked  # noqa: E402
from local_stack.layout import ROLES, SERVICES  # noqa: E402
from local_stack.places import passable_folder  # noqa: E402
from local_stack.practice.streams import Streams  # noqa: E402
from nemesis import say  # noqa: E402
from partner import Partner  # noqa: E402
from planted import NAME  # noqa: E402
from replaying import run_command  # noqa: E402
from second_processes import SecondProcesses  # noqa: E402

OLD_PATH = (*SOURCES, "deploy/local/src", "frontdesk/src", "remittances/src")
CLERKS, BEFORE_SECONDS, AFTER_SECONDS = 3, 20.0, 20.0


def main() -> int:
    """Rehearse it."""
    parser = argparse.ArgumentParser(prog="rehearsal", description=main.__doc__)
    kept = json.loads((PREVIOUS / "release.json").read_text())["commit"]
    parser.add_argument("commit", nargs="?", default=kept, help="what is upgraded from")
    parser.add_argument("--seed", type=int, default=17, help="what clerks draw from")
    arguments = parser.parse_args()
    os.environ.update(TOLD)
    # The store of documents is switched on when no process is left of a release that may not know it.
    os.environ["DOCUMENT_STORE_URL"] = ""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        unpacked(arguments.commit, Path(folder))
        os.environ["PYTHONPATH"] = os.pathsep.join(f"{folder}/{one}" for one in OLD_PATH)
        lines, wrong = asyncio.run(rehearse(arguments.seed))
    say("\n".join([f"### From {arguments.commit[:8]}, seed {arguments.seed}", "", *lines, *wrong]))
    return 1 if wrong else 0


async def rehearse(seed: int) -> tuple[list[str], list[str]]:
    """What each step took, and what is wrong in the end. Everything that starts is of the older code until migrated."""
    home = passable_folder("upgrade")
    stack = StackSeenFromAfar(home, stand_back=False, trace_ratio=0.0)
    try:
        async with stack:
            return await _rehearse(stack, seed)
    finally:
        stack.erase()


async def _rehearse(stack: StackSeenFromAfar, seed: int) -> tuple[list[str], list[str]]:
    dice, counted = Random(seed), Counter[str]()
    addresses = stack.layout.addresses()
    announcer = PersistentAnnouncer(addresses.kafka_bootstrap)
    async with AskingApi(addresses, Random(seed), PATIENCE_SECONDS) as api:
        async with Streams(api, addresses.kafka_bootstrap) as streams:
            office = await FrontOffice.open(api, announcer, streams)  # type: ignore[arg-type]
            patients = [await office.register(2, NAME) for _ in range(CLERKS)]
            people = [Clerk(HurriedOffice(office, Random(dice.random()), two, counted), counted) for two in patients]
            day = Visits(office, announcer, await office.register(3, NAME), Random(dice.random()))
        stop = asyncio.Event()
        working = [asyncio.create_task(person.work(stop)) for person in people]
        working.append(asyncio.create_task(day.happen(stop)))
        await asyncio.sleep(BEFORE_SECONDS)
        lines, wrong = await _upgraded(stack, dice)
        await asyncio.sleep(AFTER_SECONDS)
        stop.set()
        await asyncio.gather(*working)
        told = ", ".join(f"{count:,} {what}" for what, count in sorted(api.told.items()))
        lines.append(f"| changes asked for meanwhile | {told} |")
        # What the older code kept of an event may be less than this one keeps of it: built anew, it would be more.
        found, _ = await found_wrong(stack, api, [day], [office], Partner(), projections={})
        await announcer.close()
    return lines, [f"- WRONG: {one}" for one in (*wrong, *found)]


async def _upgraded(stack: StackSeenFromAfar, dice: Random) -> tuple[list[str], list[str]]:
    """Migrate each database, then replace each process, all by this code."""
    del os.environ["PYTHONPATH"]
    second = SecondProcesses(stack, dice)
    lines = ["| step, under load | took |", "|---|---|"]
    for service in SERVICES:
        began = time.monotonic()
        second.wrong += await run_command(stack, service, ["migrate"])
        lines.append(f"| {service} migrated | {time.monotonic() - began:.1f} s |")
    for service in SERVICES:
        for role in ROLES[service]:
            began = time.monotonic()
            came = await second.replaced(service, role)
            lines.append(f"| replaced: {came} | {time.monotonic() - began:.1f} s |")
    return lines, second.wrong


if __name__ == "__main__":
    sys.exit(main())
