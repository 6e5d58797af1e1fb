"""What invoices ask for at the end of a day: their sums less what is dated after it (`PAY-16`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.persistence.invoice_lists import OPEN

# What is said today is what the sums say; of a day that is over, what notes and money changed after it is left out.
_TODAY = f"""
    SELECT i.id, i.patient_id, i.due_date, i.installment_plan_id,
           i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor AS minor
      FROM invoices i WHERE i.clinic_id = :clinic_id AND i.status = 'issued' AND {OPEN}
"""  # noqa: S608 - constants
_THEN = """
    SELECT o.id, o.patient_id, o.due_date, p.id AS installment_plan_id, o.minor
      FROM (SELECT i.id, i.patient_id, i.due_date,
                   i.total_minor + i.debited_minor - i.credited_minor - i.settled_minor
                       + coalesce(n.minor, 0) + coalesce(s.minor, 0) AS minor
              FROM invoices i
              LEFT JOIN (SELECT invoice_id, sum(CASE side WHEN 'credit' THEN total_minor ELSE -total_minor END) AS minor
                           FROM notes WHERE clinic_id = :clinic_id AND issue_date > :as_of GROUP BY 1) n
                ON n.invoice_id = i.id
              LEFT JOIN (SELECT invoice_id, sum(change_minor) AS minor
                           FROM settlements WHERE clinic_id = :clinic_id AND occurred_at >= :end GROUP BY 1) s
                ON s.invoice_id = i.id
             WHERE i.clinic_id = :clinic_id AND i.issue_date <= :as_of
               AND (i.status = 'issued' OR i.voided_on > :as_of)) o
      LEFT JOIN (SELECT DISTINCT ON (p.invoice_id) p.invoice_id, p.id
                   FROM installment_plans p JOIN installment_plan_versions v ON v.plan_id = p.id
                  WHERE p.clinic_id = :clinic_id AND v.made_at < :end
                  ORDER BY p.invoice_id, v.made_at DESC, v.version DESC) p ON p.invoice_id = o.id
     WHERE o.minor > 0
"""
_OPEN = """
    WITH asking AS MATERIALIZED ({open}),
    insured AS MATERIALIZED (
        SELECT a.id FROM asking a
         WHERE EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = a.id AND l.estimates IS NOT NULL)
         UNION
        SELECT a.id FROM asking a
         WHERE EXISTS (SELECT 1 FROM decisions d WHERE d.invoice_id = a.id AND d.applied_at < :end))
"""
_PLAIN = f"""
    {_OPEN}
    SELECT a.patient_id,
           sum(a.minor) FILTER (WHERE late < 1)::bigint AS not_due,
           sum(a.minor) FILTER (WHERE late BETWEEN 1 AND 30)::bigint AS days_1_30,
           sum(a.minor) FILTER (WHERE late BETWEEN 31 AND 60)::bigint AS days_31_60,
           sum(a.minor) FILTER (WHERE late BETWEEN 61 AND 90)::bigint AS days_61_90,
           sum(a.minor) FILTER (WHERE late > 90)::bigint AS over_90_days
      FROM (SELECT *, CAST(:as_of AS date) - due_date AS late FROM asking) a
     WHERE a.installment_plan_id IS NULL AND NOT EXISTS (SELECT 1 FROM insured s WHERE s.id = a.id)
     GROUP BY a.patient_id
"""  # noqa: S608 - constants
_OTHERS = f"""
    {_OPEN}
    SELECT a.id, a.patient_id, a.due_date, a.installment_plan_id, a.minor, s.id IS NOT NULL AS insured
      FROM asking a LEFT JOIN insured s ON s.id = a.id
     WHERE a.installment_plan_id IS NOT NULL OR s.id IS NOT NULL ORDER BY a.id
"""  # noqa: S608 - constants


class OpenAt:
    """What a clinic's invoices ask for at the end of a day; `end` is the instant at which it ends."""

    def __init__(self, connection: AsyncConnection, clinic_id: UUID, as_of: date, end: datetime, today: date) -> None:
        self._connection = connection
        self._open = _TODAY if as_of >= today else _THEN
        self._asked = {"clinic_id": clinic_id, "as_of": as_of, "end": end}

    async def plain(self) -> list[Any]:
        """By patient and age, of invoices without plan and insurer: their due date says it all."""
        return await self._found(_PLAIN)

    async def others(self) -> list[Any]:
        """Each invoice that has a plan or an insurer."""
        return await self._found(_OTHERS)

    async def _found(self, statement: str) -> list[Any]:
        sql = statement.format(open=self._open)
        used = {name: value for name, value in self._asked.items() if f":{name}" in sql}
        return list(await self._connection.execute(text(sql), used))
