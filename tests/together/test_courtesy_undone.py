"""A courtesy of all that is left, which is undone: an insurer's decision and all money come to what they do without."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pytest
from chassis.testing.harness import ServiceHarness
from insurers_cases import FIRST, Decided, Outcome, Paid
from office import Office, good, office_of


@dataclass(frozen=True)
class AllForgiven:
    """A courtesy of all that is left to credit."""


@dataclass(frozen=True)
class Undone:
    """The courtesy was a mistake."""


Step = Decided | Paid | AllForgiven | Undone
FREE: tuple[Step, ...] = (FIRST, AllForgiven(), Paid(50, 0), Paid(40))
ORDERS = [(*some, Undone()) for some in permutations(FREE) if some.index(Paid(40)) > some.index(Paid(50, 0))]
"""The courtesy is undone last; before it money of both, the insurer's first, which then has to find its part again."""
EXPECTED: Outcome = (
    "0.00",
    {"Delta": "50.00", "patient": "40.00"},
    "0.00",
    {},
    ("50.00", "10.00", "40.00", "0.00", "0.00"),
)


def said(step: Step) -> str:
    """A step in a failure's words."""
    by = f" of {step.by}" if isinstance(step, Paid) else ""
    return type(step).__name__ + by


async def do(office: Office, invoice: dict[str, Any], step: Step, notes: dict[str, str]) -> None:
    if isinstance(step, Decided):
        await office.decide([(invoice, step)])
    elif isinstance(step, Paid):
        await office.pay([(invoice, step)])
    elif isinstance(step, AllForgiven):
        body = {"kind": "courtesy", "reason": "as asked"}
        made = good(await office.bills.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body), 201)
        notes[invoice["id"]] = made["id"]
    else:
        path = f"/v1/credit-notes/{notes[invoice['id']]}/undo"
        good(await office.bills.post(path, json={"reason": "a mistake"}), 201)


@pytest.mark.rule("INS-3.5", "INS-4.7", "INV-6.4")
@pytest.mark.parametrize("at_once", [False, True], ids=["heard", "at-once"])
async def test_what_a_contract_takes_off_and_money_come_to_the_same_whenever_a_courtesy_stood(
    services: tuple[ServiceHarness, ServiceHarness], at_once: bool
) -> None:
    """Of 100.00 the insurer pays 50.00, the contract takes off 10.00, the patient pays 40.00."""
    async with office_of(services) as office:
        invoices = [await office.invoice() for _ in ORDERS]
        notes: dict[str, str] = {}
        await office.listen()
        for steps in zip(*ORDERS, strict=True):
            for invoice, step in zip(invoices, steps, strict=True):
                await do(office, invoice, step, notes)
            if not at_once:
                await office.listen()
        await office.listen()
        found = zip(ORDERS, await office.outcomes(invoices), strict=True)
        wrong = {tuple(map(said, order)): outcome for order, outcome in found if outcome != EXPECTED}
        assert not wrong, f"{len(wrong)} of {len(ORDERS)} orders come to something else: {wrong}"
        await office.prove()
