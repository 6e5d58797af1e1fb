"""Who is estimated to take how much of an invoice, as it was issued: what a statement expects of each insurer."""

from __future__ import annotations

from alembic import op

revision = "20261201_estimated_by"
down_revision = "20261201_asked_of_lines"
branch_labels = None
depends_on = None

# Of invoices from before it is not known: what is left to insurers of them is named by those that decide. The insurer
# that decided last is named where nothing that any decided stands: what is undecided is left to it.
COLUMNS = (
    "ALTER TABLE invoices ADD COLUMN insurers_estimated jsonb",
    "ALTER TABLE insurers_parts ADD COLUMN last_payer jsonb",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in COLUMNS:
        op.execute(column)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
