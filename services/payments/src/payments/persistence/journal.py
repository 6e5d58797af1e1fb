"""The journal as an accountant reads it: entries by day, and what they add up to by account (`PAY-12`)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.journal import Period, PostedEntry, Sums

_SUMS = text(
    """
    SELECT account, method, payer_kind,
           coalesce(sum(minor) FILTER (WHERE booked_on < :from_day), 0)::bigint AS opening,
           coalesce(sum(minor) FILTER (WHERE booked_on >= :from_day AND minor > 0), 0)::bigint AS debits,
           coalesce(-sum(minor) FILTER (WHERE booked_on >= :from_day AND minor < 0), 0)::bigint AS credits,
           sum(minor)::bigint AS balance, count(*) AS entries
      FROM journal_entries
     WHERE clinic_id = :clinic_id AND booked_on <= :to_day
     GROUP BY account, method, payer_kind
     ORDER BY account, method, payer_kind
    """
)
_ENTRIES = text(
    """
    SELECT j.entry_id, j.booked_on, j.posting_id, coalesce(d.note_kind, t.kind, d.kind) AS kind, d.number, j.account,
           j.minor, j.method, j.payer_kind, j.patient_id, j.invoice_id, j.payment_id
      FROM journal_entries AS j
      LEFT JOIN transactions AS t ON t.transaction_id = j.posting_id
      LEFT JOIN invoice_documents AS d ON d.document_id = j.posting_id
     WHERE j.clinic_id = :clinic_id AND j.booked_on BETWEEN :from_day AND :to_day
       AND (j.booked_on, j.entry_id) > (CAST(:after_day AS date), CAST(:after_id AS bigint))
       AND (CAST(:account AS text) IS NULL OR j.account = :account)
     ORDER BY j.booked_on, j.entry_id
     LIMIT :limit
    """
)


async def sums(connection: AsyncConnection, clinic_id: UUID, period: Period) -> list[Sums]:
    """What the entries up to a period's end add up to, by account, method and kind of payer."""
    values = {"clinic_id": clinic_id, "from_day": period.from_day, "to_day": period.to_day}
    return rows_as(Sums, await connection.execute(_SUMS, values))


async def entries(
    connection: AsyncConnection,
    clinic_id: UUID,
    period: Period,
    account: str | None,
    after: tuple[date, int] | None,
    limit: int,
) -> list[PostedEntry]:
    """A period's entries in the order of their days, then as they were written."""
    values = {
        "clinic_id": clinic_id,
        "from_day": period.from_day,
        "to_day": period.to_day,
        "account": account,
        "after_day": after[0] if after else period.from_day,
        "after_id": after[1] if after else 0,
        "limit": limit,
    }
    return rows_as(PostedEntry, await connection.execute(_ENTRIES, values))
