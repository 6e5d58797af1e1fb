"""Transactions as they were recorded, and what each did, read back from its journal entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import rows_as
from chassis.money import Money
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.journal import Account
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.transaction import TRANSFERS, Payer, PaymentTransaction, Release, Transaction, TransferSide

COLUMNS = """
    t.transaction_id, t.patient_id, t.kind, t.amount_minor, t.currency, t.method, t.method_label, t.payer_kind,
    t.payer_id, t.payer_name, t.recorded_at, t.booked_on, t.recorded_by, t.payment_id, t.reverses_id, t.linked_id,
    t.received_at, t.reason_code, t.reason, t.external_reference, t.treatment_plan_id, t.group_id, t.request_id
"""
_FIND = Statement(
    f"SELECT {COLUMNS} FROM transactions AS t WHERE t.transaction_id = :id"  # noqa: S608 - our own columns
)
_REVERSAL = Statement(
    f"SELECT {COLUMNS} FROM transactions AS t WHERE t.reverses_id = :id"  # noqa: S608 - our own columns
)
_FIND_ALL = Statement(
    f"SELECT {COLUMNS} FROM transactions AS t WHERE t.transaction_id = ANY (CAST(:ids AS uuid[]))"  # noqa: S608
)
_REVERSALS = Statement(
    f"SELECT {COLUMNS} FROM transactions AS t WHERE t.reverses_id = ANY (CAST(:ids AS uuid[]))"  # noqa: S608
)
_OF_PAYMENT = Statement(
    f"""
    SELECT {COLUMNS} FROM transactions AS t
     WHERE t.payment_id = :id AND t.payment_id <> t.transaction_id ORDER BY t.transaction_id
    """  # noqa: S608 - our own columns
)
# The entries of a payment's transactions name it; those of the others name the payments whose credit, which names their
# patient, they used.
_ENTRIES = Statement(
    """
    WITH used AS (
        SELECT DISTINCT j.payment_id FROM journal_entries AS j
         WHERE j.posting_id = ANY (CAST(:others AS uuid[])) AND j.clinic_id = :clinic_id
           AND j.patient_id = ANY (CAST(:patients AS uuid[])) AND j.payment_id IS NOT NULL)
    SELECT j.posting_id, j.account, j.minor, j.patient_id, j.invoice_id, j.payment_id, j.installment_id, j.method,
           i.number, i.patient_id AS owes
      FROM journal_entries AS j LEFT JOIN invoices AS i ON i.invoice_id = j.invoice_id
     WHERE j.posting_id = ANY (CAST(:ids AS uuid[]) || CAST(:others AS uuid[]))
       AND j.payment_id = ANY (CAST(:payments AS uuid[]) || ARRAY(SELECT payment_id FROM used))
     ORDER BY j.entry_id
    """
)


_BY_NAME = [member.name for member in fields(Transaction) if member.name not in ("amount", "payer")]


def transaction_of(row: Any) -> Transaction:
    """A row as the domain has it."""
    shared = {name: row[name] for name in _BY_NAME}
    shared["amount"] = Money(row["amount_minor"], row["currency"])
    shared["payer"] = Payer(row["payer_kind"], row["payer_id"], row["payer_name"])
    if row["kind"] in TRANSFERS:
        return TransferSide(**shared, linked_id=row["linked_id"])
    if row["kind"] == "release":
        return Release(**shared, linked_id=row["linked_id"])
    payment_id = row["payment_id"]
    return Transaction(**shared) if payment_id is None else PaymentTransaction(**shared, payment_id=payment_id)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as movements are read back from it, with its invoice's number and whose that is."""

    posting_id: UUID
    account: Account
    minor: int
    patient_id: UUID
    invoice_id: UUID
    payment_id: UUID
    installment_id: UUID | None
    number: str
    owes: UUID


