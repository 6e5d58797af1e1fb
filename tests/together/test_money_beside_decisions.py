"""Refunds, moves, chargebacks, a family's money beside insurers' decisions: in every order, and at once, the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from insurers_cases import FIRST, Decided, Forgiven, Paid
from office import Office, good, office_of, usd


@dataclass(frozen=True)
class ByParent:
    """What the parent pays for the child's invoice, by check, in an account of their own."""

    amount: int


@dataclass(frozen=True)
class FromGift:
    """What the child settles with credit that the parent gave."""

    amount: int


@dataclass(frozen=True)
class Refunded:
    """What goes back of the parent's payment, of what it settles on the invoice."""

    amount: int


@dataclass(frozen=True)
class RefundUndone:
    """The refund was a mistake."""


@dataclass(frozen=True)
class Moved:
    """What of the parent's payment goes to another invoice of the child's."""

    amount: int


@dataclass(frozen=True)
class Bounced:
    """The parent's check bounces."""


@dataclass(frozen=True)
class Cancelled:
    """The parent's payment was a mistake."""


@dataclass(frozen=True)
class Lost:
    """What is outstanding by now is written off as bad debt."""


Step = Decided | Paid | Forgiven | Lost | ByParent | FromGift | Refunded | RefundUndone | Moved | Bounced | Cancelled
Outcome = tuple[str, dict[str, str], str, str, str]
"""What the invoice asks for, what each settles of it with what refunds took, the child's and the parent's credit, and
what the other invoice asks for."""
WHOLE = Paid(50, 0)
CASES: dict[str, tuple[Sequence[Step], Sequence[Step], Sequence[Step], Outcome]] = {
    "a parent pays all": (
        [],
        [ByParent(100), FIRST, WHOLE],
        [],
        ("0.00", {"Delta": "50.00", "patient": "40.00"}, "0.00", "60.00", "100.00"),
    ),
    "a parent pays all, and is forgiven a part": (
        [],
        [ByParent(100), FIRST, WHOLE],
        [Forgiven(10)],
        ("0.00", {"Delta": "50.00", "patient": "30.00"}, "0.00", "70.00", "100.00"),
    ),
    "a child settles with a gift, and is forgiven a part": (
        [],
        [FromGift(40), FIRST, WHOLE],
        [Forgiven(10)],
        ("0.00", {"Delta": "50.00", "patient": "30.00"}, "10.00", "0.00", "100.00"),
    ),
    "some of it is refunded": (
        [ByParent(100)],
        [FIRST, WHOLE, Refunded(30)],
        [],
        ("0.00", {"Delta": "50.00", "patient": "40.00"}, "0.00", "60.00", "100.00"),
    ),
    "some of it is refunded, and that was a mistake": (
        [ByParent(100)],
        [FIRST, WHOLE, Refunded(30), RefundUndone()],
        [],
        ("0.00", {"Delta": "50.00", "patient": "40.00"}, "0.00", "60.00", "100.00"),
    ),
    "some of it is moved to another invoice": (
        [ByParent(100)],
        [FIRST, WHOLE, Moved(20)],
        [],
        ("0.00", {"Delta": "50.00", "patient": "40.00"}, "0.00", "40.00", "80.00"),
    ),
    "the check bounces": (
        [ByParent(100)],
        [FIRST, WHOLE, Bounced()],
        [],
        ("40.00", {"Delta": "50.00"}, "0.00", "0.00", "100.00"),
    ),
    "the check bounces, and the parent pays again": (
        [ByParent(100)],
        [FIRST, WHOLE, Bounced()],
        [ByParent(40)],
        ("0.00", {"Delta": "50.00", "patient": "40.00"}, "0.00", "0.00", "100.00"),
    ),
    "some of it is bad debt, and paid all the same": (
        [ByParent(30), Lost()],
        [ByParent(20), FIRST, WHOLE],
        [],
        ("0.00", {"Delta": "50.00", "patient": "40.00"}, "0.00", "10.00", "100.00"),
    ),
    "the payment was a mistake": (
        [ByParent(100)],
        [FIRST, WHOLE, Cancelled()],
        [],
        ("40.00", {"Delta": "50.00"}, "0.00", "0.00", "100.00"),
    ),
}


@dataclass
class Bill:
    """A child's invoice of 100, another one, a parent, and what was done."""

    invoice: dict[str, Any]
    other: dict[str, Any]
    parent: UUID = field(default_factory=new_id)
    payments: list[str] = field(default_factory=list)
    refunds: list[str] = field(default_factory=list)

    @property
    def child(self) -> str:
        child: str = self.invoice["patient_id"]
        return child


