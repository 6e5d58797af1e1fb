"""A refund above the clinic's limit needs a second person (ALL-5), however it is asked for."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentRefunded, RefundApproved, RefundRejected, RefundRequested
from payments_desk import FrontDesk, good, problem, usd

REQUESTS = "/v1/refund-requests"


async def asked(desk: FrontDesk, payment_id: str, amount: str, **more: Any) -> dict[str, Any]:
    return good(await desk.refund(payment_id, amount, **more), 202)


async def decide(client: httpx.AsyncClient, request: dict[str, Any], decision: str, **body: Any) -> httpx.Response:
    return await client.post(f"{REQUESTS}/{request['id']}/{decision}", json=body or None)


async def test_limit_is_a_setting_with_versions_that_stay(desk: FrontDesk) -> None:
    """ALL-3, ALL-5."""
    first = await desk.client.get("/v1/settings")
    assert (good(first)["refund_limit"], first.headers["ETag"]) == (None, '"0"')
    body = {"refund_limit": usd("100.00"), "reason": "as the owner asked"}
    problem(await desk.client.put("/v1/settings", json=body), 428, "precondition-required")
    changed = await desk.client.put("/v1/settings", json=body, headers={"If-Match": '"0"'})
    assert (good(changed)["changed_by"], changed.headers["ETag"]) == ("clerk:ada", '"1"')
    problem(await desk.client.put("/v1/settings", json=body, headers={"If-Match": '"0"'}), 412, "precondition-failed")
    for wrong, slug in (
        ({"amount": "1.00", "currency": "EUR"}, "wrong-currency"),
        (usd("-1.00"), "invalid-request"),
        (usd("1.001"), "invalid-request"),
    ):
        answer = await desk.client.put(
            "/v1/settings", json={"refund_limit": wrong, "reason": "x"}, headers={"If-Match": '"1"'}
        )
        assert problem(answer, 422, slug)["errors"][0]["field"].startswith("refund_limit")
    async with desk.person("clerk:bo", "payments:read payments:write payments:reverse settings:read") as clerk:
        answer = await clerk.put("/v1/settings", json=body, headers={"If-Match": '"1"'})
        problem(answer, 403, "insufficient-scope")
        assert good(await clerk.get("/v1/settings"))["refund_limit"] == usd("100.00")


@pytest.mark.parametrize("given", [{}, {"reason": None}, {"reason": ""}, {"reason": " "}])
async def test_limit_is_not_changed_without_a_reason(desk: FrontDesk, given: dict[str, Any]) -> None:
    """ALL-5: also not lifted, which would let one person refund anything."""
    await desk.limit_refunds("50.00")
    body = {"refund_limit": None} | given
    refused = problem(
        await desk.client.put("/v1/settings", json=body, headers={"If-Match": '"1"'}), 422, "invalid-request"
    )
    assert [error["field"] for error in refused["errors"]] == ["reason"]
    assert good(await desk.client.get("/v1/settings"))["refund_limit"] == usd("50.00")


async def test_versions_of_the_limit_say_who_when_and_why(desk: FrontDesk) -> None:
    """ALL-3, ALL-5."""
    url = "/v1/settings/versions"
    assert good(await desk.client.get(url)) == {"items": [], "next": None}
    for amount, reason in (("50.00", "as the owner asked"), (None, "the manager is away"), ("40.00", "she is back")):
        await desk.limit_refunds(amount, reason)
    page = good(await desk.client.get(url, params={"limit": "2"}))
    rest = good(await desk.client.get(url, params={"limit": "2", "cursor": page["next"]}))
    told = [*page["items"], *rest["items"]]
    assert [(one["version"], one["refund_limit"], one["reason"], one["changed_by"]) for one in told] == [
        (3, usd("40.00"), "she is back", "clerk:ada"),
        (2, None, "the manager is away", "clerk:ada"),
        (1, usd("50.00"), "as the owner asked", "clerk:ada"),
    ]
    assert (rest["next"], all(one["changed_at"] for one in told)) == (None, True)
    other = FrontDesk(desk.harness)
    assert good(await other.client.get(url))["items"] == []
    await other.client.aclose()


async def test_two_changes_of_the_limit_at_once_have_one_winner(desk: FrontDesk) -> None:
    answers = await asyncio.gather(
        *(
            desk.client.put(
                "/v1/settings", json={"refund_limit": usd(f"{n}.00"), "reason": "x"}, headers={"If-Match": '"0"'}
            )
            for n in range(5)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 4}


@pytest.mark.rule("PAY-15.1")
async def test_refund_above_the_limit_waits_for_another_person(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    invoice = await desk.invoice("80.00")
    payment = await desk.paid("80.00", invoice)
    request = await asked(desk, payment["id"], "60.00", reason="the crown broke")
    assert (request["state"], request["requested_by"], request["limit"]) == ("requested", "clerk:ada", usd("50.00"))
    assert (await desk.payment(payment["id"]))["refunded"] == usd("0.00")
    assert await desk.events(PaymentRefunded) == []

    problem(await decide(desk.client, request, "approval"), 403, "second-person-needed")
    async with desk.person("clerk:cy", "payments:read payments:reverse") as clerk:
        problem(await decide(clerk, request, "approval"), 403, "insufficient-scope")
    async with desk.person("manager:bo", "payments:read payments:approve") as manager:
        done = good(await decide(manager, request, "approval"))
        assert good(await decide(manager, request, "approval")) == done

    assert (done["state"], done["decided_by"], len(done["transactions"])) == ("completed", "manager:bo", 1)
    refund = good(await desk.client.get(f"/v1/transactions/{done['transactions'][0]}"))
    assert (refund["request_id"], refund["recorded_by"], refund["reason"]) == (
        request["id"],
        "manager:bo",
        "the crown broke",
    )
    assert (await desk.payment(payment["id"]))["refunded"] == usd("60.00")
    assert await desk.outstanding(invoice) == "0.00"
    (requested,) = await desk.events(RefundRequested)
    (approved,) = await desk.events(RefundApproved)
    assert (requested.by.subject, requested.by.reason, requested.limit.amount) == (
        "clerk:ada",
        "the crown broke",
        "50.00",
    )
    assert (approved.requested_by, approved.by.subject) == ("clerk:ada", "manager:bo")
    assert [str(id_) for id_ in approved.transaction_ids] == done["transactions"]
    assert len(await desk.events(PaymentRefunded)) == 1


async def test_refund_split_into_several_below_the_limit_is_caught(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    payment = await desk.paid("80.00")
    first = good(await desk.refund(payment["id"], "50.00"), 201)
    assert (await asked(desk, payment["id"], "0.01"))["state"] == "requested"
    good(await desk.cancel_refund(first["id"]), 201)
    good(await desk.refund(payment["id"], "30.00"), 201)


async def test_limit_in_the_currency_before_lets_nothing_pass(desk: FrontDesk) -> None:
    """A clinic that was set up with a wrong currency keeps its second person until the limit is set anew."""
    await desk.limit_refunds("50.00")
    await desk.configure(currency="EUR", version=2)
    euros = {"amount": "10.00", "currency": "EUR"}
    payment = good(await desk.pay("10.00", amount=euros), 201)
    body = {"amount": euros, "reason_code": "overpayment"}
    url = f"/v1/payments/{payment['id']}/refunds"
    request = good(await desk.client.post(url, json=body), 202)
    assert (request["amount"], request["limit"]) == (euros, {"amount": "0.00", "currency": "EUR"})
    limit = {"refund_limit": euros, "reason": "the currency was wrong"}
    good(await desk.client.put("/v1/settings", json=limit, headers={"If-Match": '"1"'}))
    good(await desk.client.post(url, json=body), 201)


async def test_what_could_not_be_refunded_is_not_requested_either(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    payment = await desk.paid("80.00")
    problem(await desk.refund(payment["id"], "80.01"), 422, "refund-exceeds-payment")
    problem(await desk.refund(str(new_id()), "80.00"), 404, "payment-unknown")
    assert good(await desk.client.get(REQUESTS))["items"] == []


async def test_rejected_and_withdrawn_requests_say_by_whom_and_why(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    payment = await desk.paid("80.00")
    rejected, withdrawn = [await asked(desk, payment["id"], "60.00") for _ in range(2)]
    async with desk.person("manager:bo") as manager:
        problem(await decide(manager, rejected, "withdrawal", reason="x"), 403, "not-the-requester")
        problem(await decide(manager, rejected, "rejection"), 422, "invalid-request")
        told = good(await decide(manager, rejected, "rejection", reason="no ground for it"))
        problem(await decide(manager, rejected, "approval"), 409, "refund-request-decided")
    assert (told["state"], told["decided_by"], told["decision_reason"]) == (
        "rejected",
        "manager:bo",
        "no ground for it",
    )
    problem(await decide(desk.client, withdrawn, "rejection", reason="x"), 403, "second-person-needed")
    assert good(await decide(desk.client, withdrawn, "withdrawal", reason="a mistake"))["state"] == "withdrawn"
    refused = problem(await decide(desk.client, withdrawn, "withdrawal", reason="x"), 409, "refund-request-decided")
    assert refused["state"] == "withdrawn"
    events = await desk.events(RefundRejected)
    assert [(event.outcome, event.by.subject, event.by.reason) for event in events] == [
        ("rejected", "manager:bo", "no ground for it"),
        ("withdrawn", "clerk:ada", "a mistake"),
    ]
    assert (await desk.payment(payment["id"]))["refunded"] == usd("0.00")


async def test_request_that_can_no_longer_be_fulfilled_is_refused_at_approval_and_stays(desk: FrontDesk) -> None:
    await desk.limit_refunds("50.00")
    payment = await desk.paid("80.00")
    first, second = [await asked(desk, payment["id"], "60.00") for _ in range(2)]
    async with desk.person("manager:bo") as manager:
        good(await decide(manager, first, "approval"))
        refused = problem(await decide(manager, second, "approval"), 422, "refund-exceeds-payment")
        assert refused["refundable"] == usd("20.00")
        assert good(await desk.client.get(f"{REQUESTS}/{second['id']}"))["state"] == "requested"
        good(await decide(manager, second, "rejection", reason="refunded already"))


async def test_requests_are_listed_by_state_the_latest_first(desk: FrontDesk) -> None:
    await desk.limit_refunds("0.00")
    payment = await desk.paid("80.00")
    made = [(await asked(desk, payment["id"], "1.00"))["id"] for _ in range(4)]
    async with desk.person("manager:bo") as manager:
        good(await decide(manager, {"id": made[1]}, "approval"))

    async def listed(**query: str) -> list[str]:
        return [item["id"] for item in good(await desk.client.get(REQUESTS, params=query))["items"]]

    assert await listed(state="requested") == [made[3], made[2], made[0]]
    assert await listed(state="completed", payment_id=payment["id"]) == [made[1]]
    assert await listed(patient_id=str(new_id())) == []
    assert await listed(requested_by="clerk:ada", patient_id=str(desk.patient_id)) == made[::-1]
    page = good(await desk.client.get(REQUESTS, params={"limit": "3"}))
    assert await listed(limit="3", cursor=page["next"]) == [made[0]]
    assert (await desk.client.get(f"{REQUESTS}/{new_id()}")).status_code == 404
    other = FrontDesk(desk.harness)
    assert (await other.client.get(f"{REQUESTS}/{made[0]}")).status_code == 404
    problem(await decide(other.client, {"id": made[0]}, "approval"), 404, "refund-request-unknown")
    await other.client.aclose()


async def test_withdrawal_above_the_limit_is_requested_as_a_whole(desk: FrontDesk) -> None:
    """PAY-3: three payments, none of them above the limit, and all of them together."""
    await desk.limit_refunds("50.00")
    for _ in range(3):
        await desk.paid("30.00")
    path = f"/v1/patients/{desk.patient_id}/credit/withdrawals"
    request = good(await desk.client.post(path, json={"amount": usd("70.00"), "reason": "moves away"}), 202)
    assert (request["kind"], request["payment_id"], request["amount"]) == ("withdrawal", None, usd("70.00"))
    async with desk.person("manager:bo") as manager:
        done = good(await decide(manager, request, "approval"))
    assert len(done["transactions"]) == 3
    assert await desk.credit() == "20.00"
    assert [event.amount.amount for event in await desk.events(PaymentRefunded)] == ["30.00", "30.00", "10.00"]


async def test_withdrawal_after_the_credit_was_spent_is_refused_at_approval(desk: FrontDesk) -> None:
    await desk.limit_refunds("10.00")
    await desk.paid("30.00")
    path = f"/v1/patients/{desk.patient_id}/credit"
    request = good(
        await desk.client.post(f"{path}/withdrawals", json={"amount": usd("30.00"), "reason": "moves away"}), 202
    )
    await desk.invoice("20.00")
    good(await desk.client.post(f"{path}/applications", json={"reason": "as agreed"}), 201)
    async with desk.person("manager:bo") as manager:
        problem(await decide(manager, request, "approval"), 422, "credit-insufficient")


@pytest.mark.parametrize("_round", range(4))
async def test_approvals_at_once_are_one_refund(desk: FrontDesk, _round: int) -> None:
    await desk.limit_refunds("10.00")
    payment = await desk.paid("80.00")
    request = await asked(desk, payment["id"], "60.00")
    async with desk.person("manager:bo") as bo, desk.person("manager:cy") as cy:
        answers = await asyncio.gather(
            *(decide(client, request, "approval") for client in (bo, cy, bo, cy)),
            decide(bo, request, "rejection", reason="x"),
            decide(desk.client, request, "withdrawal", reason="x"),
        )
    assert {answer.status_code for answer in answers} <= {200, 409}
    state = good(await desk.client.get(f"{REQUESTS}/{request['id']}"))["state"]
    refunded = (await desk.payment(payment["id"]))["refunded"]
    assert refunded == usd("60.00" if state == "completed" else "0.00")
    assert len(await desk.events(PaymentRefunded)) == (state == "completed")
    assert len(await desk.events(RefundApproved)) + len(await desk.events(RefundRejected)) == 1


@pytest.mark.parametrize("_round", range(4))
async def test_approval_against_cancellation_has_one_winner(desk: FrontDesk, _round: int) -> None:
    await desk.limit_refunds("10.00")
    invoice = await desk.invoice("80.00")
    payment = await desk.paid("80.00", invoice)
    request = await asked(desk, payment["id"], "60.00")
    await desk.limit_refunds(None)
    async with desk.person("manager:bo") as manager:
        approved, cancelled = await asyncio.gather(decide(manager, request, "approval"), desk.cancel(payment["id"]))
    assert sorted((approved.status_code, cancelled.status_code)) in ([200, 409], [201, 409])
    state = good(await desk.client.get(f"{REQUESTS}/{request['id']}"))["state"]
    assert (state == "completed") == (approved.status_code == 200)
