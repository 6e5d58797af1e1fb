"""The clinic's calendar decides what is overdue and how documents are dated (`INV-7`, `INV-9`, `INV-11`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from chassis.identifiers import new_id

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def clock_put_back(clinic: Any) -> AsyncIterator[None]:
    """The module's clock stands where it stood, whatever a test did to it."""
    began = clinic.harness.clock.now()
    yield
    set_clock(clinic, began)


def set_clock(clinic: Any, to: datetime) -> None:
    clinic.harness.clock.advance(to - clinic.harness.clock.now())


ZONES = [
    # Zone, and what an ordinary day is, then days on which its clocks change.
    ("Pacific/Pago_Pago", "2026-11-23"),
    ("Pacific/Kiritimati", "2026-11-23"),
    ("America/New_York", "2026-11-01"),
    ("America/New_York", "2027-03-14"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/Santiago", "2026-09-06"),  # midnight does not exist: the day begins at 01:00
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Asia/Kathmandu", "2026-11-23"),
]


@pytest.mark.rule("INV-9.5")
@pytest.mark.parametrize(("zone", "day"), ZONES)
async def test_an_invoice_is_overdue_from_the_first_instant_after_its_due_date(
    clinic: Any, zone: str, day: str
) -> None:
    """INV-9: in what is read and in the list, to the second, with days of 23 and of 25 hours."""
    local = ZoneInfo(zone)
    due = datetime.fromisoformat(day).date()
    set_clock(clinic, datetime(due.year, due.month, due.day, 12, tzinfo=local).astimezone(UTC))
    await clinic.configure(time_zone=zone, due_days=0)
    made = await clinic.invoice(clinic.custom("10.00"))
    assert (made["issue_date"], made["due_date"]) == (day, day)
    after = due + timedelta(days=1)
    # In the zone's own reckoning the next day's midnight, which is the last instant of the due date plus one second.
    midnight = datetime(after.year, after.month, after.day, tzinfo=local).astimezone(UTC)
    for instant, overdue in (
        (datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=local, fold=1).astimezone(UTC), False),
        (midnight - timedelta(seconds=1), False),
        (midnight, True),
        (midnight + timedelta(hours=30), True),
    ):
        set_clock(clinic, instant)
        assert (await clinic.read(made["id"]))["overdue"] is overdue, instant
        assert len(await clinic.listed(overdue="true")) == (1 if overdue else 0), instant
        assert len(await clinic.listed(overdue="false")) == (0 if overdue else 1), instant
        assert (await clinic.api.get("/v1/outstanding")).json()["overdue"] == (1 if overdue else 0)


async def test_the_ends_of_the_world_have_different_days(clinic: Any) -> None:
    """At one instant it is the 23rd at UTC-11 and the 24th at UTC+14; a paid invoice is overdue at neither."""
    set_clock(clinic, NOON)
    for zone, day in (("Pacific/Pago_Pago", "2026-11-23"), ("Pacific/Kiritimati", "2026-11-24")):
        async with clinic.harness.client() as api:
            body = {"name": "A", "currency": "USD", "time_zone": zone, "language": "en", "due_days": 0}
            assert (await api.put("/v1/clinic", json=body)).status_code == 200
            lines = [clinic.custom("1.00")]
            made = await api.post("/v1/invoices", json={"patient_id": str(new_id()), "lines": lines, "issue": True})
            assert made.json()["issue_date"] == day


async def documents(clinic: Any, made: dict[str, Any], status: int) -> list[dict[str, Any]]:
    """One of each kind that takes a number or a date today."""
    path = f"/v1/invoices/{made['id']}"
    draft = await clinic.invoice(clinic.custom("1.00"), issue=False)
    credit = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("1.00")}
    return [
        await clinic.invoice(clinic.custom("1.00"), status=status or 201),
        await clinic.post(f"/v1/invoices/{draft['id']}/issue", None, status or 200),
        await clinic.post("/v1/invoices/issue", {"invoice_ids": [draft["id"]]}, status or 409),
        await clinic.post(f"{path}/credit-notes", credit, status or 201),
        await clinic.post(f"{path}/debit-notes", credit | {"kind": "late_fee"}, status or 201),
    ]


