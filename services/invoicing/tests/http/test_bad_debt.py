"""Bad debt is apart from forgiveness: written off it stays collectable, and a payment recovers it (`INV-17`)."""

from __future__ import annotations

from typing import Any

import pytest
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.payments import PaymentCancelled, PaymentRefunded


async def lost(clinic: Any, invoice: dict[str, Any], amount: str | None = None, status: int = 201) -> dict[str, Any]:
    body = {"kind": "bad_debt", "reason": "cannot be found"} | ({"amount": clinic.usd(amount)} if amount else {})
    found: dict[str, Any] = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body, status)
    return found


async def stands(clinic: Any, invoice: dict[str, Any]) -> tuple[str, str, str]:
    found = await clinic.read(invoice["id"])
    return found["status"], found["outstanding"]["amount"], found["settled"]["amount"]


@pytest.mark.rule("INV-17.1", "INV-17.2")
async def test_bad_debt_is_what_is_outstanding_and_a_payment_recovers_it(clinic: Any) -> None:
    """INV-17: nothing is undone by hand, and the tax of it comes back as it went."""
    made = await clinic.invoice(clinic.custom("100.00", tax_category="S"), clinic.custom("50.00"))
    await clinic.settle(made, "22.00")
    note = await lost(clinic, made)
    assert (note["total"], note["kind"]) == (clinic.usd("150.00"), "bad_debt")
    assert await stands(clinic, made) == ("written_off", "0.00", "22.00")
    await clinic.settle(made, "60.00")
    assert await stands(clinic, made) == ("written_off", "0.00", "82.00")
    await clinic.settle(made, "90.00")
    assert await stands(clinic, made) == ("paid", "0.00", "172.00")
    (wrote,), recovered = await clinic.announced(InvoiceCredited), await clinic.announced(InvoiceDebited)
    assert (wrote.kind, wrote.purpose) == ("write_off", "bad_debt")
    assert [(one.kind, one.purpose, one.total.amount) for one in recovered] == [
        ("correction", "bad_debt_recovery", "60.00"),
        ("correction", "bad_debt_recovery", "90.00"),
    ]
    tax = (await clinic.api.get("/v1/reports/tax")).json()["totals"]
    assert (tax["net"], tax["tax"]) == (clinic.usd("150.00"), clinic.usd("22.00"))
    kinds = (await clinic.api.get("/v1/reports/write-offs")).json()["kinds"]
    assert {kind["kind"]: kind["total"]["amount"] for kind in kinds} == {
        "bad_debt": "150.00",
        "bad_debt_recovery": "-150.00",
    }


async def test_what_recovered_it_is_cancelled_and_it_is_lost_again(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00", tax_category="S"))
    await lost(clinic, made)
    payment = (await clinic.settle(made, "40.00")).settlements[0].payment_id
    await clinic.settle(made, "-40.00", PaymentCancelled, of_payment=payment)
    assert await stands(clinic, made) == ("written_off", "0.00", "0.00")
    await clinic.settle(made, "122.00")
    assert await stands(clinic, made) == ("paid", "0.00", "122.00")


async def test_a_refund_of_what_recovered_it_leaves_nothing_owed(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    await lost(clinic, made)
    payment = (await clinic.settle(made, "40.00")).settlements[0].payment_id
    await clinic.settle(made, "-40.00", PaymentRefunded, credited="40.00", of_payment=payment)
    assert await stands(clinic, made) == ("written_off", "0.00", "0.00")


@pytest.mark.rule("INV-17.2")
async def test_a_payment_on_its_way_recovers_what_was_written_off_meanwhile(clinic: Any) -> None:
    """INV-17: money that nobody had heard of when the note was made."""
    made = await clinic.invoice(clinic.custom("100.00"))
    await lost(clinic, made, "70.00")
    await clinic.settle(made, "45.00")
    assert await stands(clinic, made) == ("written_off", "0.00", "45.00")
    (event,) = await clinic.announced(InvoiceDebited)
    assert event.total.amount == "15.00"


async def test_money_that_a_credit_note_sets_free_recovers_it_first(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(made, "60.00")
    await lost(clinic, made)
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("10.00")}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    assert await stands(clinic, made) == ("written_off", "0.00", "60.00")
    (event,) = await clinic.announced(InvoiceDebited)
    assert (event.purpose, event.total.amount) == ("bad_debt_recovery", "10.00")


async def test_bad_debt_is_undone_by_hand_until_it_is_recovered(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    first = await lost(clinic, made)
    await clinic.post(f"/v1/credit-notes/{first['id']}/undo", {"reason": "he pays"})
    assert await stands(clinic, made) == ("issued", "100.00", "0.00")
    note = await lost(clinic, made)
    await clinic.settle(made, "10.00")
    refused = await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "he pays"}, 409)
    assert (refused["type"].rpartition(":")[2], refused["recovered"]) == ("bad-debt-recovered", clinic.usd("10.00"))


@pytest.mark.parametrize("amount", ["40.01", "100.00"])
async def test_what_is_paid_is_no_bad_debt(clinic: Any, amount: str) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(made, "60.00")
    refused = await lost(clinic, made, amount, 422)
    assert (refused["left"], refused["errors"][0]["field"]) == (clinic.usd("40.00"), "amount")


@pytest.mark.rule("INV-17.1")
async def test_a_forgiven_invoice_recovers_nothing(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    body = {"kind": "write_off", "reason": "hardship"}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    assert await clinic.announced(InvoiceDebited) == []
    assert (await stands(clinic, made))[0] == "written_off"


@pytest.mark.rule("INV-17.2")
async def test_bad_debt_of_cash_rounding_alone_is_recovered_in_parts_and_lost_again(clinic: Any) -> None:
    """MON-6: it is in no line, and so are the notes about it."""
    await clinic.configure(cash_rounding="0.05")
    made = await clinic.invoice(clinic.custom("0.98"))
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("0.98")}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    note = await lost(clinic, made)
    assert (note["total"], note["cash_rounding"]) == (clinic.usd("0.02"), clinic.usd("0.02"))
    await clinic.settle(made, "0.01")
    payment = (await clinic.settle(made, "0.01")).settlements[0].payment_id
    assert await stands(clinic, made) == ("paid", "0.00", "0.02")
    await clinic.settle(made, "-0.01", PaymentCancelled, of_payment=payment)
    assert await stands(clinic, made) == ("written_off", "0.00", "0.01")
    notes = (await clinic.read(made["id"]))["notes"]
    assert [one["reason"] for one in notes[2:]] == [
        "Bad debt recovered",
        "Bad debt recovered",
        "Bad debt, as its payment was taken back",
    ]
    await clinic.prove()
