"""The desk and the practice's events lock in one order, so that no two wait in a ring (`INV-1`, `INV-3`)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.eventually import eventually
from invoicing.persistence import billable_procedures, drafts
from sqlalchemy import text

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
DEADLOCKS = "SELECT pg_stat_force_next_flush(), deadlocks FROM pg_stat_database WHERE datname = current_database()"
Step = Callable[[Any, dict[str, Any], str], Coroutine[Any, Any, Any]]


async def replace(clinic: Any, draft: dict[str, Any], procedure_id: str) -> Any:
    body = {"procedure_ids": [procedure_id], "note": "looked at"}
    headers = {"If-Match": f'"{draft["version"]}"'}
    return await clinic.api.put(f"/v1/invoices/{draft['id']}", json=body, headers=headers)


async def delete(clinic: Any, draft: dict[str, Any], _: str) -> Any:
    return await clinic.api.delete(f"/v1/invoices/{draft['id']}", headers={"If-Match": f'"{draft["version"]}"'})


async def void(clinic: Any, invoice: dict[str, Any], _: str) -> Any:
    return await clinic.api.post(f"/v1/invoices/{invoice['id']}/void", json={"reason": "typo"})


@pytest.mark.parametrize("step", [replace, delete, void])
async def test_the_desk_waits_for_a_procedure_without_holding_its_invoice(clinic: Any, step: Step) -> None:
    """A reversal has the procedure and is about to take the invoice: it gets it, whatever the desk is doing."""
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None)
    await clinic.harness.deliver(procedure)
    made = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)], issue=step is void)
    async with clinic.harness.database.transaction([clinic.id], "reversal") as work:
        await billable_procedures.lock_known(work.connection, [(clinic.id, procedure.procedure_id)])
        desk = asyncio.create_task(step(clinic, made, str(procedure.procedure_id)))

        async def waits() -> bool:
            async with clinic.harness.database.reading([]) as connection:
                return bool(await connection.scalar(text(WAITING)))

        await eventually(waits)
        await work.connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert await drafts.lock_statuses(work.connection, [made["id"]])
    assert (await desk).status_code in (200, 204)


async def test_completed_procedures_wait_for_drafts_in_the_order_of_their_ids(clinic: Any) -> None:
    """Who issues drafts at once locks them by id: one further on is not held by an event that waits for one before."""
    await clinic.configure(auto_issue=False)
    visits = [new_id(), new_id()]
    for visit in reversed(visits):  # the visit of the lower id has the draft of the higher
        await clinic.harness.deliver(clinic.completed(visit))
    first, second = sorted(one["id"] for one in await clinic.listed(status="draft"))
    async with clinic.harness.database.transaction([clinic.id], "desk") as work:
        await drafts.lock_statuses(work.connection, [first])
        event = asyncio.create_task(clinic.harness.deliver(*(clinic.completed(visit) for visit in visits)))

        async def waits() -> bool:
            async with clinic.harness.database.reading([]) as connection:
                return bool(await connection.scalar(text(WAITING)))

        await eventually(waits)
        await work.connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert await drafts.lock_statuses(work.connection, [second])
    await event
    assert [len((await clinic.read(one))["lines"]) for one in (first, second)] == [2, 2]


@pytest.mark.rule("INV-3.3")
async def test_desks_and_events_at_once_never_wait_in_a_ring(clinic: Any) -> None:
    """INV-1, INV-3: whoever comes first, each procedure ends on one draft at most, and PostgreSQL aborts nobody."""
    await clinic.configure(auto_issue=False)
    dice = random.Random(11)
    before = await _deadlocks(clinic)
    for _ in range(6):
        visits = [new_id() for _ in range(3)]
        procedures = [clinic.completed(visit) for visit in visits for _ in range(4)]
        await clinic.harness.deliver(*procedures)
        listed = await clinic.listed(limit="200", status="draft")
        ids = [str(procedure.procedure_id) for procedure in procedures]
        doing: list[Awaitable[Any]] = []
        for draft in listed:
            body = {"procedure_ids": dice.sample(ids, 2)}
            headers = {"If-Match": f'"{draft["version"]}"'}
            path = f"/v1/invoices/{draft['id']}"
            doing.append(clinic.api.put(path, json=body, headers=headers))
            doing.append(clinic.api.delete(path, headers=headers) if dice.random() < 0.3 else clinic.api.get(path))
        reverted = dice.sample(procedures, 5)
        doing += [clinic.harness.deliver(clinic.reverted(one)) for one in reverted]
        doing += [clinic.harness.deliver(clinic.completed(dice.choice(visits))) for _ in range(3)]
        dice.shuffle(doing)
        answers = await asyncio.gather(*doing)
        codes = {answer.status_code for answer in answers if hasattr(answer, "status_code")}
        assert codes <= {200, 204, 404, 409, 412, 422}
    assert await _deadlocks(clinic) == before
    await clinic.prove()


async def _deadlocks(clinic: Any) -> int:
    async with clinic.harness.database.reading([]) as connection:
        return int((await connection.execute(text(DEADLOCKS))).one().deadlocks)
