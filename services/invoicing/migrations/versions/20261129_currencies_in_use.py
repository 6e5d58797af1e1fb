"""In which currencies a clinic's money is, told by payments: a deposit keeps the clinic's currency, too (`MON-2`)."""

from __future__ import annotations

from alembic import op
from chassis.database.row_security import append_only, protect

revision = "20261129_currencies"
down_revision = "20261129_decisions_by_ref"
branch_labels = None
depends_on = None

CURRENCIES = """
CREATE TABLE currencies_in_use (
    clinic_id  uuid NOT NULL,
    currency   text NOT NULL,
    PRIMARY KEY (clinic_id, currency)
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CURRENCIES)
    protect(op, "currencies_in_use", ("SELECT", "INSERT"))
    append_only(op, "currencies_in_use")


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
