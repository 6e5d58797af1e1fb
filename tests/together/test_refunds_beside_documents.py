"""Refunds and documents of one invoice in either order and at once: both services come to the same sums (PAY-20)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from office import Office, good, office_of, usd

When = Literal["document first", "refund first", "at once", "at once, payments is heard first"]
Figures = tuple[str, str, str, str, str]
"""Credited, debited, settled and outstanding of the invoice, and the patient's credit."""
AT_ONCE: tuple[When, ...] = ("at once", "at once, payments is heard first")
ALWAYS: tuple[When, ...] = ("document first", "refund first", *AT_ONCE)
DOCUMENT_FIRST: tuple[When, ...] = ("document first", *AT_ONCE)
REFUND_FIRST: tuple[When, ...] = ("refund first", *AT_ONCE)
EXEMPT = {"code": "E", "category": "E", "rate": "0", "exemption_reason": "Dental care"}
TAXED = {"tax_categories": [{"code": "S", "category": "S", "rate": "19"}, EXEMPT]}


@dataclass
class Desk:
    """An invoice of 100.00 with 19.00 of tax, and what is done about it."""

    office: Office
    invoice: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    async def open(self, paid: int, before: Sequence[str]) -> None:
        """Issued, with what came before; then so much was paid, and all of it is heard."""
        line = {"kind": "custom", "description": "Brush", "unit_price": usd(100), "tax_category": "S"}
        body = {"patient_id": str(new_id()), "issue": True, "lines": [line]}
        self.invoice = good(await self.office.bills.post("/v1/invoices", json=body), 201)
        await self.office.listen()
        for one in before:
            await self.do(one)
            await self.office.listen()
        named = {"allocations": [{"invoice_id": self.invoice["id"]}], "allow_overpayment": True}
        money = {"patient_id": self.invoice["patient_id"], "method": "cash", "amount": usd(paid)}
        self.made["payment"] = good(await self.office.till.post("/v1/payments", json=money | named), 201)
        await self.office.listen()

    async def do(self, what: str) -> None:
        verbs: dict[str, Callable[[], Awaitable[None]]] = {
            "courtesy": lambda: self._note("credit", "courtesy", 30),
            "late fee": lambda: self._note("debit", "late_fee", 20),
            "undo courtesy": self._undo_courtesy,
            "refund": self._refund,
            "refund by name": lambda: self._refund({"allocations": [{"invoice_id": self.invoice["id"]}]}),
            "refund by line": lambda: self._refund({"allocations": [self._line()]}),
            "undo refund": self._undo_refund,
        }
        await verbs[what]()

    def _line(self) -> dict[str, Any]:
        return {"invoice_id": self.invoice["id"], "lines": [{"line_id": self.invoice["lines"][0]["id"]}]}

    async def _note(self, side: str, kind: str, amount: int) -> None:
        body = {"kind": kind, "reason": "as asked", "amount": usd(amount)}
        path = f"/v1/invoices/{self.invoice['id']}/{side}-notes"
        self.made[side] = good(await self.office.bills.post(path, json=body), 201)

    async def _undo_courtesy(self) -> None:
        path = f"/v1/credit-notes/{self.made['credit']['id']}/undo"
        good(await self.office.bills.post(path, json={"reason": "not so"}), 201)

    async def _refund(self, more: dict[str, Any] | None = None) -> None:
        body = {"amount": usd(50), "reason_code": "goodwill"} | (more or {})
        path = f"/v1/payments/{self.made['payment']['id']}/refunds"
        self.made["refund"] = good(await self.office.till.post(path, json=body), 201)

    async def _undo_refund(self) -> None:
        path = f"/v1/refunds/{self.made['refund']['id']}/cancellation"
        good(await self.office.till.post(path, json={"reason": "not paid out"}), 201)

    async def figures(self) -> Figures:
        """As invoicing has them, once payments agrees: outstanding, credit, statement, tax."""
        here = good(await self.office.bills.get(f"/v1/invoices/{self.invoice['id']}"))
        patient = f"/v1/patients/{self.invoice['patient_id']}"
        there = good(await self.office.till.get(f"/v1/invoices/{self.invoice['id']}"))
        credit = good(await self.office.till.get(f"{patient}/credit"))["balance"]["amount"]
        closing = good(await self.office.till.get(f"{patient}/statement"))["closing_balance"]["amount"]
        assert there["outstanding"] == here["outstanding"]
        assert Decimal(closing) == Decimal(here["outstanding"]["amount"]) - Decimal(credit)
        assert await self._tax_by_journal() == self._tax_by_notes(here)
        named = (here[name]["amount"] for name in ("credited", "debited", "settled", "outstanding"))
        credited, debited, settled, outstanding = named
        return credited, debited, settled, outstanding, credit

    async def _tax_by_journal(self) -> Decimal:
        found = good(await self.office.till.get("/v1/journal/trial-balance"))["accounts"]
        return -sum((Decimal(one["balance"]["amount"]) for one in found if one["account"] == "taxes"), Decimal(0))

    def _tax_by_notes(self, here: dict[str, Any]) -> Decimal:
        signs = {"credit": -1, "debit": 1}
        return Decimal(19) + sum(signs[note["side"]] * Decimal(note["tax"]["amount"]) for note in here["notes"])


