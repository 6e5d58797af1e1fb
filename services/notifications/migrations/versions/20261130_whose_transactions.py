"""A transaction says whose it is, so that who paid is forgotten with the patient, whatever is planned (`ALL-9`)."""

from __future__ import annotations

from alembic import op

revision = "20261130_whose_transactions"
down_revision = "20261130_forgotten_keys"
branch_labels = None
depends_on = None

TABLES = ("transactions", "messages", "forgotten_keys")
TOLD = """
UPDATE transactions AS t SET patient_id = m.patient_id
  FROM messages AS m WHERE m.clinic_id = t.clinic_id AND m.transaction_id = t.transaction_id
"""
# Of whom no message tells whose it is, nobody could say later that it is to go.
NAMELESS = """
UPDATE transactions AS t SET payer_name = NULL
 WHERE payer_name IS NOT NULL
   AND (patient_id IS NULL
        OR EXISTS (SELECT FROM forgotten_keys AS f WHERE f.clinic_id = t.clinic_id AND f.key = t.patient_id::text))
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE transactions ADD COLUMN patient_id uuid")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(TOLD)
    op.execute(NAMELESS)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
