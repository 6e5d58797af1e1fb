"""Writing transactions down: appended to the journal, and every derived balance moved with them, in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import Entry, entries_of_movement
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.transaction import Transaction

_ENTRIES = """
    INSERT INTO journal_entries (clinic_id, posting_id, account, minor, patient_id, invoice_id, payment_id, method)
    SELECT * FROM unnest(
        CAST(:e_clinics AS uuid[]), CAST(:e_postings AS uuid[]), CAST(:e_accounts AS text[]),
        CAST(:e_minors AS bigint[]), CAST(:e_patients AS uuid[]), CAST(:e_invoices AS uuid[]),
        CAST(:e_payments AS uuid[]), CAST(:e_methods AS text[]))
"""
_APPEND = text(_ENTRIES)

# Gains are an upsert and losses an update, so that the credit's own CHECK (never negative) sees the true balance
# even where two transactions meet on a row that neither could lock beforehand, as it did not exist.
_POST = text(
    f"""
    WITH entries AS ({_ENTRIES}),
    recorded AS (
        INSERT INTO transactions (
            transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, method_label, payer_kind,
            payer_id, payer_name, recorded_at, booked_on, recorded_by, payment_id, reverses_id, linked_id, received_at,
            reason_code, reason, external_reference, treatment_plan_id)
        SELECT * FROM unnest(
            CAST(:t_ids AS uuid[]), CAST(:t_clinics AS uuid[]), CAST(:t_patients AS uuid[]), CAST(:t_kinds AS text[]),
            CAST(:t_amounts AS bigint[]), CAST(:t_currencies AS text[]), CAST(:t_methods AS text[]),
            CAST(:t_labels AS text[]), CAST(:t_payer_kinds AS text[]), CAST(:t_payer_ids AS uuid[]),
            CAST(:t_payer_names AS text[]), CAST(:t_recorded AS timestamptz[]), CAST(:t_booked AS date[]),
            CAST(:t_by AS text[]), CAST(:t_payments AS uuid[]), CAST(:t_reverses AS uuid[]), CAST(:t_linked AS uuid[]),
            CAST(:t_received AS timestamptz[]), CAST(:t_reason_codes AS text[]), CAST(:t_reasons AS text[]),
            CAST(:t_references AS text[]), CAST(:t_plans AS uuid[]))
    ),
    settled AS (
        UPDATE invoices AS i
           SET settled_minor = n.settled, refund_adjusted_minor = n.adjusted, debited_minor = n.debited,
               credited_minor = n.credited, voided_minor = n.voided, void = n.void, version = i.version + 1
          FROM unnest(CAST(:i_ids AS uuid[]), CAST(:i_settled AS bigint[]), CAST(:i_adjusted AS bigint[]),
                      CAST(:i_debited AS bigint[]), CAST(:i_credited AS bigint[]), CAST(:i_voided AS bigint[]),
                      CAST(:i_void AS boolean[])) AS n (id, settled, adjusted, debited, credited, voided, void)
         WHERE i.invoice_id = n.id
    ),
    positions AS (
        INSERT INTO payment_positions AS p (payment_id, clinic_id, patient_id, amount_minor, allocated_minor,
                                            unallocated_minor, refunded_minor, status, note, group_id, version)
        SELECT * FROM unnest(
            CAST(:p_ids AS uuid[]), CAST(:p_clinics AS uuid[]), CAST(:p_patients AS uuid[]),
            CAST(:p_amounts AS bigint[]), CAST(:p_allocated AS bigint[]), CAST(:p_unallocated AS bigint[]),
            CAST(:p_refunded AS bigint[]), CAST(:p_statuses AS text[]), CAST(:p_notes AS text[]),
            CAST(:p_groups AS uuid[]), CAST(:p_versions AS bigint[]))
        ON CONFLICT (payment_id) DO UPDATE
           SET allocated_minor = excluded.allocated_minor, unallocated_minor = excluded.unallocated_minor,
               refunded_minor = excluded.refunded_minor, status = excluded.status, version = excluded.version
    ),
    parts AS (
        SELECT * FROM unnest(CAST(:c_payments AS uuid[]), CAST(:c_patients AS uuid[]), CAST(:c_clinics AS uuid[]),
                             CAST(:c_changes AS bigint[])) AS c (payment_id, patient_id, clinic_id, change)
    ),
    parts_gained AS (
        INSERT INTO credit_parts AS h (payment_id, patient_id, clinic_id, minor)
        SELECT payment_id, patient_id, clinic_id, change FROM parts WHERE change > 0
        ON CONFLICT (payment_id, patient_id) DO UPDATE SET minor = h.minor + excluded.minor
    ),
    parts_lost AS (
        UPDATE credit_parts AS h SET minor = h.minor + parts.change FROM parts
         WHERE parts.change < 0 AND h.payment_id = parts.payment_id AND h.patient_id = parts.patient_id
    ),
    credit AS (
        SELECT clinic_id, patient_id, sum(change)::bigint AS change FROM parts
         GROUP BY clinic_id, patient_id ORDER BY clinic_id, patient_id
    ),
    gained AS (
        INSERT INTO patient_credit AS b (clinic_id, patient_id, balance_minor)
        SELECT clinic_id, patient_id, change FROM credit WHERE change > 0
        ON CONFLICT (clinic_id, patient_id) DO UPDATE
           SET balance_minor = b.balance_minor + excluded.balance_minor, version = b.version + 1
        RETURNING patient_id, balance_minor
    ),
    lost AS (
        UPDATE patient_credit AS b SET balance_minor = b.balance_minor + credit.change, version = b.version + 1
          FROM credit
         WHERE credit.change < 0 AND b.clinic_id = credit.clinic_id AND b.patient_id = credit.patient_id
        RETURNING b.patient_id, b.balance_minor
    )
    SELECT w.patient_id, coalesce(gained.balance_minor, lost.balance_minor, b.balance_minor, 0) AS balance_minor
      FROM unnest(CAST(:t_clinics AS uuid[]), CAST(:t_patients AS uuid[])) AS w (clinic_id, patient_id)
      LEFT JOIN gained ON gained.patient_id = w.patient_id
      LEFT JOIN lost ON lost.patient_id = w.patient_id
      LEFT JOIN patient_credit AS b ON b.clinic_id = w.clinic_id AND b.patient_id = w.patient_id
    """  # noqa: S608 - our own text twice
)
_LOCK_CREDIT = text(
    """
    SELECT patient_id FROM patient_credit
     WHERE clinic_id = :clinic_id AND patient_id = ANY (CAST(:patients AS uuid[]))
     ORDER BY clinic_id, patient_id FOR UPDATE
    """
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A transaction and its whole effect."""

    clinic_id: UUID
    transaction: Transaction
    movement: Movement

    @property
    def payment_ids(self) -> set[UUID]:
        """The payments that it is about."""
        moved = {part.payment_id for part in self.movement.settlements}
        moved |= {part.payment_id for part in self.movement.credits}
        return moved | ({self.transaction.payment_id} if self.transaction.payment_id else set())

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its double entry (`PAY-12`)."""
        return entries_of_movement(self.movement, self.transaction.payment_id, self.transaction.method)


@dataclass(frozen=True, slots=True)
class DocumentPosting:
    """The double entry of an invoice document."""

    clinic_id: UUID
    posting_id: UUID
    entries: tuple[Entry, ...]


async def post(
    connection: AsyncConnection,
    postings: Sequence[Posting],
    payments: Iterable[Payment],
    invoices: Iterable[InvoiceBalance],
) -> dict[UUID, int]:
    """Write transactions and the payments and invoices that they changed; returns their patients' credit after it.

    The payments and invoices are locked, or new.
    """
    clinic_of_payment = {payment_id: one.clinic_id for one in postings for payment_id in one.payment_ids}
    entries = [(one.clinic_id, one.transaction.transaction_id, entry) for one in postings for entry in one.entries]
    rows = await connection.execute(
        _POST,
        _entry_arrays(entries)
        | _transaction_arrays(postings)
        | _invoice_arrays(list(invoices))
        | _position_arrays(list(payments), clinic_of_payment)
        | _credit_arrays(postings),
    )
    return {row.patient_id: row.balance_minor for row in rows}


async def append(connection: AsyncConnection, postings: Sequence[DocumentPosting]) -> None:
    """Write the double entries of invoice documents."""
    entries = [(one.clinic_id, one.posting_id, entry) for one in postings for entry in one.entries]
    if entries:
        await connection.execute(_APPEND, _entry_arrays(entries))


async def lock_credit(connection: AsyncConnection, clinic_id: UUID, patients: Iterable[UUID]) -> None:
    """Lock the credit of several patients in order, before one transaction takes from one and gives to another."""
    await connection.execute(_LOCK_CREDIT, {"clinic_id": clinic_id, "patients": sorted(patients)})


def _entry_arrays(entries: Sequence[tuple[UUID, UUID, Entry]]) -> dict[str, Any]:
    return {
        "e_clinics": [clinic_id for clinic_id, _, _ in entries],
        "e_postings": [posting_id for _, posting_id, _ in entries],
        "e_accounts": [entry.account for _, _, entry in entries],
        "e_minors": [entry.minor for _, _, entry in entries],
        "e_patients": [entry.patient_id for _, _, entry in entries],
        "e_invoices": [entry.invoice_id for _, _, entry in entries],
        "e_payments": [entry.payment_id for _, _, entry in entries],
        "e_methods": [entry.method for _, _, entry in entries],
    }


def _transaction_arrays(postings: Sequence[Posting]) -> dict[str, Any]:
    facts = [one.transaction for one in postings]
    return {
        "t_ids": [t.transaction_id for t in facts],
        "t_clinics": [one.clinic_id for one in postings],
        "t_patients": [t.patient_id for t in facts],
        "t_kinds": [t.kind for t in facts],
        "t_amounts": [t.amount.minor for t in facts],
        "t_currencies": [t.amount.currency for t in facts],
        "t_methods": [t.method for t in facts],
        "t_labels": [t.method_label for t in facts],
        "t_payer_kinds": [t.payer.kind for t in facts],
        "t_payer_ids": [t.payer.payer_id for t in facts],
        "t_payer_names": [t.payer.name for t in facts],
        "t_recorded": [t.recorded_at for t in facts],
        "t_booked": [t.booked_on for t in facts],
        "t_by": [t.recorded_by for t in facts],
        "t_payments": [t.payment_id for t in facts],
        "t_reverses": [t.reverses_id for t in facts],
        "t_linked": [t.linked_id for t in facts],
        "t_received": [t.received_at for t in facts],
        "t_reason_codes": [t.reason_code for t in facts],
        "t_reasons": [t.reason for t in facts],
        "t_references": [t.external_reference for t in facts],
        "t_plans": [t.treatment_plan_id for t in facts],
    }


def _invoice_arrays(invoices: Sequence[InvoiceBalance]) -> dict[str, Any]:
    return {
        "i_ids": [i.invoice_id for i in invoices],
        "i_settled": [i.settled_minor for i in invoices],
        "i_adjusted": [i.refund_adjusted_minor for i in invoices],
        "i_debited": [i.debited_minor for i in invoices],
        "i_credited": [i.credited_minor for i in invoices],
        "i_voided": [i.voided_minor for i in invoices],
        "i_void": [i.void for i in invoices],
    }


def _position_arrays(payments: Sequence[Payment], clinics: dict[UUID, UUID]) -> dict[str, Any]:
    return {
        "p_ids": [p.payment_id for p in payments],
        "p_clinics": [clinics[p.payment_id] for p in payments],
        "p_patients": [p.patient_id for p in payments],
        "p_amounts": [p.amount.minor for p in payments],
        "p_allocated": [sum(p.allocations.values()) for p in payments],
        "p_unallocated": [p.unallocated_minor for p in payments],
        "p_refunded": [p.refunded_minor for p in payments],
        "p_statuses": [p.status for p in payments],
        "p_notes": [p.note for p in payments],
        "p_groups": [p.group_id for p in payments],
        "p_versions": [p.version for p in payments],
    }


def _credit_arrays(postings: Sequence[Posting]) -> dict[str, Any]:
    changes: Counter[tuple[UUID, UUID, UUID]] = Counter()
    for one in postings:
        for part in one.movement.credits:
            changes[part.payment_id, part.patient_id, one.clinic_id] += part.change_minor
    return {
        "c_payments": [payment_id for payment_id, _, _ in changes],
        "c_patients": [patient_id for _, patient_id, _ in changes],
        "c_clinics": [clinic_id for _, _, clinic_id in changes],
        "c_changes": list(changes.values()),
    }
