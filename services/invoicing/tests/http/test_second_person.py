"""Credit notes and write-offs have a limit of their own, above which a second person approves (PAY-15)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from contracts.credit_requests import CreditApproved, CreditRejected, CreditRequested
from contracts.invoicing import InvoiceVoided
from contracts.payments import PaymentCancelled

REQUESTS = "/v1/credit-requests"


async def credit(clinic: Any, invoice: dict[str, Any], amount: str | None, kind: str = "courtesy", **more: Any) -> Any:
    body = {"kind": kind, "reason": "moved away"} | ({} if amount is None else {"amount": clinic.usd(amount)}) | more
    return await clinic.api.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)


async def decide(client: Any, request: dict[str, Any], decision: str, **body: Any) -> Any:
    return await client.post(f"{REQUESTS}/{request['id']}/{decision}", json=body or None)


def is_problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (status, slug), answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.rule("PAY-15.2")
async def test_one_person_does_not_write_off_a_large_debt_alone(clinic: Any) -> None:
    """A limit of 30 did not stop one person from crediting 700."""
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("700.00"))
    asked = await credit(clinic, invoice, None, "write_off")
    assert asked.status_code == 202, asked.text
    request = asked.json()
    assert asked.headers["Location"] == f"{REQUESTS}/{request['id']}"
    assert (request["state"], request["kind"], request["amount"], request["limit"]) == (
        "requested",
        "write_off",
        clinic.usd("700.00"),
        clinic.usd("30.00"),
    )
    assert (await clinic.read(invoice["id"]))["outstanding"] == clinic.usd("700.00")
    is_problem(await decide(clinic.api, request, "approval"), 403, "second-person-needed")
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        done = (await decide(manager, request, "approval")).json()
        assert (await decide(manager, request, "approval")).json() == done
    assert (done["state"], done["decided_by"]) == ("completed", "manager:bo")
    found = await clinic.read(invoice["id"])
    assert found["outstanding"] == clinic.usd("0.00")
    (note,) = found["notes"]
    assert (note["id"], note["kind"], note["reason"]) == (done["credit_note_id"], "write_off", "moved away")
    listed = (await clinic.api.get(REQUESTS, params={"state": "completed"})).json()["items"]
    assert listed == [done] == [(await clinic.api.get(f"{REQUESTS}/{request['id']}")).json()]
    await clinic.prove()


async def test_credits_are_not_split_to_stay_below_the_limit(clinic: Any) -> None:
    """Of an invoice on whatever day, of a patient's invoices on one."""
    await clinic.configure(credit_limit="30.00")
    first, second = await clinic.invoice(clinic.custom("100.00")), await clinic.invoice(clinic.custom("100.00"))
    assert (await credit(clinic, first, "20.00")).status_code == 201
    assert (await credit(clinic, first, "10.01")).status_code == 202
    assert (await credit(clinic, second, "10.01")).status_code == 202
    assert (await credit(clinic, second, "10.00")).status_code == 201
    note = (await credit(clinic, second, "0.01")).json()
    assert note["state"] == "requested"


async def test_what_was_undone_or_approved_does_not_count(clinic: Any) -> None:
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("200.00"))
    wrong = (await credit(clinic, invoice, "30.00")).json()
    await clinic.post(f"/v1/credit-notes/{wrong['id']}/undo", {"reason": "wrong"}, 201)
    request = (await credit(clinic, invoice, "50.00")).json()
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        assert (await decide(manager, request, "approval")).status_code == 200
    assert (await credit(clinic, invoice, "30.00")).status_code == 201


async def test_a_debit_note_is_not_undone_past_the_limit(clinic: Any) -> None:
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("10.00"))
    body = {"kind": "late_fee", "reason": "late", "amount": clinic.usd("40.00")}
    note = await clinic.post(f"/v1/invoices/{invoice['id']}/debit-notes", body, 201)
    asked = await clinic.api.post(f"/v1/debit-notes/{note['id']}/undo", json={"reason": "goodwill"})
    assert (asked.status_code, asked.json()["kind"]) == (202, "undo_debit_note")
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        assert (await decide(manager, asked.json(), "approval")).status_code == 200
    assert (await clinic.read(invoice["id"]))["outstanding"] == clinic.usd("10.00")


async def void(clinic: Any, invoice: dict[str, Any]) -> Any:
    return await clinic.api.post(f"/v1/invoices/{invoice['id']}/void", json={"reason": "wrong patient"})


