"""Charges, discounts of one tax category, returned goods, finer prices (`INV-12` to `INV-14`, `MON-7`).

Where goods were returned, a note's net may be below zero while its tax is above: what it comes to in all is bounded.
"""

from __future__ import annotations

from alembic import op

revision = "20261129_all_a_bill_says"
down_revision = "20261129_installments_alone"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE invoices
        ADD COLUMN document_discount_tax_code text, ADD COLUMN discounts jsonb, ADD COLUMN charges jsonb
    """,
    """
    ALTER TABLE invoice_lines
        ADD COLUMN unit_price_fraction numeric(7, 6) NOT NULL DEFAULT 0
            CHECK (unit_price_fraction >= 0 AND unit_price_fraction < 1),
        ADD COLUMN base_quantity numeric(13, 4) NOT NULL DEFAULT 1 CHECK (base_quantity > 0),
        ADD COLUMN charges jsonb,
        ADD COLUMN charge_minor bigint,
        DROP CONSTRAINT invoice_lines_quantity_check
    """,
    "ALTER TABLE invoice_lines ADD CONSTRAINT invoice_lines_quantity_check CHECK (quantity <> 0) NOT VALID",
    "ALTER TABLE notes DROP CONSTRAINT notes_net_minor_check, DROP CONSTRAINT notes_tax_minor_check",
    "ALTER TABLE notes ADD CONSTRAINT notes_total_not_below_zero CHECK (total_minor >= 0) NOT VALID",
    # Issued, a document's discounts and charges are as frozen as its lines (`INV-6`).
    """
    CREATE TRIGGER keep_issued_adjustments BEFORE UPDATE ON invoices FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (OLD.discounts, OLD.charges, OLD.document_discount_tax_code)
          IS DISTINCT FROM (NEW.discounts, NEW.charges, NEW.document_discount_tax_code))
    EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
