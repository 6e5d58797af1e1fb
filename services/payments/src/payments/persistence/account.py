"""A patient's account: every document and transaction in order, with the running balance of the journal (`PAY-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.transaction import Method

# The balance is what the patient's invoices ask for less the patient's credit: a sum over two accounts of the journal.
# The receiving side of a transfer is found in the giving side's posting, which balances by itself.
_LINES = text(
    """
    WITH moved AS (
        SELECT posting_id, coalesce(sum(minor) FILTER (WHERE account IN ('receivable', 'patient_credit')), 0) AS change
          FROM journal_entries
         WHERE clinic_id = :clinic_id AND patient_id = :patient_id
         GROUP BY posting_id
    ),
    concerned AS (
        SELECT transaction_id AS id FROM transactions WHERE clinic_id = :clinic_id AND patient_id = :patient_id
         UNION
        SELECT posting_id FROM moved
    ),
    lines AS (
        SELECT d.recorded_at, d.document_id AS id, d.kind, d.number, d.issue_date AS on_date, d.total_minor AS amount,
               coalesce(m.change, 0) AS change, d.invoice_id, NULL::uuid AS payment_id, NULL::text AS method,
               NULL::text AS method_label, NULL::uuid AS group_id, NULL::text AS reason
          FROM invoice_documents AS d LEFT JOIN moved AS m ON m.posting_id = d.document_id
         WHERE d.clinic_id = :clinic_id AND d.patient_id = :patient_id
         UNION ALL
        SELECT t.recorded_at, t.transaction_id, t.kind, NULL, t.booked_on, t.amount_minor, coalesce(m.change, 0),
               NULL, t.payment_id, t.method, t.method_label, p.group_id, t.reason
          FROM concerned AS c
          JOIN transactions AS t ON t.transaction_id = c.id
          LEFT JOIN moved AS m
            ON m.posting_id = CASE t.kind WHEN 'credit_transfer_in' THEN t.linked_id ELSE t.transaction_id END
          LEFT JOIN payment_positions AS p ON p.payment_id = t.payment_id
         WHERE t.kind <> 'credit_transfer_out' OR t.patient_id = :patient_id
    ),
    running AS (
        SELECT *, sum(change) OVER (ORDER BY recorded_at, id)::bigint AS balance FROM lines
    )
    SELECT * FROM running
     WHERE (CAST(:after_at AS timestamptz) IS NULL OR (recorded_at, id) > (:after_at, CAST(:after_id AS uuid)))
       AND (CAST(:from_date AS date) IS NULL OR on_date >= :from_date)
       AND (CAST(:to_date AS date) IS NULL OR on_date <= :to_date)
       AND (CAST(:kind AS text) IS NULL OR kind = :kind)
       AND (CAST(:group_id AS uuid) IS NULL OR group_id = :group_id)
       AND (CAST(:method AS text) IS NULL OR method = :method)
     ORDER BY recorded_at, id
     LIMIT :limit
    """
)


LineKind = Literal[
    "invoice",
    "credit_note",
    "debit_note",
    "void",
    "payment",
    "refund",
    "cancellation",
    "refund_cancellation",
    "chargeback",
    "credit_application",
    "credit_transfer_out",
    "credit_transfer_in",
    "release",
]


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which lines of an account are asked for; the balance runs over all."""

    from_date: date | None = None
    to_date: date | None = None
    kind: str | None = None
    group_id: UUID | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One document or transaction, how it changed the balance, and the balance after it, in minor units."""

    recorded_at: datetime
    id: UUID
    kind: LineKind
    number: str | None
    on_date: date
    amount_minor: int
    change_minor: int
    balance_minor: int
    invoice_id: UUID | None
    payment_id: UUID | None
    method: Method | None
    method_label: str | None
    group_id: UUID | None
    reason: str | None


async def account_of(
    connection: AsyncConnection,
    clinic_id: UUID,
    patient_id: UUID,
    wanted: AccountFilter,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[AccountLine]:
    """The lines of a patient's account, oldest first."""
    values = {
        "clinic_id": clinic_id,
        "patient_id": patient_id,
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "from_date": wanted.from_date,
        "to_date": wanted.to_date,
        "kind": wanted.kind,
        "group_id": wanted.group_id,
        "method": wanted.method,
        "limit": limit,
    }
    return [_line(row) for row in await connection.execute(_LINES, values)]


def _line(row: Row[Any]) -> AccountLine:
    return AccountLine(
        recorded_at=row.recorded_at,
        id=row.id,
        kind=row.kind,
        number=row.number,
        on_date=row.on_date,
        amount_minor=row.amount,
        change_minor=int(row.change),
        balance_minor=row.balance,
        invoice_id=row.invoice_id,
        payment_id=row.payment_id,
        method=row.method,
        method_label=row.method_label,
        group_id=row.group_id,
        reason=row.reason,
    )
