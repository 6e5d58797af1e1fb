"""A decision has one credit note of its own, and others where what it takes off had to wait for room (`INS-3`)."""

from __future__ import annotations

from alembic import op

revision = "20261201_write_offs_deferred"
down_revision = "20261201_open_of_patients"
branch_labels = None
depends_on = None

INDEX = "notes_of_decision_alone"
WHAT = "notes (clinic_id, decision_id, side) WHERE decision_id IS NOT NULL AND kind <> 'deferred_write_off'"


def upgrade() -> None:
    # Beside the work; the former one holds until this one does.
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}")
        op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {INDEX} ON {WHAT}")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS notes_of_decision")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
