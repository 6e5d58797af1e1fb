"""What a front desk waits for: payments, invoices, and the cycle of both, by clients that never pause."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from clinic import Clinic, closed_loop
from figures import Figure, percentile

CLIENTS = 8
PATIENTS = 200
PAYMENTS, PAYMENTS_PER_SECOND, PAYMENT_P99_MS = 4_000, 400, 60
INVOICES, INVOICES_PER_SECOND = 2_000, 250
CYCLES, CYCLES_PER_SECOND = 800, 120
CYCLE_CLIENTS = 16
CROWD, PAYMENTS_OF_CROWD = 64, 2_000
WARM_UP = 400


async def payments(clinic: Clinic, floor: float) -> list[Figure]:
    """Payments of one dollar on large invoices, spread over patients."""
    patients = await clinic.open(PATIENTS)
    invoices = await _issued(clinic, patients)

    async def pay(number: int) -> None:
        place = number % PATIENTS
        await clinic.pay(patients[place], invoices[place], 100)

    await closed_loop(CLIENTS, WARM_UP, pay)
    rate, seconds = await closed_loop(CLIENTS, PAYMENTS, pay)
    p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
    return [
        Figure(
            "payments recorded, 8 clients",
            rate,
            "/s",
            PAYMENTS_PER_SECOND,
            floor=floor,
            floor_of="the same rows by pgbench",
            detail=f"p50 {p50:.1f} ms over {PAYMENTS} payments",
        ),
        Figure("payments recorded, p99", p99, "ms", PAYMENT_P99_MS, at_least=False),
    ]


async def crowds(clinic: Clinic) -> list[Figure]:
    """Payments by few clerks and by many, spread over patients and all on one invoice of one patient."""
    patients = await clinic.open(PATIENTS)
    invoices = await _issued(clinic, patients)
    found = []
    for clients in (CLIENTS, CROWD):
        for over, told in ((PATIENTS, "spread over patients"), (1, "all on one patient")):

            async def pay(number: int, over: int = over) -> None:
                await clinic.pay(patients[number % over], invoices[number % over], 100)

            await closed_loop(clients, WARM_UP, pay)
            rate, seconds = await closed_loop(clients, PAYMENTS_OF_CROWD, pay)
            p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
            detail = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms over {PAYMENTS_OF_CROWD} payments"
            found.append(Figure(f"payments recorded, {clients} clients, {told}", rate, "/s", detail=detail))
    return found


async def invoices(clinics: Sequence[Clinic], floor: float) -> list[Figure]:
    """Invoices of three lines, created and issued in one request: by several clinics, then all by one.

    One clinic's numbers have no gaps, so its invoices wait for each other's commits (`INV-7`).
    """
    patients = [await clinic.open(PATIENTS // len(clinics)) for clinic in clinics]
    spread = await _issuing(clinics, patients)
    alone = await _issuing(clinics[:1], patients[:1])
    return [
        Figure(
            f"invoices of 3 lines issued, {CLIENTS} clients, {len(clinics)} clinics",
            spread[0],
            "/s",
            INVOICES_PER_SECOND,
            floor=floor,
            floor_of="the same rows by pgbench",
            detail=spread[1],
        ),
        Figure(
            f"invoices of 3 lines issued, {CLIENTS} clients, one clinic",
            alone[0],
            "/s",
            detail=f"{alone[1]}; each waits for the number of the one before",
        ),
    ]


async def _issuing(clinics: Sequence[Clinic], patients: Sequence[list[UUID]]) -> tuple[float, str]:
    async def issue(number: int) -> None:
        round_, place = divmod(number, len(clinics))
        await clinics[place].issue_invoice(patients[place][round_ % len(patients[place])])

    await closed_loop(CLIENTS, WARM_UP, issue)
    rate, seconds = await closed_loop(CLIENTS, INVOICES, issue)
    return rate, f"p50 {percentile(seconds, 0.5) * 1000:.1f} ms, p99 {percentile(seconds, 0.99) * 1000:.1f} ms"


async def cycles(clinic: Clinic, floor: float) -> list[Figure]:
    """An invoice created and issued, then two partial payments: the second service hears of it through Kafka."""
    patients = await clinic.open(PATIENTS)

    async def cycle(number: int) -> None:
        patient = patients[number % PATIENTS]
        invoice = await clinic.issue_invoice(patient)
        await clinic.pay(patient, invoice, 10_000)
        await clinic.pay(patient, invoice, 26_000, "bank_card")

    await closed_loop(CYCLE_CLIENTS, WARM_UP // 4, cycle)
    rate, seconds = await closed_loop(CYCLE_CLIENTS, CYCLES, cycle)
    detail = f"{CYCLE_CLIENTS} clients; p50 {percentile(seconds, 0.5) * 1000:.0f} ms for the three requests"
    return [
        Figure(
            "invoice and two payments",
            rate,
            "/s",
            CYCLES_PER_SECOND,
            floor=floor,
            floor_of="the same rows by pgbench, one transaction after the other",
            detail=detail,
        )
    ]


async def _issued(clinic: Clinic, patients: list[UUID]) -> list[UUID]:
    """An invoice for each patient, large enough for every payment to come."""
    limit = asyncio.Semaphore(CLIENTS)

    async def one(patient: UUID) -> UUID:
        async with limit:
            return await clinic.issue_invoice(patient, price_minor=10_000_000)

    return list(await asyncio.gather(*(one(patient) for patient in patients)))
