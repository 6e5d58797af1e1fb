"""Every stored balance recomputed from the journal, and where the two differ (`ALL-8`, `PAY-12`)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.persistence import proof_of_lists

_POSTINGS = """
SELECT 'posting ' || posting_id || ' sums to zero' AS what, 0::numeric AS expected, sum(minor) AS found
  FROM journal_entries GROUP BY posting_id
"""
_INVOICES = """
SELECT 'invoice ' || i.invoice_id || ' ' || f.what, f.expected, f.found
  FROM invoices AS i
  LEFT JOIN (
        SELECT invoice_id,
               sum(minor) FILTER (WHERE account = 'receivable') AS receivable,
               -sum(minor) FILTER (WHERE account IN ('receivable', 'refund_allowances')
                                     AND payment_id IS NOT NULL) AS settled,
               sum(minor) FILTER (WHERE account = 'refund_allowances' AND payment_id IS NOT NULL) AS adjusted
          FROM journal_entries WHERE invoice_id IS NOT NULL GROUP BY invoice_id) AS j USING (invoice_id)
 CROSS JOIN LATERAL (VALUES
        ('settled', coalesce(j.settled, 0), i.settled_minor),
        ('refund adjusted', coalesce(j.adjusted, 0), i.refund_adjusted_minor),
        ('receivable', coalesce(j.receivable, 0), i.total_minor + i.debited_minor - i.credited_minor
            - i.refund_adjusted_minor - i.voided_minor - i.settled_minor)) AS f (what, expected, found)
"""
_PAYMENTS = """
SELECT 'payment ' || t.transaction_id || ' ' || f.what, f.expected, f.found
  FROM transactions AS t
  LEFT JOIN payment_positions AS p ON p.payment_id = t.transaction_id
  LEFT JOIN (
        SELECT payment_id,
               -sum(minor) FILTER (WHERE account IN ('receivable', 'refund_allowances')) AS allocated,
               -sum(minor) FILTER (WHERE account = 'patient_credit') AS unallocated,
               sum(minor) FILTER (WHERE account = 'money') AS money
          FROM journal_entries WHERE payment_id IS NOT NULL GROUP BY payment_id) AS j
    ON j.payment_id = t.transaction_id
 CROSS JOIN LATERAL (VALUES
        ('amount', t.amount_minor, p.amount_minor),
        ('allocated', coalesce(j.allocated, 0), p.allocated_minor),
        ('unallocated', coalesce(j.unallocated, 0), p.unallocated_minor),
        ('money', coalesce(j.money, 0), CASE p.status WHEN 'recorded' THEN p.amount_minor ELSE 0 END
            - p.refunded_minor)) AS f (what, expected, found)
 WHERE t.kind = 'payment'
"""
_CREDIT_PARTS = """
SELECT 'credit of patient ' || patient_id || ' from payment ' || payment_id, coalesce(j.minor, 0), coalesce(c.minor, 0)
  FROM (SELECT payment_id, patient_id, -sum(minor) AS minor
          FROM journal_entries WHERE account = 'patient_credit' GROUP BY payment_id, patient_id) AS j
  FULL JOIN credit_parts AS c USING (payment_id, patient_id)
"""
_CREDIT = """
SELECT 'credit of patient ' || patient_id, coalesce(j.minor, 0), coalesce(c.balance_minor, 0)
  FROM (SELECT patient_id, -sum(minor) AS minor
          FROM journal_entries WHERE account = 'patient_credit' GROUP BY patient_id) AS j
  FULL JOIN patient_credit AS c USING (patient_id)
"""
_CHECKED = " UNION ALL ".join((_POSTINGS, _INVOICES, _PAYMENTS, _CREDIT_PARTS, _CREDIT, *proof_of_lists.CHECKS))
_DIFFERENCES = text(
    f"""
    WITH checked AS MATERIALIZED ({_CHECKED})
    SELECT (SELECT count(*) FROM checked) AS figures, d.what, d.expected, d.found
      FROM (SELECT 1) AS one LEFT JOIN checked AS d ON d.expected IS DISTINCT FROM d.found
     ORDER BY d.what LIMIT :limit
    """  # noqa: S608 - only texts of this module
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A stored figure that is not what the journal says, in minor units."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Proven:
    """How many figures were recomputed, and those that differ (at most a thousand of them)."""

    figures: int
    wrong: tuple[Wrong, ...]


DIFFERENCES_MAX = 1_000


async def prove(connection: AsyncConnection) -> Proven:
    """Recompute every balance of the clinics that this connection sees."""
    rows = (await connection.execute(_DIFFERENCES, {"limit": DIFFERENCES_MAX})).all()
    wrong = tuple(Wrong(row.what, str(row.expected), str(row.found)) for row in rows if row.what is not None)
    return Proven(rows[0].figures if rows else 0, wrong)
