"""A turn for each clinic in what is to be rendered; what was given up because the machine was slow is tried again.

The turn of a document is decided when it is asked for: one after the last of its clinic, and never before what is being
rendered now. So whoever has five hundred waiting and whoever has one take turns (`ALL-4`), and taking the next one
costs a look into an index, however many wait.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_turns"
down_revision = "20261128_settings_versions"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE render_tasks
  ADD COLUMN waited_for boolean GENERATED ALWAYS AS (priority = 0) STORED,
  ADD COLUMN turn bigint NOT NULL DEFAULT 0,
  ADD COLUMN interruptions integer NOT NULL DEFAULT 0
"""
BY_PRIORITY = """
CREATE INDEX render_tasks_by_priority ON render_tasks (priority, turn, requested_at) WHERE state = 'queued'
"""
BY_TURN = """
CREATE INDEX render_tasks_by_turn ON render_tasks (waited_for, turn, requested_at) WHERE state = 'queued'
"""
OF_CLINICS = """
CREATE INDEX render_tasks_of_clinics ON render_tasks (clinic_id, waited_for, turn) WHERE state = 'queued'
"""
# What persons wait for and the rest are counted apart. Now is the first turn that is due; else the last one taken.
LAST_TURN = """
CREATE FUNCTION last_turn(clinic uuid, asked_for smallint) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT greatest(
     coalesce((SELECT max(turn) FROM render_tasks
                WHERE state = 'queued' AND clinic_id = clinic AND waited_for = (asked_for = 0)), 0),
     coalesce((SELECT min(turn) FROM render_tasks
                WHERE state = 'queued' AND waited_for = (asked_for = 0) AND leased_until < clock_timestamp()),
              (SELECT max(turn) FROM render_tasks WHERE state = 'queued' AND waited_for = (asked_for = 0)), 0)) $$
"""
# Attempts counted every time that a document was begun; from now on they count what the document was to blame for.
COUNTED_ANEW = "UPDATE render_tasks SET attempts = 0 WHERE state = 'queued' AND failure IS NULL"
GIVEN_UP_FOR_SLOWNESS = """
UPDATE render_tasks SET state = 'queued', attempts = 0, lease = NULL, leased_until = '-infinity'
 WHERE state = 'set_aside'
   AND (failure LIKE 'the document was not ready after %' OR failure LIKE 'the rendering process%'
        OR failure = 'no process that rendered it lived to tell')
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMNS)
    op.execute("DROP INDEX render_tasks_due")
    for statement in (BY_PRIORITY, BY_TURN, OF_CLINICS, LAST_TURN, COUNTED_ANEW, GIVEN_UP_FOR_SLOWNESS):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
