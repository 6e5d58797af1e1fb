"""Writing transactions down: appended to the journal, and every derived balance moved with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.database.driver import driver_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.account import NewLine
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.journal import AccountChange, Entry, account_changes
from payments.domain.payment import Payment
from payments.domain.posted_totals import PostedTotals
from payments.domain.posting import DocumentPosting, Held, Holder, Posting
from payments.domain.transaction import TRANSFERS
from payments.persistence import account_lines
from payments.persistence.recordset import as_json

_ENTRIES = """
    INSERT INTO journal_entries (clinic_id, posting_id, booked_on, account, minor, patient_id, invoice_id, payment_id,
                                 method, payer_kind, installment_id)
    SELECT clinic_id, posting_id, booked_on, account, minor, patient_id, invoice_id, payment_id, method, payer_kind,
           installment_id
      FROM jsonb_populate_recordset(NULL::journal_entries, $1::jsonb)
"""

_TRANSACTIONS = """
    INSERT INTO transactions ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::transactions, $2::jsonb)
""".format(  # noqa: S608 - our own columns
    columns="""transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, method_label, payer_kind,
        payer_id, payer_name, recorded_at, booked_on, recorded_by, payment_id, reverses_id, linked_id, received_at,
        reason_code, reason, external_reference, treatment_plan_id, group_id, request_id"""
)
_INVOICES = """
    UPDATE invoices AS i
       SET settled_minor = n.settled_minor, refund_adjusted_minor = n.refund_adjusted_minor,
           debited_minor = n.debited_minor, credited_minor = n.credited_minor, voided_minor = n.voided_minor,
           refund_pending_minor = n.refund_pending_minor, refund_uncredited_minor = n.refund_uncredited_minor,
           void = n.void, forgiven_minor = n.forgiven_minor, contractual_minor = n.contractual_minor,
           bad_debt_minor = n.bad_debt_minor,
           version = greatest(i.version + 1, n.version)
      FROM jsonb_populate_recordset(NULL::invoices, $3::jsonb) AS n
     WHERE i.invoice_id = n.invoice_id
"""
_POSITIONS = """
    INSERT INTO payment_positions ({columns})
    SELECT {columns} FROM jsonb_populate_recordset(NULL::payment_positions, $4::jsonb)
    ON CONFLICT (payment_id) DO UPDATE
       SET allocated_minor = excluded.allocated_minor, unallocated_minor = excluded.unallocated_minor,
           refunded_minor = excluded.refunded_minor, taken_back_minor = excluded.taken_back_minor,
           status = excluded.status, version = excluded.version
""".format(  # noqa: S608 - our own columns
    columns="""payment_id, clinic_id, patient_id, amount_minor, allocated_minor, unallocated_minor, refunded_minor,
        taken_back_minor, status, note, group_id, version"""
)
_LINES = account_lines.insert_statement("$5")
_BALANCES = """
    SELECT w.clinic_id, w.patient_id, survivor_of(w.clinic_id, w.patient_id) AS person, b.balance_minor
      FROM jsonb_to_recordset($6::jsonb) AS w (clinic_id uuid, patient_id uuid)
     CROSS JOIN LATERAL (SELECT coalesce(sum(b.balance_minor), 0)::bigint AS balance_minor FROM patient_credit AS b
                          WHERE b.clinic_id = w.clinic_id
                            AND b.patient_id = ANY (records_of(w.clinic_id, w.patient_id))) AS b
"""
_POST = f"""
    WITH entries AS ({_ENTRIES}), recorded AS ({_TRANSACTIONS}), settled AS ({_INVOICES}), positions AS ({_POSITIONS}),
         lines AS ({_LINES})
    {_BALANCES}
