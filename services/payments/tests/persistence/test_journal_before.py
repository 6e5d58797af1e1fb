"""A journal of before gets the days and payers of its entries, and is as guarded as ever afterwards (PAY-12)."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import asyncpg
import pytest
from chassis.database.migrations import migrate
from chassis.identifiers import new_id
from chassis.testing.databases import migrated_database
from chassis.testing.harness import admin_dsn
from payments.app import service

FIRST = "20261123_payments_and_journal.py"
INVOICE = """
INSERT INTO invoice_documents (document_id, clinic_id, patient_id, invoice_id, kind, number, total_minor, issue_date,
                               recorded_at)
VALUES ($1, $2, $2, $1, 'invoice', 'INV-1', 500, '2026-11-20', now())
"""
PAYMENT = """
INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, payer_kind,
                          recorded_at, booked_on, recorded_by, payment_id)
VALUES ($1, $2, $2, 'payment', 500, 'USD', 'check', 'insurer', now(), '2026-11-22', 'ada', $1)
"""
ENTRIES = """
INSERT INTO journal_entries (clinic_id, posting_id, account, minor, invoice_id, payment_id)
VALUES ($1, $2, 'receivable', 500, $2, NULL), ($1, $2, 'revenue', -500, $2, NULL),
       ($1, $3, 'money', 500, NULL, $3), ($1, $3, 'receivable', -500, $2, $3)
"""


async def test_entries_of_before_get_their_days_and_payers(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    versions = tmp_path / "before" / "versions"
    versions.mkdir(parents=True)
    shutil.copy(service.migrations / "versions" / FIRST, versions)
    clinic, invoice, payment = new_id(), new_id(), new_id()
    async with migrated_database(admin_dsn(request), "payments_before", versions.parent) as owned:
        admin = await asyncpg.connect(owned.admin_dsn)
        try:
            await admin.execute(INVOICE, invoice, clinic)
            await admin.execute(PAYMENT, payment, clinic)
            await admin.execute(ENTRIES, clinic, invoice, payment)
            await migrate(owned.owner_url, service.migrations)
            rows = await admin.fetch("SELECT account, booked_on, payer_kind FROM journal_entries ORDER BY entry_id")
            issued, paid = date(2026, 11, 20), date(2026, 11, 22)
            assert [tuple(row) for row in rows] == [
                ("receivable", issued, None),
                ("revenue", issued, None),
                ("money", paid, "insurer"),
                ("receivable", paid, "insurer"),
            ]
            with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                await admin.execute("UPDATE journal_entries SET minor = minor")
            # Who and why is asked of what is written from now on (`ALL-5`); what was recorded stays as it was.
            assert await admin.fetchval("SELECT reason_code FROM transactions") is None
            forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname = ANY ($1)"
            assert await admin.fetchval(forced, ["journal_entries", "transactions", "invoice_documents"])
        finally:
            await admin.close()
