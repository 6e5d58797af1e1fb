"""Row-level security by clinic (`ALL-4`) and append-only tables (`PAY-12`), as steps of a migration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

Operations = Any
"""Alembic's `op`."""

CREATE_CURRENT_CLINICS = """
CREATE FUNCTION current_clinics() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(nullif(current_setting('app.clinic_ids', true), ''), ',')::uuid[] $$
"""

CREATE_REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
     RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def working_role(op: Operations) -> str:
    """The role that the service works with: it owns nothing. `payments_owner` migrates for `payments_app`."""
    owner: str = op.get_bind().scalar(text("SELECT current_user"))
    if not owner.endswith("_owner"):
        raise ValueError(f"migrations run as the owning role <service>_owner, not as {owner}")
    return owner.removesuffix("_owner") + "_app"


def grant(op: Operations, table: str, privileges: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE")) -> None:
    """Let the working role use a table."""
    op.execute(f'GRANT {", ".join(privileges)} ON "{table}" TO "{working_role(op)}"')


def protect(op: Operations, table: str, privileges: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE")) -> None:
    """Let a transaction see and write only its clinics' rows of this table, whoever asks, its owner included.

    The table has a column `clinic_id uuid NOT NULL`. The subquery makes the setting be read once a statement.
    """
    condition = "clinic_id = ANY ((SELECT current_clinics())::uuid[])"
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY clinic ON "{table}" USING ({condition}) WITH CHECK ({condition})')
    grant(op, table, privileges)


def append_only(op: Operations, table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE of a table to everybody, by trigger and by grants (`PAY-12`)."""
    op.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{working_role(op)}"')
    op.execute(
        f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    )
    op.execute(
        f'CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


CREATE_REFUSE_ALL_BUT_EMPTYING = """
CREATE FUNCTION refuse_all_but_emptying() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE
     emptied text[] := TG_ARGV::text[];
     before  jsonb := to_jsonb(OLD);
     after   jsonb := to_jsonb(NEW);
   BEGIN
     IF before = after OR before - emptied <> after - emptied
        OR EXISTS (SELECT FROM unnest(emptied) AS name
                    WHERE after -> name <> before -> name AND after -> name NOT IN ('null', '""', '{}'))
     THEN
       RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
     END IF;
     RETURN NEW;
END $$
"""


def let_be_emptied(op: Operations, table: str, *columns: str) -> None:
    """Let these columns of an append-only table be emptied, and do nothing else to it: they may be about a person.

    What is emptied is NULL, '' or '{}', and never anything else again. The function is made once a service, by
    `CREATE_REFUSE_ALL_BUT_EMPTYING`. TRUNCATE and DELETE stay refused.
    """
    named = ", ".join(f"'{column}'" for column in columns)
    op.execute(f'DROP TRIGGER append_only ON "{table}"')
    op.execute(
        f'CREATE TRIGGER append_only BEFORE UPDATE ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION refuse_all_but_emptying({named})"
    )
    op.execute(
        f'CREATE TRIGGER append_only_row BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    )
    written = ", ".join(f'"{column}"' for column in columns)
    op.execute(f'GRANT UPDATE ({written}) ON "{table}" TO "{working_role(op)}"')
