"""A patient's account read: every document, transaction and receipt in order, with the running balance (`PAY-9`).

A balance is the sum of all changes up to a line, which the index of the lines has in their order; nothing stores it.
So is what insurers have in credit, which is no part of the balance (`INS-4`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.database.driver import driver_of
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.account import AccountFilter, AccountLine, Balance, Order, Place, ReceiptOf
from payments.domain.journal import AccountChange
from payments.persistence.recordset import conditions_of, planned_limit

STREAMED_AT_ONCE = 500

# What a line is about: a document, a transaction, or the receipt of one.
_SHOWN = """
    l.line_id, l.on_date, CASE l.kind WHEN 'receipt' THEN r.receipt_id ELSE l.source_id END AS source_id, l.kind,
    l.change_minor, l.insurers_change_minor, l.recorded_at,
    CASE l.kind WHEN 'receipt' THEN r.number ELSE d.number END AS number,
    coalesce(d.total_minor, t.amount_minor, 0) AS amount_minor,
    d.invoice_id, t.transaction_id, t.payment_id, t.method, t.method_label, p.group_id, t.payer_kind,
    t.payer_name, t.reason_code, t.reason, t.recorded_by, t.received_at,
    r.receipt_id, r.number AS receipt_number, r.void AS receipt_void
"""
_ABOUT = """
    LEFT JOIN invoice_documents AS d ON d.document_id = l.source_id
    LEFT JOIN transactions AS t ON t.transaction_id = l.source_id
    LEFT JOIN payment_positions AS p ON p.payment_id = t.payment_id
    LEFT JOIN receipts AS r ON r.transaction_id = l.source_id
"""
# To filter by what a line is about, it is looked up before the page is cut; else only for the lines that are shown.
_ABOUT_MATTERS = frozenset(("group_id", "method"))
# Of one record, as mostly, the index has the account in its order. That of several is sorted (`ALL-10`).
_OF_PATIENT = "l.clinic_id = $1 AND l.patient_id = $2"
_OF_RECORDS = "l.clinic_id = $1 AND l.patient_id = ANY ($2::uuid[])"
_JOINING_RECORDS = """(l.kind IN ('credit_transfer_out', 'credit_transfer_in') AND EXISTS (
    SELECT FROM transactions AS m WHERE m.transaction_id = l.source_id AND m.reason_code = 'records_merged'))"""
_CONDITIONS = {
    "from_date": "l.on_date >= {}",
    "to_date": "l.on_date <= {}",
    "kind": "l.kind = {}",
    "of_statement": f"{{}}::boolean AND l.kind <> 'receipt' AND NOT {_JOINING_RECORDS}",
    "group_id": "p.group_id = {}",
    "method": "t.method = {}",
}
_BALANCE = f"""
    SELECT coalesce(sum(l.change_minor), 0)::bigint AS minor,
           coalesce(sum(l.insurers_change_minor), 0)::bigint AS insurers_credit_minor
      FROM account_lines AS l WHERE {_OF_PATIENT}
"""  # noqa: S608 - only texts of this module
_LAST_DAY = f"SELECT max(l.on_date) FROM account_lines AS l WHERE {_OF_PATIENT}"  # noqa: S608 - our own texts
_RUNNING = """
               (sum(l.change_minor) OVER (ORDER BY l.on_date, l.line_id))::bigint AS balance,
               (sum(l.insurers_change_minor) OVER (ORDER BY l.on_date, l.line_id))::bigint AS insurers_credit
