"""Since when each version of a clinic and of a patient holds, and the versions of a patient from before (`RCP-9`).

Of what is there already that is not known: it holds since ever. So does what a release that does not write it adds: the
newest version is then named for all that was before, as it was until now.
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261130_versions_by_time"
down_revision = "20261130_documents_end"
branch_labels = None
depends_on = None

SINCE = "ALTER TABLE {table} ADD COLUMN since timestamptz NOT NULL DEFAULT '-infinity'"
PATIENT_VERSIONS = """
CREATE TABLE patient_versions (
    clinic_id   uuid NOT NULL,
    patient_id  uuid NOT NULL,
    version     bigint NOT NULL,
    details     jsonb NOT NULL,
    since       timestamptz NOT NULL,
    PRIMARY KEY (clinic_id, patient_id, version)
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("clinic_versions", "patients"):
        op.execute(SINCE.format(table=table))
    op.execute(PATIENT_VERSIONS)
    protect(op, "patient_versions", ("SELECT", "INSERT", "DELETE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
