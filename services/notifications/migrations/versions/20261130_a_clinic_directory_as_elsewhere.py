"""Which clinics there are has the name that it has in the other services; what still runs finds it by the old one."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import grant

revision = "20261130_clinic_directory"
down_revision = "20261130_turns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE clinic_register RENAME TO clinic_directory")
    op.execute("CREATE VIEW clinic_register AS SELECT clinic_id FROM clinic_directory")
    grant(op, "clinic_register", ("SELECT", "INSERT"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
