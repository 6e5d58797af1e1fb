"""Payments and invoicing as a transfer on its way to be booked sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
from remittances.bodies import body_of, in_parts
from remittances.booking import Booked, book
from remittances.imported import Imported
from remittances.invoices import Invoices
from remittances.payments import Payments
from remittances.posting import Entry, Posting
from remittances.remittance import ProviderAdjustment, Remittance

DELTA, ANA, BEN = UUID(int=9), UUID(int=101), UUID(int=102)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def entry(invoice: int, patient: UUID, amount: str, payer: UUID = DELTA, name: str = "Delta") -> Entry:
    return Entry(UUID(int=invoice), patient, payer, name, Decimal(amount), "USD")


def transfer(amount: str, *entries: Entry, plb: Mapping[str, str] | None = None, **more: Any) -> Imported:
    head = Remittance(1, "0001", amount=Decimal(amount), reference="EFT-1", payer_name="DELTA INC",
                      decided_at=datetime(2026, 11, 24, tzinfo=UTC))  # fmt: skip
    head.provider_adjustments = [
        ProviderAdjustment(reason, "OLD-1", Decimal(value)) for reason, value in (plb or {}).items()
    ]
    posting = Posting(UUID(int=77), head, dict(enumerate_ids(entries)))
    return Imported(posting.remittance_id, head.reference, head.payer_name, head.amount, posting, **more)


def enumerate_ids(entries: tuple[Entry, ...]) -> list[tuple[UUID, Entry]]:
    return [(UUID(int=1_000 + place), one) for place, one in enumerate(entries)]


def old_invoice(received: str, decided: str, name: str = "Delta") -> dict[str, Any]:
    """An invoice of Ana's that recoveries name."""
    payer = {"payer_name": name, "received": usd(received), "paid": usd(decided)}
    return {
        "id": str(UUID(int=50)),
        "number": "OLD-1",
        "patient_id": str(ANA),
        "status": "paid",
        "insurance": {"payers": [payer]},
    }


class Till:
    """Payments' API as a transfer sees it."""

    def __init__(self) -> None:
        self.recorded: list[dict[str, Any]] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuses: tuple[int, Any] | None = None
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.knows_invoices_from = 0
        self.numbers: dict[str, dict[str, Any]] = {}
        self.decided: list[dict[str, Any]] = []
        self.takes: dict[str, str] | None = None
        """What invoices take of what is paid on them, by their ids; all of it, where nothing is said."""
        self.earlier: list[dict[str, Any]] = []
        """Payments under other references."""
        self.urls: list[str] = []
        self.lines: list[dict[str, Any]] = []
        """Take-backs and their cancellations, as accounts show them."""

    def invoicing(self, request: httpx.Request) -> httpx.Response:
        """Invoicing's API, for what a provider adjustment names."""
        path = request.url.path
        if path == "/v1/insurance-decisions":
            return httpx.Response(200, json={"items": self.decided, "next": None})
        if path == "/v1/invoices/search":
            number = json.loads(request.content)["number"]
            found = [one for told, one in self.numbers.items() if told in (number, number.upper())]
            return httpx.Response(200, json={"items": found, "next": None})
        return httpx.Response(200, json=next(one for one in self.numbers.values() if path.endswith(one["id"])))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        if request.method == "GET" or request.url.path.endswith("/search"):
            return self.read(request)
        body = json.loads(request.content)
        key = request.headers["Idempotency-Key"]
        if (key, body) in self.done:
            return httpx.Response(201, json={}, headers={"Idempotency-Replayed": "true"})
        self.asked.append((key, body))
        if len(self.asked) <= self.knows_invoices_from:
            return httpx.Response(404, json={"title": "Not yet"}, headers={"Retry-After": "0"})
        if self.refuses:
            status, problem = self.refuses
            return httpx.Response(status, json=problem)
        payer = {"kind": "insurer", **body["insurer"]}
        made = [self.payment(part, payer) for part in body["payments"]]
        self.recorded += made
        self.done.append((key, body))
        return httpx.Response(201, json={"payments": made})

    def read(self, request: httpx.Request) -> httpx.Response:
        """What is read of payments and of invoicing."""
        if request.url.path.endswith("/account") or request.url.path.startswith("/v1/transactions/"):
            return self.account(request)
        if request.url.path != "/v1/payments":
            return self.invoicing(request)
        return httpx.Response(200, json={"items": self.listed(request.url.params), "next": None})

    def account(self, request: httpx.Request) -> httpx.Response:
        """What was taken back of a patient's payments; a cancellation is of the first."""
        if request.url.path.startswith("/v1/transactions/"):
            (asked,) = [line for line in self.lines if request.url.path.endswith(line["id"])]
            told = {"reverses_id": self.lines[0]["id"], "external_reference": asked.get("external_reference")}
            return httpx.Response(200, json=told)
        found = [line for line in self.lines if line["kind"] == request.url.params["kind"]]
        return httpx.Response(200, json={"items": found, "next": None})

    def listed(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        """Payments of a patient, or of the transfer's reference."""
        if "patient_id" in asked:
            return [one for one in [*self.recorded, *self.earlier] if one["patient_id"] == asked["patient_id"]]
        assert asked["external_reference"] == "EFT-1"
        return self.recorded

    def payment(self, part: dict[str, Any], payer: dict[str, Any]) -> dict[str, Any]:
        """A payment as it is shown: what its invoices take of it, and the rest as credit."""
        allocations = [
            {"invoice_id": allocation["invoice_id"], "amount": usd(taken)}
            for allocation in part["allocations"]
            if Decimal(taken := (self.takes or {}).get(allocation["invoice_id"], allocation["amount"]["amount"]))
        ]
        left = Decimal(part["amount"]["amount"]) - sum(
            Decimal(allocation["amount"]["amount"]) for allocation in allocations
        )
        return {
            "id": str(UUID(int=2_000 + len(self.asked))),
            "patient_id": part["patient_id"],
            "amount": part["amount"],
            "payer": payer,
            "status": "recorded",
            "booked_on": "2026-11-29",
            "external_reference": "EFT-1",
            "allocations": allocations,
            "unallocated": usd(str(left)),
        }


def body(one: Imported, now: datetime = NOW) -> dict[str, Any]:
    """A transfer of one part, as it is asked for."""
    (part,) = in_parts(one.posting, (DELTA, "Delta"))
    return body_of(one.posting, part, now, is_another=False)


async def booked(one: Imported, till: Till, **more: Any) -> Booked:
    transport = httpx.MockTransport(till.answer)
    async with (
        Payments("http://test", "token", transport) as payments,
        Invoices("http://test", "token", transport) as own,
    ):
        return await book(one, own, payments, NOW, **more)
