"""Insurers' decisions are found by the trace number of the transfer that told of them (`INS-6`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_decisions_by_ref"
down_revision = "20261129_refunds_credited"
branch_labels = None
depends_on = None

STATEMENTS = (
    (
        "CREATE INDEX decisions_of_reference ON decisions (clinic_id, remittance_reference, id) "
        "WHERE remittance_reference IS NOT NULL"
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
