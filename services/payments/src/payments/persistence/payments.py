"""Payments as they stand: locked first of all, with what each settles and who holds credit of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.money import Money
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.payment import Payment
from payments.domain.transaction import Payer

_COLUMNS = """
    SELECT p.payment_id, p.patient_id, p.amount_minor, t.currency, t.method, t.method_label, t.payer_kind, t.payer_id,
           t.payer_name, t.treatment_plan_id, p.note, p.group_id, p.refunded_minor, p.taken_back_minor, p.status,
           p.version, survivor_of(p.clinic_id, p.patient_id) AS person
      FROM payment_positions AS p JOIN transactions AS t ON t.transaction_id = p.payment_id
     WHERE p.payment_id = ANY (CAST(:ids AS uuid[]))
     ORDER BY p.payment_id
"""
_BY_NAME = """payment_id patient_id method method_label note group_id refunded_minor taken_back_minor status version
    treatment_plan_id""".split()
_READ = Statement(_COLUMNS)
_LOCK = Statement(_COLUMNS + " FOR UPDATE OF p")
_SAVE_LABELS = Statement(
    "UPDATE payment_positions SET group_id = :group_id, note = :note, version = :version WHERE payment_id = :payment_id"
)
_OF_INSURERS = Statement(
    """
    SELECT transaction_id FROM transactions
     WHERE transaction_id = ANY (CAST(:ids AS uuid[])) AND payer_kind = 'insurer'
    """
)
# What an invoice has of a payment is the sum of the journal's entries that name both (PAY-12).
_PARTS = Statement(
    """
    SELECT payment_id, invoice_id, installment_id, NULL::uuid AS patient_id, NULL::uuid AS person,
           -sum(minor)::bigint AS minor, max(entry_id) AS latest
      FROM journal_entries
     WHERE payment_id = ANY (CAST(:ids AS uuid[])) AND account IN ('receivable', 'refund_allowances')
     GROUP BY payment_id, invoice_id, installment_id
    HAVING sum(minor) <> 0
    UNION ALL
    SELECT payment_id, NULL, NULL, patient_id, survivor_of(clinic_id, patient_id), minor, 0
      FROM credit_parts
     WHERE payment_id = ANY (CAST(:ids AS uuid[])) AND minor > 0
     ORDER BY latest
    """
)
# What an insurer overpaid is its own: it is drawn from only where that insurer is named (`INS-4`).
_WITH_CREDIT_OF = Statement(
    """
    SELECT h.payment_id
      FROM credit_parts AS h JOIN transactions AS t ON t.transaction_id = h.payment_id
     WHERE h.clinic_id = :clinic_id AND h.patient_id = ANY (records_of(:clinic_id, :patient_id)) AND h.minor > 0
       AND CASE WHEN CAST(:insurer_id AS uuid) IS NULL THEN t.payer_kind <> 'insurer'
                ELSE t.payer_kind = 'insurer' AND t.payer_id = :insurer_id END
    """
)
_SETTLING = Statement(
    """
    SELECT payment_id
      FROM journal_entries
     WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND payment_id IS NOT NULL
       AND account IN ('receivable', 'refund_allowances')
     GROUP BY payment_id, invoice_id
    HAVING sum(minor) <> 0
    """
)
# Whether it had settled the invoice until it was denied, say, or found no room there when it was recorded.
_IN_CREDIT_OF = text(
    """
    SELECT came.invoice_id, came.payment_id
      FROM (SELECT invoice_id, payment_id FROM journal_entries
             WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND account = 'receivable' AND payer_kind = 'insurer'
             UNION
            SELECT o.invoice_id, o.payment_id
              FROM overpayments AS o JOIN transactions AS t ON t.transaction_id = o.payment_id
             WHERE o.invoice_id = ANY (CAST(:ids AS uuid[])) AND t.payer_kind = 'insurer') AS came
     WHERE EXISTS (SELECT FROM credit_parts AS c WHERE c.payment_id = came.payment_id AND c.minor > 0)
    """
)
_STANDING_REFUNDS = Statement(
    """
    SELECT r.payment_id, r.transaction_id
      FROM transactions AS r LEFT JOIN transactions AS c ON c.reverses_id = r.transaction_id
     WHERE r.payment_id = ANY (CAST(:ids AS uuid[])) AND r.payment_id <> r.transaction_id AND r.kind = 'refund'
       AND c.transaction_id IS NULL
     ORDER BY r.transaction_id
    """
)


async def lock(connection: AsyncConnection, payment_ids: Iterable[UUID]) -> dict[UUID, Payment]:
    """Lock payments in the order of their ids, before any invoice (`PAY-11`); oldest first, as ids sort by time."""
    return await _load(connection, _LOCK, list(payment_ids))


async def read(connection: AsyncConnection, payment_ids: Iterable[UUID]) -> dict[UUID, Payment]:
    """Payments as they stand, not locked."""
    return await _load(connection, _READ, list(payment_ids))


async def of_insurers(connection: AsyncConnection, payment_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these payments that an insurer made; who did never changes."""
    return {row["transaction_id"] for row in await _OF_INSURERS.rows(connection, {"ids": list(payment_ids)})}


