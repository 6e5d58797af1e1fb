"""What each service must never change, and the attempt to change it all the same (`PAY-12`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg

TABLES = {
    "invoicing": {
        "clinic_versions",
        "decision_adjustments",
        "decision_lines",
        "decisions",
        "due_announcements",
        "forgotten_keys",
        "installment_plan_versions",
        "installments",
        "lost_numbers",
        "note_lines",
        "notes",
        "payer_identities",
        "price_list_entries",
        "price_list_versions",
        "currencies_in_use",
        "settlements",
    },
    "payments": {
        "account_lines",
        "clinic_directory",
        "day_totals",
        "forgotten_keys",
        "invoice_documents",
        "journal_entries",
        "overpayments",
        "payment_group_changes",
        "payment_setting_versions",
        "relabelings",
        "transactions",
    },
    "receipts": {
        "deleted_documents",
        "document_setting_versions",
        "document_template_versions",
        "forgotten_keys",
        "lost_numbers",
        "notes",
        "plan_agreements",
        "stored_documents",
    },
    "notifications": {"attempts", "forgotten_keys", "settings", "webhook_changes"},
}
GUARDED = """
SELECT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE t.tgname IN ('append_only', 'append_only_whole') AND t.tgenabled = 'O'
 GROUP BY c.relname HAVING count(*) = 2
"""
CHANGES = ('UPDATE "{}" SET clinic_id = clinic_id', 'DELETE FROM "{}"', 'TRUNCATE "{}" CASCADE')

CONSTRAINTS = "SELECT conname FROM pg_constraint WHERE conrelid = CAST($1 AS text)::regclass AND contype = 'c'"
FILLED = """
SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute
 WHERE attrelid = CAST($1 AS text)::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull
   AND NOT atthasdef AND attidentity = ''
"""
VALUES = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "integer": "1",
    "bigint": "1",
    "numeric": "1",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "jsonb": "'{}'",
    "bytea": "'x'",
}


async def attacked(connection: asyncpg.Connection[Any], table: str, roles: tuple[str, ...]) -> dict[str, str]:
    """What came of each change of a row by each role; the row, and whatever got through, is taken back.

    The row may be nonsense: constraints that are no guard against change are let down for it, in this transaction.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        clinic_id = await _add_row(connection, table)
        await connection.execute("SELECT set_config('app.clinic_ids', $1, true)", str(clinic_id))
        return {
            f"{role}: {change.format(table)}": await _tried(connection, role, change.format(table))
            for role in roles
            for change in CHANGES
        }
    finally:
        await transaction.rollback()


async def _add_row(connection: asyncpg.Connection[Any], table: str) -> UUID:
    for constraint in await connection.fetch(CONSTRAINTS, table):
        await connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint["conname"]}"')
    columns = {row["attname"]: VALUES[row["type"]] for row in await connection.fetch(FILLED, table)}
    clinic_id = uuid4()
    columns["clinic_id"] = f"'{clinic_id}'"
    await connection.execute("SET LOCAL session_replication_role = replica")
    await connection.execute(
        f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join(columns.values())})'  # noqa: S608 - our own
    )
    await connection.execute("SET LOCAL session_replication_role = origin")
    return clinic_id


async def _tried(connection: asyncpg.Connection[Any], role: str, change: str) -> str:
    point = connection.transaction()
    await point.start()
    try:
        await connection.execute(f'SET LOCAL ROLE "{role}"')
        return str(await connection.execute(change))
    except asyncpg.InsufficientPrivilegeError:
        return "no permission"
    except asyncpg.RestrictViolationError:
        return "append-only"
    finally:
        await point.rollback()
