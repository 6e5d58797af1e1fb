"""What lists were made of before gets what they are made of now: accounts, day sheets (PAY-9, PAY-10)."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

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


ENTRY = """
INSERT INTO journal_entries (clinic_id, posting_id, booked_on, account, minor, patient_id, payment_id, payer_kind)
VALUES ($1, $2, '2026-11-22', $3, $4, $5, $6, $7)
"""
CLINIC = "INSERT INTO clinics (clinic_id, version, currency, time_zone) VALUES ($1, 1, 'USD', 'America/New_York')"
GROUP = "INSERT INTO payment_groups (group_id, clinic_id, name, position) VALUES ($1, $2, $3, 4)"
CHANGE = """
INSERT INTO payment_group_changes (group_id, version, clinic_id, change, name, position, archived, changed_at,
                                   changed_by)
VALUES ($1, $2, $3, $4, $5, 4, false, $6::text::timestamptz, 'ada')
"""
PAYMENT = """
INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, payer_kind,
                          recorded_at, booked_on, recorded_by, reason_code, payment_id, external_reference)
VALUES ($1, $2, $3, 'payment', 100, 'USD', 'cash', 'patient', now(), '2026-11-22', 'ada', 'deposit', $1, $4)
"""


@asynccontextmanager
async def before(request: pytest.FixtureRequest, folder: Path, name: str) -> AsyncIterator[tuple[Any, str]]:
    """A database as it was, by an administrator's connection, and what to migrate it by."""
    versions = folder / "before" / "versions"
    versions.mkdir(parents=True)
    for path in (service.migrations / "versions").glob("*.py"):
        if path.name < FIRST_AFTER:
            shutil.copy(path, versions)
    async with migrated_database(admin_dsn(request), name, versions.parent) as owned:
        admin = await asyncpg.connect(owned.admin_dsn)
        try:
            yield admin, owned.owner_url
        finally:
            await admin.close()


async def test_the_last_receipt_of_a_transaction_is_kept(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    clinic, patient, twice, once = (new_id() for _ in range(4))
    first, last, only = sorted((new_id() for _ in range(3)), reverse=True)
    async with before(request, tmp_path, "payments_receipts") as (admin, owner_url):
        for transaction in (twice, once):
            await admin.execute(LINE, clinic, patient, transaction, "payment")
        for receipt, transaction, number, void in (
            (first, twice, "R-1", True),
            (only, once, "R-2", False),
            (last, twice, "R-3", False),
        ):
            await admin.execute(RECEIPT, receipt, clinic, patient, transaction, number, void)
            await admin.execute(LINE, clinic, patient, receipt, "receipt")
        await migrate(owner_url, service.migrations)
        kept = await admin.fetch("SELECT receipt_id, transaction_id, number, void FROM receipts ORDER BY number")
        assert [tuple(row) for row in kept] == [(only, once, "R-2", False), (last, twice, "R-3", True)]
        lines = await admin.fetch("SELECT source_id, kind FROM account_lines ORDER BY line_id")
        assert [tuple(row) for row in lines] == [
            (twice, "payment"),
            (once, "payment"),
            (twice, "receipt"),
            (once, "receipt"),
        ]
        await guarded(admin, "account_lines", "receipts")
        with pytest.raises(asyncpg.UniqueViolationError):
            await admin.execute(RECEIPT, new_id(), clinic, patient, once, "R-4", False)


async def test_groups_are_called_from_their_days_on_what_they_were_changed_to(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    clinic, old, known = (new_id() for _ in range(3))
    async with before(request, tmp_path, "payments_groups") as (admin, owner_url):
        await admin.execute(CLINIC, clinic)
        await admin.execute(GROUP, old, clinic, "Surgery")
        await admin.execute(GROUP, known, clinic, "Implants")
        await admin.execute(CHANGE, known, 1, clinic, "created", "Hygiene", "2026-11-20T12:00Z")
        await admin.execute(CHANGE, known, 2, clinic, "changed", "Implants", "2026-11-22T03:00Z")
        await migrate(owner_url, service.migrations)
        found = await admin.fetch(
            "SELECT group_id, name, in_force_from, changed_by FROM payment_group_changes ORDER BY group_id, version"
        )
        assert [tuple(row) for row in found] == [
            (old, "Surgery", date.min, "migration"),
            (known, "Hygiene", date.min, "ada"),
            (known, "Implants", date(2026, 11, 21), "ada"),
        ]
        await guarded(admin, "payment_group_changes", "payment_groups", "clinics")


async def test_what_an_insurer_overpaid_is_taken_out_of_the_balance(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """INS-4: of 150.00 from an insurer on an invoice of 100.00, and of 30.00 from the patient."""
    clinic, patient, invoice, theirs, own = (new_id() for _ in range(5))
    async with before(request, tmp_path, "payments_insurers") as (admin, owner_url):
        for posting, account, minor, payment, payer in (
            (invoice, "receivable", 10_000, None, None),
            (invoice, "revenue", -10_000, None, None),
            (theirs, "money", 15_000, theirs, "insurer"),
            (theirs, "receivable", -10_000, theirs, "insurer"),
            (theirs, "patient_credit", -5_000, theirs, "insurer"),
            (own, "money", 3_000, own, "patient"),
            (own, "patient_credit", -3_000, own, "patient"),
        ):
            whose = patient if account in ("receivable", "patient_credit") else None
            # An unbalanced posting is refused at the end of its statement; these are balanced in the end.
            await admin.execute("SET session_replication_role = replica")
            await admin.execute(ENTRY, clinic, posting, account, minor, whose, payment, payer)
            await admin.execute("SET session_replication_role = DEFAULT")
        for source, kind, change in (
            (invoice, "invoice", 10_000),
            (theirs, "payment", -15_000),
            (own, "payment", -3_000),
        ):
            await admin.execute(LINE.replace(" 0,", f" {change},"), clinic, patient, source, kind)
        await admin.execute(LINE, clinic, patient, theirs, "receipt")
        await migrate(owner_url, service.migrations)
        lines = await admin.fetch(
            "SELECT kind, change_minor, insurers_change_minor FROM account_lines ORDER BY line_id"
        )
        assert [tuple(row) for row in lines] == [
            ("invoice", 10_000, 0),
            ("payment", -10_000, 5_000),
            ("payment", -3_000, 0),
            ("receipt", 0, 0),
        ]
        await guarded(admin, "account_lines", "journal_entries", "transactions")


async def test_a_reference_is_compared_as_further_ones_are(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """PAY-17: of a payment from before any reference was kept as it is compared."""
    clinic, patient, payment = (new_id() for _ in range(3))
    async with before(request, tmp_path, "payments_references") as (admin, owner_url):
        await admin.execute(PAYMENT, payment, clinic, patient, "RF18 5390 0754\u200b 7034")
        await migrate(owner_url, service.migrations)
        assert await admin.fetchval("SELECT reference_alike FROM transactions") == "rf18539007547034"
        await admin.execute(PAYMENT, new_id(), clinic, patient, "RF18\u00a05390 07547034")
        assert await admin.fetchval("SELECT count(DISTINCT reference_alike) FROM transactions") == 1
        await guarded(admin, "transactions")


async def guarded(admin: Any, first: str, *others: str) -> None:
    """The first table is append-only again, and all of them are under row-level security."""
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await admin.execute(f"DELETE FROM {first}")  # noqa: S608 - a name of this module
    forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname = ANY ($1)"
    assert await admin.fetchval(forced, [first, *others])
