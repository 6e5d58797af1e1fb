"""A front office in a hurry: it never waits for what it did to be heard of, and asks for whatever comes to its mind.

What it may ask for is drawn from a seed; what comes of it depends on what the services had heard by then, so most of it
may be refused. What is left behind must add up all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment
from front_office import Done, FrontOffice
from local_stack.practice.events import Announced
from local_stack.practice.front_desk import money
from local_stack.practice.ledger import in_cents

from contracts import Amount

Act = Callable[[], Awaitable[None]]


class HurriedOffice:
    """Two patients of one family in one sequence: what was made so far, and what can be done next."""

    def __init__(self, office: FrontOffice, dice: Random, patients: Sequence[str], counted: Counter[str]) -> None:
        self.office = office
        self.dice = dice
        self.patients = patients
        self.counted = counted
        self.invoices: dict[str, tuple[str, int]] = {}
        self.payments: list[str] = []
        self.undoable: list[str] = []
        self.refunds: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.told: list[str] = []

    async def act(self) -> None:
        """Whatever comes to mind."""
        weighed: dict[Act, int] = {
            self.pay: 4,
            self.refund: 6,
            self.refund_lines: 3,
            self.credit: 5,
            self.debit: 3,
            self.undo: 3,
            self.cancel_refund: 3,
            self.reverse: 2,
            self.use_credit: 3,
            self.move: 2,
            self.void: 2,
            self.plan: 2,
            self.adjudicate: 2,
        }
        acts = list(weighed)
        await self.dice.choices(acts, [weighed[one] for one in acts])[0]()

    async def issue(self) -> None:
        exempt, taxed = self.dice.choice([(9_000, 0), (5_000, 3_000), (1, 8_999), (0, 11_900)])
        how: dict[str, Any] = {"patient": self.dice.choice(self.patients), "exempt": exempt or 1, "taxed": taxed}
        done = await self._do("issue", **how)
        if done.allowed:
            self.invoices[done.made] = how["patient"], done.cents

    async def pay(self) -> None:
        chosen = [self._invoice() for _ in range(self.dice.choice([0, 1, 1, 2]))]
        asked = sum(self.invoices[one][1] for one in set(chosen)) or 5_000
        how = {"patient": self.dice.choice(self.patients), "amount": self._about(asked), "more_allowed": True}
        done = await self._do("pay", invoices=list(dict.fromkeys(chosen)), **how)
        self.payments += [done.made] * done.allowed

    async def refund(self) -> None:
        if self.payments:
            how = {"payment": self._recent(self.payments), "amount": self._about(6_000), "surplus_only": False}
            done = await self._do("refund", **how)
            self.refunds += [done.made] * done.allowed

    async def refund_lines(self) -> None:
        """For lines of an invoice: what is left of them, at times more, or of one that was credited (`PAY-19`)."""
        if not self.payments:
            return
        payment = self._recent(self.payments)
        shown = (await self.office._get("payments", f"/v1/payments/{payment}"))["allocations"]
        settles = {one["invoice_id"]: in_cents(one["amount"]["amount"]) for one in shown} or {self._invoice(): 5_000}
        invoice = self.dice.choice(list(settles))
        found = await self.office._get("invoicing", f"/v1/invoices/{invoice}")
        lines = self.dice.sample(found["lines"], self.dice.randint(1, len(found["lines"])))
        amount = self._about(min(settles[invoice], sum(in_cents(line["net"]["amount"]) for line in lines)))
        named = {"invoice_id": invoice, "lines": [{"line_id": line["id"]} for line in lines]}
        body = {"amount": money(amount), "reason_code": "goodwill", "allocations": [named]}
        made = await self._ask("refund lines", "payments", f"/v1/payments/{payment}/refunds", body)
        self.refunds += [] if made is None else [made["id"]]

    async def credit(self) -> None:
        """A courtesy or a write-off, often of all that is left."""
        invoice = self._invoice()
        body: dict[str, Any] = {"kind": self.dice.choice(["courtesy", "write_off"]), "reason": "x"}
        if self.dice.random() < 0.6:
            body["amount"] = money(self._about(self.invoices[invoice][1]))
        await self._note(f"/v1/invoices/{invoice}/credit-notes", body, "credit")

    async def debit(self) -> None:
        code = self.dice.choice([None, "MA"])
        body = {"kind": "late_fee", "reason": "x", "amount": money(self._about(3_000)), "tax_category": code}
        await self._note(f"/v1/invoices/{self._invoice()}/debit-notes", body, "debit")

    async def undo(self) -> None:
        if self.notes:
            note, side = self._recent(self.notes)
            await self._do("undo_note", note=note, side=side)

    async def cancel_refund(self) -> None:
        if self.refunds:
            await self._do("cancel_refund", refund=self._recent(self.refunds))

    async def reverse(self) -> None:
        if self.payments:
            await self._do(self.dice.choice(["cancel", "charge_back"]), payment=self._recent(self.payments))

    async def use_credit(self) -> None:
        """Withdrawn, given to the other, or for an invoice."""
        patient, amount = self.dice.choice(self.patients), self._about(4_000)
        turn = self.dice.randrange(4)
        if turn == 0:
            await self._do("withdraw", patient=patient, amount=amount)
        elif turn == 1:
            await self._do("transfer", giver=patient, taker=self.dice.choice(self.patients), amount=amount)
        else:
            invoice = self.dice.choice([None, self._invoice()])
            await self._do("apply", patient=patient, invoice=invoice, amount=None if invoice is None else amount)

    async def move(self) -> None:
        if self.payments:
            target = self.dice.choice([None, self._invoice()])
            body = {
                "from": {"invoice_id": self._invoice()},
                "to": None if target is None else {"invoice_id": target},
                "reason": "meant for another",
            }
            await self._ask("move", "payments", f"/v1/payments/{self._recent(self.payments)}/moves", body)

    async def void(self) -> None:
        await self._do("void", invoice=self._invoice())

    async def plan(self) -> None:
        invoice = self._invoice()
        path = f"/v1/invoices/{invoice}/installment-plan"
        if self.dice.random() < 0.7:
            first = str((datetime.now(UTC) + timedelta(days=2)).date())
            await self._ask("plan", "invoicing", path, {"count": 3, "first_due_date": first})
        else:
            await self._ask("plan ended", "invoicing", f"{path}/cancel", {"reason": "x"})

    async def adjudicate(self) -> None:
        """An insurer writes a part of a line off, and perhaps takes that back with a later decision."""
        invoice = self._invoice()
        patient, total = self.invoices[invoice]
        found = await self.office._get("invoicing", f"/v1/invoices/{invoice}")
        line = found["lines"][0]
        charge, off = in_cents(line["net"]["amount"]), self._about(total // 2)
        off = min(off, charge)
        event = ClaimAdjudicated(
            clinic_id=self.office.clinic.id,
            occurred_at=datetime.now(UTC),
            claim_id=uuid4(),
            decision_id=uuid4(),
            patient_id=UUID(patient),
            invoice_id=UUID(invoice),
            payer_id=UUID(int=77),
            payer_name="Delta Dental",
            charge=_amount(charge),
            paid=_amount(charge - off),
            lines=(
                AdjudicatedLine(
                    invoice_line_id=UUID(line["id"]),
                    charge=_amount(charge),
                    adjustments=(ClaimAdjustment(group="CO", reason_code="45", amount=_amount(off)),),
                    paid=_amount(charge - off),
                ),
            ),
        )
        announced = Announced(uuid4(), "/practice/insurance-claims", event.claim_id, event)
        await self.office._announcer.announce([announced])
        self._tell("adjudicate", f"{invoice} {off}", "announced")

    async def _note(self, path: str, body: dict[str, Any], side: str) -> None:
        made = await self._ask(f"{side} note", "invoicing", path, body)
        if made is not None:
            self.notes.append((made["id"], side))

    async def _ask(self, what: str, service: str, path: str, body: dict[str, Any]) -> Any:
        made: Any = None

        async def request() -> Done:
            nonlocal made
            made = await self.office._post(service, path, body)
            return Done(allowed=True)

        done = await self.office.attempt(request)
        self._tell(what, f"{path} {body}", done.problem or "allowed")
        return made

    async def _do(self, verb: str, **how: Any) -> Done:
        done = await self.office.do(verb, **how)
        self._tell(verb, str(how), done.problem or f"allowed {done.made}")
        return done

    def _tell(self, what: str, how: str, came: str) -> None:
        self.counted[what if came.startswith(("allowed", "announced")) else f"{what} refused"] += 1
        self.told.append(f"{what} {how} -> {came}")

    def _invoice(self) -> str:
        return self.dice.choice(sorted(self.invoices))

    def _recent(self, these: Sequence[Any]) -> Any:
        """Mostly one of the last, which is on its way still."""
        return self.dice.choice(these[-3:] if self.dice.random() < 0.7 else these)

    def _about(self, whole: int) -> int:
        return max(1, self.dice.choice([whole, whole, self.dice.randint(1, whole), whole // 3]))


def _amount(cents: int) -> Amount:
    return Amount(**money(cents))
