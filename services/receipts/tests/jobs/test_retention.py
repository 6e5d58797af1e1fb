"""Documents are deleted when the years are over for which the clinic keeps them; the books are proven as before.

A document is of the day that the clinic's clock had when it was made, so these begin in 2015. The database goes by its
own clock, which no test moves: it is past 2025.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import START, ServiceHarness, admin_dsn, running
from chassis.testing.scanning import places_of
from receipts.app import service
from receipts.domain.retention import Retention
from receipts.jobs import delete_expired_documents as job
from receipts.jobs.render_documents import Rendering
from receipts.persistence import deleted_documents, render_tasks
from receipts.use_cases.store_document import StoreDocument, store_document
from receipts_events import Practice
from receipts_rendering import render_all
from sqlalchemy import text

LONG_AGO = datetime(2015, 12, 31, 15, 0, tzinfo=UTC)
NEXT_YEAR = datetime(2016, 1, 4, 15, 0, tzinfo=UTC)
WORDS = ("qqzyzx",)
SCOPES = "receipts:read operations"


@pytest.fixture
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[ServiceHarness]:
    """A service of its own, whose clock stands in 2015."""
    async with running(service, admin_dsn(request), render_processes=1, document_wait_seconds=0.05) as one:
        with at(one, LONG_AGO):
            yield one


@pytest.fixture
def rendering(harness: ServiceHarness) -> Rendering:
    loop: Rendering = harness.resources.state.rendering
    return loop


@pytest.fixture
async def old(harness: ServiceHarness) -> Practice:
    """A clinic whose patient has a name that stands nowhere else."""
    one = Practice()
    await harness.deliver(one.configured(), one.registered(family_name="Qqzyzx"))
    return one


@contextmanager
def at(harness: ServiceHarness, now: datetime) -> Iterator[None]:
    """Let the service's clock stand there for a while."""
    before = harness.clock.now()
    harness.clock.advance(now - before)
    yield
    harness.clock.advance(before - harness.clock.now())


def dated(event: Any, day: date) -> Any:
    """The same event of another day."""
    moved = {
        name: day for name in ("issue_date", "due_date", "agreed_on", "booked_on") if name in type(event).model_fields
    }
    return event.model_copy(update=moved | {"occurred_at": datetime(day.year, day.month, day.day, 15, tzinfo=UTC)})


async def all_of(practice: Practice, day: date) -> list[Any]:
    """One document of each kind, of that day."""
    invoice = dated(practice.invoiced(), day)
    payment = practice.paid(invoice, 20_000, credit=500)
    plan = practice.agreed(invoice, new_id(), ((new_id(), day, 10_000, 10_000),))
    return [invoice, dated(practice.credited(invoice), day), dated(plan, day), payment]


async def kept(harness: ServiceHarness, practice: Practice) -> dict[str, int]:
    """How many of the clinic's documents are kept, by where."""
    statement = text(
        """
        SELECT (SELECT count(*) FROM stored_documents WHERE clinic_id = :id) AS stored,
               (SELECT count(*) FROM receipts WHERE clinic_id = :id AND content <> '{}') AS receipts,
               (SELECT count(*) FROM deleted_documents WHERE clinic_id = :id) AS deleted
        """
    )
    async with harness.database.reading([practice.clinic_id]) as connection:
        return dict((await connection.execute(statement, {"id": practice.clinic_id})).mappings().one())


async def differences(client: httpx.AsyncClient) -> list[Any]:
    found: list[Any] = (await client.get("/v1/prove")).json()["differences"]
    return found


@pytest.mark.rule("ALL-9.5")
async def test_documents_whose_years_are_over_are_deleted_and_the_books_are_proven(
    harness: ServiceHarness, old: Practice, rendering: Rendering
) -> None:
    """ALL-9, ALL-8, RCP-1: bytes and words go; number, amount, hash and that it was deleted stay."""
    invoice, note, plan, payment = await all_of(old, LONG_AGO.date())
    await harness.deliver(invoice, note, plan, payment)
    paths = [
        f"/v1/transactions/{payment.transaction_id}/receipt.pdf",
        f"/v1/invoices/{invoice.invoice_id}/pdf",
        f"/v1/credit-notes/{note.credit_note_id}/pdf",
        f"/v1/installment-plans/{plan.plan_id}/agreement.pdf",
    ]
    async with harness.client(SCOPES, old.clinic_id) as client:
        for path in paths:
            await client.get(path)
        await render_all(harness, rendering)
        assert [(await client.get(path)).status_code for path in paths] == [200] * 4
        before = (await client.get("/v1/receipts")).json()["items"]
        with at(harness, START):
            await harness.run_job("delete_expired_documents")
            for path in paths:
                answer = await client.get(path)
                assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (410, "document-deleted")
                assert answer.json()["missing"]
            printed = await client.get("/v1/receipts/print", params={"transaction_id": str(payment.transaction_id)})
            assert printed.status_code == 410
            looked = await client.get("/v1/documents", params={"invoice": str(invoice.invoice_id)})
            assert [item["state"] for item in looked.json()["items"]] == ["set_aside"]
        assert (await client.get("/v1/receipts")).json()["items"] == before
        assert await differences(client) == []
    left = await places_of(harness.owned, WORDS)
    assert {place for place in left if not place.startswith(("outbox", "patients"))} == set()
    assert await kept(harness, old) == {"stored": 0, "receipts": 0, "deleted": 4}


