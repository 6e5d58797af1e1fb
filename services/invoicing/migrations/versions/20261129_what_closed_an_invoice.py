"""Of what is credited, what was written off: invoices closed by a write-off or a credit are told from paid ones."""

from __future__ import annotations

from alembic import op

revision = "20261129_what_closed"
down_revision = "20261128_why_changed"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE invoices ADD COLUMN forgiven_minor bigint NOT NULL DEFAULT 0,
                     ADD COLUMN contractual_minor bigint NOT NULL DEFAULT 0
"""
# What people wrote off and did not take back, and what contracts did, as the notes say it.
BACKFILL = """
UPDATE invoices i SET forgiven_minor = n.forgiven, contractual_minor = n.contractual
  FROM (SELECT n.invoice_id,
               coalesce(sum(n.total_minor) FILTER (WHERE n.kind = 'write_off'), 0)
                   - coalesce(sum(n.total_minor) FILTER (WHERE u.kind = 'write_off'), 0) AS forgiven,
               coalesce(sum(CASE n.side WHEN 'credit' THEN n.total_minor ELSE -n.total_minor END)
                        FILTER (WHERE n.decision_id IS NOT NULL), 0) AS contractual
          FROM notes n LEFT JOIN notes u ON u.id = n.undoes_id
         WHERE n.kind = 'write_off' OR u.kind = 'write_off' OR n.decision_id IS NOT NULL
         GROUP BY n.invoice_id) n
 WHERE i.id = n.invoice_id
"""
CLOSED = "status = 'issued' AND NOT (total_minor + debited_minor > credited_minor + settled_minor)"
WHOLE = "credited_minor > 0 AND credited_minor >= total_minor + debited_minor"
GIVEN_UP = f"(forgiven_minor > 0 OR contractual_minor > 0 AND {WHOLE})"
# One partial index a status, an invoice being in one of them at a time, as for the other statuses.
STATUSES = {
    "paid": f"{CLOSED} AND NOT ({WHOLE}) AND forgiven_minor <= 0",
    "written_off": f"{CLOSED} AND {GIVEN_UP}",
    "credited": f"{CLOSED} AND {WHOLE} AND NOT {GIVEN_UP}",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COLUMNS)
    _fill()
    op.execute("DROP INDEX invoices_paid")
    for name, which in STATUSES.items():
        op.execute(f"CREATE INDEX invoices_{name} ON invoices (clinic_id, id) WHERE {which}")


def _fill() -> None:
    """Rows of every clinic are read, which row-level security forbids even to their owner; it is lifted meanwhile."""
    for table in ("invoices", "notes"):
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(BACKFILL)
    for table in ("invoices", "notes"):
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
