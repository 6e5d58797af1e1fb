"""Receipts and invoices of a clinic in the order of their ids, so that they can be laid beside other services'."""

from alembic import op

revision = "20261124_in_order"
down_revision = "20261124_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX receipts_by_transaction ON receipts (clinic_id, transaction_id)")
    op.execute("CREATE INDEX invoices_by_id ON invoices (clinic_id, invoice_id)")


def downgrade() -> None:
    op.execute("DROP INDEX receipts_by_transaction")
    op.execute("DROP INDEX invoices_by_id")
