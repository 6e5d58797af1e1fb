"""The journal as the accountant reads it: by account, method and payer, every balance a sum of entries (PAY-12)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from payments.domain.journal import Account
from payments.http.journal import KINDS
from payments_desk import FrontDesk, good, problem, usd

from contracts import Amount

INSURER = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta"}


def amount(text: str) -> Amount:
    return Amount(**usd(text))


async def taxed_invoice(desk: FrontDesk, net: str, tax: str, rounding: str = "0.00") -> UUID:
    total = str(Decimal(net) + Decimal(tax) + Decimal(rounding))
    event = desk.issued(total)
    totals = event.totals.model_copy(update={"net": amount(net), "tax": amount(tax), "cash_rounding": amount(rounding)})
    await desk.harness.deliver(event.model_copy(update={"totals": totals}))
    return event.invoice_id


async def note(desk: FrontDesk, event: InvoiceCredited | InvoiceDebited, **more: Any) -> UUID:
    """Deliver a note with something said differently; returns its id."""
    await desk.harness.deliver(event.model_copy(update=more))
    return event.credit_note_id if isinstance(event, InvoiceCredited) else event.debit_note_id


async def trial_balance(desk: FrontDesk, **query: str) -> dict[str, Any]:
    return good(await desk.client.get("/v1/journal/trial-balance", params=query))


async def balances(desk: FrontDesk) -> dict[str, str]:
    found = await trial_balance(desk)
    assert found["balanced"]
    assert found["totals"]["balance"]["amount"] == "0.00"
    return {
        account["account"]: account["balance"]["amount"]
        for account in found["accounts"]
        if account["balance"]["amount"] != "0.00"
    }


async def test_tax_and_cash_rounding_are_no_revenue(desk: FrontDesk) -> None:
    await taxed_invoice(desk, "100.00", "6.25", "-0.05")
    assert await balances(desk) == {
        "receivable": "106.20",
        "revenue": "-100.00",
        "taxes": "-6.25",
        "cash_rounding": "0.05",
    }


async def test_write_offs_are_told_from_courtesies_with_the_tax_of_both(desk: FrontDesk) -> None:
    invoice = await taxed_invoice(desk, "100.00", "10.00")
    await note(desk, desk.credit_note(invoice, "11.00"), net=amount("10.00"), tax=amount("1.00"))
    for kind in ("write_off", "contractual_write_off"):
        await note(desk, desk.credit_note(invoice, "5.50"), net=amount("5.00"), tax=amount("0.50"), kind=kind)
    assert await balances(desk) == {
        "receivable": "88.00",
        "revenue": "-100.00",
        "taxes": "-8.00",
        "credit_notes": "10.00",
        "write_offs": "10.00",
    }


async def test_undone_note_takes_back_what_it_had_booked(desk: FrontDesk) -> None:
    """INV-6."""
    invoice = await taxed_invoice(desk, "100.00", "10.00")
    before = await balances(desk)
    written_off = desk.credit_note(invoice, "11.00")
    of = {"net": amount("10.00"), "tax": amount("1.00")}
    written_off_id = await note(desk, written_off, kind="write_off", **of)
    await note(desk, desk.debit_note(invoice, "11.00"), kind="undo_credit_note", undoes_id=written_off_id, **of)
    assert await balances(desk) == before
    fee_id = await note(desk, desk.debit_note(invoice, "11.00"), **of)
    await note(desk, desk.credit_note(invoice, "11.00"), kind="undo_debit_note", undoes_id=fee_id, **of)
    assert await balances(desk) == before


async def test_void_takes_every_account_back(desk: FrontDesk) -> None:
    """INV-8: what was credited before too, and the allowance of a refund."""
    invoice = await taxed_invoice(desk, "100.00", "10.00")
    await note(desk, desk.credit_note(invoice, "11.00"), net=amount("10.00"), tax=amount("1.00"), kind="write_off")
    payment = await desk.paid("22.00", invoice)
    refund = good(await desk.refund(payment["id"], "22.00"), 201)
    adjusted = desk.credit_note(invoice, "22.00", refund_id=UUID(refund["id"]))
    await note(desk, adjusted, net=amount("20.00"), tax=amount("2.00"))
    await desk.harness.deliver(desk.voided(invoice))
    assert await balances(desk) == {}


async def test_void_before_the_refunds_note_takes_every_account_back_too(desk: FrontDesk) -> None:
    """PAY-11: the refund was on its way when the invoice became void."""
    invoice = await taxed_invoice(desk, "100.00", "10.00")
    payment = await desk.paid("22.00", invoice)
    refund = good(await desk.refund(payment["id"], "22.00"), 201)
    await desk.harness.deliver(desk.voided(invoice))
    adjusted = desk.credit_note(invoice, "22.00", refund_id=UUID(refund["id"]))
    await note(desk, adjusted, net=amount("20.00"), tax=amount("2.00"))
    assert await balances(desk) == {}


async def test_refund_is_an_allowance_whose_tax_leaves_with_its_note(desk: FrontDesk) -> None:
    """PAY-4, PAY-5: counted at once, its tax when invoicing has divided it, and all of it undone with the refund."""
    invoice = await taxed_invoice(desk, "100.00", "10.00")
    payment = await desk.paid("110.00", invoice)
    before = await balances(desk)
    refund = good(await desk.refund(payment["id"], "22.00"), 201)
    paid_back = {"money": "88.00", "revenue": "-100.00", "taxes": "-10.00", "refund_allowances": "22.00"}
    assert await balances(desk) == paid_back
    of = {"net": amount("20.00"), "tax": amount("2.00")}
    await note(desk, desk.credit_note(invoice, "22.00", refund_id=UUID(refund["id"])), **of)
    assert await balances(desk) == paid_back | {"taxes": "-8.00", "refund_allowances": "20.00"}
    good(await desk.cancel_refund(refund["id"]), 201)
    await note(desk, desk.debit_note(invoice, "22.00", refund_id=UUID(refund["id"])), **of)
    assert await balances(desk) == before


async def test_insurers_money_is_told_from_patients_by_method(desk: FrontDesk) -> None:
    """INS-5."""
    invoice = await desk.invoice("300.00")
    await desk.paid("100.00", invoice)
    await desk.paid("120.00", invoice, method="insurance", payer=INSURER)
    extra = await desk.paid("50.00", method="bank_transfer", payer=INSURER)
    good(await desk.refund(extra["id"], "20.00", method="check"), 201)
    found = {account["account"]: account for account in (await trial_balance(desk))["accounts"]}
    parts = {(p["method"], p["payer_kind"]): p["balance"]["amount"] for p in found["money"]["parts"]}
    assert parts == {
        ("cash", "patient"): "100.00",
        ("insurance", "insurer"): "120.00",
        ("bank_transfer", "insurer"): "50.00",
        ("check", "insurer"): "-20.00",
    }
    owed = {part["payer_kind"]: part["balance"]["amount"] for part in found["receivable"]["parts"]}
    assert owed == {None: "300.00", "patient": "-100.00", "insurer": "-120.00"}
    held = {part["payer_kind"]: part["balance"]["amount"] for part in found["patient_credit"]["parts"]}
    assert held == {"insurer": "-30.00"}


async def test_credit_that_is_applied_and_transferred_keeps_its_payer(desk: FrontDesk) -> None:
    invoice = await desk.invoice("30.00")
    await desk.paid("50.00", method="check", payer={"kind": "third_party", "name": "Her employer"})
    path = f"/v1/patients/{desk.patient_id}/credit"
    good(
        await desk.client.post(
            f"{path}/applications", json={"allocations": [{"invoice_id": str(invoice)}], "reason": "as agreed"}
        ),
        201,
    )
    given = {"to_patient_id": str(new_id()), "amount": usd("5.00"), "reason": "x"}
    good(await desk.client.post(f"{path}/transfers", json=given), 201)
    entries = good(await desk.client.get("/v1/journal/entries"))["items"]
    of_payment = [entry["payer_kind"] for entry in entries if entry["payment_id"]]
    assert len(of_payment) == 6
    assert set(of_payment) == {"third_party"}


async def test_yesterdays_balance_stays_and_becomes_todays_opening(desk: FrontDesk) -> None:
    invoice = await desk.invoice("80.00")
    payment = await desk.paid("30.00", invoice)
    yesterday = await trial_balance(desk, to="2026-11-23")
    desk.harness.clock.advance(timedelta(days=1))
    good(await desk.cancel(payment["id"]), 201)
    await desk.paid("10.00", invoice)
    assert await trial_balance(desk, to="2026-11-23") == yesterday
    today = await trial_balance(desk, **{"from": "2026-11-24", "to": "2026-11-24"})
    money = next(account for account in today["accounts"] if account["account"] == "money")
    figures = {name: money[name]["amount"] for name in ("opening", "debits", "credits", "balance")}
    assert figures == {"opening": "30.00", "debits": "10.00", "credits": "30.00", "balance": "10.00"}
    assert today["balanced"]


@pytest.mark.rule("PAY-12.3")
async def test_entries_by_cursor_are_those_of_the_csv_and_add_up_to_the_trial_balance(desk: FrontDesk) -> None:
    """ALL-3."""
    for _ in range(6):
        await desk.paid("10.00", await taxed_invoice(desk, "10.00", "0.62"))
    entries: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": 7}
    while True:
        page = good(await desk.client.get("/v1/journal/entries", params=query))
        entries += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(entries) == 6 * (3 + 2)
    assert len({entry["entry_id"] for entry in entries}) == len(entries)
    answer = await desk.client.get("/v1/journal/entries.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [int(row["entry_id"]) for row in rows] == [entry["entry_id"] for entry in entries]
    sums: dict[str, Decimal] = {}
    for row in rows:
        change = Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
        sums[row["account"]] = sums.get(row["account"], Decimal(0)) + change
    assert {account: str(total) for account, total in sums.items() if total} == await balances(desk)
    assert {row["kind"] for row in rows} == {"invoice", "payment"}
    only = good(await desk.client.get("/v1/journal/entries", params={"account": "taxes"}))["items"]
    assert {one["credit"]["amount"] for one in only} == {"0.62"}


async def test_a_period_that_ends_before_it_begins_is_refused(desk: FrontDesk) -> None:
    answer = await desk.client.get("/v1/journal/trial-balance", params={"from": "2026-11-24", "to": "2026-11-23"})
    assert problem(answer, 422, "invalid-request")["errors"][0]["field"] == "to"


def test_every_account_of_the_journal_has_its_place_in_the_chart() -> None:
    assert set(get_args(Account)) == set(KINDS)
