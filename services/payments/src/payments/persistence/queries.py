"""What is read and not changed: payments by filter, an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.typed import ungrouped_sql
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.domain.recorded_payment import PaymentFilter, Recorded
from payments.persistence import invoices, payments, transactions
from payments.persistence.recordset import conditions_of

_CONDITIONS = {
    "patient_id": "t.patient_id = ANY (records_of(:clinic_id, :patient_id))",
    "invoice_id": "p.payment_id IN (SELECT j.payment_id FROM journal_entries AS j WHERE j.invoice_id = :invoice_id)",
    "booked_from": "t.booked_on >= :booked_from",
    "booked_to": "t.booked_on <= :booked_to",
    "method": "t.method = :method",
    "group_id": "p.group_id = :group_id",
    "external_reference": f"t.reference_alike = {ungrouped_sql('CAST(:external_reference AS text)')}",
    "after": "(t.booked_on, t.transaction_id) < (:after_on, :after)",
}
_STATUSES = {
    "recorded": "p.status = 'recorded' AND p.refunded_minor = 0",
    "partly_refunded": "p.status = 'recorded' AND p.refunded_minor > 0 AND p.refunded_minor < p.amount_minor",
    "refunded": "p.status = 'recorded' AND p.refunded_minor = p.amount_minor",
    "cancelled": "p.status = 'cancelled'",
    "charged_back": "p.status = 'charged_back'",
}
_TRANSACTIONS = text(
    f"""
    SELECT {transactions.COLUMNS} FROM transactions AS t WHERE t.transaction_id = ANY (CAST(:ids AS uuid[]))
    """  # noqa: S608 - our own columns
)
_NUMBERS = text("SELECT invoice_id, number FROM invoices WHERE invoice_id = ANY (CAST(:ids AS uuid[]))")
_INVOICE = text(
    f"SELECT {invoices.COLUMNS} FROM invoices AS i WHERE i.invoice_id = :invoice_id"  # noqa: S608 - our own columns
)


async def payments_by(
    connection: AsyncConnection, clinic_id: UUID, wanted: PaymentFilter, after: tuple[date, UUID] | None, limit: int
) -> list[Recorded]:
    """Payments, those booked last first."""
    rows = await connection.execute(*payments_statement(clinic_id, wanted, after, limit))
    return await recorded(connection, list(rows.scalars()))


def payments_statement(
    clinic_id: UUID, wanted: PaymentFilter, after: tuple[date, UUID] | None, limit: int
) -> tuple[TextClause, dict[str, Any]]:
    """The statement that finds their ids, and its values."""
    values = conditions_of(wanted, _CONDITIONS)
    names = (*values, "after") if after else tuple(values)
    values |= {"clinic_id": clinic_id, "limit": limit}
    if after:
        values |= {"after_on": after[0], "after": after[1]}
    return _list_statement(names, wanted.status), values


async def recorded(connection: AsyncConnection, payment_ids: Sequence[UUID]) -> list[Recorded]:
    """These payments, in this order; those that do not exist are left out."""
    found = await payments.read(connection, payment_ids)
    return await of_payments(connection, [found[id_] for id_ in payment_ids if id_ in found])


async def of_payments(connection: AsyncConnection, found: Sequence[Payment]) -> list[Recorded]:
    """What else is said of these payments, which were read or locked."""
    rows = await connection.execute(_TRANSACTIONS, {"ids": [payment.payment_id for payment in found]})
    facts = {row["transaction_id"]: transactions.transaction_of(row) for row in rows.mappings()}
    named = {invoice_id for payment in found for invoice_id in payment.allocations}
    numbers = {row.invoice_id: row.number for row in await connection.execute(_NUMBERS, {"ids": list(named)})}
    return [Recorded(facts[payment.payment_id], payment, numbers) for payment in found]


async def invoice(connection: AsyncConnection, invoice_id: UUID) -> InvoiceBalance | None:
    """An invoice as payments sees it."""
    row = (await connection.execute(_INVOICE, {"invoice_id": invoice_id})).mappings().one_or_none()
    return None if row is None else invoices.balance_of(row)


@lru_cache(maxsize=256)
def _list_statement(names: tuple[str, ...], status: str | None) -> TextClause:
    conditions = ["t.clinic_id = :clinic_id", *(_CONDITIONS[name] for name in names)]
    if status is not None:
        conditions.append(_STATUSES[status])
    return text(
        f"""
        SELECT t.transaction_id
          FROM transactions AS t JOIN payment_positions AS p ON p.payment_id = t.transaction_id
         WHERE t.kind = 'payment' AND {" AND ".join(conditions)}
         ORDER BY t.booked_on DESC, t.transaction_id DESC LIMIT :limit
        """  # noqa: S608 - only texts of this module
    )
