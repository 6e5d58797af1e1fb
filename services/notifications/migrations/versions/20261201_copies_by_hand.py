"""A message that was sent can be sent again by hand, as a copy (`NOT-8.3`)."""

from __future__ import annotations

from alembic import op

revision = "20261201_copies"
down_revision = "20261130_clinic_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE messages ADD COLUMN copy_of uuid")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
