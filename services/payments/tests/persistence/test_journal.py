"""The journal is append-only and balanced, whoever asks (PAY-12), and each clinic sees its own rows (ALL-4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from front_desk import FrontDesk
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

TABLES = ("journal_entries", "transactions", "invoice_documents")
CHANGES = ("UPDATE {} SET clinic_id = clinic_id", "DELETE FROM {}", "TRUNCATE {}")


@asynccontextmanager
async def connected(url: str, clinic_id: UUID) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection, connection.begin():
            await connection.execute(text(f"SELECT set_config('app.clinic_ids', '{clinic_id}', true)"))
            yield connection
    finally:
        await engine.dispose()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
async def test_append_only_tables_refuse_change_to_working_role_and_owner(
    desk: FrontDesk, table: str, change: str
) -> None:
    await desk.paid("10.00", await desk.invoice("10.00"))
    owned = desk.harness.owned
    for url, refusal in ((owned.app_url, "permission denied"), (owned.owner_url, "append-only")):
        with pytest.raises(DBAPIError, match=refusal):
            async with connected(url, desk.clinic_id) as connection:
                await connection.execute(text(change.format(table)))


async def test_posting_that_does_not_balance_is_refused(desk: FrontDesk) -> None:
    insert = text(
        """
        INSERT INTO journal_entries (clinic_id, posting_id, account, minor)
        VALUES (:clinic, :posting, 'money', 100), (:clinic, :posting, 'revenue', -99)
        """
    )
    with pytest.raises(DBAPIError, match="does not balance"):
        async with connected(desk.harness.owned.app_url, desk.clinic_id) as connection:
            await connection.execute(insert, {"clinic": desk.clinic_id, "posting": new_id()})


async def test_every_table_of_ours_is_under_forced_row_security(desk: FrontDesk) -> None:
    query = text(
        """
        SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
         ORDER BY 1
        """
    )
    async with connected(desk.harness.owned.app_url, desk.clinic_id) as connection:
        unprotected = list((await connection.execute(query)).scalars())
    assert unprotected == ["alembic_version", "dead_letters", "inbox", "outbox"]
