"""Words: what the service of these tests notes."""

from alembic import op
from chassis.database.row_security import protect
from chassis.database.schema import create_chassis_tables, guard_machinery

revision = "20261129_words"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(op)
    guard_machinery(op)
    op.execute(
        "CREATE TABLE words (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, clinic_id uuid NOT NULL, "
        "word text NOT NULL)"
    )
    protect(op, "words")
