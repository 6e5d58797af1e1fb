"""Whatever is done with money, in any order and at once: both services and the receipts show what the model says.

A Hypothesis state machine over the running stack: its HTTP APIs, its Kafka. After every step the streams come to rest,
and all that people see is compared (PAY-2 to PAY-6, PAY-11, INV-6, INV-8, INV-9, RCP-1, RCP-3).

`ANY_ORDER=200` plays so many sequences, each new ones; without it a few, the same every time. `ANY_ORDER_SEED=7` seeds.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import pytest
from books_in_words import Books
from explaining import Step, outcomes
from front_office import Done, FrontOffice, as_shown
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.streams import Streams
from local_stack.supervisor import Stack

pytestmark = pytest.mark.rule("ALL-8.2")

SEQUENCES = 3
STEPS = 20
INVOICES_MAX = 4
SERVICES = ("invoicing", "payments", "receipts")
T = TypeVar("T")


@dataclass
class World:
    """The stack, the front office in it, and what was counted."""

    runner: asyncio.Runner
    office: FrontOffice
    counted: Counter[str] = field(default_factory=Counter)


class Dice:
    """Chance from one number: evenly spread, and never dependent on what came of a race."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._random = Random(number)

    def __repr__(self) -> str:
        return f"Dice({self._number})"

    def among(self, these: Sequence[T]) -> T:
        return self._random.choice(these)

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, max(low, high))

    def yes(self) -> bool:
        return self._random.random() < 0.5


DICE = st.integers(0, 2**64 - 1).map(Dice)