@dataclass(frozen=True)
class Case:
    """What was before, what was paid, the document, and how it comes out; `undone` with the refund cancelled."""

    before: tuple[str, ...]
    paid: int
    document: str
    by_name: Figures
    undone: tuple[str, str, str]
    by_order: Mapping[Any, Figures]
    """Of a refund that names nothing: it takes what is credit first."""


CASES = {
    "a courtesy": Case(
        (), 119, "courtesy",
        ("80.00", "0.00", "39.00", "0.00", "30.00"),
        ("89.00", "0.00", "30.00"),
        {"refund first": ("80.00", "0.00", "39.00", "0.00", "30.00")}
        | dict.fromkeys(DOCUMENT_FIRST, ("50.00", "0.00", "69.00", "0.00", "0.00")),
    ),
    "a courtesy is undone": Case(
        ("courtesy",), 119, "undo courtesy",
        ("80.00", "30.00", "69.00", "0.00", "0.00"),
        ("119.00", "0.00", "0.00"),
        {"document first": ("80.00", "30.00", "69.00", "0.00", "0.00")}
        | dict.fromkeys(REFUND_FIRST, ("50.00", "30.00", "69.00", "30.00", "0.00")),
    ),
    "a late fee": Case(
        (), 119, "late fee",
        ("50.00", "20.00", "69.00", "20.00", "0.00"),
        ("119.00", "20.00", "0.00"),
        dict.fromkeys(ALWAYS, ("50.00", "20.00", "69.00", "20.00", "0.00")),
    ),
}  # fmt: skip


@pytest.mark.rule("PAY-4.2", "PAY-4.5", "PAY-20.1", "PAY-20.2")
@pytest.mark.parametrize("refund", ["refund", "refund by name", "refund by line"])
@pytest.mark.parametrize("case", CASES)
async def test_a_refund_and_a_document_come_to_the_same_sums_in_both_services(
    services: tuple[ServiceHarness, ServiceHarness], case: str, refund: str
) -> None:
    """PAY-19, PAY-20, MON-5: named, it is credited whole, as in either order; without a name as if it came after."""
    one = CASES[case]
    found: dict[When, Figures] = {}
    undone: dict[When, tuple[str, str, str]] = {}
    for when in ALWAYS:
        async with office_of(services, **TAXED) as office:
            desk = Desk(office)
            await desk.open(one.paid, one.before)
            steps = [one.document, refund]
            for step in reversed(steps) if when == "refund first" else steps:
                await desk.do(step)
                if when not in AT_ONCE:
                    await office.listen()
            await office.listen(payments_first=when == "at once, payments is heard first")
            found[when] = await desk.figures()
            await office.prove()
            await desk.do("undo refund")
            await office.listen()
            _, _, settled, outstanding, credit = await desk.figures()
            undone[when] = (settled, outstanding, credit)
            await office.prove()
    assert found == (one.by_order if refund == "refund" else dict.fromkeys(ALWAYS, one.by_name))
    assert undone == dict.fromkeys(ALWAYS, one.undone)
