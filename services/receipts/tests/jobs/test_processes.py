"""The rendering processes by themselves: what a document may take, who is to blame, and what goes on without it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from chassis.testing import eventually
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.render import watching
from receipts.documents.render.limits import RenderingLimits
from receipts.documents.render.processes import RenderingFailed, RenderingInterrupted, RenderProcesses
from receipts.documents.render.render_job import RenderJob
from receipts.domain.own_templates import OwnTemplate
from receipts_bombs import Crashing, Endless, Insatiable, Sleeping
from receipts_samples import CLINIC, invoice, money, payment, receipt_content


def job(lines: int = 1) -> RenderJob:
    one = invoice(lines)
    content = receipt_as_json(receipt_content(payment(one, money("10.00")), one))
    return RenderJob(kind="receipt", content=content, clinic=CLINIC, brief=False)


def trapped(trap: type[Any]) -> RenderJob:
    return replace(job(), clinic=trap())


@pytest_asyncio.fixture(loop_scope="session")
async def one_process() -> AsyncIterator[RenderProcesses]:
    """A single process, looked at often; its limits are for documents that would go on for ever."""
    limits = RenderingLimits(
        processes=1,
        documents_per_process=100,
        seconds_per_document=3.0,
        seconds_per_own_template=1.0,
        megabytes_per_document=128,
        seconds_between_looks=0.05,
    )
    processes = RenderProcesses(limits)
    yield processes
    await processes.close()


async def made(processes: RenderProcesses) -> bool:
    return (await processes.make(job())).startswith(b"%PDF")


@pytest.mark.rule("RCP-7.1")
@pytest.mark.parametrize(
    ("trap", "why"),
    [
        (Endless, "takes more than 3 s of processor time"),
        (Insatiable, "needs more than 128 MB of memory"),
        (Crashing, "broke down on the document: SIGABRT"),
    ],
)
async def test_a_document_that_takes_too_much_ends_its_process_and_no_other_document(
    one_process: RenderProcesses, trap: type[Any], why: str
) -> None:
    """RCP-7, ALL-7: whatever the document does to swallow it; and it is told that the document itself is to blame."""
    with pytest.raises(RenderingFailed, match=why) as failed:
        await one_process.make(trapped(trap))
    assert not isinstance(failed.value, RenderingInterrupted)
    assert await made(one_process)


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            "more than 1 s of processor",
        ),
        ("{{ 7 ** (7 ** 11) }}", "more than 1 s of processor"),
        ("{{ 'x' * 10 ** 9 }}", "more than 128 MB of memory"),
        ("{{ '%999999999d' % 1 }}", "more than 128 MB of memory"),
        ("{% for i in range(90000) %}<p>x{% endfor %}", "more than"),
    ],
)
async def test_a_clinics_own_template_takes_no_more_than_it_may(
    one_process: RenderProcesses, content: str, why: str
) -> None:
    """Endless loops, great numbers (which are computed while it is compiled), memory, and pages without end."""
    template = '{% extends "receipt.html" %}{% block end %}' + content + "{% endblock %}"
    with pytest.raises(RenderingFailed, match=why) as failed:
        await one_process.make(replace(job(), own=OwnTemplate(template=template)))
    assert not isinstance(failed.value, RenderingInterrupted)
    assert await made(one_process)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
async def test_a_process_that_others_end_is_no_fault_of_its_document(
    one_process: RenderProcesses, number: signal.Signals
) -> None:
    """RCP-7."""
    assert await made(one_process)
    (worker,) = one_process.process_ids()
    os.kill(worker, signal.SIGSTOP)
    making = asyncio.create_task(one_process.make(job()))
    await asyncio.sleep(0)
    os.kill(worker, number)
    os.kill(worker, signal.SIGCONT)
    with pytest.raises(RenderingInterrupted):
        await making
    assert await made(one_process)


async def test_a_process_that_stands_still_for_longer_than_every_limit_makes_its_document(
    one_process: RenderProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RCP-7: stopped, it is looked at more often than one that sleeps may be, and is let go on."""
    assert await made(one_process)
    (worker,) = one_process.process_ids()
    looks = counting_looks(monkeypatch)
    os.kill(worker, signal.SIGSTOP)
    making = asyncio.create_task(one_process.make(job()))

    async def looked_at_often() -> bool:
        return len(looks) > 3 * watching.LOOKS_ASLEEP

    await eventually(looked_at_often, within_seconds=60)
    assert not making.done()
    os.kill(worker, signal.SIGCONT)
    assert (await making).startswith(b"%PDF")
    assert one_process.process_ids() == [worker]


def counting_looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    looks: list[int] = []
    hangs = watching.Watch.hangs

    def counted(self: watching.Watch) -> bool:
        looks.append(1)
        return hangs(self)

    monkeypatch.setattr(watching.Watch, "hangs", counted)
    return looks


async def test_a_process_that_sleeps_for_ever_is_replaced(one_process: RenderProcesses) -> None:
    with pytest.raises(RenderingInterrupted, match="did nothing"):
        await one_process.make(trapped(Sleeping))
    assert await made(one_process)


@pytest.mark.rule("RCP-7.1")
async def test_a_document_that_failed_before_is_made_by_a_process_that_made_no_other(
    one_process: RenderProcesses,
) -> None:
    """What others left behind in a process is not its fault."""
    assert await made(one_process)
    before = one_process.process_ids()
    assert (await one_process.make(job(), afresh=True)).startswith(b"%PDF")
    (alone,) = one_process.process_ids()
    assert alone not in before
    assert await made(one_process)
    assert one_process.process_ids() == [alone]


@pytest.mark.parametrize("niceness", [0, 7])
async def test_a_process_stands_back_as_far_as_it_is_told(niceness: int) -> None:
    """Where nobody awaits an API's answers, standing back gives documents a quarter of a busy processor, not half."""
    limits = RenderingLimits(processes=1, documents_per_process=1, seconds_per_document=60.0, niceness=niceness)
    processes = RenderProcesses(limits)
    try:
        await processes.start()
        (one,) = processes.process_ids()
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, one) == min(ours + niceness, 19)
    finally:
        await processes.close()


async def test_a_document_with_an_error_costs_only_itself_and_tells_only_its_kind() -> None:
    limits = RenderingLimits(processes=1, documents_per_process=100, seconds_per_document=60.0)
    processes = RenderProcesses(limits)
    try:
        broken = replace(job(), content={})
        with pytest.raises(RenderingFailed, match="ValidationError"):
            await processes.make(broken)
        assert (await processes.make(job())).startswith(b"%PDF")
    finally:
        await processes.close()


async def test_processes_are_replaced_before_they_grow() -> None:
    processes = RenderProcesses(RenderingLimits(processes=1, documents_per_process=2, seconds_per_document=60.0))
    try:
        seen = set()
        for _ in range(4):
            await processes.make(job())
            seen.update(processes.process_ids())
        assert len(seen) >= 2
    finally:
        await processes.close()


async def test_nothing_is_rendered_after_the_end() -> None:
    processes = RenderProcesses(RenderingLimits(processes=1, documents_per_process=2, seconds_per_document=60.0))
    await processes.close()
    with pytest.raises(RenderingFailed):
        await processes.make(job())
