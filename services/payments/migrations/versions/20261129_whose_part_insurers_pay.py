"""Of what insurers decided to pay of an invoice, whose it is: each one's money finds the room of its part (`INS-4`).

What was announced before does not say it: there the sum counts, until a further decision is heard.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_whose_part"
down_revision = "20261129_take_backs_undone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE insurers_parts ADD COLUMN payers jsonb")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
