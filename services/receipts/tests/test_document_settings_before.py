"""Document settings of before are the first of the versions that stay from now on (ALL-5)."""

from __future__ import annotations

import shutil
from pathlib import Path

import asyncpg
import pytest
from chassis.database.migrations import migrate
from chassis.identifiers import new_id
from chassis.testing.databases import migrated_database
from chassis.testing.harness import admin_dsn
from receipts.app import service

SINCE = "20261128_"
SAVED = """
INSERT INTO document_settings (clinic_id, paper, show_note, show_procedures, version, changed_at, changed_by)
VALUES ($1, 'A4', NULL, false, 3, '2026-11-20', 'owner:eve')
"""
UNSAID = """
INSERT INTO document_setting_versions (clinic_id, version, show_procedures, changed_at, changed_by)
VALUES ($1, 4, true, now(), 'owner:eve')
"""


async def test_what_is_in_force_is_kept_as_a_version(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    versions = tmp_path / "before" / "versions"
    versions.mkdir(parents=True)
    for path in (service.migrations / "versions").glob("*.py"):
        if path.name < SINCE:
            shutil.copy(path, versions)
    clinic = new_id()
    async with migrated_database(admin_dsn(request), "receipts_before", versions.parent) as owned:
        admin = await asyncpg.connect(owned.admin_dsn)
        try:
            await admin.execute(SAVED, clinic)
            await migrate(owned.owner_url, service.migrations)
            kept = await admin.fetch(
                "SELECT clinic_id, version, paper, show_note, show_procedures, changed_by, reason "
                "FROM document_setting_versions"
            )
            assert [tuple(row) for row in kept] == [(clinic, 3, "A4", None, False, "owner:eve", None)]
            with pytest.raises(asyncpg.CheckViolationError, match="says_why"):
                await admin.execute(UNSAID, clinic)
            forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'document_settings'"
            assert await admin.fetchval(forced)
        finally:
            await admin.close()
