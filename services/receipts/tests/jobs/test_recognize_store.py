"""Whether a store is the one that has the documents: a volume that is not mounted is none (`RCP-1`, `ALL-7`)."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from chassis.http.app import health_app
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from receipts.app import loops, service
from receipts.documents.store import document_store
from receipts.documents.store.address import BucketAccess
from receipts.documents.store.document_store import MARKER, DocumentStore
from receipts.documents.store.folder import Folder
from receipts.documents.store.opening import store_at
from receipts.jobs.render_documents import Rendering
from receipts_events import Practice
from receipts_rendering import render_all, render_due, skip_delays
from receipts_stored import away, paid


@contextmanager
def unmounted(folder: Path) -> Iterator[None]:
    """While it lasts, an empty mount point is where the folder was."""
    with away(folder):
        folder.mkdir()
        yield
        folder.rmdir()


async def status(harness: ServiceHarness) -> tuple[int, str]:
    """What the inner port of a worker says of itself, and of its store."""
    resources = harness.resources
    before, resources.checks = resources.checks, dict(resources.checks)
    try:
        loops(resources)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(health_app(resources)), base_url="http://worker"
        ) as client:
            answer = await client.get("/health/ready")
    finally:
        resources.checks = before
    return answer.status_code, answer.json()["checks"]["documents"]


@pytest.mark.rule("RCP-1.5")
async def test_an_empty_mount_point_is_no_new_store_and_the_volume_is_found_without_a_restart(
    harness: ServiceHarness,
    practice: Practice,
    rendering: Rendering,
    documents_folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """ALL-7: nothing is written below it, by whoever starts there or was at work; readiness and log say so."""
    paths = [await paid(harness, practice)]
    await render_all(harness, rendering)
    paths.append(await paid(harness, practice))
    with unmounted(documents_folder):
        async with service.opened(harness.resources.settings) as restarted:
            beside = Rendering(harness.database, rendering.processes, restarted.state.store)
            for worker in (beside, rendering):
                await skip_delays(harness)
                await render_due(worker)
        reasons = [record.__dict__.get("reason", "") for record in caplog.records]
        assert sum("documents-of-receipts, which says so, is missing there" in reason for reason in reasons) == 2
        assert await status(harness) == (503, "failed")
        assert os.listdir(documents_folder) == []  # noqa: PTH208 - names alone
    assert await status(harness) == (200, "ok")
    await render_all(harness, rendering)
    async with harness.client("receipts:read", practice.clinic_id) as client:
        assert [(await client.get(path)).status_code for path in paths] == [200, 200]


class Filled(Folder):
    """A folder of a file system that reads and takes nothing, for one of the reasons that those have."""

    def __init__(self, root: Path, reason: int | None) -> None:
        super().__init__(root)
        self.reason = reason

    def _add(self, place: Path, data: bytes) -> bool:
        if self.reason is not None:
            raise OSError(self.reason, os.strerror(self.reason))
        return super()._add(place, data)


@pytest.mark.rule("RCP-1.5")
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
async def test_a_store_that_reads_and_takes_nothing_is_not_ready_until_something_is_tried_again(
    harness: ServiceHarness,
    practice: Practice,
    rendering: Rendering,
    documents_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    reason: int,
) -> None:
    """ALL-7: a disk that was full for days left every worker ready, as each look only read."""
    await render_all(harness, rendering)
    folder = Filled(documents_folder, None)
    store = DocumentStore(folder, timeout_seconds=60.0)
    beside = Rendering(harness.database, rendering.processes, store)
    monkeypatch.setattr(harness.resources.state, "store", store)
    old = await paid(harness, practice)
    await render_all(harness, beside)
    folder.reason = reason
    new = await paid(harness, practice)
    assert await status(harness) == (200, "ok")
    assert await render_due(beside) > 0
    async with harness.client("receipts:read", practice.clinic_id) as client:
        assert (await client.get(old)).status_code == 200
        assert await status(harness) == (503, "failed")
        await skip_delays(harness)
        assert await render_due(beside) == 0
        folder.reason = None
        monkeypatch.setattr(document_store, "UNTAKEN_SECONDS", 0.0)
        assert await status(harness) == (200, "ok")
        await render_all(harness, beside)
        assert (await client.get(new)).status_code == 200
    assert store.trouble is None
    await store.close()


async def test_a_new_store_that_hangs_at_the_start_is_marked_when_it_answers(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """ALL-7: it stayed not ready until somebody started the process again."""
    marker = tmp_path / MARKER
    os.mkfifo(marker)
    folder = tmp_path.as_uri()
    async with running(service, admin_dsn(request), document_store_url=folder, document_store_seconds=0.1) as new:
        assert await status(new) == (503, "failed")
        os.close(os.open(marker, os.O_RDWR))  # who hangs goes on
        marker.unlink()
        new.resources.state.store = patient = store_at(folder, BucketAccess(), timeout_seconds=60.0)
        assert await status(new) == (200, "ok")
        assert marker.is_file()
        await patient.close()
