"""What insurers are estimated to take of an invoice, as it was issued: until one decides, it is not the patient's."""

from __future__ import annotations

from alembic import op

revision = "20261130_estimated_of_invoices"
down_revision = "20261130_words_end"
branch_labels = None
depends_on = None

# Of invoices from before it is not known: they ask the patient for all, as they did.
COLUMN = "ALTER TABLE invoices ADD COLUMN insurers_estimated_minor bigint NOT NULL DEFAULT 0"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMN)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