"""


_APART = {"place", "id", "change", "balance", "receipt"}
_BY_NAME = [member.name for member in fields(AccountLine) if member.name not in _APART]


async def account_of(
    connection: AsyncConnection,
    clinic_id: UUID,
    records: Sequence[UUID],
    wanted: AccountFilter,
    after: Place | None,
    limit: int,
    order: Order = "oldest_first",
) -> list[AccountLine]:
    """A part of the account of a patient, who has these records in the register."""
    values = conditions_of(wanted, _CONDITIONS)
    page = _page_statement(tuple(values), order, planned_limit(limit), begun=after is not None)
    statement, patient = _of(page, records)
    driver = await driver_of(connection)
    rows = await driver.fetch(statement, clinic_id, patient, *values.values(), *(after or ()))
    return [_line(row) for row in rows[:limit]]


async def streamed(
    connection: AsyncConnection, clinic_id: UUID, records: Sequence[UUID], wanted: AccountFilter
) -> AsyncIterator[AccountLine]:
    """All of it, oldest first, some lines in memory at a time."""
    values = conditions_of(wanted, _CONDITIONS)
    statement, patient = _of(_whole_statement(tuple(values)), records)
    driver = await driver_of(connection)
    cursor = driver.cursor(statement, clinic_id, patient, *values.values(), prefetch=STREAMED_AT_ONCE)
    async for row in cursor:
        yield _line(row)


async def balance_before(connection: AsyncConnection, clinic_id: UUID, records: Sequence[UUID], day: date) -> Balance:
    """How the account stood when a day began."""
    return await _balance(connection, clinic_id, records, "l.on_date < $3", day)


async def balance_after(connection: AsyncConnection, clinic_id: UUID, records: Sequence[UUID], day: date) -> Balance:
    """The same when a day ended."""
    return await _balance(connection, clinic_id, records, "l.on_date <= $3", day)


async def last_day(connection: AsyncConnection, clinic_id: UUID, records: Sequence[UUID]) -> date | None:
    """The last day that anything of an account is dated; None where there is nothing."""
    statement, patient = _of(_LAST_DAY, records)
    driver = await driver_of(connection)
    found: date | None = await driver.fetchval(statement, clinic_id, patient)
    return found


async def _balance(
    connection: AsyncConnection, clinic_id: UUID, records: Sequence[UUID], until: str, day: date
) -> Balance:
    statement, patient = _of(f"{_BALANCE} AND {until}", records)
    driver = await driver_of(connection)
    return Balance(**await driver.fetchrow(statement, clinic_id, patient, day))


def _of(statement: str, records: Sequence[UUID]) -> tuple[str, UUID | list[UUID]]:
    """A statement about a patient, and whom it is about."""
    if len(records) == 1:
        return statement, records[0]
    return statement.replace(_OF_PATIENT, _OF_RECORDS), list(records)


@lru_cache(maxsize=256)
def _page_statement(names: tuple[str, ...], order: Order, limit: int, *, begun: bool) -> str:
    """The lines of a page first; then the balance before the earliest of them, and from there on line by line."""
    direction, beyond = ("", ">") if order == "oldest_first" else ("DESC", "<")
    conditions, following = _conditions(names, 3)
    if begun:
        conditions.append(f"(l.on_date, l.line_id) {beyond} (${following}::date, ${following + 1}::bigint)")
    ends = "SELECT {} FROM page ORDER BY on_date {}, line_id {} LIMIT 1"
    first_on, first = ends.format("on_date", "", ""), ends.format("line_id", "", "")
    last_on, last = ends.format("on_date", "DESC", "DESC"), ends.format("line_id", "DESC", "DESC")
    return f"""
    WITH page AS MATERIALIZED (
        SELECT l.* FROM account_lines AS l {_ABOUT if _ABOUT_MATTERS.intersection(names) else ""}
         WHERE {" AND ".join(conditions)}
         ORDER BY l.on_date {direction}, l.line_id {direction} LIMIT {limit}
    ),
    before AS MATERIALIZED ({_BALANCE} AND (l.on_date, l.line_id) < (({first_on}), ({first}))),
    running AS MATERIALIZED (
        SELECT l.on_date, l.line_id, {_RUNNING}
          FROM account_lines AS l
         WHERE {_OF_PATIENT} AND (l.on_date, l.line_id) >= (({first_on}), ({first}))
           AND (l.on_date, l.line_id) <= (({last_on}), ({last}))
    )
    SELECT {_SHOWN}, before.minor + balance AS balance_minor,
           before.insurers_credit_minor + insurers_credit AS insurers_credit_minor
      FROM page AS l JOIN running USING (on_date, line_id) CROSS JOIN before {_ABOUT}
     ORDER BY l.on_date {direction}, l.line_id {direction}
    """  # noqa: S608 - only texts of this module


@lru_cache(maxsize=256)
def _whole_statement(names: tuple[str, ...]) -> str:
    conditions, _ = _conditions(names, 3)
    return f"""
    SELECT {_SHOWN}, l.balance AS balance_minor, l.insurers_credit AS insurers_credit_minor
      FROM (SELECT l.*, {_RUNNING} FROM account_lines AS l WHERE {_OF_PATIENT}) AS l {_ABOUT}
     WHERE {" AND ".join(conditions)}
     ORDER BY l.on_date, l.line_id
    """  # noqa: S608 - only texts of this module


def _conditions(names: tuple[str, ...], first: int) -> tuple[list[str], int]:
    """Conditions with their parameters numbered from `first`, and the number after the last."""
    found = [_CONDITIONS[name].format(f"${first + place}") for place, name in enumerate(names)]
    return [_OF_PATIENT, *found], first + len(names)


def _line(row: Mapping[str, Any]) -> AccountLine:
    receipt_id = row["receipt_id"]
    return AccountLine(
        **{name: row[name] for name in _BY_NAME},
        place=(row["on_date"], row["line_id"]),
        id=row["source_id"],
        change=AccountChange(row["change_minor"], row["insurers_change_minor"]),
        balance=Balance(row["balance_minor"], row["insurers_credit_minor"]),
        receipt=None if receipt_id is None else ReceiptOf(receipt_id, row["receipt_number"], row["receipt_void"]),
    )