@pytest.mark.rule("ALL-9.5")
async def test_of_the_last_year_that_is_kept_and_of_a_clinic_that_keeps_longer_nothing_goes(
    harness: ServiceHarness, old: Practice, rendering: Rendering
) -> None:
    """ALL-9, ALL-4: whole years, after the one that a document is of, by each clinic's own setting."""
    other = Practice()
    await harness.deliver(other.configured(retention_years=11), other.registered(family_name="Qqzyzx"))
    await harness.deliver(old.paid(None, 0, credit=1_000), other.paid(None, 0, credit=1_000))
    with at(harness, NEXT_YEAR):
        await harness.deliver(old.paid(None, 0, credit=1_000))
        await render_all(harness, rendering)
    with at(harness, datetime(2026, 1, 1, 4, 59, tzinfo=UTC)):
        await harness.run_job("delete_expired_documents")
        assert (await kept(harness, old))["deleted"] == 0, "it is still 2025 in New York"
    with at(harness, datetime(2026, 1, 1, 5, 1, tzinfo=UTC)):
        await harness.run_job("delete_expired_documents")
    assert await kept(harness, old) == {"stored": 1, "receipts": 1, "deleted": 1}
    assert await kept(harness, other) == {"stored": 1, "receipts": 1, "deleted": 0}


async def test_a_plan_whose_last_installment_is_of_a_kept_year_stays(harness: ServiceHarness, old: Practice) -> None:
    """ALL-9: what was agreed is needed until the last of it is due, and the years of that day are over."""
    invoice = dated(old.invoiced(), LONG_AGO.date())
    plan = old.agreed(invoice, new_id(), ((new_id(), date(2016, 3, 1), 10_000, 10_000),))
    await harness.deliver(invoice, dated(plan, LONG_AGO.date()))
    with at(harness, START):
        await harness.run_job("delete_expired_documents")
    async with harness.database.reading([old.clinic_id]) as connection:
        kinds = await connection.execute(text("SELECT kind FROM deleted_documents"))
        assert list(kinds.scalars()) == ["invoice"]


async def test_what_comes_later_about_a_deleted_invoice_has_its_documents(
    harness: ServiceHarness, old: Practice, rendering: Rendering
) -> None:
    """ALL-9, RCP-1: money comes after eleven years; its receipt names the invoice, and no line of it."""
    invoice = dated(old.invoiced(), LONG_AGO.date())
    await harness.deliver(invoice)
    with at(harness, START):
        await harness.run_job("delete_expired_documents")
        payment = old.paid(invoice, 20_000)
        await harness.deliver(payment, old.credited(invoice), old.voided(invoice), old.refunded(payment, invoice, 100))
        await render_all(harness, rendering)
        assert await harness.set_aside() == []
        async with harness.client(SCOPES, old.clinic_id) as client:
            path = f"/v1/transactions/{payment.transaction_id}/receipt.pdf"
            assert (await client.get(path)).status_code == 200
            assert (await client.get(f"/v1/invoices/{invoice.invoice_id}/pdf")).status_code == 410
            assert await differences(client) == []


