"""A process that issues invoices and notes of one clinic, many at once, and says each number that it committed.

Some of its transactions are rolled back. With `holds`, it ends with a transaction that has taken its numbers and never
goes on, which it says as well: it is there to be killed.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.clock import ManualClock
from chassis.database import Database, Work
from chassis.database.numbering import DateBeforeSeries
from chassis.identifiers import new_id
from chassis.money import Money
from invoicing.app import service
from invoicing.domain.draft_line import DraftContent, DraftLine
from invoicing.use_cases.create_invoice import CreateInvoice, create_invoice
from invoicing.use_cases.credit_invoice import CreditInvoice, credit_invoice
from invoicing.use_cases.debit_invoice import DebitInvoice, debit_invoice

CENT = Money(1, "USD")
LINE = DraftLine("custom", "a thing", unit_price=Money(100, "USD"))


class ChangedTheirMind(Exception):
    """What makes a transaction roll back after its number was taken."""


async def make(work: Work, kind: str, target: UUID) -> int:
    """One document of a kind; its number in the series."""
    if kind == "invoice":
        invoice = await create_invoice(work, CreateInvoice(new_id(), DraftContent(lines=(LINE,)), issue=True))
        return invoice.require_issued("numbered").series_number
    if kind == "credit":
        _, note = await credit_invoice(work, CreditInvoice(target, "courtesy", "r", CENT))
    else:
        _, note = await debit_invoice(work, DebitInvoice(target, "late_fee", "r", CENT))
    return note.series_number


async def issue(database: Database, clock: ManualClock, clinic: UUID, kind: str, target: UUID, fails: bool) -> None:
    """Commit one document, or roll it back; a process whose clock is behind moves it on and tries again."""
    while True:
        try:
            async with database.transaction([clinic], "test") as work:
                number = await make(work, kind, target)
                if fails:
                    raise ChangedTheirMind
            print(kind, number, flush=True)  # noqa: T201 - the test reads it
        except DateBeforeSeries:
            clock.advance(timedelta(days=1))
            continue
        except ChangedTheirMind:
            pass
        return


async def run(url: str, clinic: UUID, targets: list[UUID], seed: int, count: int, holds: bool) -> None:
    """So many documents at once, then perhaps one that is never finished."""
    dice = random.Random(seed)
    clock = ManualClock(datetime(2026, 11, 23, 15, tzinfo=UTC) + timedelta(days=dice.randrange(3)))
    settings = service.settings(database_url=url, database_pool_size=10)
    async with service.opened(settings, clock=clock) as resources:
        kinds = [("invoice", "credit", "debit")[n % 3] for n in range(count)]
        dice.shuffle(kinds)
        works = [
            issue(resources.database, clock, clinic, kind, dice.choice(targets), dice.random() < 0.3) for kind in kinds
        ]
        await asyncio.gather(*works)
        if holds:
            clock.advance(timedelta(days=30))
            async with resources.database.transaction([clinic], "test") as work:
                for kind in ("invoice", "credit", "debit"):
                    await make(work, kind, targets[0])
                print("holding", flush=True)  # noqa: T201 - the test reads it
                await asyncio.Event().wait()


if __name__ == "__main__":
    url, clinic, targets, seed, count, holds = sys.argv[1:]
    ids = [UUID(one) for one in targets.split(",")]
    asyncio.run(run(url, UUID(clinic), ids, int(seed), int(count), holds == "holds"))
