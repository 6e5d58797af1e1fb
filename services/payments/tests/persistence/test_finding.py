"""Payments among many are found by an index, under row-level security (ALL-3, ALL-4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from chassis.identifiers import new_id
from payments.domain.recorded_payment import PaymentFilter
from payments.persistence.queries import payments_statement
from payments_desk import FrontDesk
from sqlalchemy import text

MANY = """
WITH made AS MATERIALIZED (
    SELECT uuidv7() AS id, number, '2026-11-01'::date - number / 100 AS day FROM generate_series(1, 20000) AS number
),
recorded AS (
    INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, payer_kind,
                              recorded_at, booked_on, recorded_by, reason_code, payment_id, external_reference)
    SELECT id, $1, $2, 'payment', 100, 'USD', 'cash', 'patient', now(), day, 'ada', 'deposit', id, 'ERA ' || number
      FROM made
),
positions AS (
    INSERT INTO payment_positions (payment_id, clinic_id, patient_id, amount_minor, allocated_minor, unallocated_minor,
                                   status)
    SELECT id, $1, $2, 100, 0, CASE WHEN number % 1000 = 0 THEN 0 ELSE 100 END,
           CASE WHEN number % 1000 = 0 THEN 'charged_back' ELSE 'recorded' END FROM made
)
SELECT count(*) FROM made
"""


@pytest.fixture
async def crowd(desk: FrontDesk) -> UUID:
    """Twenty thousand payments of another clinic; they are too plain to be proven."""
    clinic_id = new_id()
    connection = await asyncpg.connect(desk.harness.owned.admin_dsn)
    try:
        await connection.execute(MANY, clinic_id, new_id())
        await connection.execute("VACUUM ANALYZE transactions, payment_positions")
    finally:
        await connection.close()
    return clinic_id


@pytest.mark.parametrize(
    "given", [{}, {"external_reference": "ERA 19989"}, {"status": "charged_back"}], ids=["all", "reference", "status"]
)
async def test_payments_are_found_by_an_index(desk: FrontDesk, crowd: UUID, given: dict[str, Any]) -> None:
    """The plan of the very statement reads little more than it shows."""
    statement, values = payments_statement(crowd, PaymentFilter(**given), None, 51)
    async with desk.harness.database.reading([crowd]) as connection:
        assert (await connection.execute(statement, values)).first() is not None
        explained = await connection.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.text}"), values)
        (plan,) = explained.scalar_one()
    read = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    assert read < 600, (read, plan)
