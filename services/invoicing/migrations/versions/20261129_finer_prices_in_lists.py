"""Price lists keep prices finer than the currency, and for a base quantity, as lines do (`MON-7`, `INV-19`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_finer_list_prices"
down_revision = "20261129_names_typed"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE price_list_entries
        ADD COLUMN unit_price_fraction numeric(7, 6) NOT NULL DEFAULT 0
            CHECK (unit_price_fraction >= 0 AND unit_price_fraction < 1),
        ADD COLUMN allowed_fraction numeric(7, 6) NOT NULL DEFAULT 0
            CHECK (allowed_fraction >= 0 AND allowed_fraction < 1),
        ADD COLUMN base_quantity numeric(13, 4) NOT NULL DEFAULT 1 CHECK (base_quantity > 0)
    """,
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
