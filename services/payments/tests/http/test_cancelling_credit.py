"""Credit that was applied or transferred by mistake: taken back, once, and only while it is there (PAY-3, PAY-5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import CreditApplicationCancelled, CreditApplied, CreditTransferred
from payments_desk import FrontDesk, good, problem, usd

Shown = dict[str, Any]
DELTA = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}


async def apply(desk: FrontDesk, *invoices: UUID, amount: str | None = None, **more: Any) -> Shown:
    named = [{"invoice_id": str(invoice)} | ({"amount": usd(amount)} if amount else {}) for invoice in invoices]
    body = {"reason": "as agreed", "allocations": named} | more
    return good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json=body), 201)


async def transfer(desk: FrontDesk, taker: UUID, amount: str, giver: UUID | None = None) -> dict[str, Shown]:
    body = {"to_patient_id": str(taker), "amount": usd(amount), "reason": "family"}
    path = f"/v1/patients/{giver or desk.patient_id}/credit/transfers"
    return good(await desk.client.post(path, json=body), 201)


async def undo(desk: FrontDesk, transaction_id: str) -> httpx.Response:
    path = f"/v1/transactions/{transaction_id}/cancellation"
    return await desk.client.post(path, json={"reason": "the wrong invoice"})


async def undo_all(desk: FrontDesk, *ids: str) -> httpx.Response:
    body = {"transaction_ids": list(ids), "reason": "the wrong invoice"}
    return await desk.client.post("/v1/transactions/cancellations", json=body)


@pytest.mark.rule("PAY-5.5")
async def test_credit_applied_to_the_wrong_invoice_is_credit_again(desk: FrontDesk) -> None:
    wrong, right = await desk.invoice("50.00"), await desk.invoice("50.00")
    await desk.paid("20.00")
    await desk.paid("25.00")
    applied = await apply(desk, wrong)
    assert (await desk.outstanding(wrong), await desk.credit()) == ("5.00", "0.00")
    undone = good(await undo(desk, applied["id"]), 201)
    assert (undone["kind"], undone["reverses_id"], undone["amount"]) == (
        "application_cancellation",
        applied["id"],
        usd("45.00"),
    )
    assert (undone["reason"], undone["recorded_by"]) == ("the wrong invoice", "clerk:ada")
    assert (await desk.outstanding(wrong), await desk.credit()) == ("50.00", "45.00")
    (event,) = await desk.events(CreditApplicationCancelled)
    assert (str(event.application_id), event.by.reason) == (applied["id"], "the wrong invoice")
    assert sorted(settlement.change.amount for settlement in event.settlements) == ["-20.00", "-25.00"]
    assert (event.patient_credit_change.amount, event.patient_credit_balance.amount) == ("45.00", "45.00")
    await apply(desk, right)
    assert (await desk.outstanding(right), await desk.credit()) == ("5.00", "0.00")


async def test_cancelling_an_application_twice_is_one_cancellation(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    await desk.paid("20.00")
    applied = await apply(desk, invoice)
    first = good(await undo(desk, applied["id"]), 201)
    assert good(await undo(desk, applied["id"]), 200) == first
    assert good(await undo_all(desk, applied["id"]), 201)["items"] == [first]
    again = await apply(desk, invoice)
    assert good(await undo(desk, applied["id"]), 200) == first
    assert again["id"] != applied["id"]
    assert (await desk.outstanding(invoice), await desk.credit()) == ("30.00", "0.00")
    assert len(await desk.events(CreditApplicationCancelled)) == 1


@pytest.mark.rule("PAY-5.5")
async def test_what_an_insurer_overpaid_is_the_insurers_again(desk: FrontDesk) -> None:
    """INS-4."""
    invoice = await desk.invoice("30.00")
    await desk.paid("30.00", payer=DELTA, method="insurance")
    applied = await apply(desk, invoice, insurer_id=DELTA["payer_id"])
    good(await undo(desk, applied["id"]), 201)
    held = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/credit"))
    assert (held["balance"], held["insurers"][0]["balance"]) == (usd("0.00"), usd("30.00"))
    assert await desk.outstanding(invoice) == "30.00"


@pytest.mark.rule("PAY-5.5")
async def test_only_what_is_still_settled_leaves_the_invoice(desk: FrontDesk) -> None:
    """INV-9: what a credit note released is credit already."""
    invoice = await desk.invoice("50.00")
    await desk.paid("70.00", invoice, allocations=[{"invoice_id": str(invoice), "amount": usd("20.00")}],
                    allow_overpayment=True)  # fmt: skip
    applied = await apply(desk, invoice, amount="30.00")
    await desk.harness.deliver(desk.credit_note(invoice, "12.00"))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "32.00")
    undone = good(await undo(desk, applied["id"]), 201)
    assert (undone["amount"], await desk.outstanding(invoice), await desk.credit()) == (usd("18.00"), "18.00", "50.00")


@pytest.mark.rule("PAY-5.6")
async def test_an_application_of_which_nothing_is_left_is_refused(desk: FrontDesk) -> None:
    """PAY-22: what settles the invoice again is an application of its own."""
    invoice = await desk.invoice("30.00")
    payment = await desk.paid("60.00")
    first = await apply(desk, invoice)
    await desk.harness.deliver(desk.credit_note(invoice, "30.00"), desk.debit_note(invoice, "30.00"))
    *_, second = await desk.events(CreditApplied)
    refused = problem(await undo(desk, first["id"]), 409, "application-undone")
    assert refused["invoice_ids"] == [str(invoice)]
    assert await desk.outstanding(invoice) == "0.00"
    good(await desk.cancel(payment["id"]), 201)
    problem(await undo(desk, str(second.transaction_id)), 409, "application-undone")
    assert await desk.outstanding(invoice) == "30.00"


async def test_an_application_that_was_voided_away_is_refused(desk: FrontDesk) -> None:
    invoice = await desk.invoice("30.00")
    await desk.paid("30.00")
    applied = await apply(desk, invoice)
    await desk.harness.deliver(desk.voided(invoice))
    problem(await undo(desk, applied["id"]), 409, "application-undone")
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "30.00")


async def test_a_refund_of_applied_credit_is_cancelled_first(desk: FrontDesk) -> None:
    """PAY-5: as with a payment; together they can be."""
    invoice = await desk.invoice("30.00")
    payment = await desk.paid("30.00")
    applied = await apply(desk, invoice)
    refund = good(await desk.refund(payment["id"], "10.00"), 201)
    refused = problem(await undo(desk, applied["id"]), 409, "refund-standing")
    assert refused["refund_ids"] == [refund["id"]]
    done = good(await undo_all(desk, applied["id"], refund["id"]), 201)["items"]
    assert [(one["kind"], one["amount"]["amount"]) for one in done] == [
        ("application_cancellation", "30.00"),
        ("refund_cancellation", "10.00"),
    ]
    assert (await desk.outstanding(invoice), await desk.credit()) == ("30.00", "30.00")


async def test_a_refund_of_what_was_paid_at_once_is_no_hindrance(desk: FrontDesk) -> None:
    """What settled last goes back first, so the refund took what came after the application."""
    invoice = await desk.invoice("30.00")
    payment = await desk.paid("30.00")
    first, second = await apply(desk, invoice, amount="20.00"), await apply(desk, invoice, amount="10.00")
    good(await desk.refund(payment["id"], "10.00"), 201)
    problem(await undo(desk, second["id"]), 409, "refund-standing")
    good(await undo(desk, first["id"]), 201)
    assert (await desk.outstanding(invoice), await desk.credit()) == ("20.00", "20.00")


async def test_a_refund_of_a_payment_that_bounced_hinders_no_other(desk: FrontDesk) -> None:
    """PAY-6: nobody can cancel that refund any more."""
    invoice = await desk.invoice("50.00")
    bounced = await desk.paid("20.00", method="check")
    await desk.paid("30.00")
    applied = await apply(desk, invoice)
    good(await desk.refund(bounced["id"], "5.00"), 201)
    good(await desk.charge_back(bounced["id"]), 201)
    undone = good(await undo(desk, applied["id"]), 201)
    assert (undone["amount"], await desk.outstanding(invoice)) == (usd("30.00"), "45.00")


@pytest.mark.rule("PAY-3.6", "PAY-5.7")
async def test_a_transfer_to_the_wrong_patient_is_taken_back_on_both_sides(desk: FrontDesk) -> None:
    sister = new_id()
    await desk.paid("10.00")
    await desk.paid("25.00")
    sides = await transfer(desk, sister, "30.00")
    back = good(await undo(desk, sides["into"]["id"]), 201)
    assert (back["kind"], back["patient_id"], back["reverses_id"]) == (
        "credit_transfer_out",
        str(sister),
        sides["into"]["id"],
    )
    assert (await desk.credit(), await desk.credit(sister)) == ("35.00", "0.00")
    home = good(await undo(desk, sides["out"]["id"]), 200)
    assert (home["kind"], home["reverses_id"], home["linked_id"]) == (
        "credit_transfer_in",
        sides["out"]["id"],
        back["id"],
    )
    assert (back["patient_credit_change"], home["patient_credit_change"]) == (usd("-30.00"), usd("30.00"))
    assert {(one["reason"], one["reason_code"], one["recorded_by"]) for one in (back, home)} == {
        ("the wrong invoice", "transfer_cancelled", "clerk:ada")
    }
    told = {str(event.transaction_id): event for event in await desk.events(CreditTransferred)}
    assert [str(told[one["id"]].reverses_id) for one in (back, home)] == [sides["into"]["id"], sides["out"]["id"]]
    assert told[sides["out"]["id"]].reverses_id is None


async def test_both_sides_selected_are_one_cancellation(desk: FrontDesk) -> None:
    """PAY-7."""
    sister = new_id()
    await desk.paid("30.00")
    sides = await transfer(desk, sister, "30.00")
    ids = [sides["out"]["id"], sides["into"]["id"]]
    done = good(await undo_all(desk, *ids), 201)["items"]
    assert [one["reverses_id"] for one in done] == ids
    assert good(await undo_all(desk, *ids), 201)["items"] == done
    assert (await desk.credit(), await desk.credit(sister)) == ("30.00", "0.00")


@pytest.mark.rule("PAY-5.7")
async def test_transferred_credit_that_was_spent_is_not_taken_back(desk: FrontDesk) -> None:
    """The sister's own credit is hers."""
    sister = new_id()
    await desk.paid("30.00")
    await desk.paid("100.00", patient_id=str(sister))
    sides = await transfer(desk, sister, "30.00")
    given = await transfer(desk, new_id(), "8.00", giver=sister)
    refused = problem(await undo(desk, sides["out"]["id"]), 409, "transfer-spent")
    assert (refused["left"], refused["transferred"]) == (usd("22.00"), usd("30.00"))
    good(await undo_all(desk, sides["out"]["id"], given["out"]["id"]), 201)
    assert (await desk.credit(), await desk.credit(sister)) == ("30.00", "100.00")


