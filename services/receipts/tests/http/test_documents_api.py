"""Documents looked for together, and by many at once: by services that send them, beside persons who wait for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.http import Arrivals
from chassis.http.admission import Admission, Place
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts.jobs.render_documents import Rendering
from receipts.persistence import requested_documents
from receipts_events import Practice
from receipts_rendering import render_all
from receipts_set_aside import all_set_aside, break_documents
from sqlalchemy import text

SERVICE = "service:notifications"


def as_a_service(practice: Practice) -> dict[str, str]:
    """What a service for all clinics adds to each request: the clinic that it asks for."""
    return {"Clinic-Id": str(practice.clinic_id)}


async def states(harness: ServiceHarness, practice: Practice, subject: str = SERVICE, **wanted: Any) -> list[str]:
    async with harness.client(clinic_id=practice.clinic_id, subject=subject) as client:
        client.headers.update(as_a_service(practice) if subject == SERVICE else {})
        answer = await client.get("/v1/documents", params=wanted)
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
    assert [item["id"] for item in items] == [str(id_) for ids in wanted.values() for id_ in ids]
    return [item["state"] for item in items]


async def receipt_of(harness: ServiceHarness, practice: Practice, transaction_id: UUID) -> UUID:
    async with harness.client(clinic_id=practice.clinic_id) as client:
        found = await client.get("/v1/receipts", params={"transaction_id": str(transaction_id)})
        return UUID(found.json()["items"][0]["id"])


async def test_what_is_not_made_is_made_from_now_on_and_then_ready(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-5, NOT-5: one look for all kinds; each as a request would be answered, void once it is."""
    first, second, payment = practice.invoiced(), practice.invoiced(), practice.paid(None, 0, credit=1_000)
    await harness.deliver(first, second, payment)
    receipt = await receipt_of(harness, practice, payment.transaction_id)
    await render_all(harness, rendering)
    unknown = new_id()
    wanted: dict[str, Any] = {"receipt": [receipt], "invoice": [first.invoice_id, second.invoice_id, unknown]}
    assert await states(harness, practice, **wanted) == ["ready", "being_made", "being_made", "unknown"]
    await render_all(harness, rendering)
    assert await states(harness, practice, **wanted) == ["ready", "ready", "ready", "unknown"]
    await harness.deliver(practice.voided(first), practice.cancelled(payment))
    assert await states(harness, practice, **wanted) == ["being_made", "being_made", "ready", "unknown"]
    await render_all(harness, rendering)
    assert await states(harness, practice, **wanted) == ["ready", "ready", "ready", "unknown"]
    async with harness.client(clinic_id=practice.clinic_id, subject=SERVICE) as client:
        assert (await client.get(f"/v1/invoices/{first.invoice_id}/pdf")).status_code == 200


