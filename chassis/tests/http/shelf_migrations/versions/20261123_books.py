"""Books, the one thing that the sample service keeps of clinics, and which clinics there are."""

from alembic import op
from chassis.database.row_security import grant, protect
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
    op.execute("CREATE TABLE clinic_directory (clinic_id uuid PRIMARY KEY)")
    grant(op, "clinic_directory", ("SELECT", "INSERT"))


def downgrade() -> None:
    op.execute("DROP TABLE books, clinic_directory")
