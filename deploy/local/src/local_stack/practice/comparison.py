"""The services' invoices and payments beside the ledger's: every difference is named."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once
from local_stack.practice.extract import Extract
from local_stack.practice.ledger import Clinic, Method, PayerKind, Visit, as_amount, in_cents

PATIENCE_SECONDS = 30.0
"""How long a difference may go without getting smaller: what payments decided reaches invoicing by an event."""
PAUSE_SECONDS = 0.5


@dataclass
class Invoiced:
    """One visit's invoice as invoicing and payments show it, in cents."""

    id: str
    number: str
    status: str
    total: int
    outstanding: int
    paid: Counter[tuple[PayerKind, Method]] = field(default_factory=Counter)
    insurers_decided: int = 0
    """What insurers decided to pay, whatever came in."""
    patient_part: int = 0
    """What they left to the patient."""
    written_off: int = 0


@dataclass
class Sums:
    """What the compared invoices come to, in cents."""

    visits: int = 0
    total: int = 0
    outstanding: int = 0
    paid: Counter[tuple[PayerKind, Method]] = field(default_factory=Counter)
    insurers_decided: int = 0
    patient_part: int = 0

    def __iadd__(self, other: Sums) -> Self:
        """Add what one clinic comes to."""
        self.visits += other.visits
        self.total += other.total
        self.outstanding += other.outstanding
        self.paid += other.paid
        self.insurers_decided += other.insurers_decided
        self.patient_part += other.patient_part
        return self


class Comparison:
    """Compares clinic by clinic, so that memory holds a clinic at a time; asks again where events are on their way."""

    def __init__(self, extract: Extract, api: Api, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._extract = extract
        self._api = api
        self._patience_seconds = patience_seconds
        self._differences: dict[UUID, list[str]] = {}
        self._sums: dict[UUID, Sums] = {}

    async def compare(self) -> list[str]:
        """The differences that stay; empty when every visit agrees."""
        await at_once(self._extract.clinics(), self._compare_clinic)
        deadline = time.monotonic() + self._patience_seconds
        while self._differences and time.monotonic() < deadline:
            await asyncio.sleep(PAUSE_SECONDS)
            before = self._count()
            differing = [clinic for clinic in self._extract.clinics() if clinic.id in self._differences]
            await at_once(differing, self._compare_clinic)
            if self._count() < before:
                deadline = time.monotonic() + self._patience_seconds
        return [line for lines in self._differences.values() for line in lines]

    @property
    def sums(self) -> Sums:
        """What the services show for the visits, all clinics together."""
        whole = Sums()
        for sums in self._sums.values():
            whole += sums
        return whole

    def _count(self) -> int:
        return sum(len(lines) for lines in self._differences.values())

    async def _compare_clinic(self, clinic: Clinic) -> None:
        shown = await shown_by_visit(self._api, clinic.id)
        found: list[str] = []
        sums = Sums()
        for visit in self._extract.visits(clinic):
            invoices = shown.get(visit.id, [])
            if visit.decisions:
                await read_decided(self._api, clinic.id, invoices)
            found += differences(clinic, visit, invoices)
            for invoice in invoices[:1]:
                decided = (invoice.insurers_decided, invoice.patient_part)
                sums += Sums(1, invoice.total, invoice.outstanding, invoice.paid, *decided)
        self._sums[clinic.id] = sums
        self._differences.pop(clinic.id, None)
        if found:
            self._differences[clinic.id] = found


def differences(clinic: Clinic, visit: Visit, invoices: list[Invoiced]) -> Iterator[str]:
    """Where the visit's invoice and the ledger disagree, a line each."""
    who = f"visit {visit.id} of {visit.start:%Y-%m-%d} at {clinic.name}"
    if len(invoices) != 1:
        numbers = ", ".join(invoice.number for invoice in invoices)
        yield f"{who}: has {f'{len(invoices)} invoices ({numbers})' if invoices else 'no invoice'} instead of one"
        return
    invoice = invoices[0]
    for what, shown, ledger in _figures(visit, invoice):
        if shown != ledger:
            yield f"{who}: {what} {as_amount(shown)} on {invoice.number}, {as_amount(ledger)} in the ledger"


def _figures(visit: Visit, invoice: Invoiced) -> Iterator[tuple[str, int, int]]:
    yield "total", invoice.total, visit.total
    ledger = visit.paid_by_method()
    for payer, method in sorted({*ledger, *invoice.paid}):
        yield f"paid by the {payer} by {method}", invoice.paid[payer, method], ledger[payer, method]
    yield "outstanding", invoice.outstanding, visit.outstanding
    yield "decided to be paid by insurers", invoice.insurers_decided, visit.insurers_paid
    yield "decided to be the patient's part", invoice.patient_part, visit.patient_part
    yield "written off by contract", invoice.written_off, 0


async def shown_by_visit(api: Api, clinic_id: UUID) -> dict[UUID, list[Invoiced]]:
    """The clinic's invoices of appointments, with what payments says was paid on them."""
    by_visit: dict[UUID, list[Invoiced]] = {}
    by_id: dict[str, Invoiced] = {}
    async for item in api.pages("invoicing", clinic_id, "/v1/invoices"):
        if item["appointment_id"] and item["status"] not in ("draft", "void"):
            invoice = _invoiced(item)
            by_visit.setdefault(UUID(item["appointment_id"]), []).append(invoice)
            by_id[invoice.id] = invoice
    async for payment in api.pages("payments", clinic_id, "/v1/payments"):
        for allocation in payment["allocations"]:
            if allocation["invoice_id"] in by_id:
                paid = by_id[allocation["invoice_id"]].paid
                paid[payment["payer"]["kind"], payment["method"]] += in_cents(allocation["amount"]["amount"])
    return by_visit


async def read_decided(api: Api, clinic_id: UUID, invoices: list[Invoiced]) -> None:
    """Add what insurers decided on these invoices (`INS-3`)."""
    for invoice in invoices:
        insurance = (await api.get("invoicing", clinic_id, f"/v1/invoices/{invoice.id}")).body["insurance"]
        if insurance is not None:
            decided = insurance["decided"]
            invoice.insurers_decided = in_cents(decided["paid"]["amount"])
            invoice.patient_part = in_cents(decided["patient_part"]["amount"])
            invoice.written_off = in_cents(decided["written_off"]["amount"])


def _invoiced(item: dict[str, Any]) -> Invoiced:
    return Invoiced(
        item["id"],
        item["number"],
        item["status"],
        in_cents(item["totals"]["total"]["amount"]),
        in_cents(item["outstanding"]["amount"]),
    )
