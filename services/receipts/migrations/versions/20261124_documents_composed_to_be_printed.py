"""Documents that are composed of figures of the moment, kept while they are rendered and fetched."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261124_composed_documents"
down_revision = "20261124_in_order"
branch_labels = None
depends_on = None

COMPOSED_DOCUMENTS = """
CREATE TABLE composed_documents (
    document_id  uuid PRIMARY KEY,
    clinic_id    uuid NOT NULL,
    kind         text NOT NULL,
    content      jsonb NOT NULL,
    asked_at     timestamptz NOT NULL,
    sha256       text,
    pdf          bytea,
    CHECK ((sha256 IS NULL) = (pdf IS NULL))
)
"""
STORED_UNCOMPRESSED = "ALTER TABLE composed_documents ALTER COLUMN pdf SET STORAGE EXTERNAL"
BY_AGE = "CREATE INDEX composed_documents_by_age ON composed_documents (asked_at)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (COMPOSED_DOCUMENTS, STORED_UNCOMPRESSED, BY_AGE):
        op.execute(statement)
    protect(op, "composed_documents")


def downgrade() -> None:
    op.execute("DROP TABLE composed_documents")
