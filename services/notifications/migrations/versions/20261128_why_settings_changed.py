"""Every change of the settings says why (`ALL-5`).

NOT VALID, so that it holds for what is written from now on: what was changed before stays as it was.
"""

from alembic import op

revision = "20261128_why_changed"
down_revision = "20261124_plans"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE settings ADD COLUMN reason text",
    r"ALTER TABLE settings ADD CONSTRAINT says_why CHECK (coalesce(reason, '') ~ '\S') NOT VALID",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
