"""Addresses that a link in a reminder unsubscribed: of reminders, and of nothing else (`NOT-2.5`)."""

from __future__ import annotations

from alembic import op

revision = "20261202_unsubscribed"
down_revision = "20261202_paces"
branch_labels = None
depends_on = None

KNOWN = (
    "ALTER TABLE suppressed_addresses ADD COLUMN IF NOT EXISTS purpose text",
    "ALTER TABLE suppressed_addresses DROP CONSTRAINT IF EXISTS known_purpose",
    "ALTER TABLE suppressed_addresses ADD CONSTRAINT known_purpose CHECK (purpose = 'reminders') NOT VALID",
)
ONCE = """
CREATE UNIQUE INDEX CONCURRENTLY suppressed_addresses_once_a_purpose
    ON suppressed_addresses (clinic_id, channel, coalesce(purpose, ''), lower(btrim(address))) WHERE lifted_at IS NULL
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in KNOWN:
        op.execute(statement)
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS suppressed_addresses_once_a_purpose")
        op.execute(ONCE)
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS suppressed_addresses_once")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
