"""Marks: what a sample service keeps, so that the chassis can be tested alone."""

from alembic import op
from chassis.database.numbering import create_lost_numbers
from chassis.database.row_security import append_only, grant, protect
from chassis.database.schema import create_chassis_tables, guard_machinery

revision = "20261123_marks"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(op)
    guard_machinery(op)
    create_lost_numbers(op)
    op.execute(
        "CREATE TABLE marks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, clinic_id uuid NOT NULL, "
        "key text NOT NULL, word text NOT NULL)"
    )
    protect(op, "marks")
    op.execute(
        "CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, clinic_id uuid NOT NULL, "
        "amount bigint NOT NULL)"
    )
    protect(op, "ledger")
    append_only(op, "ledger")
    op.execute(
        "CREATE TABLE chairs (clinic_id uuid NOT NULL, chair_id uuid NOT NULL, version bigint NOT NULL, name text, "
        "price numeric, bought_on date, seen_at timestamptz, parts jsonb, rooms text[], "
        "used bigint NOT NULL DEFAULT 0, PRIMARY KEY (clinic_id, chair_id))"
    )
    protect(op, "chairs")
    op.execute(
        "CREATE TABLE hours (clinic_id uuid NOT NULL, version bigint NOT NULL, opens text NOT NULL, "
        "changed_at timestamptz NOT NULL, changed_by text NOT NULL, reason text, PRIMARY KEY (clinic_id, version))"
    )
    protect(op, "hours", ("SELECT", "INSERT"))
    append_only(op, "hours")
    op.execute("CREATE TABLE clinic_directory (clinic_id uuid PRIMARY KEY)")
    grant(op, "clinic_directory", ("SELECT", "INSERT"))
