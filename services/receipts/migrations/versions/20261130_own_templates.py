"""A clinic's own templates and texts, each version kept, and which documents they failed on (`RCP-6`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261130_own_templates"
down_revision = "20261130_how_to_pay"
branch_labels = None
depends_on = None

VERSIONS = r"""
CREATE TABLE document_template_versions (
    clinic_id   uuid NOT NULL,
    version     integer NOT NULL,
    templates   jsonb NOT NULL,
    texts       jsonb NOT NULL,
    reason      text NOT NULL CONSTRAINT says_why CHECK (reason ~ '\S'),
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    PRIMARY KEY (clinic_id, version)
)
"""
FAILURES = """
CREATE TABLE template_failures (
    document_id  uuid NOT NULL,
    rendition    text NOT NULL,
    clinic_id    uuid NOT NULL,
    kind         text NOT NULL,
    failure      text NOT NULL,
    failed_at    timestamptz NOT NULL,
    PRIMARY KEY (document_id, rendition)
)
"""
OF_CLINIC = """
CREATE INDEX template_failures_of_clinic ON template_failures (clinic_id, failed_at, document_id, rendition)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(VERSIONS)
    protect(op, "document_template_versions", ("SELECT", "INSERT"))
    append_only(op, "document_template_versions")
    op.execute(FAILURES)
    op.execute(OF_CLINIC)
    op.execute("CREATE INDEX template_failures_by_time ON template_failures (failed_at)")
    protect(op, "template_failures", ("SELECT", "INSERT", "DELETE", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
