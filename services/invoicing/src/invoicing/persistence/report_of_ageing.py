"""What invoices ask for at the end of a day: their sums less what is dated after it (`PAY-16`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from chassis.ages import AGES
from chassis.database.rows import rows_as, values_of
from sqlalchemy import BigInteger, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.ageing import Aged, Debtor, OpenInvoice, OpenInvoices
from invoicing.domain.estimate import ExpectedShare, turn
from invoicing.persistence.invoice_lists import OPEN
from invoicing.persistence.report_room import make_room

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
_NONE = ", ".join(f"NULL::bigint AS {name}" for name in AGES)
# Where neither a plan nor an insurer is, the due date says it all: added up by patient. The others come one by one.
_FOUND = f"""
    WITH asking AS MATERIALIZED ({{open}}),
    insured AS MATERIALIZED (
        SELECT a.id FROM asking a
         WHERE EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = a.id AND l.estimates IS NOT NULL)
         UNION
        SELECT a.id FROM asking a
         WHERE EXISTS (SELECT 1 FROM decisions d WHERE d.invoice_id = a.id AND d.applied_at < :end)),
    told AS MATERIALIZED (
        SELECT a.*, s.id IS NOT NULL AS insured, a.installment_plan_id IS NULL AND s.id IS NULL AS plain,
               CAST(:as_of AS date) - a.due_date AS late
          FROM asking a LEFT JOIN insured s ON s.id = a.id)
    SELECT t.id, survivor_of(:clinic_id, t.patient_id) AS patient_id, t.due_date, t.installment_plan_id,
           t.minor::bigint AS minor, t.insured, {_NONE}
      FROM told t WHERE NOT t.plain
     UNION ALL
    SELECT NULL, survivor_of(:clinic_id, t.patient_id), NULL, NULL, NULL, false,
           sum(t.minor) FILTER (WHERE late < 1)::bigint,
           sum(t.minor) FILTER (WHERE late BETWEEN 1 AND 30)::bigint,
           sum(t.minor) FILTER (WHERE late BETWEEN 31 AND 60)::bigint,
           sum(t.minor) FILTER (WHERE late BETWEEN 61 AND 90)::bigint,
           sum(t.minor) FILTER (WHERE late > 90)::bigint
      FROM told t WHERE t.plain GROUP BY t.patient_id
     ORDER BY 1 NULLS FIRST, 2
"""  # noqa: S608 - constants
# What insurers were expected to pay and write off of invoices that none has decided on, in turn; of a void one nothing.
_ESTIMATES = values_of(
    payer_id=Uuid(), payer_name=Text(), sequence=Text(), expected=BigInteger(), write_off=BigInteger()
)
_ESTIMATED = text(
    f"""
    SELECT l.invoice_id, e.payer_id, e.sequence, sum(e.expected)::bigint AS expected,
           sum(e.write_off)::bigint AS write_off,
           (array_agg(e.payer_name ORDER BY l.position))[1] AS payer_name
      FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id AND i.status <> 'void'
     CROSS JOIN LATERAL {_ESTIMATES.within("l.estimates", "e")}
     WHERE l.invoice_id = ANY(CAST(:ids AS uuid[])) AND l.estimates IS NOT NULL
     GROUP BY l.invoice_id, e.payer_id, e.sequence
    """  # noqa: S608 - constants
)


async def open_at(
    connection: AsyncConnection, clinic_id: UUID, as_of: date, end: datetime, today: date
) -> OpenInvoices:
    """What a clinic's invoices ask for at the end of a day; `end` is the instant at which it ends."""
    await make_room(connection)
    sql = _FOUND.format(open=_TODAY if as_of >= today else _THEN)
    rows = (await connection.execute(text(sql), {"clinic_id": clinic_id, "as_of": as_of, "end": end})).all()
    plain = [
        Aged(Debtor(row.patient_id), tuple(getattr(row, age) or 0 for age in AGES)) for row in rows if row.id is None
    ]
    return OpenInvoices(plain, rows_as(OpenInvoice, (row for row in rows if row.id is not None)))


async def estimated_on(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[ExpectedShare]]:
    """What each insurer was estimated to pay and have written off of these invoices, in turn."""
    found: dict[UUID, list[ExpectedShare]] = defaultdict(list)
    for row in await connection.execute(_ESTIMATED, {"ids": ids}) if ids else ():
        share = ExpectedShare(row.payer_id, row.payer_name, row.sequence, row.expected, row.write_off)
        found[row.invoice_id].append(share)
    return {
        invoice_id: sorted(shares, key=lambda one: (turn(one.sequence), one.payer_id))
        for invoice_id, shares in found.items()
    }
