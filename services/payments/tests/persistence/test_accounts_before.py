"""What was booked before accounts had lines of their own gets them, with the groups of its payments (PAY-9, PAY-10)."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from chassis.database.checks import differing
from chassis.database.migrations import migrate
from chassis.identifiers import new_id
from chassis.testing.databases import migrated_database
from chassis.testing.harness import admin_dsn
from payments.app import service
from payments.persistence.proof import CHECKS

BEFORE = ("20261123_payments_and_journal.py", "20261124_the_journal_by_day_and_by_payer.py")
INVOICE = """
INSERT INTO invoices (invoice_id, clinic_id, patient_id, number, currency, issue_date, due_date, total_minor,
                      settled_minor)
VALUES ($1, $2, $3, 'INV-1', 'USD', '2026-11-20', '2026-12-20', 500, 500)
"""
DOCUMENT = """
INSERT INTO invoice_documents (document_id, clinic_id, patient_id, invoice_id, kind, number, total_minor, issue_date,
                               recorded_at)
VALUES ($1, $2, $3, $1, 'invoice', 'INV-1', 500, '2026-11-20', '2026-11-20T10:00Z')
"""
GROUP = "INSERT INTO payment_groups (group_id, clinic_id, name, position) VALUES ($1, $2, 'Surgery', 0)"
TRANSACTION = """
INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, payer_kind,
                          recorded_at, booked_on, recorded_by, payment_id, linked_id)
VALUES ($1, $2, $3, $4, $5, 'USD', 'check', 'patient', '2026-11-22T10:00Z', '2026-11-22', 'ada', $6, $7)
"""
POSITION = """
INSERT INTO payment_positions (payment_id, clinic_id, patient_id, amount_minor, allocated_minor, unallocated_minor,
                               group_id)
VALUES ($1, $2, $3, 700, 500, 200, $4)
"""
ENTRY = """
INSERT INTO journal_entries (clinic_id, posting_id, booked_on, account, minor, patient_id, invoice_id, payment_id,
                             method, payer_kind)
SELECT $1, $2, $3, e.account, e.minor, e.patient_id, e.invoice_id, $8::uuid,
       CASE e.account WHEN 'money' THEN 'check' END, CASE WHEN $8::uuid IS NOT NULL THEN 'patient' END
  FROM (VALUES ($4, $5::bigint, $6::uuid, $7::uuid), ($9, -$5, $10, $11)) AS e (account, minor, patient_id, invoice_id)
"""


async def test_what_was_there_gets_its_lines_and_groups(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    versions = tmp_path / "before" / "versions"
    versions.mkdir(parents=True)
    for name in BEFORE:
        shutil.copy(service.migrations / "versions" / name, versions)
    async with migrated_database(admin_dsn(request), "payments_accounts", versions.parent) as owned:
        admin = await asyncpg.connect(owned.admin_dsn)
        try:
            mine, sister = await booked(admin)
            await migrate(owned.owner_url, service.migrations)
            lines = await admin.fetch("SELECT * FROM account_lines ORDER BY on_date, line_id")
            told = [(line["patient_id"], line["kind"], line["on_date"], line["change_minor"]) for line in lines]
            issued, paid = date(2026, 11, 20), date(2026, 11, 22)
            assert told == [
                (mine, "invoice", issued, 500),
                (mine, "payment", paid, -700),
                (mine, "credit_transfer_out", paid, 80),
                (sister, "credit_transfer_in", paid, -80),
            ]
            groups = await admin.fetch("SELECT kind FROM transactions WHERE group_id IS NOT NULL")
            assert [row["kind"] for row in groups] == ["payment"]
            assert [row["what"] for check in CHECKS for row in await admin.fetch(differing(check, 9))] == []
            for table in ("account_lines", "transactions", "day_totals", "relabelings"):
                with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                    await admin.execute(f"TRUNCATE {table}")
        finally:
            await admin.close()


async def booked(admin: Any) -> tuple[Any, Any]:
    """An invoice, a payment of more than it in a group, and a part of the credit given to a sister."""
    clinic, mine, sister, invoice, group = (new_id() for _ in range(5))
    payment, out, into = new_id(), new_id(), new_id()
    issued, paid = date(2026, 11, 20), date(2026, 11, 22)
    await admin.execute(INVOICE, invoice, clinic, mine)
    await admin.execute(DOCUMENT, invoice, clinic, mine)
    await admin.execute(GROUP, group, clinic)
    await admin.execute(TRANSACTION, payment, clinic, mine, "payment", 700, payment, None)
    await admin.execute(TRANSACTION, out, clinic, mine, "credit_transfer_out", 80, None, into)
    await admin.execute(TRANSACTION, into, clinic, sister, "credit_transfer_in", 80, None, out)
    await admin.execute(POSITION, payment, clinic, mine, group)
    for posting, day, debit, minor, debited, about, of, credit, credited, credit_about in (
        (invoice, issued, "receivable", 500, mine, invoice, None, "revenue", None, invoice),
        (payment, paid, "money", 500, None, None, payment, "receivable", mine, invoice),
        (payment, paid, "money", 200, None, None, payment, "patient_credit", mine, None),
        (out, paid, "patient_credit", 80, mine, None, payment, "patient_credit", sister, None),
    ):
        await admin.execute(
            ENTRY, clinic, posting, day, debit, minor, debited, about, of, credit, credited, credit_about
        )
    await admin.execute(
        "INSERT INTO credit_parts VALUES ($1, $2, $4, 120), ($1, $3, $4, 80)", payment, mine, sister, clinic
    )
    await admin.execute(
        "INSERT INTO patient_credit (clinic_id, patient_id, balance_minor) VALUES ($1, $2, 120), ($1, $3, 80)",
        clinic,
        mine,
        sister,
    )
    return mine, sister
