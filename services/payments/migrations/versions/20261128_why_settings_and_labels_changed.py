"""Every change of the settings says why; one of a payment's labels, or of a group, where it was given (`ALL-5`).

NOT VALID, so that it holds for what is written from now on: what was changed before stays as it was.
"""

from __future__ import annotations

from alembic import op

revision = "20261128_why_changed"
down_revision = "20261128_refunds_found"
branch_labels = None
depends_on = None

STATEMENTS = (
    r"ALTER TABLE payment_setting_versions ADD CONSTRAINT says_why CHECK (coalesce(reason, '') ~ '\S') NOT VALID",
    "ALTER TABLE relabelings ADD COLUMN reason text",
    "ALTER TABLE payment_group_changes ADD COLUMN reason text",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
