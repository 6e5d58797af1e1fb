"""Of whose credit nobody else was told: of payments from before others kept it (`NOT-10`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261205_untold_credit"
down_revision = "20261201_expected_write_off"
branch_labels = None
depends_on = None

# By clinic: told up to this patient, of payments that were recorded before. An hour later the other services run this
# release, too, and listen.
TABLE = """
CREATE TABLE untold_credit (
    clinic_id        uuid PRIMARY KEY,
    recorded_before  timestamptz NOT NULL,
    told_until       uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
)
"""
OF_ALL = """
INSERT INTO untold_credit (clinic_id, recorded_before)
SELECT clinic_id, now() + interval '1 hour' FROM clinic_directory
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(TABLE)
    op.execute(OF_ALL)
    protect(op, "untold_credit")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
