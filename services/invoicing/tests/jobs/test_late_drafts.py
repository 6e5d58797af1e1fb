"""Drafts of appointments that were closed before: all that can be issued are, whatever becomes of others (`INV-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.messaging import jobs
from invoicing.consumers.clinical import on_appointment_closed, on_procedure_completed
from invoicing.jobs import issue_late_drafts as job
from invoicing.use_cases import issue_invoices as issuing


async def late(clinic: Any, count: int) -> list[str]:
    """So many drafts of visits that were closed before their procedures were heard of, oldest first."""
    visits = [new_id() for _ in range(count)]
    await clinic.harness.deliver(*(clinic.closed(visit) for visit in visits))
    for visit in visits:
        await clinic.harness.deliver(clinic.completed(visit, "15.00"))
    clinic.harness.clock.advance(timedelta(minutes=5))
    return sorted(one["id"] for one in await clinic.listed(status="draft"))


async def drafts(clinic: Any) -> list[str]:
    return sorted(one["id"] for one in await clinic.listed(status="draft"))


async def test_drafts_that_cannot_be_issued_hold_up_none_behind_them(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many of them as are taken at once were found again and again, and what came after them was never reached."""
    ids = await late(clinic, 5)
    kept = ids[:3]
    prepare = issuing.prepare_issue

    def refusing(work: Any, invoice: Any, settings: Any) -> Any:
        return None if str(invoice.id) in kept else prepare(work, invoice, settings)

    monkeypatch.setattr(issuing, "prepare_issue", refusing)
    monkeypatch.setattr(job, "DRAFTS_AT_ONCE", 2)
    await clinic.harness.run_job("issue_late_drafts")
    assert await drafts(clinic) == kept
    monkeypatch.undo()
    await clinic.harness.run_job("issue_late_drafts")
    assert await drafts(clinic) == []


async def test_a_draft_that_fails_costs_only_itself(clinic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bug in one draft was every clinic's: the whole set was undone, every minute anew. Somebody is told of it."""
    ids, counted = await late(clinic, 5), list[Any]()
    monkeypatch.setattr(jobs._failed, "add", lambda *given: counted.append(given))

    async def failing(work: Any, chosen: Sequence[Any]) -> Any:
        if ids[2] in [str(one) for one in chosen]:
            raise LookupError("a bug of ours")
        return await issuing.issue_invoices(work, chosen)

    monkeypatch.setattr(job, "issue_invoices", failing)
    await clinic.harness.run_job("issue_late_drafts")
    assert await drafts(clinic) == [ids[2]]
    assert counted == [(1, {"job.name": "issue_late_drafts"})]


async def test_a_fault_of_the_surroundings_ends_the_run_and_nothing_is_lost(
    clinic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await late(clinic, 2)

    async def cut(*_: Any) -> Any:
        raise ConnectionResetError

    monkeypatch.setattr(job, "issue_invoices", cut)
    with pytest.raises(ConnectionResetError):
        await clinic.harness.run_job("issue_late_drafts")
    assert await drafts(clinic) == ids
    monkeypatch.undo()
    await clinic.harness.run_job("issue_late_drafts")
    assert await drafts(clinic) == []


@pytest.mark.parametrize("first", ["the closing", "the procedure"])
async def test_a_closing_and_a_procedure_that_do_not_see_each_other_leave_no_draft(clinic: Any, first: str) -> None:
    """INV-2, ALL-7: two workers after a rebalance, one of which has not committed; the next run issues the draft."""
    visit = new_id()
    closed = (clinic.closed(visit), on_appointment_closed)
    completed = (clinic.completed(visit, "15.00"), on_procedure_completed)
    (held, handle), (other, _) = (closed, completed) if first == "the closing" else (completed, closed)
    async with clinic.harness.database.transaction([clinic.id], "another worker") as work:
        await handle(work, [clinic.harness._message(held)])
        await clinic.harness.deliver(other)
    assert len(await drafts(clinic)) == 1
    await clinic.harness.run_job("issue_late_drafts")
    assert len(await drafts(clinic)) == 1, "late procedures come together: it is left alone for a while"
    clinic.harness.clock.advance(timedelta(minutes=5))
    await clinic.harness.run_job("issue_late_drafts")
    assert await drafts(clinic) == []
