"""What is executed for each payment is planned a few times and then kept: planning it takes longer than doing it."""

from __future__ import annotations

from payments_desk import FrontDesk, good, usd
from sqlalchemy import text

PLANNED_MOST = 5
"""How often PostgreSQL plans a prepared statement before it compares with a plan that it keeps."""
_PLANS = text(
    """
    SELECT statement, custom_plans, generic_plans FROM pg_prepared_statements
     WHERE statement LIKE '%INSERT INTO transactions%' OR statement LIKE '%FROM payment_groups WHERE group_id%'
    """
)


async def test_the_statements_of_a_payment_are_planned_once_and_kept(desk: FrontDesk) -> None:
    for _ in range(3 * PLANNED_MOST):
        body: dict[str, object] = {"patient_id": str(desk.patient_id), "amount": usd("10.00"), "method": "cash"}
        body["allocations"] = [{"invoice_id": str(await desk.invoice("30.00"))}]
        good(await desk.client.post("/v1/payments", json=body), 201)
    async with desk.harness.database.transaction([desk.clinic_id], "test") as work:
        plans = (await work.connection.execute(_PLANS)).all()
    assert any(row.generic_plans for row in plans)
    assert [row.statement for row in plans if row.custom_plans > PLANNED_MOST] == []
