"""Bytes of documents may be in an object store; what is to be removed there is a row, whoever dies meanwhile (`RCP-1`).

A row whose bytes are in the store has none itself. The release before knows no such rows, so none is made before
all processes are of this one (docs/operating.md, "Documents").
"""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect, working_role

revision = "20261130_object_store"
down_revision = "20261130_own_templates"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE stored_documents ADD COLUMN media_type text NOT NULL DEFAULT 'application/pdf',
                             ADD COLUMN in_store boolean NOT NULL DEFAULT false
"""
# Nobody waits until every row was looked at: those that are there have their bytes.
BYTES_ONCE = """
ALTER TABLE stored_documents ADD CONSTRAINT bytes_in_one_place
    CHECK (in_store = (octet_length(pdf) = 0)) NOT VALID
"""
OBJECT_REMOVALS = """
CREATE TABLE object_removals (
    clinic_id  uuid NOT NULL,
    sha256     text NOT NULL,
    due_at     timestamptz NOT NULL,
    PRIMARY KEY (clinic_id, sha256)
)
"""
# A document's bytes leave its row once, and only the bytes.
REFUSE_DELETION = """
CREATE OR REPLACE FUNCTION refuse_deletion_while_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     IF TG_OP = 'DELETE' THEN
       IF is_deleted(OLD.document_id) THEN
         RETURN OLD;
       END IF;
     ELSIF NOT OLD.in_store AND NEW.in_store AND octet_length(NEW.pdf) = 0
           AND (OLD.document_id, OLD.rendition, OLD.clinic_id, OLD.kind, OLD.sha256, OLD.size_bytes, OLD.stored_at,
                OLD.media_type)
               IS NOT DISTINCT FROM
               (NEW.document_id, NEW.rendition, NEW.clinic_id, NEW.kind, NEW.sha256, NEW.size_bytes, NEW.stored_at,
                NEW.media_type)
     THEN
       RETURN NEW;
     END IF;
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
PLAN_REMOVAL = """
CREATE FUNCTION plan_removal_of_object() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     INSERT INTO object_removals AS r (clinic_id, sha256, due_at) VALUES (OLD.clinic_id, OLD.sha256, clock_timestamp())
         ON CONFLICT (clinic_id, sha256) DO UPDATE SET due_at = least(r.due_at, excluded.due_at);
     RETURN NULL;
END $$
"""
REMOVAL_PLANNED = """
CREATE TRIGGER removal_planned AFTER DELETE ON stored_documents FOR EACH ROW WHEN (OLD.in_store)
    EXECUTE FUNCTION plan_removal_of_object()
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(OBJECT_REMOVALS)
    protect(op, "object_removals")
    for statement in (COLUMNS, BYTES_ONCE, REFUSE_DELETION, PLAN_REMOVAL, REMOVAL_PLANNED):
        op.execute(statement)
    op.execute(f'GRANT UPDATE (pdf, in_store) ON stored_documents TO "{working_role(op)}"')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