async def test_a_whole_mistaken_morning_is_cancelled_in_one_request(desk: FrontDesk) -> None:
    """PAY-7: whatever their order in the request, each finds its money."""
    invoice = await desk.invoice("30.00", patient_id=(sister := new_id()))
    payment = await desk.paid("40.00")
    sides = await transfer(desk, sister, "30.00")
    body = {"reason": "as agreed", "allocations": [{"invoice_id": str(invoice)}]}
    applied = good(await desk.client.post(f"/v1/patients/{sister}/credit/applications", json=body), 201)
    refund = good(await desk.refund(payment["id"], "10.00"), 201)
    ids = [payment["id"], sides["out"]["id"], applied["id"], refund["id"]]
    done = good(await undo_all(desk, *ids), 201)["items"]
    assert [one["kind"] for one in done] == [
        "cancellation",
        "credit_transfer_in",
        "application_cancellation",
        "refund_cancellation",
    ]
    assert (await desk.outstanding(invoice), await desk.credit(), await desk.credit(sister)) == (
        "30.00",
        "0.00",
        "0.00",
    )


async def test_one_that_cannot_be_taken_back_leaves_the_others(desk: FrontDesk) -> None:
    """PAY-7."""
    invoice = await desk.invoice("30.00")
    await desk.paid("40.00")
    applied = await apply(desk, invoice, amount="10.00")
    sides = await transfer(desk, sister := new_id(), "30.00")
    await transfer(desk, desk.patient_id, "1.00", giver=sister)
    refused = problem(await undo_all(desk, applied["id"], sides["into"]["id"]), 409, "selection-refused")
    assert [(error["field"], error["left"]) for error in refused["errors"]] == [("transaction_ids[1]", usd("29.00"))]
    assert await desk.outstanding(invoice) == "20.00"
    assert await desk.events(CreditApplicationCancelled) == []


