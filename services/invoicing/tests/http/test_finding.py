"""Invoices are found by words, by status, by day and by what is overdue, each from an index (`ALL-3`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from invoicing.domain.invoice_filter import InvoiceFilter
from invoicing.persistence.invoice_lists import OPEN, statement
from invoicing.persistence.patients import SEARCH
from invoicing.persistence.search import asked_words
from sqlalchemy import text

MANY = (Path(__file__).parents[4] / "tests" / "bench" / "many_invoices.sql").read_text()
TODAY = date(2026, 11, 23)
SIZE = 20_000


async def ids(clinic: Any, **wanted: Any) -> list[str]:
    return [one["id"] for one in await clinic.listed(**wanted)]


async def test_an_invoice_is_found_by_any_of_its_words(clinic: Any) -> None:
    line = clinic.custom("9.00", description="Crown, céramique — upper", code="D2740")
    made = await clinic.invoice(line, note="Second visit of the Żółw family")
    await clinic.invoice(clinic.custom("5.00", description="Filling"))
    for told in ("crown", "CERAM", "céramique", "d2740", "D27", "visit crown", "zołw", "1", "000001", made["number"]):
        assert await ids(clinic, text=told) == [made["id"]], told
    for told in ("rown", "crown filling", "d27400", "11", "INV-2025-000001", "--"):
        assert await ids(clinic, text=told) == [], told


async def test_a_note_is_found_by_its_number(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("9.00"))
    await clinic.invoice(clinic.custom("9.00"))
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "r"})
    assert await ids(clinic, text="CN-2026-000001") == [made["id"]]


async def test_words_follow_a_draft_as_it_changes(clinic: Any) -> None:
    draft = await clinic.invoice(clinic.custom("9.00", description="Veneer"), issue=False, note="for Sunday")
    body = {"lines": [clinic.custom("9.00", description="Inlay")], "note": "for Monday"}
    path = f"/v1/invoices/{draft['id']}"
    assert (await clinic.api.put(path, json=body, headers={"If-Match": '"1"'})).status_code == 200
    assert [await ids(clinic, text=told) for told in ("veneer", "sunday")] == [[], []]
    assert [await ids(clinic, text=told) for told in ("inlay", "monday")] == [[draft["id"]]] * 2
    assert (await clinic.api.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    async with clinic.harness.database.reading([clinic.id]) as connection:
        left = "SELECT count(*) FROM invoice_words WHERE invoice_id = :id"
        assert await connection.scalar(text(left), {"id": draft["id"]}) == 0


async def test_a_reverted_procedures_words_leave_its_draft(clinic: Any) -> None:
    visit = new_id()
    kept, gone = clinic.completed(visit, description="Sealant"), clinic.completed(visit, description="Gingivectomy")
    await clinic.harness.deliver(kept, gone)
    assert len(await ids(clinic, text="gingivectomy")) == 1
    await clinic.harness.deliver(clinic.reverted(gone))
    assert await ids(clinic, text="gingivectomy") == []
    assert len(await ids(clinic, text="sealant")) == 1


async def test_filters_are_combined(clinic: Any) -> None:
    await clinic.configure(due_days=0)
    patient, visit = str(new_id()), str(new_id())
    crown = clinic.custom("10.00", description="Crown")
    wanted = await clinic.invoice(crown, patient_id=patient, appointment_id=visit)
    paid = await clinic.invoice(crown, patient_id=patient)
    await clinic.settle(paid, "10.00")
    await clinic.invoice(crown)
    await clinic.invoice(clinic.custom("10.00"), patient_id=patient)
    clinic.harness.clock.advance(timedelta(days=1))
    try:
        assert await ids(clinic, patient_id=patient, text="crown", status="issued") == [wanted["id"]]
        assert await ids(clinic, patient_id=patient, text="crown", overdue="true") == [wanted["id"]]
        assert await ids(clinic, patient_id=patient, text="crown", overdue="false") == [paid["id"]]
        assert await ids(clinic, appointment_id=visit, **{"from": "2026-11-23", "to": "2026-11-23"}) == [wanted["id"]]
        assert await ids(clinic, text="crown", to="2026-11-22") == []
        assert await ids(clinic, number=wanted["number"], status="paid") == []
        assert await ids(clinic, number=wanted["number"].lower()) == [wanted["id"]]
    finally:
        clinic.harness.clock.advance(timedelta(days=-1))


async def test_another_clinics_words_find_nothing(harness: Any, clinic: Any) -> None:
    """ALL-4."""
    await clinic.invoice(clinic.custom("9.00", description="Crown"))
    async with harness.client() as other:
        assert (await other.get("/v1/invoices", params={"text": "crown"})).json()["items"] == []


@pytest.mark.parametrize("told", ["", "a" * 201])
async def test_a_search_for_nothing_or_for_too_much_is_refused(clinic: Any, told: str) -> None:
    refused = await clinic.api.get("/v1/invoices", params={"text": told})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "text")


@pytest.mark.rule("ALL-3.1")
@pytest.mark.parametrize("wanted", [{}, {"text": "thing"}, {"overdue": "true"}, {"from": "2026-11-01"}])
async def test_pages_stay_the_same_while_invoices_are_added(clinic: Any, wanted: dict[str, str]) -> None:
    """ALL-3: nothing is shown twice or left out, in every order."""
    await clinic.configure(due_days=0)
    made = {(await clinic.invoice(clinic.custom("1.00")))["id"] for _ in range(7)}
    clinic.harness.clock.advance(timedelta(days=1))
    seen: list[str] = []
    cursor = None
    try:
        while True:
            params = wanted | {"limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = (await clinic.api.get("/v1/invoices", params=params)).json()
            seen += [item["id"] for item in page["items"]]
            await clinic.invoice(clinic.custom("1.00"))
            if (cursor := page["next"]) is None:
                break
    finally:
        clinic.harness.clock.advance(timedelta(days=-1))
    assert len(seen) == len(set(seen))
    assert set(seen) == made


async def test_the_longest_overdue_comes_first(clinic: Any) -> None:
    await clinic.configure(due_days=0)
    later = await clinic.invoice(clinic.custom("1.00"), due_date="2026-11-25")
    sooner = await clinic.invoice(clinic.custom("1.00"), due_date="2026-11-24")
    clinic.harness.clock.advance(timedelta(days=9))
    try:
        assert await ids(clinic, overdue="true") == [sooner["id"], later["id"]]
    finally:
        clinic.harness.clock.advance(timedelta(days=-9))


async def test_what_is_open_comes_in_the_order_in_which_it_falls_due(clinic: Any) -> None:
    """INV-15: also what is not late yet; what is settled or a draft asks for nothing."""
    patient = str(new_id())
    made = [
        await clinic.invoice(clinic.custom("10.00"), due_date=day, patient_id=patient)
        for day in ("2026-12-25", "2026-12-24", "2026-12-23")
    ]
    later, partly, paid = made
    await clinic.settle(partly, "4.00")
    await clinic.settle(paid, "10.00")
    draft = await clinic.invoice(clinic.custom("10.00"), patient_id=patient, issue=False)
    assert await ids(clinic, patient_id=patient, open="true") == [partly["id"], later["id"]]
    assert await ids(clinic, patient_id=patient, open="false") == [draft["id"], paid["id"]]


async def test_the_cursor_of_another_order_is_refused(clinic: Any) -> None:
    for _ in range(2):
        await clinic.invoice(clinic.custom("1.00"))
    page = (await clinic.api.get("/v1/invoices", params={"limit": 1})).json()
    refused = await clinic.api.get("/v1/invoices", params={"cursor": page["next"], "from": "2026-11-01"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "cursor")


MERGED = """
INSERT INTO merged_records (clinic_id, record_id, into_id, said_at, survivor_id)
SELECT $1::uuid, md5($1::uuid::text || n)::uuid, of, now(), of
  FROM generate_series($2::integer, $3::integer) AS n
 CROSS JOIN LATERAL (SELECT md5($1::uuid::text || (n + 500))::uuid AS of) AS o