@pytest.mark.parametrize("how", ["the clock", "the zone"])
async def test_where_the_day_goes_back_documents_are_dated_by_the_last_one(clinic: Any, how: str) -> None:
    """INV-7: nothing is dated before the series' last day, and nobody waits for that day to come again."""
    set_clock(clinic, NOON)
    await clinic.configure(time_zone="Pacific/Kiritimati")
    made = await clinic.invoice(clinic.custom("100.00"))
    await documents(clinic, made, 0)
    if how == "the clock":
        set_clock(clinic, NOON - timedelta(days=1))
    else:
        await clinic.configure(time_zone="Pacific/Pago_Pago")
    invoice, issued, _, credited, debited = await documents(clinic, made, 0)
    assert {one["issue_date"] for one in (invoice, issued, credited, debited)} == {"2026-11-24"}
    undone = await clinic.post(f"/v1/credit-notes/{credited['id']}/undo", {"reason": "r"})
    assert undone["issue_date"] == "2026-11-24"
    set_clock(clinic, NOON + timedelta(days=2))
    again = await clinic.invoice(clinic.custom("1.00"))
    assert again["number"] == "INV-2026-000006"


@pytest.mark.parametrize("back_before", ["the limit", "the invoice", "the note"])
async def test_where_the_clock_goes_back_nobody_is_said_to_have_credited_alone(clinic: Any, back_before: str) -> None:
    """ALL-8, PAY-15: each note was held to the limit of its hour, whichever of the stamps say another order."""
    set_clock(clinic, NOON)
    await clinic.configure(credit_limit="10.00")
    set_clock(clinic, NOON + timedelta(hours=1 if back_before != "the limit" else -1))
    await clinic.configure(credit_limit="90.00")
    if back_before == "the invoice":
        set_clock(clinic, NOON - timedelta(days=1))
    made = await clinic.invoice(clinic.custom("100.00"))
    set_clock(clinic, NOON - timedelta(days=1))
    credit = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("50.00")}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", credit)
    await clinic.configure(credit_limit="10.00")
    set_clock(clinic, NOON + timedelta(hours=2))
    await clinic.prove()


async def test_what_issues_by_itself_does_not_wait_while_the_day_is_behind(clinic: Any) -> None:
    """INV-2, INV-7: also the notes that follow money, which nobody could make by hand."""
    set_clock(clinic, NOON)
    await clinic.configure(time_zone="Pacific/Kiritimati")
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.post(
        f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "r", "amount": clinic.usd("1.00")}
    )
    await clinic.configure(time_zone="Pacific/Pago_Pago")
    visit = new_id()
    await clinic.harness.deliver(clinic.completed(visit), clinic.closed(visit))
    await clinic.configure(time_zone="Pacific/Pago_Pago", billing_policy="per_procedure")
    await clinic.harness.deliver(clinic.completed(new_id(), "7.00"))
    assert [one["status"] for one in await clinic.listed()] == ["issued"] * 3
    assert {one["issue_date"] for one in await clinic.listed()} == {"2026-11-24"}
    assert [one for one in await clinic.harness.set_aside() if one.clinic_id == clinic.id] == []


@pytest.mark.rule("INV-11.2")
async def test_nothing_is_dated_before_the_books_close(clinic: Any) -> None:
    """INV-11: invoices, bulk issue, notes, undoing and voids; drafts and reads go on."""
    set_clock(clinic, NOON)
    made = await clinic.invoice(clinic.custom("100.00"))
    other = await clinic.invoice(clinic.custom("100.00"))
    credit = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("1.00")}
    note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", credit)
    await clinic.close_books("2026-11-24")
    refused = [document for document in await documents(clinic, made, 409) if "failures" not in document]
    refused.append(await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "r"}, 409))
    refused.append(await clinic.post(f"/v1/invoices/{other['id']}/void", {"reason": "r"}, 409))
    assert len(refused) == 6
    for one in refused:
        assert (one["type"].rpartition(":")[2], one["closed_until"]) == ("books-closed", "2026-11-24")
    assert (await clinic.read(other["id"]))["status"] == "issued"
    await clinic.configure(books_closed_until="2026-11-23")
    void = await clinic.post(f"/v1/invoices/{other['id']}/void", {"reason": "r"}, 200)
    assert void["voided"]["on"] == "2026-11-23"


@pytest.mark.rule("INV-7.2", "INV-7.3")
async def test_numbers_follow_the_year_of_the_clinics_zone_and_its_patterns(clinic: Any) -> None:
    """INV-7: the series goes on over the year's end and over a change of the pattern."""
    set_clock(clinic, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    await clinic.configure(time_zone="Pacific/Pago_Pago")
    assert (await clinic.invoice(clinic.custom("1.00")))["number"] == "INV-2026-000001"
    await clinic.configure(time_zone="Pacific/Kiritimati", number_patterns={"invoice": "{year}/{number}-R"})
    assert (await clinic.invoice(clinic.custom("1.00")))["number"] == "2027/2-R"
