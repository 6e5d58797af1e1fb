"""From which day on a group is called what it is, and stands where it does: a past day's sheet keeps both (`PAY-10`).

What a group was created as holds for all days before, and so does the earliest that is known of an older one.
"""

from __future__ import annotations

from alembic import op

revision = "20261128_groups_on_a_day"
down_revision = "20261128_one_receipt"
branch_labels = None
depends_on = None

TABLES = ("payment_group_changes", "payment_groups", "clinics")
FROM_DAY = "ALTER TABLE payment_group_changes ADD COLUMN in_force_from date"
EARLIEST_KNOWN = """
INSERT INTO payment_group_changes (group_id, version, clinic_id, change, name, color, position, archived, changed_at,
                                   changed_by)
SELECT group_id, version, clinic_id, 'created', name, color, position, archived, now(), 'migration'
  FROM payment_groups AS g
 WHERE NOT EXISTS (SELECT 1 FROM payment_group_changes AS c WHERE c.group_id = g.group_id)
"""
DAYS = """
UPDATE payment_group_changes AS c
   SET in_force_from = CASE
       WHEN c.version = (SELECT min(version) FROM payment_group_changes AS f WHERE f.group_id = c.group_id)
       THEN date '-infinity'
       ELSE (c.changed_at AT TIME ZONE coalesce(
                (SELECT time_zone FROM clinics AS k WHERE k.clinic_id = c.clinic_id), 'UTC'))::date END
"""
ENFORCED = "ALTER TABLE payment_group_changes ALTER COLUMN in_force_from SET NOT NULL"
IN_ORDER = (
    "CREATE INDEX group_changes_by_day ON payment_group_changes (group_id, in_force_from, version)",
    "CREATE INDEX groups_of_clinic ON payment_groups (clinic_id, group_id)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(FROM_DAY)
    # Owners are bound by row-level security and by the guard too; both are back before anybody else sees the tables.
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payment_group_changes DISABLE TRIGGER append_only")
    op.execute(EARLIEST_KNOWN)
    op.execute(DAYS)
    op.execute("ALTER TABLE payment_group_changes ENABLE TRIGGER append_only")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(ENFORCED)
    for statement in IN_ORDER:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
