"""Who was forgotten is known to whatever is set aside and written afterwards (`ALL-9`)."""

from __future__ import annotations

from alembic import op
from chassis.database.forgotten import create_forgotten_keys

revision = "20261130_forgotten_keys"
down_revision = "20261130_records_that_are_one"
branch_labels = None
depends_on = None

TABLES = ("patients", "forgotten_keys")
KNOWN = """
INSERT INTO forgotten_keys (clinic_id, key, forgotten_at)
SELECT clinic_id, patient_id::text, forgotten_at FROM patients WHERE forgotten_at IS NOT NULL
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_forgotten_keys(op)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(KNOWN)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
