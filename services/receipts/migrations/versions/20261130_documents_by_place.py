"""Which documents are still to be moved, and which have their bytes in an object, is found by indexes (`RCP-1`)."""

from __future__ import annotations

from alembic import op
from chassis.database.indexes import build_indexes

revision = "20261130_documents_by_place"
down_revision = "20261130_object_store"
branch_labels = None
depends_on = None

INDEXES = {
    "stored_documents_in_rows": "stored_documents (clinic_id, document_id, rendition) WHERE NOT in_store",
    "stored_documents_in_store": "stored_documents (clinic_id, document_id, rendition) WHERE in_store",
    "stored_documents_by_object": "stored_documents (clinic_id, sha256) WHERE in_store",
}


def upgrade() -> None:
    build_indexes(op, INDEXES)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