async def find(connection: AsyncConnection, transaction_id: UUID) -> Transaction | None:
    """A transaction by its id."""
    rows = await _FIND.rows(connection, {"id": transaction_id})
    return transaction_of(rows[0]) if rows else None


async def reversal_of(connection: AsyncConnection, transaction_id: UUID) -> Transaction | None:
    """The transaction that undid another."""
    rows = await _REVERSAL.rows(connection, {"id": transaction_id})
    return transaction_of(rows[0]) if rows else None


async def find_all(connection: AsyncConnection, transaction_ids: Sequence[UUID]) -> dict[UUID, Transaction]:
    """Several transactions by their ids; those that do not exist are left out."""
    rows = await _FIND_ALL.rows(connection, {"ids": list(transaction_ids)})
    return {row["transaction_id"]: transaction_of(row) for row in rows}


async def reversals_of(connection: AsyncConnection, transaction_ids: Sequence[UUID]) -> dict[UUID, Transaction]:
    """What undid several transactions, by what it undid."""
    rows = await _REVERSALS.rows(connection, {"ids": list(transaction_ids)})
    return {row["reverses_id"]: transaction_of(row) for row in rows}


async def of_payment(connection: AsyncConnection, payment_id: UUID) -> list[Transaction]:
    """What was done with a payment after it was recorded, in order."""
    return [transaction_of(row) for row in await _OF_PAYMENT.rows(connection, {"id": payment_id})]


async def movement_of(connection: AsyncConnection, clinic_id: UUID, transaction: Transaction) -> Movement:
    """What a transaction did. Its settlements' `outstanding_minor` is not known any more and given as 0."""
    return (await movements_of(connection, clinic_id, [transaction]))[transaction.transaction_id]


async def movements_of(
    connection: AsyncConnection, clinic_id: UUID, wanted: Sequence[Transaction]
) -> dict[UUID, Movement]:
    """What several transactions did, in one query."""
    if not wanted:
        return {}
    about = [transaction for transaction in wanted if transaction.payment_id is not None]
    others = [transaction for transaction in wanted if transaction.payment_id is None]
    values = {
        "ids": [transaction.transaction_id for transaction in about],
        "payments": list({transaction.payment_id for transaction in about}),
        "others": list({transaction.posting_id for transaction in others}),
        "patients": list({transaction.patient_id for transaction in others}),
        "clinic_id": clinic_id,
    }
    entries: dict[UUID, list[_Entry]] = {transaction.posting_id: [] for transaction in wanted}
    for entry in rows_as(_Entry, await _ENTRIES.rows(connection, values)):
        entries[entry.posting_id].append(entry)
    return {transaction.transaction_id: _movement(entries[transaction.posting_id]) for transaction in wanted}


def _movement(entries: Sequence[_Entry]) -> Movement:
    settled: dict[tuple[UUID, UUID, UUID | None], list[_Entry]] = {}
    for entry in entries:
        if entry.account in ("receivable", "refund_allowances"):
            place = (entry.invoice_id, entry.payment_id, entry.installment_id)
            settled.setdefault(place, []).append(entry)
    return Movement(
        settlements=tuple(_settlement(part) for part in settled.values()),
        credits=tuple(
            CreditChange(entry.payment_id, entry.patient_id, -entry.minor)
            for entry in entries
            if entry.account == "patient_credit"
        ),
        money_minor=_sum(entries, "money"),
        loss_minor=_sum(entries, "chargeback_losses"),
        withheld_minor=_sum(entries, "insurer_adjustments"),
        interest_minor=-_sum(entries, "interest_income"),
    )


def _settlement(entries: Sequence[_Entry]) -> Settlement:
    first = entries[0]
    credited = _sum(entries, "refund_allowances")
    change = -_sum(entries, "receivable") - credited
    named = first.installment_id
    return Settlement(first.invoice_id, first.number, first.owes, first.payment_id, change, credited, 0, named)


def _sum(entries: Iterable[_Entry], account: str) -> int:
    return sum(entry.minor for entry in entries if entry.account == account)