@dataclass
class Family:
    """What is done about bills, over the APIs of both services."""

    office: Office

    async def bill(self) -> Bill:
        invoice = await self.office.invoice()
        line = {"kind": "custom", "description": "Brush", "unit_price": usd(100)}
        body = {"patient_id": invoice["patient_id"], "issue": True, "lines": [line]}
        return Bill(invoice, good(await self.office.bills.post("/v1/invoices", json=body), 201))

    async def do(self, bill: Bill, step: Step) -> None:
        if isinstance(step, Decided):
            await self.office.decide([(bill.invoice, step)])
        elif isinstance(step, Paid):
            await self.office.pay([(bill.invoice, step)])
        elif isinstance(step, Forgiven):
            await self.office.forgive([(bill.invoice, step)])
        else:
            verbs: dict[type, Callable[[Bill, Any], Awaitable[None]]] = {
                Lost: self._lose,
                ByParent: self._pay,
                FromGift: self._use_gift,
                Refunded: self._refund,
                RefundUndone: self._undo,
                Moved: self._move,
                Bounced: self._bounce,
                Cancelled: self._cancel,
            }
            await verbs[type(step)](bill, step)

    async def _post(self, path: str, **body: Any) -> dict[str, Any]:
        made: dict[str, Any] = good(await self.office.till.post(f"/v1/{path}", json=body), 201)
        return made

    async def _pay(self, bill: Bill, step: ByParent) -> None:
        named = [{"invoice_id": bill.invoice["id"]}]
        more = {"method": "check", "allocations": named, "allow_overpayment": True}
        made = await self._post("payments", patient_id=str(bill.parent), amount=usd(step.amount), **more)
        bill.payments.append(made["id"])

    async def _lose(self, bill: Bill, _: Lost) -> None:
        path = f"/v1/invoices/{bill.invoice['id']}/credit-notes"
        good(await self.office.bills.post(path, json={"kind": "bad_debt", "reason": "cannot be found"}), 201)

    async def _use_gift(self, bill: Bill, step: FromGift) -> None:
        amount = usd(step.amount)
        await self._post("payments", patient_id=str(bill.parent), amount=amount, method="cash")
        away = {"to_patient_id": bill.child, "amount": amount, "reason": "a gift"}
        await self._post(f"patients/{bill.parent}/credit/transfers", **away)
        wish = [{"invoice_id": bill.invoice["id"], "amount": amount}]
        await self._post(f"patients/{bill.child}/credit/applications", allocations=wish, reason="for it")

    async def _refund(self, bill: Bill, step: Refunded) -> None:
        named = [{"invoice_id": bill.invoice["id"]}]
        path = f"payments/{bill.payments[0]}/refunds"
        made = await self._post(path, amount=usd(step.amount), reason_code="goodwill", allocations=named)
        bill.refunds.append(made["id"])

    async def _undo(self, bill: Bill, _: RefundUndone) -> None:
        await self._post(f"refunds/{bill.refunds[0]}/cancellation", reason="a mistake")

    async def _move(self, bill: Bill, step: Moved) -> None:
        ends = {"from": {"invoice_id": bill.invoice["id"]}, "to": {"invoice_id": bill.other["id"]}}
        path = f"payments/{bill.payments[0]}/moves"
        await self._post(path, amount=usd(step.amount), reason="meant for the brush", **ends)

    async def _bounce(self, bill: Bill, _: Bounced) -> None:
        await self._post(f"payments/{bill.payments[0]}/chargeback", reason="no cover")

    async def _cancel(self, bill: Bill, _: Cancelled) -> None:
        await self._post(f"payments/{bill.payments[0]}/cancellation", reason="a mistake")

    async def outcome(self, bill: Bill) -> Outcome:
        (found,) = await self.office.outcomes([bill.invoice])
        credit = [
            good(await self.office.till.get(f"/v1/patients/{one}/credit"))["balance"]["amount"]
            for one in (bill.child, bill.parent)
        ]
        other = good(await self.office.bills.get(f"/v1/invoices/{bill.other['id']}"))["outstanding"]["amount"]
        asked = [
            good(await self.office.till.get(f"/v1/invoices/{one['id']}"))["outstanding"]["amount"]
            for one in (bill.invoice, bill.other)
        ]
        assert asked == [found[0], other], "the two services ask for different amounts"
        return found[0], found[1], credit[0], credit[1], other


def possible(order: Sequence[Step]) -> bool:
    """Whether a refund is undone after it was made."""
    places: dict[type, int] = defaultdict(lambda: -1)
    places |= {type(one): place for place, one in enumerate(order)}
    return places[RefundUndone] < 0 or places[RefundUndone] > places[Refunded]


@pytest.mark.parametrize("at_once", [False, True], ids=["heard", "at-once"])
@pytest.mark.parametrize("case", CASES)
async def test_money_beside_decisions_comes_to_the_same_in_every_order(
    services: tuple[ServiceHarness, ServiceHarness], case: str, at_once: bool
) -> None:
    """INS-4, PAY-21, PAY-22: each order is a bill of its own; both hear of each step, or of all of them at the end."""
    before, steps, after, expected = CASES[case]
    orders = [permutation for permutation in permutations(steps) if possible(permutation)]
    async with office_of(services) as office:
        family = Family(office)
        bills = [await family.bill() for _ in orders]
        await office.listen()
        for place in range(len(before)):
            for bill in bills:
                await family.do(bill, before[place])
            await office.listen()
        for place in range(len(steps)):
            for bill, order in zip(bills, orders, strict=True):
                await family.do(bill, order[place])
            if not at_once:
                await office.listen()
        await office.listen()
        for step in after:
            for bill in bills:
                await family.do(bill, step)
            await office.listen()
        found = [await family.outcome(bill) for bill in bills]
        wrong = {
            tuple(type(one).__name__ for one in order): outcome
            for order, outcome in zip(orders, found, strict=True)
            if outcome != expected
        }
        assert not wrong, f"{len(wrong)} of {len(orders)} orders come to something else: {wrong}"
        await office.prove()
