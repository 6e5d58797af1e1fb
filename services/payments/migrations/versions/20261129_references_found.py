"""Indexes of references as they are compared, made beside payments that are recorded meanwhile (`PAY-17`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_references_found"
down_revision = "20261129_references_typed"
branch_labels = None
depends_on = None

INDEXES = {
    "transactions_of_reference_alike": "reference_alike IS NOT NULL",
    "transfers_of_reference_alike": "payer_kind = 'insurer' AND reference_alike IS NOT NULL",
}
FORMER = ("transactions_of_reference", "transfers_of_insurers")


def upgrade() -> None:
    # What an interrupted attempt has left behind is made anew.
    with op.get_context().autocommit_block():
        for name, condition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON transactions (clinic_id, reference_alike) WHERE {condition}"
            )
        for name in FORMER:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