"""
"""Patients whom the register has twice."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def crowd(harness: ServiceHarness) -> AsyncIterator[UUID]:
    """A clinic with twenty thousand invoices, beside three with as many: the order of all is no way to one."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    clinics = [uuid4() for _ in range(4)]
    for clinic_id in clinics:
        given = {"clinic": clinic_id, "from": 1, "to": SIZE, "of": SIZE, "today": TODAY}
        for name, value in given.items():
            await connection.execute("SELECT set_config($1, $2, false)", f"many.{name}", str(value))
        await connection.execute(MANY)
    await connection.execute(MERGED, clinics[0], 1, 50)
    await connection.execute(MERGED, clinics[1], 1, 20_000)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    yield clinics[0]


def of(crowd: UUID, what: str) -> UUID:
    """An id that `many_invoices.sql` makes."""
    import hashlib

    return UUID(hashlib.md5(f"{crowd}{what}".encode()).hexdigest())  # noqa: S324 - an id, not a secret


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "invoices_newest"),
    ({"patient_id": "7"}, "invoices_of_patient"),
    ({"patient_id": "7", "text": "fluoride"}, "invoices_of_patient"),
    ({"appointment_id": "visit7"}, "invoices_of_appointment"),
    ({"treatment_plan_id": "plan7"}, "invoice_lines_of_plan"),
    ({"status": "draft"}, "invoices_draft"),
    ({"status": "void"}, "invoices_void"),
    ({"status": "partially_paid"}, "invoices_partially_paid"),
    ({"status": "issued"}, "invoices_issued"),
    ({"status": "paid"}, "invoices_paid"),
    ({"status": "written_off"}, "invoices_written_off"),
    ({"status": "credited"}, "invoices_credited"),
    ({"overdue": True}, "invoices_open"),
    ({"open": True}, "invoices_open"),
    ({"patient_id": "90", "open": True}, "invoices_open_of_patient"),
    ({"patient_id": "7", "open": False}, "invoices_of_patient"),
    ({"from_date": date(2023, 1, 1), "to_date": date(2023, 1, 2)}, "invoices_by_day"),
    ({"to_date": date(2022, 6, 1)}, "invoices_by_day"),
    ({"number": "INV-2026-019989"}, "invoices_printed_number"),
    ({"text": "crown"}, "invoice_words_found"),
    ({"text": "zirconia prophylaxis"}, "invoice_words_found"),
    ({"text": "INV-2022-001234"}, "invoice_words_found"),
    ({"text": "prophylaxis", "status": "paid"}, "invoice_words_found"),
    ({"text": "Name77", "of_patients": True}, "invoices_of_patient"),
    ({"text": "name77 chloe", "of_patients": True}, "patient_words"),
    ({"text": "name78 crown", "of_patients": True}, "patient_words"),
    ({"text": "na-me79", "of_patients": True}, "invoices_of_patient"),
    ({"text": "na-me79 crown", "of_patients": True}, "patient_words"),
]


@pytest.mark.parametrize(("given", "index"), FILTERS, ids=[" ".join(map(str, one)) for one, _ in FILTERS])
async def test_every_filter_reads_little_more_than_it_shows(
    harness: ServiceHarness, crowd: UUID, given: dict[str, Any], index: str
) -> None:
    """The plan of the very statement, as the working role runs it under row-level security."""
    named: dict[str, Any] = {name: of(crowd, value) if name.endswith("_id") else value for name, value in given.items()}
    wanted = InvoiceFilter(**named)
    async with harness.database.reading([crowd]) as connection:
        told, of_patients = wanted.text, wanted.of_patients
        words = await asked_words(connection, crowd, told, of_patients=of_patients) if told else []
        sql, parameters = statement(crowd, wanted, words, TODAY, None, 51)
        found = await connection.execute(text(sql), parameters)
        assert found.first() is not None
        explained = await connection.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"), parameters)
        (plan,) = explained.scalar_one()
    assert index in str(plan), plan
    assert "Seq Scan" not in str(plan), plan
    read = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    assert read < 2_000, (read, plan)


async def test_what_patients_owe_is_read_by_patient_however_much_is_open(harness: ServiceHarness, crowd: UUID) -> None:
    """INV-18: a page of patients reads their own open invoices, and nobody else's."""
    sql = SEARCH.format(where="p.clinic_id = :clinic_id", open=OPEN)
    parameters = {"clinic_id": crowd, "today": TODAY, "most": 51}
    async with harness.database.reading([crowd]) as connection:
        assert any(row.outstanding for row in await connection.execute(text(sql), parameters))
        explained = await connection.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"), parameters)
        (plan,) = explained.scalar_one()
    assert "invoices_open_of_patient" in str(plan), plan
    read = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    assert read < 2_000, (read, plan)