class AnyOrder(RuleBasedStateMachine):
    """Two patients of one family, who pay each other's invoices."""

    world: World

    @initialize(first=DICE, second=DICE, third=DICE)
    def begin(self, first: Dice, second: Dice, third: Dice) -> None:
        self.books = Books()
        self.possible = [self.books]
        self.patients: list[str] = self.world.runner.run(self.world.office.register(2))
        self.world.counted["sequences"] += 1
        self.step(self.issue(first), self.issue(second))
        self.step(self.pay(third))

    @rule(dice=DICE)
    def something_happens(self, dice: Dice) -> None:
        more = dice.between(0, 9) == 0 and len(self.books.invoices) < INVOICES_MAX
        self.step(self.issue(dice) if more else self.anything(dice))

    @rule(many=st.lists(DICE, min_size=2, max_size=4))
    def several_clerks_at_once(self, many: list[Dice]) -> None:
        """As if in some order, or as crossed by events on their way."""
        self.step(*map(self.anything, many))

    def step(self, *drawn: Step | None) -> None:
        office, counted = self.world.office, self.world.counted
        steps = [one for one in drawn if one is not None]

        async def take() -> list[Done]:
            return list(await asyncio.gather(*(office.do(verb, **how) for verb, how in steps)))

        done = self.world.runner.run(take())
        came = list(zip(steps, done, strict=True))
        told = [f"{verb} {how} -> {one}" for (verb, how), one in came]
        for line in told:
            counted[("at once: " if len(steps) > 1 else "") + line.partition(" ")[0]] += 1
        assert all(one.cents == how["amount"] for (verb, how), one in came if verb == "note" and one.allowed), told
        possible = outcomes(self.possible, came)
        assert possible, f"no order of these explains which were allowed: {told}"
        shown = self.world.runner.run(office.shown(self.patients, sorted(possible[0].invoices)))
        fitting = [books for books in possible if as_shown(books, self.patients) == shown]
        wanted = [as_shown(books, self.patients) for books in possible]
        assert fitting, f"after {told} there is\n{shown}\ninstead of\n" + "\nor ".join(map(str, wanted))
        # Orders that look the same now may come apart later, so all of them are kept.
        self.possible, self.books = fitting, fitting[0]

    def anything(self, dice: Dice) -> Step | None:
        weighed = {
            self.pay: 4,
            self.refund: 4,
            self.reverse: 2,
            self.cancel_refund: 2,
            self.cancel_many: 1,
            self.use_credit: 3,
            self.document: 4,
        }
        return dice.among([kind for kind, weight in weighed.items() for _ in range(weight)])(dice)

    def issue(self, dice: Dice) -> Step:
        taxed = dice.among([0, dice.between(1, 5_000)])
        return "issue", {"patient": dice.among(self.patients), "exempt": dice.between(1, 20_000), "taxed": taxed}

    def pay(self, dice: Dice) -> Step:
        known = sorted(self.books.invoices)
        invoices = list(dict.fromkeys(dice.among(known) for _ in range(dice.among([0, 1, 2, 3, 3, 3]))))
        asked = sum(self.books.invoices[invoice].room for invoice in invoices)
        amount = max(1, dice.among([asked, asked // 2, asked // 3, asked + 1_000]) + dice.between(-3, 3))
        how = {"patient": dice.among(self.patients), "amount": amount, "invoices": invoices}
        return "pay", how | {"more_allowed": dice.yes()}

    def refund(self, dice: Dice) -> Step | None:
        if not self.books.payments:
            return None
        payment = self.payment(dice)
        one = self.books.payments[payment]
        amount = self.about(dice, one.amount - one.refunded)
        return "refund", {"payment": payment, "amount": amount, "surplus_only": dice.between(0, 4) == 0}

    def reverse(self, dice: Dice) -> Step | None:
        verb = dice.among(["cancel", "charge_back"])
        return (verb, {"payment": self.payment(dice)}) if self.books.payments else None

    def payment(self, dice: Dice) -> str:
        """Mostly one that still stands."""
        standing = sorted(one for one, it in self.books.payments.items() if it.state == "recorded")
        return dice.among(standing if standing and dice.between(0, 3) else sorted(self.books.payments))

    def cancel_refund(self, dice: Dice) -> Step | None:
        return ("cancel_refund", {"refund": dice.among(sorted(self.books.refunds))}) if self.books.refunds else None

    def cancel_many(self, dice: Dice) -> Step | None:
        known = sorted([*self.books.payments, *self.books.refunds])
        chosen = list(dict.fromkeys(dice.among(known) for _ in range(dice.between(1, 3)))) if known else []
        return ("cancel_many", {"chosen": chosen}) if chosen else None

    def use_credit(self, dice: Dice) -> Step:
        patient = dice.among(self.patients)
        amount = self.about(dice, self.books.credit_of(patient))
        if (turn := dice.between(0, 3)) == 0:
            return "withdraw", {"patient": patient, "amount": amount}
        if turn == 1:
            return "transfer", {"giver": patient, "taker": dice.among(self.patients), "amount": amount}
        invoice = dice.among([None, *sorted(self.books.invoices)])
        return "apply", {"patient": patient, "invoice": invoice, "amount": dice.among([None, amount])}

    def document(self, dice: Dice) -> Step:
        invoice = dice.among(sorted(self.books.invoices))
        kinds = ["credit", "credit", "debit", "void", *(["undo_note"] * 2 if self.books.notes else [])]
        if (kind := dice.among(kinds)) == "void":
            return kind, {"invoice": invoice}
        if kind == "undo_note":
            note = dice.among(sorted(self.books.notes))
            return kind, {"note": note, "side": self.books.notes[note][1]}
        one = self.books.invoices[invoice]
        amount = self.about(dice, one.left)
        return "note", {"invoice": invoice, "side": kind, "amount": amount}

    def about(self, dice: Dice, whole: int) -> int:
        """All of it, a part, a cent more than there is."""
        return max(1, dice.among([whole, dice.between(1, whole), dice.between(1, whole), whole + 1]))


@pytest.mark.timeout(24 * 3600)
def test_any_order_is_shown_as_the_model_says(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    """ALL-8: in the end the services are compared with each other."""
    with asyncio.Runner() as runner:
        world, close = runner.run(_entered(runner, stack))
        try:
            machine = type("AnyOrder", (AnyOrder,), {"world": world})
            run_state_machine_as_test(_with_seed(machine), settings=_chosen())
        finally:
            with capsys.disabled():
                print(f"\n{dict(world.counted.most_common())}")  # noqa: T201 - what a long run is read for
            runner.run(close())


async def _entered(runner: asyncio.Runner, stack: Stack) -> tuple[World, Any]:
    addresses = stack.layout.addresses()
    api, announcer = Api(addresses), Announcer(addresses.kafka_bootstrap)
    streams = Streams(api, addresses.kafka_bootstrap, SERVICES, silent=["receipts"])
    parts: list[AbstractAsyncContextManager[object]] = [api, announcer, streams]
    for part in parts:
        await part.__aenter__()

    async def close() -> None:
        for part in reversed(parts):
            await part.__aexit__(None, None, None)

    return World(runner, await FrontOffice.open(api, announcer, streams)), close


def _with_seed(machine: Any) -> Any:
    given = os.environ.get("ANY_ORDER_SEED")
    return machine if given is None else seeded(int(given))(machine)


def _chosen() -> settings:
    many = os.environ.get("ANY_ORDER")
    return settings(
        max_examples=int(many or SEQUENCES),
        stateful_step_count=STEPS,
        derandomize=many is None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if many is None else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
