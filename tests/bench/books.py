"""The books of a busy clinic: an account of many transactions, and the sheet of a day of many more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from clinic import Clinic
from figures import Figure, percentile
from local_stack.supervisor import Stack

TRANSACTIONS, ACCOUNT_MS = 10_000, 20
BOOKINGS, SHEET_MS = 100_000, 200
DAYS_BEFORE = 100
TIMES = 60
GIVEN_UP_SECONDS = 120

# Payments of a dollar on one invoice, with all that recording each of them writes: the proof holds afterwards.
_PAYMENTS = """
WITH made AS MATERIALIZED (
    SELECT uuidv7() AS id, number,
           (ARRAY['cash', 'bank_card', 'bank_transfer', 'check', 'insurance'])[1 + number % 5] AS method,
           ($5::uuid[])[1 + number % 8] AS group_id
      FROM generate_series(1, $4::int) AS number
),
transactions AS (
    INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, payer_kind,
                              recorded_at, booked_on, recorded_by, reason_code, payment_id, received_at, group_id)
    SELECT id, $1::uuid, $2::uuid, 'payment', 100, 'USD', method, 'patient', now(), $6::date, 'bench',
           'invoice_settlement', id, now(), group_id
      FROM made
),
entries AS (
    INSERT INTO journal_entries (clinic_id, posting_id, booked_on, account, minor, patient_id, invoice_id, payment_id,
                                 method, payer_kind)
    SELECT $1::uuid, id, $6::date, 'money', 100, NULL::uuid, NULL::uuid, id, method, 'patient' FROM made
     UNION ALL
    SELECT $1::uuid, id, $6::date, 'receivable', -100, $2::uuid, $3::uuid, id, NULL::text, 'patient' FROM made
),
positions AS (
    INSERT INTO payment_positions (payment_id, clinic_id, patient_id, amount_minor, allocated_minor, unallocated_minor,
                                   group_id)
    SELECT id, $1::uuid, $2::uuid, 100, 100, 0, group_id FROM made
),
lines AS (
    INSERT INTO account_lines (clinic_id, patient_id, on_date, source_id, kind, change_minor, recorded_at)
    SELECT $1::uuid, $2::uuid, $6::date, id, 'payment', -100, now() FROM made ORDER BY number
)
UPDATE invoices SET settled_minor = settled_minor + 100 * $4::int WHERE invoice_id = $3::uuid
"""


async def record_payments(
    connection: asyncpg.Connection,
    clinic_id: UUID,
    patient: UUID,
    invoice: UUID,
    times: int,
    day: date,
    groups: list[UUID | None] | None = None,
) -> None:
    """Record so many payments of a dollar on an invoice, straight into payments' database."""
    await connection.execute(_PAYMENTS, clinic_id, patient, invoice, times, groups or [None] * 8, day)


async def books(stack: Stack, clinic: Clinic, other: Clinic) -> list[Figure]:
    """A patient of ten thousand payments in one clinic; a day of a hundred thousand in the other."""
    patient, invoice = await _patient(clinic)
    busy, owed = await _patient(other)
    connection = await asyncpg.connect(stack.database_dsn("payments"))
    try:
        today = date.fromisoformat((await clinic.pay(patient, invoice, 100))["booked_on"])
        await record_payments(connection, clinic.id, patient, invoice, TRANSACTIONS, today)
        groups = [await _group(other, number) for number in range(7)]
        for before in range(DAYS_BEFORE, 0, -1):
            day = today - timedelta(days=before)
            payments = BOOKINGS // DAYS_BEFORE
            await record_payments(connection, other.id, busy, owed, payments, day, [None, *groups])
        await record_payments(connection, other.id, busy, owed, BOOKINGS, today, [None, *groups])
        # As autovacuum would have, in the months in which such an account grows.
        await connection.execute("VACUUM ANALYZE")
        await _summed(stack, connection, other.id)
    finally:
        await connection.close()
    found = [*await _accounts(clinic, patient), *await _sheets(other, today)]
    await _prove(clinic)
    await _prove(other)
    return found


async def _accounts(clinic: Clinic, patient: UUID) -> list[Figure]:
    path = f"/v1/patients/{patient}/account"
    wanted: dict[str, dict[str, str | int]] = {
        "oldest first": {},
        "newest first": {"order": "newest_first"},
        "newest first, by method": {"order": "newest_first", "method": "check"},
    }
    return [
        await _timed(
            f"account of {TRANSACTIONS:,} transactions, first page {name}",
            ACCOUNT_MS,
            lambda query=query: clinic.api.get("payments", clinic.id, path, **query),
        )
        for name, query in wanted.items()
    ]


async def _sheets(clinic: Clinic, day: date) -> list[Figure]:
    path = f"/v1/day-sheets/{day}"
    sheet = await _timed(
        f"day sheet over {BOOKINGS:,} transactions", SHEET_MS, lambda: clinic.api.get("payments", clinic.id, path)
    )
    page = await _timed(
        "its transactions, first page",
        ACCOUNT_MS,
        lambda: clinic.api.get("payments", clinic.id, f"{path}/transactions"),
    )
    told = (await clinic.api.get("payments", clinic.id, path)).body["totals"]
    if (told["payments"]["count"], told["opening"]["amount"]) != (BOOKINGS + 1, f"{BOOKINGS}.00"):
        raise RuntimeError(f"the day sheet is wrong: {told}")
    return [sheet, page]


async def _timed(name: str, target_ms: float | None, ask: Callable[[], Awaitable[Any]]) -> Figure:
    taken: list[float] = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    detail = f"p99 {percentile(taken, 0.99):.1f} ms over {TIMES} requests, one at a time"
    return Figure(name, percentile(taken, 0.5), "ms", target_ms, at_least=False, detail=detail)


async def _patient(clinic: Clinic) -> tuple[UUID, UUID]:
    """A patient with an invoice that takes all payments, known to payments."""
    patient, *_ = await clinic.open(1)
    invoice = await clinic.issue_invoice(patient, price_minor=10_000_000)
    await clinic.pay(patient, invoice, 100)
    return patient, invoice


async def _group(clinic: Clinic, number: int) -> UUID:
    body = {"name": f"Group {number}"}
    key = UUID(int=clinic.id.int ^ number)
    return UUID((await clinic.api.post("payments", clinic.id, "/v1/payment-groups", body, key)).body["id"])


async def _summed(stack: Stack, connection: Any, clinic_id: UUID) -> None:
    """Let the worker sum the days that are closed; it does so when it starts."""
    await stack.stop_service("payments", "worker")
    await stack.start_service("payments", "worker")
    deadline = time.monotonic() + GIVEN_UP_SECONDS
    while not await connection.fetchval("SELECT count(*) FROM summed_days WHERE clinic_id = $1", clinic_id):
        if time.monotonic() > deadline:
            raise TimeoutError("the closed days were not summed")
        await asyncio.sleep(0.2)


async def _prove(clinic: Clinic) -> None:
    found = (await clinic.api.get("payments", clinic.id, "/v1/prove")).body
    if not found["proven"]:
        raise RuntimeError(f"the books are wrong: {found['differences'][:3]}")