async def test_in_bounded_batches_until_all_is_done(
    harness: ServiceHarness, old: Practice, rendering: Rendering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-9: what a run does not come to, the next one does; each is counted."""
    counted: list[tuple[int, dict[str, str]]] = []
    monkeypatch.setattr(job, "DOCUMENTS_AT_ONCE", 2)
    monkeypatch.setattr(job, "MOST_BATCHES", 2)
    monkeypatch.setattr(job, "_deleted", _Counting(counted))
    await harness.deliver(*(old.paid(None, 0, credit=1_000) for _ in range(5)))
    with at(harness, START):
        await harness.run_job("delete_expired_documents")
        assert (await kept(harness, old))["deleted"] == 4
        await harness.run_job("delete_expired_documents")
        await harness.run_job("delete_expired_documents")
    assert (await kept(harness, old))["deleted"] == 5
    assert counted == [(2, {"kind": "receipt"}), (2, {"kind": "receipt"}), (1, {"kind": "receipt"})]


class _Counting:
    def __init__(self, counted: list[tuple[int, dict[str, str]]]) -> None:
        self._counted = counted

    def add(self, number: int, attributes: dict[str, str]) -> None:
        self._counted.append((number, attributes))


async def test_a_document_that_is_being_rendered_when_it_is_deleted_is_not_stored(
    harness: ServiceHarness, old: Practice
) -> None:
    """ALL-9: and nobody has it rendered anew."""
    payment = old.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    async with harness.database.transaction([], "test") as work:
        (task,) = await render_tasks.lease(work.connection, lease_id=new_id(), count=9, seconds=60)
    with at(harness, START):
        await harness.run_job("delete_expired_documents")
    async with harness.database.transaction([old.clinic_id], "test") as work:
        assert not await store_document(work, StoreDocument(task, b"%PDF"))
        await render_tasks.add(work.connection, [replace(task, rendition="copy")])
    async with harness.database.transaction([], "test") as work:
        assert await render_tasks.lease(work.connection, lease_id=new_id(), count=9, seconds=60) == []
    assert (await kept(harness, old))["stored"] == 0


async def test_a_worker_whose_clock_is_wrong_deletes_nothing_that_every_law_has_kept(
    harness: ServiceHarness, old: Practice
) -> None:
    """ALL-9: the database goes by its own clock."""
    now = datetime.now(UTC)
    with at(harness, now):
        await harness.deliver(old.paid(None, 0, credit=1_000))
    async with harness.database.transaction([old.clinic_id], "test") as work:
        far = {old.clinic_id: date(now.year + 100, 1, 1)}
        assert await deleted_documents.delete_expired(work.connection, far, most=100) == {}
    assert (await kept(harness, old))["receipts"] == 1


async def test_a_clinic_s_documents_are_not_deleted_in_a_transaction_of_another(
    harness: ServiceHarness, old: Practice
) -> None:
    """ALL-4: row-level security binds the function, too."""
    await harness.deliver(old.paid(None, 0, credit=1_000))
    async with harness.database.transaction([new_id()], "test") as work:
        far = {old.clinic_id: date(2100, 1, 1)}
        assert await deleted_documents.delete_expired(work.connection, far, most=100) == {}


CHANGES = (
    "UPDATE receipts SET content = '{}'",
    'UPDATE receipts SET content = \'{"kind": "payment"}\'',
    "UPDATE notes SET content = '{}'",
    "UPDATE plan_agreements SET content = '{}'",
    "DELETE FROM notes",
    "DELETE FROM stored_documents",
)


@pytest.mark.parametrize("statement", CHANGES)
async def test_what_is_kept_is_changed_by_nobody(
    harness: ServiceHarness, old: Practice, rendering: Rendering, statement: str
) -> None:
    """RCP-1, ALL-9: not by the owner of the tables either, however old it is."""
    await harness.deliver(*await all_of(old, LONG_AGO.date()))
    await render_all(harness, rendering)
    with pytest.raises(asyncpg.RestrictViolationError):
        await executed(harness, harness.owned.owner_url, old.clinic_id, statement)


async def test_the_working_role_says_of_nothing_that_it_was_deleted(harness: ServiceHarness, old: Practice) -> None:
    """ALL-9: only the function does, and what was deleted stays so."""
    statement = "INSERT INTO deleted_documents (document_id, clinic_id, kind) VALUES ('{0}', '{0}', 'receipt')"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await executed(harness, harness.owned.app_url, old.clinic_id, statement.format(old.clinic_id))


async def executed(harness: ServiceHarness, url: str, clinic_id: UUID, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    try:
        await connection.execute("SELECT set_config('app.clinic_ids', $1, false)", str(clinic_id))
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        (datetime(2026, 6, 1, tzinfo=UTC), "UTC", date(2016, 1, 1)),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), "Europe/Berlin", date(2016, 1, 1)),
        (datetime(2026, 1, 1, 4, 0, tzinfo=UTC), "America/New_York", date(2015, 1, 1)),
    ],
)
def test_years_are_whole_and_by_the_clinic_s_days(now: datetime, zone: str, day: date) -> None:
    """ALL-9."""
    assert Retention(10, zone).kept_from(now) == day
