"""Whom a person named for a payer that no invoice knew: kept, so that nobody is asked twice (`INS-8`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261129_who_an_insurer_is"
down_revision = "20261129_debit_notes_in_part"
branch_labels = None
depends_on = None

IDENTITIES = """
CREATE TABLE payer_identities (
    id               uuid PRIMARY KEY,
    clinic_id        uuid NOT NULL,
    stated_payer_id  uuid NOT NULL,
    payer_id         uuid NOT NULL,
    said_by          text NOT NULL,
    said_at          timestamptz NOT NULL
)
"""
INDEXES = (
    "CREATE INDEX payer_identities_of_payer ON payer_identities (clinic_id, stated_payer_id, id)",
    # What waits for an invoice is looked for on the clock.
    (
        "CREATE INDEX set_aside_decisions_awaiting ON set_aside_decisions (clinic_id, id) "
        "WHERE state = 'open' AND cause = 'unknown_invoice'"
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (IDENTITIES, *INDEXES):
        op.execute(statement)
    protect(op, "payer_identities", ("SELECT", "INSERT"))
    append_only(op, "payer_identities")


def downgrade() -> None:
    raise RuntimeError("what was said of payers is never deleted: restore the database instead")