async def test_an_installment_plans_agreement_is_looked_for_by_its_plan(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """NOT-5."""
    invoice = practice.invoiced()
    plan_id, installments = new_id(), [(new_id(), date(2026, 12, 1), 34_775, 34_775)]
    await harness.deliver(invoice, practice.agreed(invoice, plan_id, installments))
    assert await states(harness, practice, installment_plan=[plan_id]) == ["being_made"]
    await render_all(harness, rendering)
    assert await states(harness, practice, installment_plan=[plan_id]) == ["ready"]


async def test_what_cannot_be_made_is_told_and_not_asked_for_again(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """ALL-7."""
    await render_all(harness, rendering)
    invoice = practice.invoiced()
    await harness.deliver(invoice)
    assert await states(harness, practice, invoice=[invoice.invoice_id]) == ["being_made"]
    await break_documents(harness, practice)
    await all_set_aside(harness, practice, rendering, invoice.invoice_id)
    assert await states(harness, practice, invoice=[invoice.invoice_id]) == ["set_aside"]


async def test_another_clinics_documents_are_unknown(harness: ServiceHarness, practice: Practice) -> None:
    """ALL-4."""
    invoice = practice.invoiced()
    await harness.deliver(invoice)
    assert await states(harness, Practice(), invoice=[invoice.invoice_id]) == ["unknown"]


@pytest.mark.parametrize("wanted", [{}, {"invoice": [new_id() for _ in range(101)]}], ids=["none", "too many"])
async def test_a_look_is_for_some_and_not_for_too_many(
    harness: ServiceHarness, practice: Practice, wanted: dict[str, Any]
) -> None:
    async with harness.client(clinic_id=practice.clinic_id) as client:
        assert (await client.get("/v1/documents", params=wanted)).status_code == 422


async def test_however_many_wait_for_documents_it_is_one_look_for_all_of_them(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RCP-5: persons and programs of the practice; and they hold no connection of their own while they wait."""
    looks: list[set[UUID]] = []

    async def looking(connection: Any, wanted: Iterable[Any]) -> Any:
        asked = list(wanted)
        looks.append({document_id for document_id, _ in asked})
        return await requested_documents.arrived(connection, asked)

    monkeypatch.setattr(
        harness.resources.state, "documents", Arrivals(harness.database, requested_documents.BELL, looking)
    )
    patient = harness.resources.settings.model_copy(update={"document_wait_seconds": 60.0})
    monkeypatch.setattr(harness.resources, "settings", patient)
    invoices = [practice.invoiced(number=f"INV-{number}") for number in range(20)]
    await harness.deliver(*invoices)
    async with (
        harness.client(clinic_id=practice.clinic_id) as person,
        harness.client(clinic_id=practice.clinic_id, subject="service:front-desk") as program,
    ):
        asked = [
            asyncio.create_task(client.get(f"/v1/invoices/{one.invoice_id}/pdf"))
            for one, client in zip(invoices, [person, program] * 10, strict=True)
        ]

        async def all_wait() -> bool:
            return bool(looks) and looks[-1] == {invoice.invoice_id for invoice in invoices}

        await eventually(all_wait, within_seconds=60)
        assert harness.database.engine.pool.checkedout() <= 1, "more than that of the look itself"  # type: ignore[attr-defined]
        await render_all(harness, rendering)
        assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}


async def test_services_do_not_wait_and_leave_connections_for_persons(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-5: with all turns of services taken, and documents behind, a person is answered; so are they, in theirs."""
    invoices = [practice.invoiced(number=f"INV-{number}") for number in range(60)]
    await harness.deliver(*invoices)
    async with (
        all_turns_taken(harness) as turns,
        harness.client(clinic_id=practice.clinic_id, subject=SERVICE) as service,
        harness.client(clinic_id=practice.clinic_id, subject="clerk:7f1c") as person,
    ):
        service.headers.update(as_a_service(practice))
        asked = [asyncio.create_task(service.get(f"/v1/invoices/{invoice.invoice_id}/pdf")) for invoice in invoices]
        assert (await person.get("/v1/receipts")).status_code == 200
        assert (await person.get(f"/v1/invoices/{invoices[0].invoice_id}/pdf")).status_code == 404
        assert not any(task.done() for task in asked)
        for turn in turns:
            turn.leave()
        answers = await asyncio.gather(*asked)
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in answers} == {(404, "1")}
    async with harness.database.transaction([], "test") as work:
        await work.connection.execute(
            text("DELETE FROM render_tasks WHERE clinic_id = :id"), {"id": practice.clinic_id}
        )


async def test_what_services_fetch_of_one_clinic_is_not_in_the_way_of_anothers(
    harness: ServiceHarness, practice: Practice
) -> None:
    """ALL-4: clinics take turns there, too, with as many connections as there are by default."""
    other, served = Practice(), list[UUID]()
    line = harness.resources.state.for_services
    async with (
        all_turns_taken(harness) as turns,
        harness.client(clinic_id=practice.clinic_id, subject=SERVICE) as many,
        harness.client(clinic_id=other.clinic_id, subject=SERVICE) as one,
    ):

        async def ask(client: httpx.AsyncClient, whose: Practice) -> None:
            await client.get("/v1/documents", params={"invoice": str(new_id())}, headers=as_a_service(whose))
            served.append(whose.clinic_id)

        async def stand_in_line(whose: Practice, count: int) -> bool:
            return whose.clinic_id in line._lines and len(line._lines[whose.clinic_id].waiting) == count

        asked = [asyncio.create_task(ask(many, practice)) for _ in range(30)]
        await eventually(lambda: stand_in_line(practice, 30))
        asked.append(asyncio.create_task(ask(one, other)))
        await eventually(lambda: stand_in_line(other, 1))
        turns.pop().leave()
        await asyncio.gather(*asked)
    assert served.index(other.clinic_id) <= 2


@asynccontextmanager
async def all_turns_taken(harness: ServiceHarness) -> AsyncIterator[list[Place]]:
    """Every place of those that services fetch in is somebody else's."""
    line: Admission = harness.resources.state.for_services
    somebody = new_id()
    async with AsyncExitStack() as stack:
        turns = [await stack.enter_async_context(line.present(somebody)) for _ in range(line._places)]
        for turn in turns:
            await turn.come_in()
        yield turns
