"""Numbers without a gap, by processes that issue at once, roll back, and are killed in the middle (`INV-7`)."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

ISSUER = Path(__file__).parents[1] / "invoicing_issuer.py"
PROCESSES, DOCUMENTS = 4, 30
NUMBERED = text(
    """
    SELECT 'invoice' AS kind, series_number, issue_date, number FROM invoices
     WHERE clinic_id = :clinic_id AND status <> 'draft'
     UNION ALL SELECT side, series_number, issue_date, number FROM notes WHERE clinic_id = :clinic_id
     ORDER BY 1, 2
    """
)


async def started(clinic: Any, targets: str, seed: int, ends: str) -> asyncio.subprocess.Process:
    given = (clinic.harness.owned.app_url, str(clinic.id), targets, str(seed), str(DOCUMENTS), ends)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, str(ISSUER), *given, stdout=pipe, stderr=pipe)


async def said_until_holding(process: asyncio.subprocess.Process) -> list[str]:
    """What the process said before it had its hands full."""
    assert process.stdout is not None
    said: list[str] = []
    while (line := (await process.stdout.readline()).decode().strip()) != "holding":
        assert line, (await process.communicate())[1].decode()
        said.append(line)
    return said


@pytest.mark.rule("INV-7.1")
@pytest.mark.timeout(180)
async def test_processes_that_roll_back_and_one_that_is_killed_leave_no_gap(clinic: Any) -> None:
    """Over a hundred at once from five processes with clocks of their own: no gap, no duplicate, dates in order."""
    made = [await clinic.invoice(clinic.custom("1000.00")) for _ in range(4)]
    targets = ",".join(one["id"] for one in made)
    victim = await started(clinic, targets, 99, "holds")
    others = [await started(clinic, targets, seed, "ends") for seed in range(PROCESSES)]
    said = await said_until_holding(victim)
    late = await started(clinic, targets, 77, "ends")  # begins while the dead one's numbers are still in its hands
    victim.send_signal(signal.SIGKILL)
    assert await victim.wait() == -signal.SIGKILL
    for process in [*others, late]:
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        said += out.decode().splitlines()
    told: dict[str, set[int]] = defaultdict(set)
    for line in said:
        kind, _, number = line.partition(" ")
        assert int(number) not in told[kind], line
        told[kind].add(int(number))
    told["invoice"] |= set(range(1, len(made) + 1))
    async with clinic.harness.database.reading([clinic.id]) as connection:
        rows = (await connection.execute(NUMBERED, {"clinic_id": clinic.id})).all()
    for kind in ("invoice", "credit", "debit"):
        own = [row for row in rows if row.kind == kind]
        assert [row.series_number for row in own] == list(range(1, len(own) + 1))
        assert {row.series_number for row in own} == told[kind]
        assert len(own) > PROCESSES * DOCUMENTS / 3 / 2
        dates = [row.issue_date for row in own]
        assert dates == sorted(dates)
        assert len({row.number for row in own}) == len(own)
    await clinic.prove()
