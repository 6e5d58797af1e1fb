"""Writing transactions down: appended to the journal, and every derived balance moved with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Record, Rows
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
from payments.persistence.account_lines import LINE_ROWS
from payments.persistence.tables import (
    CREDIT_PARTS,
    INVOICES,
    JOURNAL_ENTRIES,
    PATIENT_CREDIT,
    PAYMENT_POSITIONS,
    TRANSACTIONS,
)

_ENTRIES = Rows(JOURNAL_ENTRIES)
_TRANSACTIONS = Rows(TRANSACTIONS, without=["reference_alike"])
_FIGURES = Rows(
    INVOICES,
    [
        "invoice_id",
        "settled_minor",
        "refund_adjusted_minor",
        "debited_minor",
        "credited_minor",
        "voided_minor",
        "refund_pending_minor",
        "refund_uncredited_minor",
        "void",
        "forgiven_minor",
        "contractual_minor",
        "bad_debt_minor",
        "version",
    ],
)
_POSITIONS = Rows(PAYMENT_POSITIONS, also=["refunded_minor", "taken_back_minor", "status", "version"])
_MOVING = ("allocated_minor", "unallocated_minor", "refunded_minor", "taken_back_minor", "status", "version")
_PARTS = Rows(CREDIT_PARTS)
_HOLDERS = Rows(PATIENT_CREDIT, ["clinic_id", "patient_id"])
# Where the planner sees how few they are, it finds that cheaper than what it plans for ten, and plans the whole
# statement anew for each payment; behind a query of its own it plans for ten each time, and so keeps the plan.
_GIVEN_HOLDERS = "unnest((SELECT CAST(:h_clinic_id AS uuid[])), (SELECT CAST(:h_patient_id AS uuid[])))"
_POST = Statement(
    f"""
    WITH entries AS ({_ENTRIES.inserting("e_")}), recorded AS ({_TRANSACTIONS.inserting("t_")}),
    settled AS (
        UPDATE invoices AS i
           SET {_FIGURES.setting("n", "invoice_id", "version")}, version = greatest(i.version + 1, n.version)
          FROM {_FIGURES.given("i_", "n")} WHERE i.invoice_id = n.invoice_id),
    positions AS (
        {_POSITIONS.inserting("p_")}
        ON CONFLICT (payment_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _MOVING)}),
    lines AS ({LINE_ROWS.inserting("l_")})
    SELECT w.clinic_id, w.patient_id, survivor_of(w.clinic_id, w.patient_id) AS person, b.balance_minor AS minor
      FROM {_GIVEN_HOLDERS} AS w (clinic_id, patient_id)
     CROSS JOIN LATERAL (SELECT coalesce(sum(b.balance_minor), 0)::bigint AS balance_minor FROM patient_credit AS b
                          WHERE b.clinic_id = w.clinic_id
                            AND b.patient_id = ANY (records_of(w.clinic_id, w.patient_id))) AS b
    """  # noqa: S608 - our own texts
)
_APPEND = Statement(f"WITH entries AS ({_ENTRIES.inserting('e_')}) {LINE_ROWS.inserting('l_')}")

# Gains are an upsert and losses an update, so that the credit's own CHECK (never negative) sees the true balance
# even where two transactions meet on a row that neither could lock beforehand, as it did not exist.
_POST_CREDIT = Statement(
    f"""
    WITH parts AS (SELECT payment_id, patient_id, clinic_id, minor AS change FROM {_PARTS.given()}),
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
    """  # noqa: S608 - our own texts
)
_WRITTEN = text(
    """
    SELECT posting_id, account, minor, invoice_id FROM journal_entries
     WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND payment_id IS NULL
    """
)
_LOCK_CREDIT = Statement(
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
    payments = list(payments)
    payer_kinds: dict[UUID, str] = {payment.payment_id: payment.payer.kind for payment in payments}
    # An insurer's adjustment is about no payment but itself.
    payer_kinds |= {posting.posting_id: posting.transaction.payer.kind for posting in postings}
    clinics = {payment_id: posting.clinic_id for posting in postings for payment_id in posting.payment_ids}
    entries = {posting.posting_id: posting.entries(payer_kinds) for posting in postings}
    if changes := _credit_changes(postings):
        await _POST_CREDIT.rows(connection, _PARTS.arrays(changes))
    holders = [{"clinic_id": clinic_id, "patient_id": patient_id} for clinic_id, patient_id in _holders(postings)]
    found = await _POST.rows(
        connection,
        _ENTRIES.arrays([_entry(posting, entry) for posting in postings for entry in entries[posting.posting_id]], "e_")
        | _TRANSACTIONS.arrays([_transaction(posting) for posting in postings], "t_")
        | _FIGURES.arrays([_columns_of(_FIGURES, invoice) for invoice in invoices], "i_")
        | _POSITIONS.arrays([_position(payment, clinics[payment.payment_id]) for payment in payments], "p_")
        | LINE_ROWS.arrays([account_lines.row_of(line) for line in _lines(postings, entries)], "l_")
        | _HOLDERS.arrays(holders, "h_"),
    )
    return {(row["clinic_id"], row["patient_id"]): Held(row["person"], row["minor"]) for row in found}


async def append(connection: AsyncConnection, postings: Sequence[DocumentPosting], lines: Sequence[NewLine]) -> None:
    """Write the double entries of invoice documents, and their lines of the account."""
    entries = [_entry(posting, entry) for posting in postings for entry in posting.entries]
    rows = [account_lines.row_of(line) for line in lines]
    await _APPEND.rows(connection, _ENTRIES.arrays(entries, "e_") | LINE_ROWS.arrays(rows, "l_"))


async def posted_totals(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> PostedTotals:
    """What documents wrote on invoices, which are locked."""
    found = PostedTotals()
    for row in await connection.execute(_WRITTEN, {"ids": list(invoice_ids)}):
        found.add(row.posting_id, [Entry(row.account, row.minor, invoice_id=row.invoice_id)])
    return found


async def lock_credit(connection: AsyncConnection, clinic_id: UUID, patients: Iterable[UUID]) -> None:
    """Lock the credit of several patients in order, before one transaction takes from one and gives to another."""
    await _LOCK_CREDIT.rows(connection, {"clinic_id": clinic_id, "patients": sorted(patients)})


def _holders(postings: Sequence[Posting]) -> set[Holder]:
    of_credit = {(posting.clinic_id, part.patient_id) for posting in postings for part in posting.movement.credits}
    return of_credit | {(posting.clinic_id, posting.transaction.patient_id) for posting in postings}


def _lines(postings: Sequence[Posting], entries: Mapping[UUID, Sequence[Entry]]) -> Iterator[NewLine]:
    """Each transaction in its patient's account, and in those of the others whose invoices or credit it changed."""
    for posting in postings:
        fact = posting.transaction
        changes = account_changes(entries[fact.posting_id])
        own = changes.pop(fact.patient_id, AccountChange())
        others = {} if fact.kind in TRANSFERS else changes
        for patient_id, change in ((fact.patient_id, own), *others.items()):
            yield NewLine(
                posting.clinic_id, patient_id, fact.booked_on, fact.transaction_id, fact.kind, change, fact.recorded_at
            )


