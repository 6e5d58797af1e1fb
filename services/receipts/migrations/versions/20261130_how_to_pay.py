"""Where money is paid to: the clinic's bank account and payment page, with its other document settings (`RCP-11`)."""

from __future__ import annotations

from alembic import op

revision = "20261130_how_to_pay"
down_revision = "20261130_lost_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in ("account_holder", "iban", "bic", "payment_link"):
        op.execute(f"ALTER TABLE document_setting_versions ADD COLUMN {column} text")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
