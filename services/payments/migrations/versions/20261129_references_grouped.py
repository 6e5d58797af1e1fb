"""References are compared without the spaces that group them, and without what is not seen (`PAY-17`)."""

from __future__ import annotations

from alembic import op

revision = "20261129_references_grouped"
down_revision = "20261129_lines_left"
branch_labels = None
depends_on = None

# As `chassis.typed.ungrouped_sql` tells it.
UNSEEN = (
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
SPACES = r"[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
SEEN = f"normalize(regexp_replace({{}}, '{UNSEEN}', '', 'g'), NFKC)"
UNGROUPED = f"""lower(regexp_replace({SEEN}, '{SPACES}', '', 'g') COLLATE "pg_c_utf8")"""
TOLD = f"""
CREATE OR REPLACE FUNCTION tell_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reference_alike := {UNGROUPED.format("NEW.external_reference")};
    RETURN NEW;
END $$
"""
TELL_ANEW = f"""
UPDATE transactions SET reference_alike = {UNGROUPED.format("external_reference")}
 WHERE reference_alike IS DISTINCT FROM {UNGROUPED.format("external_reference")}
"""  # noqa: S608 - our own texts
STATEMENTS = (
    TOLD,
    "ALTER TABLE transactions NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE transactions DISABLE TRIGGER append_only",
    TELL_ANEW,
    "ALTER TABLE transactions ENABLE TRIGGER append_only",
    "ALTER TABLE transactions FORCE ROW LEVEL SECURITY",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations go forward only: restore a backup instead")
