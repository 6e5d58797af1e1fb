"""What insurers decided to pay of each invoice, so that their money finds room where others paid more than theirs."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import protect

revision = "20261129_insurers_parts"
down_revision = "20261129_of_its_holder"
branch_labels = None
depends_on = None

PARTS = """
CREATE TABLE insurers_parts (
    invoice_id  uuid PRIMARY KEY,
    clinic_id   uuid NOT NULL,
    part_minor  bigint NOT NULL CHECK (part_minor >= 0),
    version     bigint NOT NULL
) WITH (fillfactor = 80)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(PARTS)
    protect(op, "insurers_parts", ("SELECT", "INSERT", "UPDATE"))


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
