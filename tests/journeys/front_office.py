"""The front office of the state machine: each verb over HTTP, and what all services show once the streams are quiet.

The same is shown of the model's books, so that the two can be compared.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from books_in_words import Books
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.events import registration
from local_stack.practice.front_desk import configure, money
from local_stack.practice.ledger import Clinic, Patient, in_cents
from local_stack.practice.problems import Refused
from local_stack.practice.streams import Streams
from records_in_words import Invoice, Payment

BORN = date(1980, 5, 17)
REFUSALS = (404, 409, 422)
NOTE_KINDS = {"credit": "courtesy", "debit": "late_fee"}


@dataclass(frozen=True)
class Done:
    """What came of a verb: whether it was allowed, and what was made, with its amount or its parts."""

    allowed: bool
    made: str = ""
    cents: int = 0
    number: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    problem: str = ""


class FrontOffice:
    """One clinic; patients come and go."""

    def __init__(self, api: Api, announcer: Announcer, streams: Streams, clinic: Clinic) -> None:
        self._api = api
        self._announcer = announcer
        self._streams = streams
        self.clinic = clinic

    @classmethod
    async def open(cls, api: Api, announcer: Announcer, streams: Streams) -> FrontOffice:
        """Set a clinic up."""
        number = uuid4()
        clinic = Clinic(number, str(number), "Any Order Dental", "1 Main Street", "Salem", "MA", "01970", "9785550100")
        await configure(api, clinic)
        return cls(api, announcer, streams, clinic)

    async def register(self, count: int, family_name: str = "Peña") -> list[str]:
        """New patients, known to all."""
        patients = [
            Patient(UUID(int=uuid4().int // 10 * 10), "Ana", family_name, BORN, "2 Elm Street", "Salem", "MA", "01970")
            for _ in range(count)
        ]
        await self._announcer.announce(registration(self.clinic, patient) for patient in patients)
        await self.rest()
        return sorted(str(patient.id) for patient in patients)

    async def do(self, verb: str, **how: Any) -> Done:
        """Have a service do it, and say what came of it."""
        request: Callable[..., Coroutine[Any, Any, Done]] = getattr(self, f"_{verb}")
        return await self.attempt(lambda: request(**how))

    async def attempt(self, request: Callable[[], Coroutine[Any, Any, Done]]) -> Done:
        """What came of a request: done, or refused for a reason that a clerk can be told."""
        try:
            return await request()
        except Refused as refused:
            if refused.status not in REFUSALS:
                raise
            return Done(allowed=False, problem=str(refused))

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        await self._streams.quiet(self.clinic.id)

    async def shown(self, patients: list[str], invoices: list[str]) -> dict[str, Any]:
        """What people see of these patients, once nothing is under way."""
        await self.rest()
        owed, balances = await asyncio.gather(self._owed(patients), self._balances(invoices))
        held = {balance["invoice_id"]: _invoice(balance) for balance in balances}
        assert set(owed) == set(held)
        wrong = {one: (owed[one], held[one]) for one in owed if owed[one] != held[one]}
        assert not wrong, f"invoicing and payments differ (invoicing, payments): {wrong}"
        credit = dict(zip(patients, await asyncio.gather(*map(self._credit, patients)), strict=True))
        accounts = sum(await asyncio.gather(*map(self._closing, patients)))
        assert accounts == sum(map(_receivable, balances)) - sum(credit.values()), "accounts say another balance"
        payments = await self._listed("payments", "/v1/payments", patients)
        receipts = await self._listed("receipts", "/v1/receipts", patients)
        assert len(receipts) == len({receipt["transaction_id"] for receipt in receipts}), (
            "two receipts for one transaction"
        )
        return {
            "invoices": owed,
            "payments": {payment["id"]: _payment(payment) for payment in payments},
            "credit": credit,
            "receipts": {receipt["transaction_id"]: _receipt(receipt) for receipt in receipts},
        }

    async def _owed(self, patients: list[str]) -> dict[str, Any]:
        found = await self._listed("invoicing", "/v1/invoices", patients)
        return {one["id"]: _invoice(one) for one in found}

    async def _balances(self, invoices: list[str]) -> list[dict[str, Any]]:
        balances = (self._get("payments", f"/v1/invoices/{invoice}") for invoice in invoices)
        return list(await asyncio.gather(*balances))

    async def _credit(self, patient: str) -> int:
        return _cents((await self._get("payments", f"/v1/patients/{patient}/credit"))["balance"])

    async def _closing(self, patient: str) -> int:
        """The balance of the patient's statement: what is asked for less the patient's own credit (PAY-9)."""
        return _cents((await self._get("payments", f"/v1/patients/{patient}/statement"))["closing_balance"])

    async def _listed(self, service: str, path: str, patients: list[str]) -> list[dict[str, Any]]:
        async def of(patient: str) -> list[dict[str, Any]]:
            return [page async for page in self._api.pages(service, self.clinic.id, path, patient_id=patient)]

        return [one for found in await asyncio.gather(*map(of, patients)) for one in found]

    async def read(self, service: str, path: str) -> Any:
        """What a service shows."""
        return await self._get(service, path)

    async def _get(self, service: str, path: str) -> Any:
        return (await self._api.get(service, self.clinic.id, path)).body

    async def _post(self, service: str, path: str, body: dict[str, Any]) -> Any:
        return (await self._api.post(service, self.clinic.id, path, body, uuid4())).body

    async def _issue(self, patient: str, exempt: int, taxed: int) -> Done:
        lines = [{"kind": "custom", "description": "Night guard", "unit_price": money(exempt)}]
        if taxed:
            lines.append({"kind": "product", "sku": "B1", "description": "Brush", "unit_price": money(taxed)})
        body = {"patient_id": patient, "lines": lines, "issue": True}
        made = await self._post("invoicing", "/v1/invoices", body)
        return Done(allowed=True, made=made["id"], cents=_cents(made["totals"]["total"]), number=made["number"])

    async def _pay(self, patient: str, amount: int, invoices: list[str], more_allowed: bool) -> Done:
        body = {
            "patient_id": patient,
            "amount": money(amount),
            "method": "bank_card",
            "allocations": [{"invoice_id": invoice} for invoice in invoices],
            "allow_overpayment": more_allowed,
        }
        return Done(allowed=True, made=(await self._post("payments", "/v1/payments", body))["id"])

    async def _refund(self, payment: str, amount: int, surplus_only: bool) -> Done:
        body = {"amount": money(amount), "reason_code": "overpayment" if surplus_only else "goodwill", "reason": "x"}
        return Done(allowed=True, made=(await self._post("payments", f"/v1/payments/{payment}/refunds", body))["id"])

    async def _cancel(self, payment: str) -> Done:
        return await self._reverse(f"/v1/payments/{payment}/cancellation")

    async def _cancel_refund(self, refund: str) -> Done:
        return await self._reverse(f"/v1/refunds/{refund}/cancellation")

    async def _charge_back(self, payment: str) -> Done:
        return await self._reverse(f"/v1/payments/{payment}/chargeback")

    async def _withdraw(self, patient: str, amount: int) -> Done:
        body = {"amount": money(amount), "reason_code": "overpayment", "reason": "moves away"}
        made = await self._post("payments", f"/v1/patients/{patient}/credit/withdrawals", body)
        return Done(allowed=True, parts=tuple((refund["id"], refund["payment_id"]) for refund in made["refunds"]))

    async def _cancel_many(self, chosen: list[str]) -> Done:
        body = {"transaction_ids": chosen, "reason": "entered twice"}
        await self._post("payments", "/v1/transactions/cancellations", body)
        return Done(allowed=True)

    async def _reverse(self, path: str) -> Done:
        await self._post("payments", path, {"reason": "any order"})
        return Done(allowed=True)

    async def _apply(self, patient: str, invoice: str | None, amount: int | None) -> Done:
        body: dict[str, Any] = {"reason": "any order"} | ({"allocations": [{"invoice_id": invoice}]} if invoice else {})
        body |= {} if amount is None else {"amount": money(amount)}
        await self._post("payments", f"/v1/patients/{patient}/credit/applications", body)
        return Done(allowed=True)

    async def _transfer(self, giver: str, taker: str, amount: int) -> Done:
        body = {"to_patient_id": taker, "amount": money(amount), "reason": "sisters"}
        await self._post("payments", f"/v1/patients/{giver}/credit/transfers", body)
        return Done(allowed=True)

    async def _note(self, invoice: str, side: str, amount: int) -> Done:
        body = {"kind": NOTE_KINDS[side], "reason": "x", "amount": money(amount)}
        made = await self._post("invoicing", f"/v1/invoices/{invoice}/{side}-notes", body)
        return Done(allowed=True, made=made["id"], cents=_cents(made["total"]))

    async def _undo_note(self, note: str, side: str) -> Done:
        await self._post("invoicing", f"/v1/{side}-notes/{note}/undo", {"reason": "x"})
        return Done(allowed=True)

    async def _void(self, invoice: str) -> Done:
        await self._post("invoicing", f"/v1/invoices/{invoice}/void", {"reason": "x"})
        return Done(allowed=True)


def _cents(amount: dict[str, str]) -> int:
    return in_cents(amount["amount"])


def _receivable(one: dict[str, Any]) -> int:
    """What an invoice asks for: never below zero (PAY-20)."""
    asked = _cents(one["total"]) + _cents(one["debited"]) - _cents(one["credited"])
    left = (0 if one["status"] == "void" else asked) - _cents(one["settled"])
    assert left >= 0, f"less is asked than is settled: {one}"
    return left


def _invoice(one: dict[str, Any]) -> tuple[int, int, int, str]:
    notes = _cents(one["debited"]) - _cents(one["credited"])
    return _cents(one["outstanding"]), _cents(one["settled"]), notes, one["status"]


def _payment(one: dict[str, Any]) -> tuple[str, int, dict[str, int]]:
    settled: Counter[str] = Counter()
    for part in one["allocations"]:  # one for each installment, so of an invoice there may be several
        settled[part["invoice_id"]] += _cents(part["amount"])
    whole = settled.total() + _cents(one["unallocated"]) + _cents(one["refunded"])
    assert one["status"] in ("cancelled", "charged_back") or whole == _cents(one["amount"])
    return one["status"], _cents(one["refundable"]), dict(settled)


def _receipt(one: dict[str, Any]) -> tuple[str, int, bool]:
    return one["kind"], _cents(one["amount"]), one["voided"] is not None


def as_shown(books: Books, patients: list[str]) -> dict[str, Any]:
    """What `FrontOffice.shown` should be: of each invoice in both services, of each payment, patient and receipt."""
    receipts = {number: ("payment", one.amount, one.state != "recorded") for number, one in books.payments.items()}
    receipts |= {number: ("refund", one.amount, one.cancelled) for number, one in books.refunds.items()}
    return {
        "invoices": {number: _invoice_in_words(one) for number, one in books.invoices.items()},
        "payments": {number: _payment_in_words(one) for number, one in books.payments.items()},
        "credit": {patient: books.credit_of(patient) for patient in patients},
        "receipts": receipts,
    }


def _invoice_in_words(one: Invoice) -> tuple[int, int, int, str]:
    open_status = "partially_paid" if one.settled else "issued"
    closed_status = "credited" if one.asked == 0 and one.credited + one.adjusted > 0 else "paid"
    status = "void" if one.void else closed_status if one.room == 0 else open_status
    return one.room, one.settled, one.debited - one.credited - one.adjusted, status


def _payment_in_words(one: Payment) -> tuple[str, int, dict[str, int]]:
    status = one.state
    if status == "recorded" and one.refunded:
        status = "refunded" if one.refunded == one.amount else "partly_refunded"
    # What others hold of it is theirs (`PAY-21`).
    own = one.credit.get(one.patient, 0) + sum(one.settled.values())
    refundable = own if one.state == "recorded" else 0
    return status, refundable, {invoice: minor for invoice, minor in one.settled.items() if minor}
