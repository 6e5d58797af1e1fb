"""What money settled on invoices, as payments announced it: entries that are only ever added (`INV-9`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.refund_adjustment import Refunds
from invoicing.domain.settlement import Counted, SettledByInsurers, SettledPayment, Settlement
from invoicing.persistence.tables.invoices import SETTLEMENTS

_KNOWN = text("SELECT clinic_id, id FROM invoices WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
_ROWS = Rows(SETTLEMENTS, without=["invoice_version"])
_ADD = text(
    f"""
    WITH added AS (
            INSERT INTO settlements ({_ROWS.names}, invoice_version)
            SELECT given.*, i.version + 1 FROM {_ROWS.given()}
              JOIN invoices i ON i.id = given.invoice_id
            ON CONFLICT DO NOTHING RETURNING invoice_id, change_minor),
         sums AS (SELECT invoice_id, sum(change_minor) AS change FROM added GROUP BY invoice_id)
    UPDATE invoices i
       SET settled_minor = i.settled_minor + s.change, version = i.version + 1, changed_at = :now
      FROM sums s WHERE i.id = s.invoice_id
    RETURNING i.id AS invoice_id, i.installment_plan_id AS plan_id,
              (SELECT max(v.made_at) FROM installment_plan_versions v
                WHERE v.plan_id = i.installment_plan_id) AS plan_changed_at
    """  # noqa: S608 - constants
)
_PAYMENTS = text(
    """
    SELECT payment_id, sum(change_minor)::bigint AS settled_minor, min(occurred_at) AS first_at,
           (array_agg(method ORDER BY occurred_at))[1] AS method
      FROM settlements WHERE invoice_id = :invoice_id
     GROUP BY payment_id ORDER BY min(occurred_at), payment_id
    """
)


# What a refund of it took and is credited counts as settled: nobody is asked for it again (`PAY-4`). What is released
# of a payment names no payer: it is whoever's the payment is.
_OF_INSURERS = text(
    """
    WITH own AS (
        SELECT invoice_id, payment_id, payer_kind, payer_id, change_minor,
               coalesce(decided_minor, credited_minor) AS credited_minor
          FROM settlements
         WHERE invoice_id = ANY(CAST(:ids AS uuid[]))
           AND occurred_at < coalesce(CAST(:end AS timestamptz), 'infinity')),
    payers AS (SELECT DISTINCT invoice_id, payment_id, payer_id FROM own WHERE payer_kind = 'insurer')
    SELECT invoice_id, payers.payer_id, sum(own.change_minor + own.credited_minor)::bigint AS minor,
           sum(own.credited_minor)::bigint AS credited
      FROM own JOIN payers USING (invoice_id, payment_id) GROUP BY invoice_id, payers.payer_id
    """
)


_COUNTED = text("SELECT event_id, ordinal FROM settlements WHERE event_id = ANY(CAST(:ids AS text[]))")
_REFUNDS = text(
    """
    SELECT invoice_id, coalesce(refund_id, transaction_id) AS refund_id,
           coalesce(sum(credited_minor - coalesce(decided_minor, credited_minor)) FILTER (WHERE kind = 'refund'), 0)
               ::bigint AS uncredited,
           bool_or(kind <> 'refund') AS cancelled
      FROM settlements
     WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND kind IN ('refund', 'refund_cancellation')
     GROUP BY 1, 2
    """
)
_LATEST = text(
    """
    SELECT DISTINCT ON (invoice_id) invoice_id, place, settled_with_refunds_minor
      FROM settlements WHERE invoice_id = ANY(CAST(:ids AS uuid[])) AND place IS NOT NULL
     ORDER BY invoice_id, place DESC
    """
)


_ENDED_AS_SETTLED = text(
    """
    SELECT p.id FROM installment_plans p
      JOIN installment_plan_versions v ON v.plan_id = p.id AND v.version = p.version AND v.cause = 'divided_anew'
     WHERE p.invoice_id = ANY(CAST(:ids AS uuid[])) AND p.ended
       AND NOT EXISTS (SELECT 1 FROM installment_plans q WHERE q.invoice_id = p.invoice_id AND q.id > p.id)
    """
)


async def lock_known(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Those of these invoices that exist here, locked, each with the clinic that it is of: (clinic, invoice)."""
    rows = await connection.execute(_KNOWN, {"ids": sorted(set(invoice_ids))})
    return {(row.clinic_id, row.id) for row in rows}


