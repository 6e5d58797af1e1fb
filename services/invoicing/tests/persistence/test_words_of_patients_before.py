"""Patients of an older release are found by the words that names have now (`INV-18`)."""

from __future__ import annotations

import shutil
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from chassis.database.migrations import alembic_config, migrate
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from invoicing.app import service

BEFORE, NOW = "20261201_write_offs_deferred", "20261201_names_in_order"
PATIENTS = (
    ("小龍", "李", "C-1"),
    ("Sean", "O'Brien-Müller", "C-1"),
    ("Aase", "Lee", "C-1"),
    ("KIRSTEN", "HAALAND", None),
    ("Anna-Alina", "Lee", None),
    ("Mona Astrid", "Lee", "C-1"),
    ("Ann", "Lee", "C-1"),
    ("Ann", "Lee", "Ü-A-A"),
    ("", "", None),
)
PATIENT = """
INSERT INTO patients (clinic_id, patient_id, version, given_name, family_name, chart_number)
VALUES ($1, $2, 1, $3, $4, $5)
"""
MISSING = """
SELECT p.given_name, w FROM patients p
 CROSS JOIN LATERAL name_words(p.given_name, p.family_name, p.chart_number) AS w
 WHERE NOT EXISTS (SELECT FROM patient_words x
                    WHERE x.clinic_id = p.clinic_id AND x.patient_id = p.patient_id AND x.word = w)
"""
FOUND = """
SELECT word FROM patient_words WHERE word IN ('李小龍', '小龍李', 'mueller', 'ase', 'haland', 'annalina')
"""


@pytest.mark.rule("INV-18.2")
async def test_their_words_are_made_clinic_by_clinic_and_whoever_was_forgotten_has_none(
    harness: ServiceHarness, tmp_path: Path
) -> None:
    """Also of a clinic without settings, and again where an attempt was interrupted."""
    script = ScriptDirectory.from_config(alembic_config(service.migrations))
    versions = tmp_path / "versions"
    versions.mkdir()
    for revision in script.iterate_revisions(NOW, "base"):
        shutil.copy(revision.path, versions)
    admin = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        head = await admin.fetchval("SELECT version_num FROM alembic_version")
        for patient in PATIENTS:
            await admin.execute(PATIENT, new_id(), new_id(), *patient)
        await admin.execute("DELETE FROM patient_words WHERE word <> ALL (ARRAY['ann', 'lee', 'c', '1', 'c1'])")
        await admin.execute("UPDATE alembic_version SET version_num = $1", BEFORE)
        await migrate(harness.owned.owner_url, tmp_path)
        assert await admin.fetch(MISSING) == []
        found = await admin.fetch(FOUND)
        assert len(found) == 6
        await admin.execute("UPDATE alembic_version SET version_num = $1", head)
    finally:
        await admin.close()