@pytest.mark.rule("PAY-15.2")
async def test_one_person_does_not_void_a_large_invoice_alone(clinic: Any) -> None:
    """A void lets a debt disappear as a credit note does."""
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("700.00"))
    asked = await void(clinic, invoice)
    request = asked.json()
    assert (asked.status_code, asked.headers["Location"]) == (202, f"{REQUESTS}/{request['id']}")
    assert (request["kind"], request["amount"], request["state"]) == ("void", clinic.usd("700.00"), "requested")
    assert (await clinic.read(invoice["id"]))["status"] == "issued"
    is_problem(await decide(clinic.api, request, "approval"), 403, "second-person-needed")
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        done = (await decide(manager, request, "approval")).json()
        assert (await decide(manager, request, "approval")).json() == done
    assert (done["state"], done["decided_by"], done["credit_note_id"]) == ("completed", "manager:bo", None)
    found = await clinic.read(invoice["id"])
    assert (found["status"], found["outstanding"]) == ("void", clinic.usd("0.00"))
    (told,) = await clinic.announced(InvoiceVoided)
    assert (told.by.subject, told.by.reason) == ("manager:bo", "wrong patient")


@pytest.mark.rule("ALL-2.2", "PAY-15.2")
@pytest.mark.parametrize(("kind", "amount"), [("bad_debt", None), ("bad_debt", "60.00"), ("courtesy", None)])
async def test_a_credit_that_has_become_nothing_or_less_is_said_to_be_so(
    clinic: Any, kind: str, amount: str | None
) -> None:
    """Paid, or credited, since it was asked for: it was "a credit is more than zero", of an amount nobody had named."""
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("60.00"))
    request = (await credit(clinic, invoice, amount, kind)).json()
    if kind == "bad_debt":
        await clinic.settle(invoice, "60.00")
        assert is_problem(await credit(clinic, invoice, None, kind), 409, "nothing-outstanding")
    else:
        await clinic.configure(credit_limit="90.00")
        assert (await credit(clinic, invoice, None)).status_code == 201
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        outdated = is_problem(await decide(manager, request, "approval"), 409, "credit-request-outdated")
    assert (outdated["asked"], outdated["now"]) == (clinic.usd("60.00"), clinic.usd("0.00"))


async def test_voids_and_credits_of_a_patients_day_count_together(clinic: Any) -> None:
    await clinic.configure(credit_limit="30.00")
    first, second, third = [await clinic.invoice(clinic.custom("20.00")) for _ in range(3)]
    assert (await credit(clinic, first, "5.00")).status_code == 201
    assert (await void(clinic, second)).status_code == 200
    assert (await credit(clinic, third, "5.01")).status_code == 202
    assert (await void(clinic, first)).status_code == 202
    assert (await credit(clinic, third, "5.00")).status_code == 201


async def test_a_void_that_was_paid_or_credited_since_is_not_carried_out(clinic: Any) -> None:
    await clinic.configure(credit_limit="30.00")
    paid, credited = await clinic.invoice(clinic.custom("50.00")), await clinic.invoice(clinic.custom("60.00"))
    requests = [(await void(clinic, one)).json() for one in (paid, credited)]
    await clinic.settle(paid, "10.00")
    assert (await credit(clinic, credited, "10.00")).status_code == 201
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        is_problem(await decide(manager, requests[0], "approval"), 409, "invoice-has-payments")
        is_problem(await decide(manager, requests[1], "approval"), 409, "credit-request-outdated")
    assert [(await clinic.read(one["id"]))["status"] for one in (paid, credited)] == ["partially_paid", "issued"]


async def test_what_waits_for_a_second_person_is_announced_with_what_became_of_it(clinic: Any) -> None:
    """As requests for refunds are: asked for, approved, rejected or withdrawn."""
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("100.00"))
    first, second, third = [(await credit(clinic, invoice, one)).json() for one in ("40.00", "50.00", "60.00")]
    voided = (await void(clinic, await clinic.invoice(clinic.custom("31.00")))).json()
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        done = (await decide(manager, first, "approval")).json()
        assert (await decide(manager, second, "rejection", reason="no ground")).status_code == 200
        assert (await decide(manager, voided, "approval")).status_code == 200
    assert (await decide(clinic.api, third, "withdrawal", reason="asked twice")).status_code == 200
    asked = await clinic.announced(CreditRequested)
    assert [(str(one.request_id), one.kind, one.amount.amount, one.limit.amount, one.by.reason) for one in asked] == [
        (first["id"], "courtesy", "40.00", "30.00", "moved away"),
        (second["id"], "courtesy", "50.00", "30.00", "moved away"),
        (third["id"], "courtesy", "60.00", "30.00", "moved away"),
        (voided["id"], "void", "31.00", "30.00", "wrong patient"),
    ]
    approved = await clinic.announced(CreditApproved)
    assert [(str(one.request_id), one.credit_note_id and str(one.credit_note_id)) for one in approved] == [
        (first["id"], done["credit_note_id"]),
        (voided["id"], None),
    ]
    assert {(one.requested_by, one.by.subject) for one in approved} == {(first["requested_by"], "manager:bo")}
    rejected = await clinic.announced(CreditRejected)
    assert [(str(one.request_id), one.outcome, one.by.reason) for one in rejected] == [
        (second["id"], "rejected", "no ground"),
        (third["id"], "withdrawn", "asked twice"),
    ]
    sequences = {one.subject: one.sequence for one in await clinic.harness.announced(CreditRejected)}
    assert set(sequences.values()) == {2}


