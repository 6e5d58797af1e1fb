"""The day sheet: sums of its transactions, never another figure later, cash before and after, periods, CSV (PAY-10)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from payments_desk import FrontDesk, cents, good, problem, usd

DAY = timedelta(days=1)
SIGNS = {"payment": 1, "refund": -1, "cancellation": -1, "refund_cancellation": 1, "chargeback": -1}


async def sheet(desk: FrontDesk, day: date) -> dict[str, Any]:
    return good(await desk.client.get(f"/v1/day-sheets/{day}"))


async def period(desk: FrontDesk, first: date, last: date) -> dict[str, Any]:
    return good(await desk.client.get("/v1/day-sheets", params={"from": str(first), "to": str(last)}))


async def bookings(desk: FrontDesk, day: date, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    asked: dict[str, str] = {"limit": "2"} | query
    while True:
        part = good(await desk.client.get(f"/v1/day-sheets/{day}/transactions", params=asked))
        found += part["items"]
        if part["next"] is None:
            return found
        asked["cursor"] = part["next"]


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def net_of(found: list[dict[str, Any]]) -> int:
    return sum(SIGNS[one["kind"]] * cents(one["amount"]["amount"]) for one in found)


def today(desk: FrontDesk) -> date:
    return desk.harness.clock.now().date()


async def group(desk: FrontDesk, name: str) -> str:
    found: str = good(await desk.client.post("/v1/payment-groups", json={"name": name}), 201)["id"]
    return found


async def put_into(desk: FrontDesk, payment_id: str, group_id: str | None) -> None:
    path = f"/v1/payments/{payment_id}"
    tag = (await desk.client.get(path)).headers["ETag"]
    good(await desk.client.patch(path, json={"group_id": group_id}, headers={"If-Match": tag}))


async def busy_day(desk: FrontDesk, group_id: str | None = None) -> None:
    cash = await desk.paid("100.00", group_id=group_id)
    await desk.paid("50.00", method="bank_card")
    await desk.paid("7.00", method="other", method_label="voucher")
    refund = good(await desk.refund(cash["id"], "30.00", method="bank_transfer"), 201)
    good(await desk.refund(cash["id"], "20.00"), 201)
    good(await desk.cancel_refund(refund["id"]), 201)
    check = await desk.paid("25.00", method="check")
    good(await desk.charge_back(check["id"]), 201)
    wrong = await desk.paid("1.00")
    good(await desk.cancel(wrong["id"]), 201)


@pytest.mark.rule("PAY-10.1", "PAY-10.2")
async def test_sheet_equals_the_sum_of_its_transactions(desk: FrontDesk) -> None:
    surgery = await group(desk, "Surgery")
    await busy_day(desk, surgery)
    day = today(desk)
    told = await sheet(desk, day)
    listed = await bookings(desk, day)
    assert len(listed) == 10
    assert cents(told["totals"]["net"]["amount"]) == net_of(listed)
    for name, kind in (("payments", "payment"), ("refunds", "refund"), ("chargebacks", "chargeback")):
        of_kind = await bookings(desk, day, kind=kind)
        assert told["totals"][name]["count"] == len(of_kind)
        assert cents(told["totals"][name]["amount"]["amount"]) == sum(cents(one["amount"]["amount"]) for one in of_kind)
    for one in told["by_method"]:
        assert cents(one["net"]["amount"]) == net_of(await bookings(desk, day, method=one["method"]))
    (of_surgery,) = [one for one in told["by_group"] if one["group_name"] == "Surgery"]
    in_surgery = await bookings(desk, day, group_id=surgery)
    assert {one["group_name"] for one in in_surgery} == {"Surgery"}
    assert cents(of_surgery["net"]["amount"]) == net_of(in_surgery) == 8000
    (of_none,) = [one for one in told["by_group"] if one["group_id"] is None]
    assert cents(of_none["net"]["amount"]) == net_of(await bookings(desk, day, in_a_group="false")) == 5700
    assert net_of(await bookings(desk, day, method="other", method_label="voucher")) == 700
    assert await bookings(desk, day, method_label="cheque") == []
    nets = [cents(one["net"]["amount"]) for one in told["by_group"]]
    assert sum(nets) == cents(told["totals"]["net"]["amount"])


async def test_group_of_a_past_day_stays_whatever_the_payment_is_labelled_later(desk: FrontDesk) -> None:
    surgery, hygiene = await group(desk, "Surgery"), await group(desk, "Hygiene")
    payment = await desk.paid("100.00", group_id=surgery)
    yesterday = today(desk)
    before = await sheet(desk, yesterday)
    desk.harness.clock.advance(DAY)
    good(await desk.refund(payment["id"], "10.00"), 201)
    await put_into(desk, payment["id"], hygiene)
    good(await desk.refund(payment["id"], "5.00"), 201)
    assert await sheet(desk, yesterday) == before
    # An edit on the day itself still counts, for all that was booked about the payment on that day.
    (of_group,) = (await sheet(desk, today(desk)))["by_group"]
    assert (of_group["group_name"], of_group["refunds"]) == ("Hygiene", {"count": 2, "amount": usd("15.00")})
    desk.harness.clock.advance(DAY)
    await put_into(desk, payment["id"], None)
    good(await desk.cancel_refund(await _first_refund(desk, payment["id"])), 201)
    assert await sheet(desk, yesterday) == before
    assert {one["group_name"] for one in (await sheet(desk, today(desk) - DAY))["by_group"]} == {"Hygiene"}
    assert [one["group_name"] for one in (await sheet(desk, today(desk)))["by_group"]] == [None]


async def renamed(desk: FrontDesk, group_id: str, name: str, position: int) -> None:
    path = f"/v1/payment-groups/{group_id}"
    tag = (await desk.client.get(path)).headers["ETag"]
    good(await desk.client.put(path, json={"name": name, "position": position}, headers={"If-Match": tag}))


async def told_of(desk: FrontDesk, day: date) -> tuple[object, ...]:
    """All that is said of a day: sheet, transactions, both as CSV."""
    path = f"/v1/day-sheets/{day}"
    files = [(await desk.client.get(f"{path}/{name}.csv")).text for name in ("totals", "transactions")]
    return await sheet(desk, day), await bookings(desk, day), *files


async def test_past_day_names_and_orders_its_groups_as_they_were_when_it_ended(desk: FrontDesk) -> None:
    surgery, hygiene = await group(desk, "Surgery"), await group(desk, "Hygiene")
    for method in ("check", "bank_card"):
        await desk.paid("100.00", group_id=surgery, method=method)
    await desk.paid("20.00", group_id=hygiene)
    first = today(desk)
    await renamed(desk, surgery, "Implants", 1)
    before = await told_of(desk, first)
    names = [one["group_name"] for one in (await sheet(desk, first))["by_group"]]
    assert names == ["Hygiene", "Implants"]
    desk.harness.clock.advance(DAY)
    await renamed(desk, surgery, "Oral surgery", 0)
    await renamed(desk, hygiene, "Prevention", 5)
    good(await desk.client.post("/v1/payment-groups/order", json={"group_ids": [surgery, hygiene]}))
    await desk.paid("1.00", group_id=hygiene)
    await desk.paid("1.00", group_id=surgery)
    second = today(desk)
    assert await told_of(desk, first) == before
    after = await told_of(desk, second)
    assert [one["group_name"] for one in (await sheet(desk, second))["by_group"]] == ["Oral surgery", "Prevention"]
    both = await period(desk, first, second)
    # A period has each group once, by its last day's name.
    assert [(one["group_name"], one["payments"]["count"]) for one in both["by_group"]] == [
        ("Oral surgery", 3),
        ("Prevention", 2),
    ]
    desk.harness.clock.advance(40 * DAY)
    await renamed(desk, surgery, "Surgery again", 9)
    assert (await told_of(desk, first), await told_of(desk, second)) == (before, after)
    await desk.harness.run_job("sum_days")
    assert (await told_of(desk, first), await told_of(desk, second)) == (before, after)
    assert await period(desk, first, second) == both


async def test_group_made_before_its_clinic_is_known_is_on_every_day_of_it(desk: FrontDesk) -> None:
    """What is changed while no time zone is known is changed by UTC's day."""
    other = FrontDesk(desk.harness)
    surgery = await group(other, "Surgery")
    await renamed(other, surgery, "Implants", 0)
    await other.configure(time_zone="Pacific/Niue")
    payment = await other.paid("1.00", group_id=surgery)
    (told,) = (await sheet(other, date.fromisoformat(payment["booked_on"])))["by_group"]
    assert told["group_name"] == "Implants"
    await other.prove()
    await other.client.aclose()


