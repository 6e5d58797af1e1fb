"""Books, the one thing that the sample service keeps."""

from alembic import op
from chassis.database.row_security import protect
from chassis.database.schema import create_chassis_tables, guard_machinery

revision = "20261123_books"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(op)
    guard_machinery(op)
    op.execute(
        "CREATE TABLE books (id uuid PRIMARY KEY, clinic_id uuid NOT NULL, title text NOT NULL, pages bigint NOT NULL, "
        "version integer NOT NULL DEFAULT 1, added_at timestamptz NOT NULL)"
    )
    protect(op, "books")


def downgrade() -> None:
    op.execute("DROP TABLE books")
