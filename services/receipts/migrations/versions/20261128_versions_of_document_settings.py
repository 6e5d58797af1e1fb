"""Every version of a clinic's document settings stays, with who made it, when and why (`ALL-5`).

Of the versions from before, only the one in force is known, and not why it was made: the constraint is NOT VALID.
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261128_settings_versions"
down_revision = "20261128_plans_in_order"
branch_labels = None
depends_on = None

VERSIONS = """
CREATE TABLE document_setting_versions (
    clinic_id        uuid NOT NULL,
    version          integer NOT NULL,
    paper            text,
    show_note        boolean,
    show_procedures  boolean NOT NULL,
    reason           text,
    changed_at       timestamptz NOT NULL,
    changed_by       text NOT NULL,
    PRIMARY KEY (clinic_id, version)
)
"""
IN_FORCE = """
INSERT INTO document_setting_versions (clinic_id, version, paper, show_note, show_procedures, changed_at, changed_by)
SELECT clinic_id, version, paper, show_note, show_procedures, changed_at, changed_by FROM document_settings
"""
SAYS_WHY = r"""
ALTER TABLE document_setting_versions ADD CONSTRAINT says_why CHECK (coalesce(reason, '') ~ '\S') NOT VALID
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(VERSIONS)
    # The owner is bound by row-level security too; it is back before anybody else sees the table.
    op.execute("ALTER TABLE document_settings NO FORCE ROW LEVEL SECURITY")
    op.execute(IN_FORCE)
    op.execute("ALTER TABLE document_settings FORCE ROW LEVEL SECURITY")
    op.execute(SAYS_WHY)
    protect(op, "document_setting_versions", ("SELECT", "INSERT"))
    append_only(op, "document_setting_versions")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