async def test_a_payment_and_a_refund_are_cancelled_the_same_way(desk: FrontDesk) -> None:
    payment = await desk.paid("30.00")
    refund = good(await desk.refund(payment["id"], "10.00"), 201)
    problem(await undo(desk, payment["id"]), 409, "refund-standing")
    assert good(await undo(desk, refund["id"]), 201)["kind"] == "refund_cancellation"
    first = good(await undo(desk, payment["id"]), 201)
    assert good(await undo(desk, payment["id"]), 200) == first == good(await desk.cancel(payment["id"]), 200)
    problem(await undo(desk, str(new_id())), 404, "transaction-unknown")
    async with desk.person("clerk:bo", "payments:read payments:write") as clerk:
        path = f"/v1/transactions/{payment['id']}/cancellation"
        problem(await clerk.post(path, json={"reason": "x"}), 403, "insufficient-scope")
        problem(await desk.client.post(path, json={"reason": " "}), 422, "invalid-request")


@pytest.mark.rule("PAY-5.9")
@pytest.mark.parametrize(
    "kind",
    ["chargeback", "cancellation", "refund_cancellation", "application_cancellation", "release", "back", "recall"],
)
async def test_what_was_no_mistake_of_its_own_is_not_cancelled(desk: FrontDesk, kind: str) -> None:
    """The bank's act, what follows from something else, and a cancellation (PAY-5, PAY-6)."""
    invoice = await desk.invoice("30.00")
    payment = await desk.paid("30.00", method="check")
    applied = await apply(desk, invoice, amount="10.00")
    sides = await transfer(desk, new_id(), "10.00")
    if kind == "chargeback":
        made = good(await desk.charge_back(payment["id"]), 201)
    elif kind == "application_cancellation":
        made = good(await undo(desk, applied["id"]), 201)
    elif kind == "back":
        made = good(await undo(desk, sides["out"]["id"]), 201)
    elif kind == "release":
        await desk.harness.deliver(desk.credit_note(invoice, "25.00"))
        made = {"id": (await desk.account(kind="release"))[0]["transaction_id"]}
    elif kind == "refund_cancellation":
        made = good(await undo(desk, good(await desk.refund(payment["id"], "1.00"), 201)["id"]), 201)
    else:
        good(await desk.cancel(payment["id"]), 201)
        found = await desk.account(kind="cancellation" if kind == "cancellation" else "credit_transfer_in")
        made = {"id": found[0]["transaction_id"]}
    refused = problem(await undo(desk, made["id"]), 422, "not-cancellable")
    assert "is not cancelled: " in refused["detail"]


