"""The accountant's reports over a hundred thousand invoices, each within a second (`PAY-16`)."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from clinic import Clinic
from figures import Figure, percentile
from invoice_work import fill
from local_stack.supervisor import Stack

SIZE, TIMES, REPORT_MS = 100_000, 20, 1_000
GIVEN_UP_SECONDS = 120
ACCOUNTS = (Path(__file__).parent / "many_accounts.sql").read_text(encoding="utf-8")
# What a report has to look at, at least, added up once by the database itself.
FLOORS = {
    "tax": "SELECT sum(tax_minor), count(*) FROM invoices WHERE clinic_id = $1",
    "ageing": (
        "SELECT sum(total_minor + debited_minor - credited_minor - settled_minor) FROM invoices "
        "WHERE clinic_id = $1 AND status = 'issued'"
    ),
    "collections": (
        "SELECT provider_id, code, sum(net_minor) FROM invoice_lines l JOIN settlements s USING (invoice_id) "
        "WHERE s.clinic_id = $1 GROUP BY 1, 2"
    ),
    "write-offs": "SELECT kind, reason, sum(total_minor) FROM notes WHERE clinic_id = $1 GROUP BY 1, 2",
}
# As if every line had always been taxed: then what an invoice was paid is divided to the cent, whichever it is.
TAXED = """
SET session_replication_role = replica;
UPDATE invoice_lines SET tax_category = 'S', tax_rate = 22, exemption_reason = NULL WHERE clinic_id = '{0}';
UPDATE invoices
   SET tax_minor = net_minor * 22 / 100, total_minor = net_minor + net_minor * 22 / 100,
       settled_minor = settled_minor * 122 / 100
 WHERE clinic_id = '{0}' AND status <> 'draft';
UPDATE settlements SET change_minor = change_minor * 122 / 100 WHERE clinic_id = '{0}';
DELETE FROM collected_by_month WHERE clinic_id = '{0}';
DELETE FROM collected_months WHERE clinic_id = '{0}';
SET session_replication_role = DEFAULT;
"""
# Months are closed three days after their end, by the clinic's calendar.
CLOSED = """
SELECT count(*) FROM collected_months
 WHERE clinic_id = $1 AND month >= date_trunc('month', current_date - 5) - interval '1 month'
"""


async def reports(stack: Stack, clinic: Clinic) -> list[Figure]:
    """Each report of all there is, then of a month or of a day that is over."""
    await clinic.open(1)
    await fill(stack, clinic, SIZE)
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    try:
        await connection.execute("SELECT set_config('many.clinic', $1, false)", str(clinic.id))
        await connection.execute(ACCOUNTS)
        await _summed(stack, connection, clinic)
        floors = {name: await _floor(connection, sql, clinic) for name, sql in FLOORS.items()}
        found = await _of_plain_invoices(clinic, floors)
        await connection.execute(TAXED.format(clinic.id))
        await _summed(stack, connection, clinic)
    finally:
        await connection.close()
    of = f"of all {SIZE:,} invoices, every line taxed"
    return [*found, await _measured(clinic, "collections", of, {}, floors["collections"])]


async def _of_plain_invoices(clinic: Clinic, floors: dict[str, float]) -> list[Figure]:
    today = datetime.now(UTC).date()
    month = {"from": str(today - timedelta(days=30)), "to": str(today)}
    asked = [(name, f"of all {SIZE:,} invoices", {}) for name in FLOORS]
    asked += [(name, "of a month", month) for name in FLOORS if name != "ageing"]
    asked.append(("ageing", "of a day a year ago", {"as_of": str(today - timedelta(days=365))}))
    return [await _measured(clinic, name, of, query, floors[name]) for name, of, query in asked]


async def _summed(stack: Stack, connection: asyncpg.Connection, clinic: Clinic) -> None:
    """Let the worker sum the months that are closed, as it does when it starts, and autovacuum its work."""
    await connection.execute("VACUUM ANALYZE")
    await stack.stop_service("invoicing", "worker")
    await stack.start_service("invoicing", "worker")
    deadline = time.monotonic() + GIVEN_UP_SECONDS
    while not await connection.fetchval(CLOSED, clinic.id):
        if time.monotonic() > deadline:
            raise TimeoutError("the closed months were not summed")
        await asyncio.sleep(0.2)
    await connection.execute("VACUUM ANALYZE")


async def _measured(clinic: Clinic, name: str, of: str, query: dict[str, str], floor: float) -> Figure:
    seconds = []
    for _ in range(TIMES + 2):
        began = time.perf_counter()
        await clinic.api.get("invoicing", clinic.id, f"/v1/reports/{name}", **query)
        seconds.append(time.perf_counter() - began)
    taken = seconds[2:]
    return Figure(
        f"report of {name} {of}, p50",
        percentile(taken, 0.5) * 1000,
        "ms",
        REPORT_MS,
        at_least=False,
        floor=floor,
        floor_of="its rows added up once by PostgreSQL",
        detail=f"p99 {percentile(taken, 0.99) * 1000:.0f} ms over {TIMES}",
    )


async def _floor(connection: asyncpg.Connection, sql: str, clinic: Clinic) -> float:
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        await connection.fetch(sql, clinic.id)
        seconds.append(time.perf_counter() - began)
    return percentile(seconds, 0.5) * 1000
