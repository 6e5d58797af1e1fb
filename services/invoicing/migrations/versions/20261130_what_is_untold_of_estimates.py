"""Of which invoices nobody else was told what insurers are estimated to take: those from before others kept it."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261130_untold_estimates"
down_revision = "20261130_words_end"
branch_labels = None
depends_on = None

# By clinic: told up to this invoice, of those that were issued before. An hour later the other services run this
# release, too, and listen.
TABLE = """
CREATE TABLE untold_estimates (
    clinic_id      uuid PRIMARY KEY,
    issued_before  timestamptz NOT NULL,
    told_until     uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
)
"""
OF_ALL = """
INSERT INTO untold_estimates (clinic_id, issued_before)
SELECT clinic_id, now() + interval '1 hour' FROM clinic_directory
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(TABLE)
    op.execute(OF_ALL)
    protect(op, "untold_estimates")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