def _entry(posting: Posting | DocumentPosting, entry: Entry) -> Record:
    booked = {"clinic_id": posting.clinic_id, "posting_id": posting.posting_id, "booked_on": posting.booked_on}
    return booked | _columns_of(_ENTRIES, entry, booked)


def _transaction(posting: Posting) -> Record:
    fact = posting.transaction
    apart = {
        "clinic_id": posting.clinic_id,
        "amount_minor": fact.amount.minor,
        "currency": fact.amount.currency,
        "payer_kind": fact.payer.kind,
        "payer_id": fact.payer.payer_id,
        "payer_name": fact.payer.name,
    }
    return apart | _columns_of(_TRANSACTIONS, fact, apart)


def _position(payment: Payment, clinic_id: UUID) -> Record:
    apart = {
        "clinic_id": clinic_id,
        "amount_minor": payment.amount.minor,
        "allocated_minor": sum(payment.allocations.values()),
    }
    return apart | _columns_of(_POSITIONS, payment, apart)


def _columns_of(rows: Rows, noun: object, apart: Collection[str] = ()) -> dict[str, Any]:
    """What a noun has of these rows' columns, derived figures included, but for those that are said `apart` from it."""
    return {name: getattr(noun, name) for name in rows.columns if name not in apart}


def _credit_changes(postings: Sequence[Posting]) -> list[Record]:
    changes: Counter[tuple[UUID, UUID, UUID]] = Counter()
    for posting in postings:
        for part in posting.movement.credits:
            changes[part.payment_id, part.patient_id, posting.clinic_id] += part.change_minor
    return [
        {"payment_id": payment_id, "patient_id": patient_id, "clinic_id": clinic_id, "minor": minor}
        for (payment_id, patient_id, clinic_id), minor in changes.items()
    ]
