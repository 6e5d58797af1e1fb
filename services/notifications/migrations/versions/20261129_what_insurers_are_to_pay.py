"""What insurers are to pay of an invoice, and have paid: a reminder asks the patient for the rest (`INS-4`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_insurers_share"
down_revision = "20261128_why_changed"
branch_labels = None
depends_on = None

INVOICES = """
ALTER TABLE invoices
    ADD COLUMN insurers_estimated_minor bigint NOT NULL DEFAULT 0,
    ADD COLUMN insurers_decided_minor bigint,
    ADD COLUMN insurers_decided_version bigint NOT NULL DEFAULT 0,
    ADD COLUMN insurers_paid_minor bigint NOT NULL DEFAULT 0
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(INVOICES)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