async def save_labels(connection: AsyncConnection, payment: Payment) -> None:
    """Write the group and the note of a locked payment back."""
    values = {
        "payment_id": payment.payment_id,
        "group_id": payment.group_id,
        "note": payment.note,
        "version": payment.version,
    }
    await _SAVE_LABELS.rows(connection, values)


async def _load(connection: AsyncConnection, statement: Statement, wanted: list[UUID]) -> dict[UUID, Payment]:
    if not wanted:
        return {}
    locked = {row["payment_id"]: _payment(row) for row in await statement.rows(connection, {"ids": wanted})}
    for part in await _PARTS.rows(connection, {"ids": wanted}):
        payment = locked[part["payment_id"]]
        if part["invoice_id"] is not None:
            payment.parts[part["invoice_id"], part["installment_id"]] = part["minor"]
        else:
            payment.held[part["patient_id"]] = part["minor"]
            if part["person"] != part["patient_id"]:
                payment.same = {**payment.same, part["patient_id"]: part["person"]}
    return locked


def _payment(row: Any) -> Payment:
    return Payment(
        **{name: row[name] for name in _BY_NAME},
        amount=Money(row["amount_minor"], row["currency"]),
        payer=Payer(row["payer_kind"], row["payer_id"], row["payer_name"]),
        same={} if row["person"] == row["patient_id"] else {row["patient_id"]: row["person"]},
    )


async def with_credit_of(
    connection: AsyncConnection, clinic_id: UUID, patient_id: UUID, insurer_id: UUID | None = None
) -> list[UUID]:
    """The payments that a patient holds credit of, not locked; or those of an insurer that overpaid for the patient.

    Under whichever record of the register it is held (`ALL-10`).
    """
    values = {"clinic_id": clinic_id, "patient_id": patient_id, "insurer_id": insurer_id}
    return [row["payment_id"] for row in await _WITH_CREDIT_OF.rows(connection, values)]


async def in_credit_of(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """By invoice, the payments of insurers that came for it and hold credit, not locked (`INS-9`)."""
    found: dict[UUID, set[UUID]] = {}
    for invoice_id, payment_id in await connection.execute(_IN_CREDIT_OF, {"ids": list(invoice_ids)}):
        found.setdefault(invoice_id, set()).add(payment_id)
    return found


async def settling(connection: AsyncConnection, invoice_ids: Sequence[UUID]) -> set[UUID]:
    """The payments that settle something of these invoices, not locked."""
    return {row["payment_id"] for row in await _SETTLING.rows(connection, {"ids": list(invoice_ids)})}


async def standing_refunds(connection: AsyncConnection, payment_id: UUID) -> list[UUID]:
    """The refunds of a payment that were not cancelled."""
    return (await all_standing_refunds(connection, [payment_id])).get(payment_id, [])


async def all_standing_refunds(connection: AsyncConnection, payment_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The refunds of several payments that were not cancelled, by payment."""
    found: dict[UUID, list[UUID]] = {}
    for row in await _STANDING_REFUNDS.rows(connection, {"ids": list(payment_ids)}):
        found.setdefault(row["payment_id"], []).append(row["transaction_id"])
    return found
