"""Insurers' decisions from Kafka into invoices, the invoice that shows them, and a transfer for many patients."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from chassis.identifiers import new_id
from clinic import CURRENCY, Clinic, closed_loop, money
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment
from figures import Figure, percentile
from local_stack.practice.announcing import Announcer
from local_stack.practice.events import Announced
from local_stack.supervisor import Stack

from contracts import Amount

PATIENTS, DECISIONS_PER_INVOICE = 200, 10
READS, CLIENTS = 400, 4
PAID, WRITTEN_OFF = 1_000, 200
GIVEN_UP_SECONDS = 300
COUNT = "SELECT count(*) FROM decisions WHERE clinic_id = $1"


async def insurers(stack: Stack, clinic: Clinic) -> list[Figure]:
    """Ten decisions on each of 200 invoices, each with its write-off; then one transfer that pays all of them."""
    patients = await clinic.open(PATIENTS)
    invoices = [await clinic.issue_invoice(patient) for patient in patients]
    shown = [await _read(clinic, invoice) for invoice in invoices]
    insurer = new_id()
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    try:
        began = time.perf_counter()
        async with Announcer(clinic.addresses.kafka_bootstrap) as announcer:
            for _ in range(DECISIONS_PER_INVOICE):
                await announcer.announce(decided(clinic.id, insurer, invoice) for invoice in shown)
        await _until(connection, clinic.id, PATIENTS * DECISIONS_PER_INVOICE)
        rate = PATIENTS * DECISIONS_PER_INVOICE / (time.perf_counter() - began)
    finally:
        await connection.close()
    _, seconds = await closed_loop(CLIENTS, READS, lambda number: _read(clinic, invoices[number % PATIENTS]))
    return [
        Figure("insurers' decisions applied, each with a write-off", rate, "/s", detail=f"{PATIENTS} invoices"),
        Figure(f"invoice with {DECISIONS_PER_INVOICE} decisions read, p50", percentile(seconds, 0.5) * 1000, "ms"),
        Figure(f"transfer for {PATIENTS} patients recorded", await _transferred(clinic, insurer, shown), "ms"),
    ]


async def _read(clinic: Clinic, invoice: UUID) -> Any:
    return (await clinic.api.get("invoicing", clinic.id, f"/v1/invoices/{invoice}")).body


async def _transferred(clinic: Clinic, insurer: UUID, invoices: list[Any]) -> float:
    """How long one request takes that pays part of every invoice."""
    payments = [
        {"patient_id": invoice["patient_id"], "amount": money(PAID), "allocations": [{"invoice_id": invoice["id"]}]}
        for invoice in invoices
    ]
    body = {
        "insurer": {"payer_id": str(insurer), "name": "Bench Dental Plans"},
        "amount": money(PAID * len(invoices)),
        "external_reference": f"ERA {uuid4()}",
        "payments": payments,
    }
    began = time.perf_counter()
    await clinic.api.post("payments", clinic.id, "/v1/remittances", body, uuid4())
    return (time.perf_counter() - began) * 1000


def decided(clinic_id: UUID, insurer: UUID, invoice: Any, *, unbalanced: bool = False) -> Announced:
    """A tenth of an invoice's first line: paid, and a part of it written off; or paid more than is left of it."""
    line = AdjudicatedLine(
        invoice_line_id=UUID(invoice["lines"][0]["id"]),
        charge=_usd(PAID + WRITTEN_OFF),
        adjustments=(ClaimAdjustment(group="CO", reason_code="45", amount=_usd(WRITTEN_OFF)),),
        paid=_usd(PAID + unbalanced),
    )
    event = ClaimAdjudicated(
        clinic_id=clinic_id,
        occurred_at=datetime.now(UTC),
        claim_id=uuid4(),
        decision_id=new_id(),
        patient_id=UUID(invoice["patient_id"]),
        invoice_id=UUID(invoice["id"]),
        payer_id=insurer,
        payer_name="Bench Dental Plans",
        charge=line.charge,
        paid=line.paid,
        lines=(line,),
    )
    return Announced(uuid4(), "/practice/claims", event.claim_id, event)


def _usd(minor: int) -> Amount:
    return Amount(amount=money(minor)["amount"], currency=CURRENCY)


async def _until(connection: Any, clinic_id: UUID, rows: int) -> None:
    deadline = time.monotonic() + GIVEN_UP_SECONDS
    while await connection.fetchval(COUNT, clinic_id) < rows:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{rows} decisions were not applied in {GIVEN_UP_SECONDS} s")
        await asyncio.sleep(0.1)