async def _first_refund(desk: FrontDesk, payment_id: str) -> str:
    found: str = (await desk.payment(payment_id))["transactions"][0]["id"]
    return found


async def test_group_that_a_past_sheet_names_is_not_deleted(desk: FrontDesk) -> None:
    """PAY-8."""
    surgery = await group(desk, "Surgery")
    payment = await desk.paid("100.00", group_id=surgery)
    await put_into(desk, payment["id"], None)
    problem(await desk.client.delete(f"/v1/payment-groups/{surgery}"), 409, "payment-group-in-use")


async def test_edits_of_a_payment_say_who_made_them(desk: FrontDesk) -> None:
    """PAY-1, ALL-5."""
    surgery = await group(desk, "Surgery")
    payment = await desk.paid("10.00", note="first")
    await put_into(desk, payment["id"], surgery)
    path = f"/v1/payments/{payment['id']}"
    async with desk.person("clerk:bo") as clerk:
        good(await clerk.patch(path, json={"note": "second", "reason": "a slip"}, headers={"If-Match": '"2"'}))
    latest, first = (await desk.payment(payment["id"]))["edits"]
    assert (latest["note_before"], latest["note_after"], latest["changed_by"]) == ("first", "second", "clerk:bo")
    assert (first["group_before"], first["group_after"], first["changed_by"]) == (None, surgery, "clerk:ada")
    assert (latest["reason"], first["reason"]) == ("a slip", None)


