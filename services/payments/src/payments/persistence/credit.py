"""A patient's credit read: how much, of which payments, for which treatment plans (`PAY-3`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.patient_credit import Credit, CreditPart, InsurersCredit

PLANS_MAX = 200
OWNERS_MAX = 200

# What an insurer overpaid is the insurer's, whomever it is held for (`INS-4`).
_BY_OWNER = text(
    """
    SELECT insurers, payer_id, payer_name, sum(minor)::bigint AS minor
      FROM (SELECT t.payer_kind = 'insurer' AS insurers, c.minor,
                   CASE t.payer_kind WHEN 'insurer' THEN t.payer_id END AS payer_id,
                   CASE t.payer_kind WHEN 'insurer' THEN t.payer_name END AS payer_name
              FROM credit_parts AS c JOIN transactions AS t ON t.transaction_id = c.payment_id
             WHERE c.clinic_id = :clinic_id AND c.patient_id = ANY (records_of(:clinic_id, :patient_id))
               AND c.minor > 0) AS held
     GROUP BY insurers, payer_id, payer_name ORDER BY insurers, payer_name, payer_id LIMIT :limit
    """
)
_PLANS = text(
    """
    SELECT t.treatment_plan_id, sum(c.minor)::bigint AS minor
      FROM credit_parts AS c JOIN transactions AS t ON t.transaction_id = c.payment_id
     WHERE c.clinic_id = :clinic_id AND c.patient_id = ANY (records_of(:clinic_id, :patient_id)) AND c.minor > 0
       AND t.treatment_plan_id IS NOT NULL AND t.payer_kind <> 'insurer'
     GROUP BY t.treatment_plan_id ORDER BY minor DESC, t.treatment_plan_id LIMIT :limit
    """
)
_PARTS = text(
    """
    SELECT c.payment_id, c.minor, t.amount_minor, t.patient_id AS paid_for, t.payer_kind, t.payer_id, t.payer_name,
           t.method, t.method_label, t.treatment_plan_id, t.received_at, t.recorded_at
      FROM (SELECT h.payment_id, sum(h.minor)::bigint AS minor FROM credit_parts AS h
             WHERE h.clinic_id = :clinic_id AND h.patient_id = ANY (records_of(:clinic_id, :patient_id)) AND h.minor > 0
             GROUP BY h.payment_id) AS c
      JOIN transactions AS t ON t.transaction_id = c.payment_id
     WHERE (CAST(:plan AS uuid) IS NULL OR t.treatment_plan_id = :plan)
       AND (CAST(:after AS uuid) IS NULL OR c.payment_id > CAST(:after AS uuid))
     ORDER BY c.payment_id LIMIT :limit
    """
)


async def of_patient(connection: AsyncConnection, clinic_id: UUID, patient_id: UUID) -> Credit:
    """A patient's own credit, the treatment plans that hold most of it first, and what insurers overpaid (`INS-4`)."""
    values = {"clinic_id": clinic_id, "patient_id": patient_id}
    held = (await connection.execute(_BY_OWNER, values | {"limit": OWNERS_MAX})).all()
    balance = sum(row.minor for row in held if not row.insurers)
    plans = (await connection.execute(_PLANS, values | {"limit": PLANS_MAX})).all() if balance else []
    insurers = rows_as(InsurersCredit, [row for row in held if row.insurers])
    return Credit(balance, [(row.treatment_plan_id, row.minor) for row in plans], insurers)


async def parts_of(
    connection: AsyncConnection, clinic_id: UUID, patient_id: UUID, plan: UUID | None, after: UUID | None, limit: int
) -> list[CreditPart]:
    """The payments that hold it, the oldest first: the order in which it is spent and withdrawn."""
    values = {"clinic_id": clinic_id, "patient_id": patient_id, "plan": plan, "after": after, "limit": limit}
    return rows_as(CreditPart, await connection.execute(_PARTS, values))
