"""Of several receipts that a transaction had before, the last stays, with one line in the account (PAY-9)."""

from __future__ import annotations

import shutil
from pathlib import Path

import asyncpg
import pytest
from chassis.database.migrations import migrate
from chassis.identifiers import new_id
from chassis.testing.databases import migrated_database
from chassis.testing.harness import admin_dsn
from payments.app import service

FIRST_AFTER = "20261128"
RECEIPT = """
INSERT INTO receipts (receipt_id, clinic_id, patient_id, transaction_id, number, void) VALUES ($1, $2, $3, $4, $5, $6)
"""
LINE = """
INSERT INTO account_lines (clinic_id, patient_id, on_date, source_id, kind, change_minor, recorded_at)
VALUES ($1, $2, '2026-11-22', $3, $4, 0, now())
"""


async def test_the_last_receipt_of_a_transaction_is_kept(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    versions = tmp_path / "before" / "versions"
    versions.mkdir(parents=True)
    for path in (service.migrations / "versions").glob("*.py"):
        if path.name < FIRST_AFTER:
            shutil.copy(path, versions)
    clinic, patient, twice, once = (new_id() for _ in range(4))
    first, last, only = sorted((new_id() for _ in range(3)), reverse=True)
    async with migrated_database(admin_dsn(request), "payments_receipts", versions.parent) as owned:
        admin = await asyncpg.connect(owned.admin_dsn)
        try:
            for transaction in (twice, once):
                await admin.execute(LINE, clinic, patient, transaction, "payment")
            for receipt, transaction, number, void in (
                (first, twice, "R-1", True),
                (only, once, "R-2", False),
                (last, twice, "R-3", False),
            ):
                await admin.execute(RECEIPT, receipt, clinic, patient, transaction, number, void)
                await admin.execute(LINE, clinic, patient, receipt, "receipt")
            await migrate(owned.owner_url, service.migrations)
            kept = await admin.fetch("SELECT receipt_id, transaction_id, number, void FROM receipts ORDER BY number")
            assert [tuple(row) for row in kept] == [(only, once, "R-2", False), (last, twice, "R-3", True)]
            lines = await admin.fetch("SELECT source_id, kind FROM account_lines ORDER BY line_id")
            assert [tuple(row) for row in lines] == [
                (twice, "payment"),
                (once, "payment"),
                (twice, "receipt"),
                (once, "receipt"),
            ]
            with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                await admin.execute("DELETE FROM account_lines")
            with pytest.raises(asyncpg.UniqueViolationError):
                await admin.execute(RECEIPT, new_id(), clinic, patient, once, "R-4", False)
            forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname = ANY ($1)"
            assert await admin.fetchval(forced, ["receipts", "account_lines"])
        finally:
            await admin.close()
