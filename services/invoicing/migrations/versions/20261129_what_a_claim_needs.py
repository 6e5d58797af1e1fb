"""What a claim needs beside the amounts is kept as it was heard or typed (`INS-2`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_claim_needs"
down_revision = "20261129_debits_proposed"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE billable_procedures ADD COLUMN claim jsonb",
    "ALTER TABLE invoice_lines ADD COLUMN claim jsonb",
    "ALTER TABLE patients ADD COLUMN gender text, ADD COLUMN coverages jsonb",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
