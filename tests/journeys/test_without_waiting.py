"""Nobody waits for anything, and workers stand still at random: no cent goes twice, and all services agree (`PAY-20`).

Payments, refunds, notes, undoing, write-offs, voids, plans, insurers' decisions and credit, over the real HTTP APIs and
Kafka, one after the other and at once, without a rest in between; the workers of invoicing and payments stand still and
go on as drawn. When the streams have come to rest at last, everything is added up: invoices, accounts, credit, tax by
group, the proof of each service, and each laid beside the other (`ALL-8`).

`WITHOUT_WAITING=200` plays so many sequences, each new ones; without it a few, the same every time.
`WITHOUT_WAITING_SEED=7` plays the sequence of that seed alone.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from random import Random, SystemRandom
from typing import Any

import pytest
from front_office import FrontOffice
from hurried_office import HurriedOffice
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.comparing import compare_clinics
from local_stack.practice.ledger import in_cents
from local_stack.practice.streams import Streams
from local_stack.supervisor import Stack

pytestmark = pytest.mark.rule("PAY-20.1")

SEQUENCES = 4
STEPS = 24
AT_ONCE_MAX = 4
HELD_SECONDS_MAX = 4.0
"""How long a request may wait for rows that a worker has locked which stands still."""
PAUSED = ("invoicing", "payments")
SERVICES = ("invoicing", "payments", "receipts")


def seeds() -> list[int]:
    if given := os.environ.get("WITHOUT_WAITING_SEED"):
        return [int(given)]
    if many := os.environ.get("WITHOUT_WAITING"):
        return [SystemRandom().randrange(10**9) for _ in range(int(many))]
    return list(range(1, SEQUENCES + 1))


@pytest.fixture
async def office(api: Api, announcer: Announcer) -> AsyncIterator[FrontOffice]:
    async with Streams(api, api.addresses.kafka_bootstrap, SERVICES, silent=["receipts"]) as streams:
        yield await FrontOffice.open(api, announcer, streams)


@pytest.mark.timeout(24 * 3600)
async def test_whoever_waits_for_nothing_leaves_books_that_add_up(
    stack: Stack, api: Api, office: FrontOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    """PAY-20, INV-9, MON-11, ALL-8."""
    counted: Counter[str] = Counter()
    try:
        for seed in seeds():
            counted["sequences"] += 1
            await play(stack, api, office, seed, counted)
    finally:
        with capsys.disabled():
            print(f"\n{dict(counted.most_common())}")  # noqa: T201 - what a long run is read for


async def play(stack: Stack, api: Api, office: FrontOffice, seed: int, counted: Counter[str]) -> None:
    dice = Random(seed)
    hurried = HurriedOffice(office, dice, await office.register(2), counted)
    try:
        await hurry(stack, hurried, dice)
        await adds_up(api, office, hurried)
    except BaseException as failed:
        failed.add_note(f"WITHOUT_WAITING_SEED={seed}\n" + "\n".join(hurried.told))
        for name in ("invoicing-api", "payments-api"):
            failed.add_note(f"{name}:\n{stack.processes[name].last_words()}")
        raise


async def hurry(stack: Stack, hurried: HurriedOffice, dice: Random) -> None:
    paused: set[str] = set()
    try:
        for _ in range(2):
            await hurried.issue()
        for _ in range(STEPS):
            change_who_stands_still(stack, hurried, dice, paused)
            many = dice.choice([1, 1, 2, AT_ONCE_MAX])
            acting = asyncio.gather(*(hurried.act() for _ in range(many)))
            done, _ = await asyncio.wait([acting], timeout=HELD_SECONDS_MAX)
            if not done:
                # Whoever stands still within a transaction has its rows locked, and others wait for them.
                let_all_go_on(stack, hurried, paused)
            await acting
    finally:
        let_all_go_on(stack, hurried, paused)


def let_all_go_on(stack: Stack, hurried: HurriedOffice, paused: set[str]) -> None:
    for service in paused:
        stack.resume(service, "worker")
        hurried.told.append(f"{service} goes on, as others wait for it")
    paused.clear()


def change_who_stands_still(stack: Stack, hurried: HurriedOffice, dice: Random, paused: set[str]) -> None:
    """Now and then one worker stops where it is, or goes on."""
    service = dice.choice(PAUSED)
    if dice.random() < 0.25:
        (stack.resume if service in paused else stack.pause)(service, "worker")
        paused ^= {service}
        hurried.told.append(f"{service} {'stands still' if service in paused else 'goes on'}")
        hurried.counted["pauses"] += service in paused


async def adds_up(api: Api, office: FrontOffice, hurried: HurriedOffice) -> None:
    """Invoices, accounts and credit agree in all services, tax by group is within what there is, and all is proven."""
    await office.shown(list(hurried.patients), sorted(hurried.invoices))
    for invoice in sorted(hurried.invoices):
        within_its_groups(await office.read("invoicing", f"/v1/invoices/{invoice}"))
    for service in SERVICES:
        proof = await office.read(service, "/v1/prove")
        assert proof["differences"] == [], f"{service}: {proof['differences']}"
    outcome = await compare_clinics(api, [office.clinic.id])
    assert not outcome.differences, "\n".join(outcome.told())


def within_its_groups(invoice: Mapping[str, Any]) -> None:
    """MON-11: of no tax category and rate is more credited than invoice and debit notes have in it; nor less undone."""
    asked: Counter[tuple[str, str, str]] = Counter()
    credited: Counter[tuple[str, str, str]] = Counter()
    for group in invoice["totals"]["taxes"]:
        for what, amount in (("net", group["base"]), ("tax", group["tax"])):
            asked[group["category"], group["rate"], what] += in_cents(amount["amount"])
    for note in invoice["notes"]:
        own = note["kind"] in ("late_fee", "correction", "undo_debit_note")
        sign = 1 if (note["side"] == "debit") == own else -1
        for line in note["lines"]:
            for what in ("net", "tax"):
                key = line["tax_category"], line["tax_rate"], what
                (asked if own else credited)[key] += sign * in_cents(line[what]["amount"])
    for key in asked | credited:
        assert 0 <= credited[key] <= asked[key], f"{key} of {invoice['number']}: {credited[key]} of {asked[key]}"