async def test_account_journal_and_day_sheet_tell_of_credit_taken_back(desk: FrontDesk) -> None:
    """PAY-9, PAY-10, PAY-12: in the account both, in the journal opposite entries; a day's cash is what it was."""
    invoice = await desk.invoice("30.00")
    await desk.paid("30.00")
    day = (await desk.account())[-1]["date"]
    sheet = good(await desk.client.get(f"/v1/day-sheets/{day}"))
    applied = await apply(desk, invoice)
    undone = good(await undo(desk, applied["id"]), 201)
    line = (await desk.account())[-1]
    assert (line["kind"], line["id"], line["change"], line["balance"]) == (
        "application_cancellation",
        undone["id"],
        usd("0.00"),
        usd("0.00"),
    )
    assert (line["reason"], line["recorded_by"]) == ("the wrong invoice", "clerk:ada")
    query = {"from": day, "to": day}
    entries = good(await desk.client.get("/v1/journal/entries", params=query))["items"]
    said = [
        (entry["account"], entry["debit"], entry["credit"]) for entry in entries if entry["posting_id"] == undone["id"]
    ]
    assert len(said) == 2
    assert {one[0] for one in said} == {"receivable", "patient_credit"}
    assert good(await desk.client.get(f"/v1/day-sheets/{day}")) == sheet
