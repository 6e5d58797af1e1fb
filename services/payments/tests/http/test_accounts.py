"""A patient's account: everything in order with a running balance, filtered, paged, as statement and as CSV (PAY-9)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued, ReceiptVoided
from payments.persistence.proof import prove
from payments_desk import FrontDesk, cents, good, problem, usd
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from contracts import Amount

DAY = timedelta(days=1)


async def page(desk: FrontDesk, **query: str) -> dict[str, Any]:
    return good(await desk.client.get(f"/v1/patients/{desk.patient_id}/account", params=query))


async def statement(desk: FrontDesk, **query: str) -> dict[str, Any]:
    return good(await desk.client.get(f"/v1/patients/{desk.patient_id}/statement", params=query))


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.count("\r\n") == answer.text.count("\n")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def receipt(desk: FrontDesk, transaction_id: str, number: str) -> ReceiptIssued:
    return ReceiptIssued(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now(),
        receipt_id=new_id(),
        patient_id=desk.patient_id,
        number=number,
        kind="payment",
        transaction_id=UUID(transaction_id),
        amount=Amount(**usd("10.00")),
        sha256="0" * 64,
        size_bytes=1,
        language="en-US",
        recorded_at=desk.harness.clock.now(),
    )


def voided(desk: FrontDesk, issued: ReceiptIssued) -> ReceiptVoided:
    return ReceiptVoided(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now(),
        receipt_id=issued.receipt_id,
        patient_id=desk.patient_id,
        number=issued.number,
        transaction_id=issued.transaction_id,
        cause="cancellation",
    )


async def busy_week(desk: FrontDesk) -> list[dict[str, Any]]:
    """Some of everything over four days; the whole account."""
    first = await desk.invoice("100.00")
    payment = await desk.paid("130.00", first, allow_overpayment=True, method="bank_card")
    desk.harness.clock.advance(DAY)
    good(await desk.refund(payment["id"], "20.00"), 201)
    await desk.harness.deliver(desk.credit_note(first, "15.00"))
    desk.harness.clock.advance(DAY)
    second = await desk.invoice("60.00")
    body = {"allocations": [{"invoice_id": str(second), "amount": usd("5.00")}], "reason": "=as she asked"}
    good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json=body), 201)
    desk.harness.clock.advance(DAY)
    cash = await desk.paid("10.00", second)
    good(await desk.cancel(cash["id"]), 201)
    return await desk.account()


async def test_balance_after_each_line_is_the_sum_up_to_it(desk: FrontDesk) -> None:
    lines = await busy_week(desk)
    balance = 0
    for line in lines:
        balance += cents(line["change"]["amount"])
        assert cents(line["balance"]["amount"]) == balance
    owed = [cents(await desk.outstanding(UUID(line["id"]))) for line in lines if line["kind"] == "invoice"]
    assert balance == sum(owed) - cents(await desk.credit())


async def test_account_is_read_from_either_end_in_parts(desk: FrontDesk) -> None:
    lines = await busy_week(desk)
    for order, wanted in (("oldest_first", lines), ("newest_first", lines[::-1])):
        found: list[dict[str, Any]] = []
        query = {"limit": "3", "order": order}
        while True:
            part = await page(desk, **query)
            found += part["items"]
            if part["next"] is None:
                break
            query["cursor"] = part["next"]
        assert found == wanted


@pytest.mark.rule("PAY-9.2")
async def test_filter_shows_some_lines_with_the_balance_of_all(desk: FrontDesk) -> None:
    lines = await busy_week(desk)
    surgery = good(await desk.client.post("/v1/payment-groups", json={"name": "Surgery"}), 201)
    grouped = await desk.paid("1.00", group_id=surgery["id"])
    lines = await desk.account()

    async def shown(**query: str) -> list[dict[str, Any]]:
        return (await page(desk, **query))["items"]

    cards = [line for line in lines if line["method"] == "bank_card"]
    assert len(cards) == 2
    assert await shown(method="bank_card") == cards
    assert await shown(method="bank_card", order="newest_first") == cards[::-1]
    assert await shown(kind="invoice") == [line for line in lines if line["kind"] == "invoice"]
    assert [line["id"] for line in await shown(group_id=surgery["id"])] == [grouped["id"]]
    day = lines[-1]["date"]
    assert await shown(**{"from": day, "to": day}) == [line for line in lines if line["date"] == day]
    first = await page(desk, kind="invoice", limit="1")
    rest = await page(desk, kind="invoice", limit="1", cursor=first["next"])
    assert rest["items"] == [line for line in lines if line["kind"] == "invoice"][1:]


async def test_insurers_payment_is_in_the_accounts_of_all_whose_invoices_it_settles(desk: FrontDesk) -> None:
    """INS-5."""
    other = new_id()
    mine, theirs = await desk.invoice("40.00"), await desk.invoice("60.00", patient_id=other)
    payer = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}
    good(await desk.pay("70.00", theirs, mine, payer=payer, method="insurance"), 201)
    assert [line["balance"] for line in await desk.account()] == [usd("40.00"), usd("30.00")]
    assert [line["balance"] for line in await desk.account(other)] == [usd("60.00"), usd("0.00")]


@pytest.mark.rule("PAY-9.1")
async def test_receipt_is_a_line_and_stands_beside_its_transaction(desk: FrontDesk) -> None:
    """RCP-1, RCP-3: twice delivered, once there; void when its transaction was taken back."""
    payment = await desk.paid("10.00")
    issued = receipt(desk, payment["id"], "REC-2026-000001")
    delivered = await desk.harness.deliver(issued, issued)
    await desk.harness.deliver(*delivered)
    paid, proof = await desk.account()
    assert paid["receipt"] == {"id": str(issued.receipt_id), "number": "REC-2026-000001", "void": False}
    assert (proof["kind"], proof["number"], proof["transaction_id"]) == ("receipt", "REC-2026-000001", payment["id"])
    assert (proof["change"], proof["balance"], proof["amount"]) == (usd("0.00"), usd("-10.00"), usd("10.00"))
    good(await desk.cancel(payment["id"]), 201)
    await desk.harness.deliver(voided(desk, issued))
    lines = await desk.account()
    assert lines[0]["receipt"]["void"]
    assert [line["kind"] for line in lines] == ["payment", "receipt", "cancellation"]
    assert [line["kind"] for line in await desk.account(kind="receipt")] == ["receipt"]
    shown = (await statement(desk))["items"]
    assert [(line["kind"], (line["receipt"] or {}).get("number")) for line in shown] == [
        ("payment", "REC-2026-000001"),
        ("cancellation", None),
    ]


async def test_money_says_when_it_was_received_in_day_sheet_and_account(desk: FrontDesk) -> None:
    """A transfer of Friday is booked on Monday; what went out was received by nobody."""
    payment = await desk.paid("10.00", received_at="2026-11-20T10:30:00Z")
    good(await desk.refund(payment["id"], "4.00"), 201)
    path = f"/v1/day-sheets/{payment['booked_on']}/transactions"
    account = f"/v1/patients/{desk.patient_id}/account"
    for lines in (good(await desk.client.get(path))["items"], await desk.account()):
        assert [line["received_at"] for line in lines] == ["2026-11-20T10:30:00Z", None]
    for name in (path, account):
        rows = rows_of(await desk.client.get(f"{name}.csv"))
        assert [(row["kind"], row["received_at"]) for row in rows] == [
            ("payment", "2026-11-20T10:30:00+00:00"),
            ("refund", ""),
        ]


async def test_receipt_issued_anew_for_a_transaction_takes_the_place_of_the_first(desk: FrontDesk) -> None:
    """RCP-1: receipts was restored and read its events again; nothing is shown twice, whichever is then void."""
    payment = await desk.paid("10.00")
    issued = receipt(desk, payment["id"], "REC-2026-000001")
    again = receipt(desk, payment["id"], "REC-2026-000002")
    await desk.harness.deliver(issued)
    await desk.harness.deliver(again)
    newest = {"id": str(again.receipt_id), "number": "REC-2026-000002", "void": False}
    paid, proof = await desk.account()
    assert (paid["receipt"], proof["receipt"], proof["id"]) == (newest, newest, newest["id"])
    day = payment["booked_on"]
    path = f"/v1/day-sheets/{day}/transactions"
    (booked,) = good(await desk.client.get(path))["items"]
    assert booked["receipt_number"] == "REC-2026-000002"
    assert [row["amount"] for row in rows_of(await desk.client.get(f"{path}.csv"))] == ["10.00"]
    account = rows_of(await desk.client.get(f"/v1/patients/{desk.patient_id}/account.csv"))
    assert [(row["kind"], row["receipt_number"]) for row in account] == [
        ("payment", "REC-2026-000002"),
        ("receipt", "REC-2026-000002"),
    ]
    assert [line["kind"] for line in (await statement(desk))["items"]] == ["payment"]
    first = await page(desk, limit="1")
    assert [line["kind"] for line in (await page(desk, limit="1", cursor=first["next"]))["items"]] == ["receipt"]
    # Both in one batch; and a void of either is known by its transaction.
    other = await desk.paid("5.00")
    pair = [receipt(desk, other["id"], f"REC-2026-00000{number}") for number in (3, 4)]
    await desk.harness.deliver(*pair)
    assert [line["number"] for line in await desk.account(kind="receipt")] == ["REC-2026-000002", "REC-2026-000004"]
    for one in (payment, other):
        good(await desk.cancel(one["id"]), 201)
    await desk.harness.deliver(voided(desk, pair[0]), voided(desk, again))
    assert [line["receipt"]["void"] for line in await desk.account(kind="receipt")] == [True, True]


async def test_receipt_of_a_transaction_that_is_not_here_yet_is_shown_by_itself(harness: ServiceHarness) -> None:
    """PAY-9: payments was restored to an earlier moment, and reads again what receipts announced since."""
    desk = FrontDesk(harness)
    await desk.configure()
    issued = receipt(desk, str(new_id()), "REC-2026-000001")
    await desk.harness.deliver(issued)
    (line,) = await desk.account()
    assert (line["kind"], line["id"], line["number"]) == ("receipt", str(issued.receipt_id), "REC-2026-000001")
    assert line["transaction_id"] is None
    await desk.client.aclose()


async def test_statement_leads_from_its_opening_to_its_closing_balance(desk: FrontDesk) -> None:
    lines = await busy_week(desk)
    days = sorted({line["date"] for line in lines})
    for first in days:
        for last in (day for day in days if day >= first):
            found = await statement(desk, **{"from": first, "to": last})
            inside = [line for line in lines if first <= line["date"] <= last]
            assert found["items"] == inside
            before = [line for line in lines if line["date"] < first]
            assert found["opening_balance"] == (before[-1]["balance"] if before else usd("0.00"))
            assert found["closing_balance"] == inside[-1]["balance"]
    whole = await statement(desk)
    assert (whole["from"], whole["opening_balance"], whole["items"]) == (None, usd("0.00"), lines)
    nothing = await statement(desk, **{"from": "2020-01-01", "to": "2020-12-31"})
    assert (nothing["items"], nothing["closing_balance"]) == ([], usd("0.00"))
    part = await statement(desk, limit="2")
    again = await statement(desk, limit="200", cursor=part["next"])
    assert part["items"] + again["items"] == lines
    refused = await desk.client.get(
        f"/v1/patients/{desk.patient_id}/statement", params={"from": "2026-11-24", "to": "2026-11-23"}
    )
    assert problem(refused, 422, "invalid-request")["errors"][0]["field"] == "to"


@pytest.mark.rule("PAY-9.1")
async def test_a_statement_has_what_is_dated_tomorrow_as_the_clinics_day_went_back(desk: FrontDesk) -> None:
    """A time zone was corrected westward past midnight: it said that nothing was owed, and what was due next below."""
    today = desk.harness.clock.now().date()
    await desk.invoice("40.00", issue_date=today + DAY)
    found = await statement(desk)
    assert [line["change"]["amount"] for line in found["items"]] == ["40.00"]
    assert (found["to"], found["closing_balance"]) == ((today + DAY).isoformat(), usd("40.00"))
    assert found["next_due"]["amount"] == usd("40.00")
    rows = rows_of(await desk.client.get(f"/v1/patients/{desk.patient_id}/statement.csv"))
    assert [row["balance"] for row in rows] == ["0.00", "40.00", "40.00"]
    until = await statement(desk, to=today.isoformat())
    assert (until["items"], until["closing_balance"]) == ([], usd("0.00"))


async def test_document_that_arrives_after_its_day_is_on_the_statement_of_its_day(desk: FrontDesk) -> None:
    """It was issued on that day; what was booked since has its balance with it."""
    desk.harness.clock.advance(DAY)
    await desk.paid("10.00")
    await desk.invoice("40.00")
    issue_day = date(2026, 11, 23).isoformat()
    assert [(line["kind"], line["balance"]["amount"]) for line in await desk.account()] == [
        ("invoice", "40.00"),
        ("payment", "30.00"),
    ]
    assert (await statement(desk, to=issue_day))["closing_balance"] == usd("40.00")


async def test_account_as_csv_is_the_account(desk: FrontDesk) -> None:
    lines = await busy_week(desk)
    path = f"/v1/patients/{desk.patient_id}/account.csv"
    rows = rows_of(await desk.client.get(path))
    for row, line in zip(rows, lines, strict=True):
        assert (row["id"], row["kind"], row["date"]) == (line["id"], line["kind"], line["date"])
        assert {row[name] for name in ("amount", "change", "balance")} == {
            line[name]["amount"] for name in ("amount", "change", "balance")
        }
        assert row["currency"] == "USD"
    # What a clerk typed is no formula to a spreadsheet.
    assert "'=as she asked" in {row["reason"] for row in rows}
    cards = rows_of(
        await desk.client.get(f"/v1/patients/{desk.patient_id}/account.csv", params={"method": "bank_card"})
    )
    assert [row["balance"] for row in cards] == [
        line["balance"]["amount"] for line in lines if line["method"] == "bank_card"
    ]


async def test_statement_as_csv_begins_and_ends_with_its_balances(desk: FrontDesk) -> None:
    lines = await busy_week(desk)
    days = sorted({line["date"] for line in lines})
    path = f"/v1/patients/{desk.patient_id}/statement.csv"
    rows = rows_of(await desk.client.get(path, params={"from": days[1], "to": days[2]}))
    told = await statement(desk, **{"from": days[1], "to": days[2]})
    assert (rows[0]["kind"], rows[0]["balance"]) == ("opening_balance", told["opening_balance"]["amount"])
    assert (rows[-1]["kind"], rows[-1]["balance"]) == ("closing_balance", told["closing_balance"]["amount"])
    assert [row["id"] for row in rows[1:-1]] == [line["id"] for line in told["items"]]
    # Without a first day it begins where the account does, with nothing.
    whole = rows_of(await desk.client.get(path))
    assert (whole[0]["kind"], whole[0]["date"], whole[0]["balance"]) == ("opening_balance", "", "0.00")
    assert [row["id"] for row in whole[1:-1]] == [line["id"] for line in lines]
    assert (whole[-1]["kind"], whole[-1]["balance"]) == ("closing_balance", lines[-1]["balance"]["amount"])


async def test_csv_of_an_unconfigured_clinic_is_refused_before_it_begins(desk: FrontDesk) -> None:
    other = FrontDesk(desk.harness)
    answer = await other.client.get(f"/v1/patients/{other.patient_id}/account.csv")
    problem(answer, 409, "clinic-not-configured")
    await other.client.aclose()


async def test_account_of_another_clinics_patient_is_empty(desk: FrontDesk) -> None:
    """ALL-4."""
    await desk.paid("10.00")
    other = FrontDesk(desk.harness)
    await other.configure()
    assert await other.account(desk.patient_id) == []
    assert rows_of(await other.client.get(f"/v1/patients/{desk.patient_id}/account.csv")) == []
    await other.client.aclose()


async def test_proof_finds_a_line_that_nothing_was_booked_for_and_one_that_is_missing(desk: FrontDesk) -> None:
    """ALL-8: the account is what the journal says; tried and taken back, as lines cannot be removed."""
    payment = await desk.paid("10.00")
    extra = """
        INSERT INTO account_lines (clinic_id, patient_id, on_date, source_id, kind, change_minor, recorded_at)
        VALUES (:clinic, :patient, '2026-11-23', :source, 'payment', -1, now())
    """
    missing = """
        INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method,
                                  payer_kind, recorded_at, booked_on, recorded_by, reason)
        VALUES (:source, :clinic, :patient, 'credit_application', 1, 'USD', 'other', 'patient', now(), '2026-11-23',
                'x', 'x')
    """
    insurers = extra.replace("change_minor,", "change_minor, insurers_change_minor,").replace("-1,", "0, 1,")
    for statement, source, said in (
        (extra, payment["id"], "account of patient"),
        (insurers, payment["id"], "insurers' credit in the account of patient"),
        (missing, str(new_id()), "lines of credit_application"),
    ):
        engine = create_async_engine(desk.harness.owned.app_url)
        async with engine.connect() as connection:
            await connection.execute(text(f"SELECT set_config('app.clinic_ids', '{desk.clinic_id}', true)"))
            values = {"clinic": desk.clinic_id, "patient": desk.patient_id, "source": source}
            await connection.execute(text(statement), values)
            wrong = (await prove(connection, desk.clinic_id)).differences
            assert any(source in difference.what and difference.what.startswith(said) for difference in wrong), wrong
            await connection.rollback()
        await engine.dispose()