async def test_what_raises_a_debt_or_only_moves_it_needs_nobody(clinic: Any) -> None:
    """PAY-15: the rows of decision 0032 that let nothing disappear."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    note = (await credit(clinic, invoice, "90.00")).json()
    draft = await clinic.invoice(clinic.custom("700.00"), issue=False)
    await clinic.configure(credit_limit="30.00")
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "wrong"}, 201)
    body = {"kind": "late_fee", "reason": "late", "amount": clinic.usd("40.00")}
    await clinic.post(f"/v1/invoices/{invoice['id']}/debit-notes", body, 201)
    monthly = {"count": 3, "first_due_date": "2026-12-31"}
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", monthly)
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan/cancel", {"reason": "pays at once"}, 200)
    gone = await clinic.api.delete(f"/v1/invoices/{draft['id']}", headers={"If-Match": f'"{draft["version"]}"'})
    assert gone.status_code == 204, gone.text


@pytest.mark.rule("PAY-15.2")
@pytest.mark.parametrize("kind", ["courtesy", "price_correction", "write_off", "bad_debt"])
async def test_every_kind_of_credit_has_the_limit(clinic: Any, kind: str) -> None:
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("100.00"))
    assert (await credit(clinic, invoice, "30.01", kind)).status_code == 202
    assert (await credit(clinic, invoice, "30.00", kind)).status_code == 201


async def test_bad_debt_that_a_rule_writes_off_again_counts_for_nobody(clinic: Any) -> None:
    """INV-17: what recovered it was taken back; no person decided that."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    assert (await credit(clinic, invoice, None, "bad_debt")).status_code == 201
    payment = await clinic.settle(invoice, "60.00")
    await clinic.settle(invoice, "-60.00", PaymentCancelled, of_payment=payment.settlements[0].payment_id)
    await clinic.configure(credit_limit="30.00")
    other = await clinic.invoice(clinic.custom("100.00"))
    assert (await credit(clinic, other, "0.01")).status_code == 202  # the 100.00 of today
    assert [note["kind"] for note in (await clinic.read(invoice["id"]))["notes"]][-1] == "bad_debt_again"


async def test_a_request_is_rejected_withdrawn_and_never_carried_out_at_another_amount(clinic: Any) -> None:
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("100.00"))
    first, second, all_of_it = [(await credit(clinic, invoice, one)).json() for one in ("40.00", "50.00", None)]
    async with clinic.harness.client(clinic_id=clinic.id, subject="manager:bo") as manager:
        rejected = await decide(manager, first, "rejection", reason="no ground")
        assert (rejected.status_code, rejected.json()["decision_reason"]) == (200, "no ground")
        is_problem(await decide(manager, first, "approval"), 409, "credit-request-decided")
        is_problem(await decide(manager, second, "withdrawal", reason="x"), 403, "not-the-requester")
        assert (await decide(clinic.api, second, "withdrawal", reason="asked twice")).json()["state"] == "withdrawn"
        assert (await credit(clinic, invoice, "10.00")).status_code == 201
        outdated = is_problem(await decide(manager, all_of_it, "approval"), 409, "credit-request-outdated")
        assert (outdated["asked"], outdated["now"]) == (clinic.usd("100.00"), clinic.usd("90.00"))
        is_problem(await decide(manager, all_of_it | {"id": invoice["id"]}, "approval"), 404, "not-found")
    assert (await clinic.read(invoice["id"]))["outstanding"] == clinic.usd("90.00")


@pytest.mark.parametrize("other", ["CLERK:test", " clerk:test", "clerk:TEST ", "\uff43lerk:test", "clerk: test"])
async def test_a_name_written_otherwise_is_the_same_person(clinic: Any, other: str) -> None:
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("100.00"))
    async with clinic.harness.client(clinic_id=clinic.id, subject="clerk:test") as clerk:
        body = {"kind": "courtesy", "reason": "x", "amount": clinic.usd("40.00")}
        request = (await clerk.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)).json()
    async with clinic.harness.client(clinic_id=clinic.id, subject=other) as again:
        is_problem(await decide(again, request, "approval"), 403, "second-person-needed")
        assert (await decide(again, request, "withdrawal", reason="x")).status_code == 200


async def test_without_a_limit_one_person_credits_any_amount(clinic: Any) -> None:
    invoice = await clinic.invoice(clinic.custom("5000.00"))
    assert (await credit(clinic, invoice, None)).status_code == 201
    assert (await clinic.api.get(REQUESTS)).json()["items"] == []


async def test_credits_at_once_are_made_up_to_the_limit(clinic: Any) -> None:
    await clinic.configure(credit_limit="30.00")
    invoices = [await clinic.invoice(clinic.custom("100.00")) for _ in range(4)]
    answers = await asyncio.gather(*(credit(clinic, invoice, "20.00") for invoice in invoices))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 202: 3}
