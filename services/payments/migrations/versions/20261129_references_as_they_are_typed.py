"""References are kept as they are compared, too: without case, spaces and spellings of a character (`PAY-17`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_references_typed"
down_revision = "20261129_whose_part"
branch_labels = None
depends_on = None

# As `chassis.typed.alike_sql` tells it. An index of the expression would not do: with row-level security nothing but
# the bare column is looked up in an index.
ALIKE = r"""lower(btrim(regexp_replace(normalize({}, NFKC), '\s+', ' ', 'g')) COLLATE "pg_c_utf8")"""
# By trigger, so that what a process of the former release records meanwhile has it as well.
STATEMENTS = (
    "ALTER TABLE transactions ADD COLUMN reference_alike text",
    f"""
    CREATE FUNCTION tell_reference() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.reference_alike := {ALIKE.format("NEW.external_reference")};
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER tell_reference BEFORE INSERT ON transactions FOR EACH ROW
      WHEN (NEW.external_reference IS NOT NULL) EXECUTE FUNCTION tell_reference()
    """,
    "ALTER TABLE transactions NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE transactions DISABLE TRIGGER append_only",
    f"""
    UPDATE transactions SET reference_alike = {ALIKE.format("external_reference")} WHERE external_reference IS NOT NULL
    """,  # noqa: S608 - our own texts
    "ALTER TABLE transactions ENABLE TRIGGER append_only",
    "ALTER TABLE transactions FORCE ROW LEVEL SECURITY",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