async def test_cash_of_a_day_opens_where_the_day_before_closed(desk: FrontDesk) -> None:
    first = today(desk)
    for _ in range(3):
        await busy_day(desk)
        desk.harness.clock.advance(DAY)
    sheets = [await sheet(desk, first + number * DAY) for number in range(4)]
    assert sheets[0]["totals"]["opening"] == usd("0.00")
    assert {one["method"]: one["closing"]["amount"] for one in sheets[0]["by_method"]} == {
        "bank_card": "50.00",
        "bank_transfer": "0.00",
        "cash": "80.00",
        "check": "0.00",
        "other": "7.00",
    }
    for one, following in pairwise(sheets):
        assert one["totals"]["closing"] == following["totals"]["opening"]
        closing = {(row["method"], row["method_label"]): row["closing"] for row in one["by_method"]}
        opening = {(row["method"], row["method_label"]): row["opening"] for row in following["by_method"]}
        zero = usd("0.00")
        assert {key: money for key, money in closing.items() if money != zero} == {
            key: money for key, money in opening.items() if money != zero
        }
    # Nothing was booked on the last day: the cash is there all the same.
    assert sheets[3]["totals"]["net"] == usd("0.00")
    assert [one["method"] for one in sheets[3]["by_method"]] == ["bank_card", "cash", "other"]


async def test_summed_days_tell_the_same_and_are_proven(desk: FrontDesk) -> None:
    """ALL-8: once a day is closed it is summed for good; the job may run as often as it likes."""
    surgery = await group(desk, "Surgery")
    first = today(desk)
    for _ in range(5):
        await busy_day(desk, surgery)
        desk.harness.clock.advance(DAY)
    await busy_day(desk)
    last = today(desk)
    days = [first + number * DAY for number in range(6)]
    before = [await sheet(desk, day) for day in days], await period(desk, first, last)
    for _ in range(2):
        await desk.harness.run_job("sum_days")
        assert ([await sheet(desk, day) for day in days], await period(desk, first, last)) == before
        await desk.prove()
    desk.harness.clock.advance(40 * DAY)
    await busy_day(desk)
    await desk.harness.run_job("sum_days")
    assert ([await sheet(desk, day) for day in days], await period(desk, first, last)) == before
    assert (await sheet(desk, today(desk)))["totals"]["opening"] == before[1]["totals"]["closing"]


async def test_period_is_its_days(desk: FrontDesk) -> None:
    first = today(desk)
    await busy_day(desk)
    desk.harness.clock.advance(2 * DAY)
    await busy_day(desk)
    last = today(desk)
    told = await period(desk, first, last)
    assert (told["from"], told["to"], [day["date"] for day in told["days"]]) == (
        str(first),
        str(last),
        [str(first), str(last)],
    )
    for day in told["days"]:
        of_day = await sheet(desk, date.fromisoformat(day["date"]))
        assert {name: day[name] for name in of_day["totals"]} == of_day["totals"]
    assert told["totals"]["closing"] == told["days"][-1]["closing"]
    assert cents(told["totals"]["net"]["amount"]) == sum(cents(day["net"]["amount"]) for day in told["days"])
    assert (await period(desk, last, last))["totals"] == (await sheet(desk, last))["totals"]
    for wrong in ({"from": str(last), "to": str(first)}, {"from": "2020-01-01", "to": "2026-01-01"}, {"from": "x"}):
        refused = await desk.client.get("/v1/day-sheets", params=wrong)
        assert problem(refused, 422, "invalid-request")["errors"]


async def test_sheets_as_csv_say_the_same(desk: FrontDesk) -> None:
    surgery = await group(desk, "@Surgery")
    await busy_day(desk, surgery)
    day = today(desk)
    told = await sheet(desk, day)
    rows = rows_of(await desk.client.get(f"/v1/day-sheets/{day}/totals.csv"))
    assert [row["by"] for row in rows].count("method") == len(told["by_method"])
    total = rows[0]
    assert (total["by"], total["payments_count"], total["net"], total["closing"]) == (
        "total",
        "5",
        told["totals"]["net"]["amount"],
        told["totals"]["closing"]["amount"],
    )
    assert "'@Surgery" in {row["group_name"] for row in rows}
    booked = rows_of(await desk.client.get(f"/v1/day-sheets/{day}/transactions.csv"))
    assert sum(cents(row["net"]) for row in booked) == cents(told["totals"]["net"]["amount"])
    assert [row["id"] for row in booked] == [booking["id"] for booking in await bookings(desk, day)]
    query = {"from": str(day), "to": str(day)}
    by_day = [row for row in rows_of(await desk.client.get("/v1/day-sheets.csv", params=query)) if row["by"] == "day"]
    assert [(row["date"], row["net"]) for row in by_day] == [(str(day), told["totals"]["net"]["amount"])]
