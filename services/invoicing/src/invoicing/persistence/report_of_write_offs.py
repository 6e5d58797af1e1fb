"""What was given up, by kind and reason: credit notes but those of refunds, less what took them back (`PAY-16`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.period import Period
from invoicing.domain.report_figures import GivenUp, GivenUpFor

# What takes a note back counts against the note's own kind and reason; so does a void, for all notes before it. What an
# insurer's decision takes back undoes no single note, and counts against contracts. Bad debt that was recovered
# is a kind of its own, below zero.
_GIVEN_UP = """
    SELECT coalesce(u.kind, CASE WHEN n.decision_id IS NOT NULL THEN 'contractual_write_off'
                                 WHEN n.kind = 'bad_debt_again' THEN 'bad_debt_recovery' END, n.kind) AS kind,
           coalesce(u.reason, n.reason) AS reason, CASE n.side WHEN 'credit' THEN 1 ELSE -1 END AS sign,
           n.issue_date AS on_date, n.net_minor, n.tax_minor, n.total_minor, i.voided_on
      FROM notes n JOIN invoices i ON i.id = n.invoice_id LEFT JOIN notes u ON u.id = n.undoes_id
     WHERE n.clinic_id = :clinic_id AND n.refund_id IS NULL
       AND (u.side = 'credit' OR u.id IS NULL
            AND (n.side = 'credit' OR n.decision_id IS NOT NULL OR n.kind = 'bad_debt_recovery'))
       AND (i.voided_at IS NULL OR n.created_at <= i.voided_at)
"""
_ROWS = f"""
    WITH given_up AS ({_GIVEN_UP}),
    told AS (
        SELECT kind, reason, sign, net_minor, tax_minor, total_minor FROM given_up
         WHERE on_date BETWEEN :first AND :last
         UNION ALL
        SELECT kind, reason, -sign, net_minor, tax_minor, total_minor FROM given_up
         WHERE voided_on BETWEEN :first AND :last)
    SELECT kind, reason, count(*) FILTER (WHERE sign > 0) AS notes,
           coalesce(sum(total_minor) FILTER (WHERE sign > 0), 0)::bigint AS given_up,
           coalesce(sum(total_minor) FILTER (WHERE sign < 0), 0)::bigint AS taken_back,
           sum(sign * net_minor)::bigint AS net, sum(sign * tax_minor)::bigint AS tax,
           sum(sign * total_minor)::bigint AS total
      FROM told
"""  # noqa: S608 - constants
_BY_REASON = text(f"{_ROWS} GROUP BY kind, reason ORDER BY kind, reason")
_BY_KIND = text(f"{_ROWS.replace('SELECT kind, reason, count', 'SELECT kind, count')} GROUP BY kind ORDER BY kind")


async def by_reason(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[GivenUpFor]:
    """What each reason of each kind gave up in a period, and what was taken back of it."""
    return rows_as(GivenUpFor, await connection.execute(_BY_REASON, _asked(clinic_id, period)))


async def by_kind(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[GivenUp]:
    """The same by kind alone."""
    return rows_as(GivenUp, await connection.execute(_BY_KIND, _asked(clinic_id, period)))


def _asked(clinic_id: UUID, period: Period) -> dict[str, Any]:
    return {"clinic_id": clinic_id, "first": period.first, "last": period.last}