"""

_APPEND = f"WITH entries AS ({_ENTRIES}) {account_lines.insert_statement('$2')}"

# Gains are an upsert and losses an update, so that the credit's own CHECK (never negative) sees the true balance
# even where two transactions meet on a row that neither could lock beforehand, as it did not exist.
_POST_CREDIT = """
    WITH parts AS (
        SELECT * FROM jsonb_to_recordset($1::jsonb)
            AS c (payment_id uuid, patient_id uuid, clinic_id uuid, change bigint)
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
    )
    UPDATE patient_credit AS b SET balance_minor = b.balance_minor + credit.change, version = b.version + 1
      FROM credit
     WHERE credit.change < 0 AND b.clinic_id = credit.clinic_id AND b.patient_id = credit.patient_id
"""
_WRITTEN = text(
    """
    SELECT posting_id, account, minor, invoice_id FROM journal_entries
     WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND payment_id IS NULL
    """
)
_LOCK_CREDIT = text(
    """
    SELECT patient_id FROM patient_credit
     WHERE clinic_id = :clinic_id AND patient_id = ANY (CAST(:patients AS uuid[]))
     ORDER BY clinic_id, patient_id FOR UPDATE
    """
)


async def post(
    connection: AsyncConnection,
    postings: Sequence[Posting],
    payments: Iterable[Payment],
    invoices: Iterable[InvoiceBalance],
) -> dict[Holder, Held]:
    """Write transactions and what they changed; returns the credit after it of whose it is or was changed.

    The payments and invoices are locked, or new. Credit is moved before, so that its rows are locked, and the balances
    true, when the rest is written.
    """
    driver = await driver_of(connection)
    payments = list(payments)
    payer_kinds: dict[UUID, str] = {one.payment_id: one.payer.kind for one in payments}
    # An insurer's adjustment is about no payment but itself.
    payer_kinds |= {one.posting_id: one.transaction.payer.kind for one in postings}
    clinics = {payment_id: one.clinic_id for one in postings for payment_id in one.payment_ids}
    entries = {one.posting_id: one.entries(payer_kinds) for one in postings}
    if changes := _credit_changes(postings):
        await driver.execute(_POST_CREDIT, as_json(changes))
    found = await driver.fetch(
        _POST,
        as_json([_entry(one, entry) for one in postings for entry in entries[one.posting_id]]),
        as_json([_transaction(one) for one in postings]),
        as_json([_invoice(one) for one in invoices]),
        as_json([_position(one, clinics[one.payment_id]) for one in payments]),
        as_json([account_lines.row_of(line) for line in _lines(postings, entries)]),
        as_json([{"clinic_id": clinic_id, "patient_id": patient_id} for clinic_id, patient_id in _holders(postings)]),
    )
    return {(row["clinic_id"], row["patient_id"]): Held(row["person"], row["balance_minor"]) for row in found}


async def append(connection: AsyncConnection, postings: Sequence[DocumentPosting], lines: Sequence[NewLine]) -> None:
    """Write the double entries of invoice documents, and their lines of the account."""
    entries = [_entry(one, entry) for one in postings for entry in one.entries]
    driver = await driver_of(connection)
    await driver.execute(_APPEND, as_json(entries), as_json([account_lines.row_of(line) for line in lines]))


async def posted_totals(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> PostedTotals:
    """What documents wrote on invoices, which are locked."""
    found = PostedTotals()
    for row in await connection.execute(_WRITTEN, {"ids": list(invoice_ids)}):
        found.add(row.posting_id, [Entry(row.account, row.minor, invoice_id=row.invoice_id)])
    return found


async def lock_credit(connection: AsyncConnection, clinic_id: UUID, patients: Iterable[UUID]) -> None:
    """Lock the credit of several patients in order, before one transaction takes from one and gives to another."""
    await connection.execute(_LOCK_CREDIT, {"clinic_id": clinic_id, "patients": sorted(patients)})


def _holders(postings: Sequence[Posting]) -> set[Holder]:
    of_credit = {(one.clinic_id, part.patient_id) for one in postings for part in one.movement.credits}
    return of_credit | {(one.clinic_id, one.transaction.patient_id) for one in postings}


def _lines(postings: Sequence[Posting], entries: Mapping[UUID, Sequence[Entry]]) -> Iterator[NewLine]:
    """Each transaction in its patient's account, and in those of the others whose invoices or credit it changed."""
    for one in postings:
        fact = one.transaction
        changes = account_changes(entries[fact.posting_id])
        own = changes.pop(fact.patient_id, AccountChange())
        others = {} if fact.kind in TRANSFERS else changes
        for patient_id, change in ((fact.patient_id, own), *others.items()):
            yield NewLine(
                one.clinic_id, patient_id, fact.booked_on, fact.transaction_id, fact.kind, change, fact.recorded_at
            )


