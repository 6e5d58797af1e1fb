"""What closed months collected is summed once, and tells what the documents do, whatever comes late (`PAY-16`)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.planting import planted
from contracts.payments import PaymentCancelled
from invoicing.domain.collected import Collected, Key
from invoicing.domain.period import Period
from invoicing.domain.settlement import Settlement
from invoicing.persistence import clinics, collected_months
from invoicing.persistence.report_of_collections import by_procedure
from invoicing.use_cases.report_collections import report_collections
from invoicing.use_cases.settle_invoices import settle_invoices

ALL = Period()
ANA, BEN = UUID(int=1), UUID(int=2)
ZONES = ("America/New_York", "America/Phoenix", "Pacific/Kiritimati", "Europe/Berlin")


@pytest.fixture
def later(clinic: Any) -> Iterator[Any]:
    """Lets days go by, and turns the clock back afterwards."""
    passed: list[int] = []

    def go(days: int) -> None:
        passed.append(days)
        clinic.harness.clock.advance(timedelta(days=days))

    yield go
    clinic.harness.clock.advance(timedelta(days=-sum(passed)))


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T17:00:00Z")


def typed(clinic: Any, code: str, amount: str, provider: UUID = ANA, **more: Any) -> dict[str, Any]:
    who = {"provider_id": str(provider), "provider_name": f"Dr. {provider.int}"}
    return clinic.custom(amount) | {"kind": "extra_procedure", "code_system": "CDT", "code": code} | who | more


def sums(rows: list[Collected]) -> dict[Key, int]:
    return {row.key: row.collected for row in rows}


async def reported(clinic: Any, period: Period = ALL) -> dict[Key, int]:
    """The report, which has to be what the documents come to."""
    async with clinic.harness.database.reading([clinic.id]) as connection:
        zone = (await clinics.find_settings(connection, clinic.id)).time_zone
        told = await report_collections(connection, clinic.id, period, zone)
        assert sums(told) == sums(await by_procedure(connection, clinic.id, period, zone)), period
    return sums(told)


async def standing(clinic: Any) -> list[str]:
    async with clinic.harness.database.reading([clinic.id]) as connection:
        zone = (await clinics.find_settings(connection, clinic.id)).time_zone
        months = await collected_months.standing(connection, clinic.id, ALL.last, zone)
    return [f"{month:%Y-%m}" for month in months]


async def summed(clinic: Any) -> list[str]:
    await clinic.harness.run_job("sum_months")
    return await standing(clinic)


async def busy_months(clinic: Any) -> dict[str, Any]:
    """An invoice that July, August and October settled a part of, and took from."""
    made: dict[str, Any] = await clinic.invoice(
        typed(clinic, "D1", "100.00", tax_category="S"), typed(clinic, "D2", "50.01"), typed(clinic, "D1", "3.33", BEN)
    )
    await clinic.settle(made, "40.00", occurred_at=noon("2026-07-04"))
    await clinic.settle(made, "33.33", occurred_at=noon("2026-08-31"))
    await clinic.settle(made, "-33.33", PaymentCancelled, occurred_at=noon("2026-10-01"))
    await clinic.settle(made, "7.00", occurred_at=noon("2026-10-31"))
    return made


async def test_closed_months_are_summed_once_and_tell_the_same(clinic: Any) -> None:
    """PAY-16: from the first month in which something was settled to the last that is closed, empty ones too."""
    await busy_months(clinic)
    periods = [
        ALL,
        Period(date(2026, 7, 1), date(2026, 10, 31)),
        Period(date(2026, 7, 5), date(2026, 10, 30)),
        Period(date(2026, 8, 1), date(2026, 8, 31)),
        Period(date(2026, 1, 1), date(2026, 9, 30)),
        Period(date(2026, 10, 15), date(2026, 11, 23)),
        Period(date(2026, 11, 1), date(2026, 11, 23)),
        Period(date(2026, 8, 31), date(2026, 8, 31)),
    ]
    before = [await reported(clinic, period) for period in periods]
    for _ in range(2):
        assert await summed(clinic) == ["2026-07", "2026-08", "2026-09", "2026-10"]
        assert [await reported(clinic, period) for period in periods] == before
    assert sum(before[0].values()) == 4_700
    assert (await clinic.api.get("/v1/reports/collections")).json()["total"] == clinic.usd("47.00")


async def test_a_month_that_has_just_ended_is_left_alone(clinic: Any, later: Any) -> None:
    made = await clinic.invoice(typed(clinic, "D1", "100.00"))
    await clinic.settle(made, "10.00")
    later(9)  # the second of December
    assert await summed(clinic) == []
    later(1)
    assert await summed(clinic) == ["2026-11"]
    assert sum((await reported(clinic)).values()) == 1_000


async def test_sums_are_what_is_read_and_what_is_proven(clinic: Any) -> None:
    """ALL-8: a wrong sum is named with its month, provider and code, and so is one that is missing."""
    await busy_months(clinic)
    await summed(clinic)
    for change in ("collected_minor = collected_minor + 1", "code = 'D9'"):
        wrong = f"collected_by_month SET {change} WHERE month = '2026-08-01' AND code = 'D2'"
        async with planted(clinic.harness.owned, clinic.id, wrong) as row:
            found = (await clinic.api.get("/v1/prove")).json()["differences"]
            told = {one["what"]: (one["expected"], one["found"]) for one in found}
        named = f"collections of clinic {clinic.id} in 2026-08, {ANA} extra_procedure CDT"
        assert told[f"{named} {row['code']}"][1] == str(row["collected_minor"])
        assert f"{named} D2" in told
    await clinic.prove()


@pytest.mark.parametrize("day", ["2026-03-03", "2026-07-31", "2026-09-09", "2026-10-31"])
async def test_money_that_is_heard_of_late_counts_at_once(clinic: Any, day: str) -> None:
    """PAY-16: before the first month, in one, and in an empty one; the next run sums what it changed again."""
    made = await busy_months(clinic)
    before = await summed(clinic)
    await clinic.settle(made, "11.11", occurred_at=noon(day))
    assert await standing(clinic) == [month for month in before if month < day[:7] and day > "2026-07"]
    for period in (ALL, Period.of_month(date.fromisoformat(day)), Period(date(2026, 7, 15), date(2026, 10, 15))):
        await reported(clinic, period)
    assert set(before) <= set(await summed(clinic))
    assert sum((await reported(clinic)).values()) == 5_811


async def test_money_on_its_way_while_its_month_is_summed_is_not_missed(clinic: Any) -> None:
    """ALL-1: an entry that is written before the sums and committed after them."""
    made = await busy_months(clinic)
    entry = Settlement(
        "late", 0, clinic.id, UUID(made["id"]), new_id(), new_id(), "payment", 500, 0, noon("2026-08-08")
    )
    async with clinic.harness.database.transaction([clinic.id], "payments") as work:
        await settle_invoices(work, [entry])
        assert await summed(clinic) == ["2026-07", "2026-08", "2026-09", "2026-10"]
        assert sum((await reported(clinic)).values()) == 4_700
    assert await standing(clinic) == ["2026-07"]
    assert sum((await reported(clinic)).values()) == 5_200
    assert len(await summed(clinic)) == 4
    assert sum((await reported(clinic)).values()) == 5_200


async def test_a_note_of_a_month_that_is_summed_counts_at_once(clinic: Any, later: Any) -> None:
    """PAY-16: by a clock that was ahead November is closed; what is dated in it afterwards moves what was collected."""
    made = await busy_months(clinic)
    later(20)
    assert len(await summed(clinic)) == 5
    later(-20)
    body = {"kind": "price_correction", "reason": "not done", "lines": [{"line_id": made["lines"][1]["id"]}]}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    assert len(await standing(clinic)) == 4
    assert (ANA, "extra_procedure", "CDT", "D2") not in await reported(clinic)
    later(20)
    assert len(await summed(clinic)) == 5
    await reported(clinic)


async def test_in_another_time_zone_months_end_elsewhere(clinic: Any) -> None:
    """PAY-16: sums of days that began elsewhere are not read, and are made anew; what ends alike in both stands."""
    made = await busy_months(clinic)
    await clinic.settle(made, "1.00", occurred_at=datetime(2026, 8, 1, 2, tzinfo=UTC))
    august = Period.of_month(date(2026, 8, 1))
    await summed(clinic)
    assert sum((await reported(clinic, august)).values()) == 3_333
    await clinic.configure(time_zone="Europe/Berlin")
    assert await standing(clinic) == []
    assert sum((await reported(clinic, august)).values()) == 3_433
    assert len(await summed(clinic)) == 4
    assert sum((await reported(clinic, august)).values()) == 3_433
    await clinic.configure(time_zone="Europe/Vienna")
    assert len(await standing(clinic)) == 4


async def test_another_clinics_months_are_its_own(harness: Any, clinic: Any) -> None:
    """ALL-4: with the same providers and codes, and one of them summed before the other came."""
    await busy_months(clinic)
    await summed(clinic)
    async with harness.client(clinic_id=new_id()) as api:
        other = type(clinic)(harness, api, UUID(api.headers["x-clinic"]))
        await other.configure()
        assert (await summed(other), await reported(other)) == ([], {})
        made = await other.invoice(typed(other, "D1", "9.00"))
        await other.settle(made, "9.00", occurred_at=noon("2026-10-10"))
        assert await summed(other) == ["2026-10"]
        assert await reported(other) == {(ANA, "extra_procedure", "CDT", "D1"): 900}
    assert (len(await standing(clinic)), sum((await reported(clinic)).values())) == (4, 4_700)


class AnyOrder:
    """A clinic to which anything happens, in any order, and periods that it is asked for."""

    def __init__(self, clinic: Any, later: Any, seed: int) -> None:
        self.clinic, self.later, self.random = clinic, later, random.Random(seed)
        self.invoices: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.summed = 0

    async def step(self) -> None:
        seldom = [self.issue, self.credit, self.debit, self.undo, self.go_on, self.sum]
        await self.random.choice([*seldom, self.settle, self.settle, self.settle])()

    async def issue(self) -> None:
        lines = [
            typed(
                self.clinic,
                f"D{self.random.randint(1, 3)}",
                f"{self.random.randint(1, 9_999) / 100:.2f}",
                self.random.choice([ANA, BEN]),
                **({"tax_category": "S"} if self.random.random() < 0.4 else {}),
            )
            for _ in range(self.random.randint(1, 4))
        ]
        self.invoices.append(await self.clinic.invoice(*lines))

    async def settle(self) -> None:
        made = await self.clinic.read(self.random.choice(self.invoices)["id"])
        whole = made["totals"]["total"]["amount"]
        part = f"{self.random.randint(1, 3_000) / 100:.2f}"
        back = self.random.random() < 0.25
        when = self.clinic.harness.clock.now() - timedelta(hours=self.random.randint(0, 24 * 150))
        change = f"-{part}" if back else self.random.choice([whole, part])
        kind = {"event_class": PaymentCancelled} if back else {}
        await self.clinic.settle(made, change, occurred_at=when, **kind)

    async def credit(self) -> None:
        made = self.random.choice(self.invoices)
        line = {"line_id": self.random.choice(made["lines"])["id"]}
        what = {"lines": [line]} if self.random.random() < 0.5 else {"amount": self.clinic.usd("0.77")}
        await self._note(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy"} | what)

    async def debit(self) -> None:
        made = self.random.choice(self.invoices)
        body = {"kind": "late_fee", "amount": self.clinic.usd("5.55")}
        await self._note(f"/v1/invoices/{made['id']}/debit-notes", body)

    async def _note(self, path: str, body: dict[str, Any]) -> None:
        answer = await self.clinic.api.post(path, json=body | {"reason": "as agreed"})
        assert answer.status_code in (201, 409, 422), answer.text  # nothing may be left to credit
        if answer.status_code == 201:
            self.notes.append(f"/v1/{path.rpartition('/')[2]}/{answer.json()['id']}/undo")

    async def undo(self) -> None:
        if self.notes:
            path = self.notes.pop(self.random.randrange(len(self.notes)))
            answer = await self.clinic.api.post(path, json={"reason": "a typo"})
            assert answer.status_code in (201, 409, 422), answer.text  # a debit note may be credited by now

    async def go_on(self) -> None:
        if self.random.random() < 0.2:
            await self.clinic.configure(time_zone=self.random.choice(ZONES))
        self.later(self.random.randint(5, 40))

    async def sum(self) -> None:
        self.summed += len(await summed(self.clinic))

    async def compare(self) -> None:
        """All there is, and some period."""
        today = self.clinic.harness.clock.now().date()
        days = sorted(today - timedelta(days=self.random.randint(-10, 400)) for _ in range(2))
        for period in (ALL, Period(*days)):
            await reported(self.clinic, period)


@pytest.mark.rule("PAY-16.3", "PAY-16.5")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_happens_in_whatever_order_the_report_is_that_of_the_documents(
    clinic: Any, later: Any, seed: int
) -> None:
    """PAY-16: late money, notes and their undoing, months summed between, the clinic's zone changed."""
    order = AnyOrder(clinic, later, seed)
    await order.issue()
    for _ in range(40):
        await order.step()
        await order.compare()
    assert order.summed > 0
    assert order.notes