async def add(connection: AsyncConnection, entries: Sequence[Settlement], now: datetime) -> list[Counted]:
    """Add entries, each once, and their sum to each invoice, in one round trip; what was counted, and where."""
    rows = [
        {
            "event_id": entry.event_id,
            "ordinal": entry.ordinal,
            "clinic_id": entry.clinic_id,
            "invoice_id": entry.invoice_id,
            "transaction_id": entry.transaction_id,
            "payment_id": entry.payment_id,
            "kind": entry.kind,
            "change_minor": entry.change,
            "credited_minor": entry.credited,
            "installment_id": entry.installment_id,
            "method": entry.method,
            "payer_kind": entry.payer_kind,
            "payer_id": entry.payer_id,
            "booked_on": entry.booked_on,
            "occurred_at": entry.occurred_at,
            "refund_id": entry.refund_id,
            "by_subject": entry.by,
            "reason": entry.reason,
            "decided_minor": entry.what_credited,
            "place": entry.place[0] if entry.place else None,
            "settled_with_refunds_minor": entry.place[1] if entry.place else None,
        }
        for entry in entries
    ]
    parameters = _ROWS.arrays(rows) | {"now": now}
    return rows_as(Counted, await connection.execute(_ADD, parameters))


async def plans_ended_as_settled(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> set[UUID]:
    """The last plans of these invoices, where they ended as nothing had been outstanding to be divided (`PLN-6`)."""
    rows = await connection.execute(_ENDED_AS_SETTLED, {"ids": sorted(set(invoice_ids))})
    return {row.id for row in rows}


async def counted(connection: AsyncConnection, entries: Sequence[Settlement]) -> set[tuple[str, int]]:
    """Which of these entries, whose invoices are locked, were counted before."""
    rows = await connection.execute(_COUNTED, {"ids": list({entry.event_id for entry in entries})})
    return {(row.event_id, row.ordinal) for row in rows}


async def refunds_of(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, Refunds]:
    """What is known of the refunds of these invoices, which are locked."""
    wanted = {"ids": sorted(set(invoice_ids))}
    found = {invoice_id: Refunds() for invoice_id in wanted["ids"]}
    for row in await connection.execute(_REFUNDS, wanted):
        found[row.invoice_id].uncredited[row.refund_id] = row.uncredited
        if row.cancelled:
            found[row.invoice_id].cancelled.add(row.refund_id)
    for row in await connection.execute(_LATEST, wanted):
        found[row.invoice_id].follow((row.place, row.settled_with_refunds_minor))
    return found


async def payments_of(connection: AsyncConnection, invoice_id: UUID) -> list[SettledPayment]:
    """Every payment that ever settled something on an invoice, and what of it stands."""
    return rows_as(SettledPayment, await connection.execute(_PAYMENTS, {"invoice_id": invoice_id}))


async def of_insurers(
    connection: AsyncConnection, invoice_ids: Iterable[UUID], end: datetime | None = None
) -> dict[UUID, SettledByInsurers]:
    """What insurers' payments settle of each of these invoices, or did before an instant."""
    found = {invoice_id: SettledByInsurers() for invoice_id in invoice_ids}
    for row in await connection.execute(_OF_INSURERS, {"ids": list(found), "end": end}):
        own = found[row.invoice_id]
        if row.payer_id is not None:
            own.by_payer[row.payer_id] = row.minor
            own.credited_by_payer[row.payer_id] = row.credited
        found[row.invoice_id] = replace(own, minor=own.minor + row.minor, credited=own.credited + row.credited)
    return found