def _entry(posting: Posting | DocumentPosting, entry: Entry) -> dict[str, Any]:
    return {
        "clinic_id": posting.clinic_id,
        "posting_id": posting.posting_id,
        "booked_on": posting.booked_on,
        "account": entry.account,
        "minor": entry.minor,
        "patient_id": entry.patient_id,
        "invoice_id": entry.invoice_id,
        "payment_id": entry.payment_id,
        "method": entry.method,
        "payer_kind": entry.payer_kind,
        "installment_id": entry.installment_id,
    }


def _transaction(posting: Posting) -> dict[str, Any]:
    fact = posting.transaction
    return {
        "transaction_id": fact.transaction_id,
        "clinic_id": posting.clinic_id,
        "patient_id": fact.patient_id,
        "kind": fact.kind,
        "amount_minor": fact.amount.minor,
        "currency": fact.amount.currency,
        "method": fact.method,
        "method_label": fact.method_label,
        "payer_kind": fact.payer.kind,
        "payer_id": fact.payer.payer_id,
        "payer_name": fact.payer.name,
        "recorded_at": fact.recorded_at,
        "booked_on": fact.booked_on,
        "recorded_by": fact.recorded_by,
        "payment_id": fact.payment_id,
        "reverses_id": fact.reverses_id,
        "linked_id": fact.linked_id,
        "received_at": fact.received_at,
        "reason_code": fact.reason_code,
        "reason": fact.reason,
        "external_reference": fact.external_reference,
        "treatment_plan_id": fact.treatment_plan_id,
        "group_id": fact.group_id,
        "request_id": fact.request_id,
    }


def _invoice(invoice: InvoiceBalance) -> dict[str, Any]:
    return {
        "invoice_id": invoice.invoice_id,
        "settled_minor": invoice.settled_minor,
        "refund_adjusted_minor": invoice.refund_adjusted_minor,
        "debited_minor": invoice.debited_minor,
        "credited_minor": invoice.credited_minor,
        "voided_minor": invoice.voided_minor,
        "refund_pending_minor": invoice.refund_pending_minor,
        "refund_uncredited_minor": invoice.refund_uncredited_minor,
        "void": invoice.void,
        "forgiven_minor": invoice.forgiven_minor,
        "contractual_minor": invoice.contractual_minor,
        "bad_debt_minor": invoice.bad_debt_minor,
        "version": invoice.version,
    }


def _position(payment: Payment, clinic_id: UUID) -> dict[str, Any]:
    return {
        "payment_id": payment.payment_id,
        "clinic_id": clinic_id,
        "patient_id": payment.patient_id,
        "amount_minor": payment.amount.minor,
        "allocated_minor": sum(payment.allocations.values()),
        "unallocated_minor": payment.unallocated_minor,
        "refunded_minor": payment.refunded_minor,
        "taken_back_minor": payment.taken_back_minor,
        "status": payment.status,
        "note": payment.note,
        "group_id": payment.group_id,
        "version": payment.version,
    }


def _credit_changes(postings: Sequence[Posting]) -> list[dict[str, Any]]:
    changes: Counter[tuple[UUID, UUID, UUID]] = Counter()
    for one in postings:
        for part in one.movement.credits:
            changes[part.payment_id, part.patient_id, one.clinic_id] += part.change_minor
    return [
        {"payment_id": payment_id, "patient_id": patient_id, "clinic_id": clinic_id, "change": change}
        for (payment_id, patient_id, clinic_id), change in changes.items()
    ]
