"""Credit notes and write-offs have a limit of their own, above which a second person approves (PAY-15)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

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


@pytest.mark.parametrize("other", ["CLERK:test", " clerk:test", "clerk:TEST "])
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
    answers = await asyncio.gather(*(credit(clinic, one, "20.00") for one in invoices))
    assert Counter(one.status_code for one in answers) == {201: 1, 202: 3}
