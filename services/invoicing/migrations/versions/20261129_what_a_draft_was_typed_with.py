"""A draft's line says what of its price and tax was typed and what was looked up, so that the rest is looked up again.

What stands on drafts of before counts as typed: it stays as whoever made them saw it.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_typed_with"
down_revision = "20261129_overdue_by_plan"
branch_labels = None
depends_on = None

STATEMENTS = (
    (
        "ALTER TABLE invoice_lines ADD COLUMN price_from text NOT NULL DEFAULT 'typed' "
        "CHECK (price_from IN ('typed', 'fee', 'list', 'missing', 'foreign_fee')), "
        "ADD COLUMN tax_typed boolean NOT NULL DEFAULT true"
    ),
    # When a person last said what a draft of the clinic's policy says; null while nobody has.
    "ALTER TABLE invoices ADD COLUMN looked_at timestamptz",
    "ALTER TABLE reviews DROP CONSTRAINT reviews_cause_check",
    (
        "ALTER TABLE reviews ADD CONSTRAINT reviews_cause_check CHECK (cause IN ('procedure_reverted', "
        "'price_missing', 'fee_in_other_currency', 'prices_changed', 'write_off_capped', 'decided_beyond_fee', "
        "'decided_after_void'))"
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
