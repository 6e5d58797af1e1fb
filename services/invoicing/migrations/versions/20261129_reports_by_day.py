"""What the accountant's reports read of a period: notes, voids and settlements by their days, insured lines."""

from __future__ import annotations

from alembic import op

revision = "20261129_reports_by_day"
down_revision = "20261129_currencies"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE INDEX notes_by_day ON notes (clinic_id, issue_date)",
    "CREATE INDEX invoices_by_void_day ON invoices (clinic_id, voided_on) WHERE voided_on IS NOT NULL",
    "CREATE INDEX settlements_by_time ON settlements (clinic_id, occurred_at)",
    "CREATE INDEX invoice_lines_estimated ON invoice_lines (invoice_id) WHERE estimates IS NOT NULL",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
