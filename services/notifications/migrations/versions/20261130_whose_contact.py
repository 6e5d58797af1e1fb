"""A message says whose contact it went to, where that is another record's than its own (`ALL-9`, `ALL-10`)."""

from __future__ import annotations

from alembic import op

revision = "20261130_whose_contact"
down_revision = "20261130_whose_transactions"
branch_labels = None
depends_on = None

TABLES = ("messages", "merged_records")
TOLD = """
UPDATE messages AS m SET contact_of = survivor_of(m.clinic_id, m.patient_id)
 WHERE num_nonnulls(m.address, m.provider_answer) > 0 AND survivor_of(m.clinic_id, m.patient_id) <> m.patient_id
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE messages ADD COLUMN contact_of uuid")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(TOLD)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
