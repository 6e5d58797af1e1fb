"""Invoices as a front desk works with them: long ones, many at once, and lists among a thousand and a million."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from clinic import Clinic, money
from figures import Figure, percentile
from local_stack.supervisor import Stack

LINES, LONG_INVOICES, LONG_P50_MS = 200, 60, 50
DRAFTS, STORIES = 200, 60
FEW, MANY, AT_ONCE = 1_000, 1_000_000, 100_000
READS, WARM_UP = 60, 10
MADE = (Path(__file__).parent / "many_invoices.sql").read_text()


async def long_invoice(clinic: Clinic, patient: UUID) -> UUID:
    """An invoice of 200 lines, created and issued in one request; its id."""
    return await clinic.issue_invoice(patient, price_minor=1_999, lines=LINES)


async def long_invoices(clinic: Clinic, floor_per_second: float) -> list[Figure]:
    """Invoices of 200 lines one after the other, then the other things a front desk does with invoices."""
    patient, *_ = await clinic.open(1)
    for _ in range(WARM_UP):
        await long_invoice(clinic, patient)
    seconds = await _timed(LONG_INVOICES, lambda _: long_invoice(clinic, patient))
    p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
    return [
        Figure(
            "invoice of 200 lines created and issued, p50",
            p50,
            "ms",
            LONG_P50_MS,
            at_least=False,
            floor=1000 / floor_per_second,
            floor_of="the same rows by pgbench, one client",
            detail=f"p99 {p99:.1f} ms over {LONG_INVOICES}, one at a time",
        ),
        await _previews(clinic),
        await _issued_at_once(clinic, patient),
        await _stories(clinic, patient),
    ]


async def _previews(clinic: Clinic) -> Figure:
    body = {"lines": [_line(n) for n in range(LINES)]}
    path = "/v1/invoices/preview"
    seconds = await _timed(STORIES, lambda _: clinic.api.post("invoicing", clinic.id, path, body, uuid4()))
    return Figure("preview of 200 lines, p50", percentile(seconds, 0.5) * 1000, "ms")


async def _issued_at_once(clinic: Clinic, patient: UUID) -> Figure:
    ids = []
    for number in range(DRAFTS):
        body = {"patient_id": str(patient), "lines": [_line(number)]}
        answer = await clinic.api.post("invoicing", clinic.id, "/v1/invoices", body, uuid4())
        ids.append(answer.body["id"])
    began = time.perf_counter()
    await clinic.api.post("invoicing", clinic.id, "/v1/invoices/issue", {"invoice_ids": ids}, uuid4())
    return Figure(f"{DRAFTS} drafts issued in one request", (time.perf_counter() - began) * 1000, "ms")


async def _stories(clinic: Clinic, patient: UUID) -> Figure:
    invoice = await clinic.issue_invoice(patient)
    for _ in range(10):
        body = {"kind": "courtesy", "reason": "bench", "amount": money(100)}
        await clinic.api.post("invoicing", clinic.id, f"/v1/invoices/{invoice}/credit-notes", body, uuid4())
    path = f"/v1/invoices/{invoice}/story"
    seconds = await _timed(STORIES, lambda _: clinic.api.get("invoicing", clinic.id, path))
    return Figure("story of an invoice with ten notes, p50", percentile(seconds, 0.5) * 1000, "ms")


async def lists(stack: Stack, few: Clinic, many: Clinic) -> list[Figure]:
    """The same lists in a clinic with a thousand invoices and in one with a million, in one database."""
    for clinic, size in ((few, FEW), (many, MANY)):
        await clinic.open(1)
        await fill(stack, clinic, size)
    figures = []
    for name, wanted in _filters():
        seconds = {}
        for clinic, size in ((few, FEW), (many, MANY)):
            query = wanted(clinic, size)
            seconds[size] = await _timed(READS, lambda _, c=clinic, q=query: _listed(c, q))
        small, large = percentile(seconds[FEW], 0.5) * 1000, percentile(seconds[MANY], 0.5) * 1000
        figures.append(
            Figure(
                f"list {name} among 1,000,000, p50",
                large,
                "ms",
                floor=small,
                floor_of="among 1,000",
                detail=f"p99 {percentile(seconds[MANY], 0.99) * 1000:.1f} ms over {READS}",
            )
        )
    return figures


def _filters() -> list[tuple[str, Callable[[Clinic, int], dict[str, str]]]]:
    year = datetime.now(UTC).year
    return [
        ("of the clinic", lambda _, __: {}),
        ("of a patient", lambda clinic, _: {"patient_id": str(_id(clinic, "7"))}),
        ("of an appointment", lambda clinic, _: {"appointment_id": str(_id(clinic, "visit7"))}),
        ("of a treatment plan", lambda clinic, _: {"treatment_plan_id": str(_id(clinic, "plan7"))}),
        ("of drafts", lambda _, __: {"status": "draft"}),
        ("of partially paid ones", lambda _, __: {"status": "partially_paid"}),
        ("of overdue ones", lambda _, __: {"overdue": "true"}),
        ("up to a day years ago", lambda _, __: {"to": f"{year - 3}-06-30"}),
        ("by number", lambda _, size: {"number": f"INV-{year}-{size - 11:06}"}),
        ("by a common word", lambda _, __: {"text": "proph"}),
        ("by a rare and a common word", lambda _, __: {"text": "proph zirconia D10"}),
        ("by a number in words", lambda _, size: {"text": str(size - 11)}),
    ]


async def _listed(clinic: Clinic, query: dict[str, str]) -> None:
    await clinic.api.get("invoicing", clinic.id, "/v1/invoices", **query)


async def fill(stack: Stack, clinic: Clinic, size: int) -> None:
    """So many invoices, as years of work leave them."""
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    try:
        for first in range(1, size + 1, AT_ONCE):
            last = min(size, first + AT_ONCE - 1)
            today = datetime.now(UTC).date()
            given = {"clinic": clinic.id, "from": first, "to": last, "of": size, "today": today}
            for name, value in given.items():
                await connection.execute("SELECT set_config($1, $2, false)", f"many.{name}", str(value))
            await connection.execute(MADE)
            _say(f"  {last:,} of {size:,} invoices are there")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _timed(times: int, once: Callable[[int], Awaitable[Any]]) -> list[float]:
    """The seconds of each of so many calls, one after the other, after a few that do not count."""
    for number in range(WARM_UP):
        await once(number)
    taken = []
    for number in range(times):
        began = time.perf_counter()
        await once(number)
        taken.append(time.perf_counter() - began)
    return taken


def _line(number: int) -> dict[str, Any]:
    return {"kind": "custom", "description": f"item {number}", "unit_price": money(1_999)}


def _id(clinic: Clinic, what: str) -> UUID:
    """An id that `many_invoices.sql` makes."""
    return UUID(hashlib.md5(f"{clinic.id}{what}".encode()).hexdigest())  # noqa: S324 - an id, not a secret


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", file=sys.stderr, flush=True)  # noqa: T201 - a person watches
