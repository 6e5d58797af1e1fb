"""Several selected transactions in one request: all of them, or none and each failure is named (PAY-7)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentCancelled, PaymentRefunded, RefundCancelled
from payments_desk import FrontDesk, good, problem, usd


async def cancel_all(desk: FrontDesk, *ids: str, **more: Any) -> httpx.Response:
    body = {"transaction_ids": list(ids), "reason": "wrong till"} | more
    return await desk.client.post("/v1/transactions/cancellations", json=body)


async def refund_all(desk: FrontDesk, *refunds: dict[str, Any], **more: Any) -> httpx.Response:
    body = {"refunds": list(refunds), "reason_code": "goodwill"} | more
    return await desk.client.post("/v1/transactions/refunds", json=body)


def named(refused: dict[str, Any]) -> dict[str, str]:
    """Which transactions failed, and by which problem."""
    return {error["transaction_id"]: error["type"].rpartition(":")[2] for error in refused["errors"]}


@pytest.mark.rule("PAY-7.1")
async def test_payments_of_several_patients_are_cancelled_together(desk: FrontDesk) -> None:
    other = new_id()
    first, second = await desk.invoice("40.00"), await desk.invoice("30.00", patient_id=other)
    mine = await desk.paid("50.00", first, allow_overpayment=True)
    theirs = await desk.paid("30.00", second, patient_id=str(other))
    done = good(await cancel_all(desk, theirs["id"], mine["id"]), 201)["items"]
    assert [one["reverses_id"] for one in done] == [theirs["id"], mine["id"]]
    assert {one["reason"] for one in done} == {"wrong till"}
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("40.00", "30.00")
    assert await desk.credit() == "0.00"
    events = await desk.events(PaymentCancelled)
    assert [event.patient_credit_balance.amount for event in events] == ["0.00", "0.00"]


async def test_a_payment_is_cancelled_together_with_its_refunds(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("50.00", invoice, allow_overpayment=True)
    refunds = [good(await desk.refund(payment["id"], amount), 201)["id"] for amount in ("15.00", "20.00")]
    refused = problem(await cancel_all(desk, payment["id"], refunds[0]), 409, "selection-refused")
    assert named(refused) == {payment["id"]: "refund-standing"}
    assert refused["errors"][0]["refund_ids"] == [refunds[1]]
    done = good(await cancel_all(desk, payment["id"], *refunds), 201)["items"]
    assert [one["kind"] for one in done] == ["cancellation", "refund_cancellation", "refund_cancellation"]
    assert (await desk.outstanding(invoice), await desk.credit()) == ("40.00", "0.00")
    sequences = [one.sequence for one in await desk.harness.announced(clinic_id=desk.clinic_id)]
    assert sequences == [1, 2, 3, 4, 5, 6]
    undone = await desk.events(RefundCancelled)
    assert [one.patient_credit_balance.amount for one in undone] == ["10.00", "10.00"]


@pytest.mark.rule("PAY-7.1")
async def test_one_that_fails_leaves_all_as_they_were_and_each_failure_is_named(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    good_one = await desk.paid("10.00", invoice)
    refunded = await desk.paid("10.00", invoice)
    good(await desk.refund(refunded["id"], "5.00"), 201)
    back = await desk.paid("10.00", invoice, method="check")
    chargeback = good(await desk.charge_back(back["id"]), 201)
    unknown = str(new_id())
    ids = [good_one["id"], refunded["id"], back["id"], chargeback["id"], unknown]
    refused = problem(await cancel_all(desk, *ids), 409, "selection-refused")
    assert named(refused) == {
        refunded["id"]: "refund-standing",
        back["id"]: "payment-reversed",
        chargeback["id"]: "not-cancellable",
        unknown: "transaction-unknown",
    }
    assert [error["field"] for error in refused["errors"]] == [f"transaction_ids[{place}]" for place in (1, 2, 3, 4)]
    assert all(error["detail"] and error["status"] for error in refused["errors"])
    assert (await desk.payment(good_one["id"]))["status"] == "recorded"
    assert await desk.events(PaymentCancelled) == []


async def test_what_was_cancelled_before_is_that_cancellation_again(desk: FrontDesk) -> None:
    """PAY-5: cancelling twice is one cancellation."""
    first, second = await desk.paid("10.00"), await desk.paid("20.00")
    before = good(await desk.cancel(first["id"]), 201)
    done = good(await cancel_all(desk, first["id"], second["id"]), 201)["items"]
    assert done[0] == before
    assert good(await cancel_all(desk, first["id"], second["id"]), 201)["items"] == done
    assert len(await desk.events(PaymentCancelled)) == 2


async def test_another_clinics_transactions_are_unknown(desk: FrontDesk) -> None:
    """ALL-4."""
    other = FrontDesk(desk.harness)
    await other.configure()
    payment = await other.paid("10.00")
    assert named(problem(await cancel_all(desk, payment["id"]), 409, "selection-refused")) == {
        payment["id"]: "transaction-unknown"
    }
    refused = problem(await refund_all(desk, {"payment_id": payment["id"]}), 409, "selection-refused")
    assert named(refused) == {payment["id"]: "payment-unknown"}
    await other.prove()
    await other.client.aclose()


@pytest.mark.rule("PAY-7.2")
async def test_payments_are_refunded_together_in_full_or_part(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    first = await desk.paid("30.00", invoice)
    second = await desk.paid("25.00", invoice, allow_overpayment=True)
    good(await desk.refund(second["id"], "5.00"), 201)
    wanted = ({"payment_id": second["id"]}, {"payment_id": first["id"], "amount": usd("12.00")})
    done = good(await refund_all(desk, *wanted, reason="closing the file", method="cash"), 201)["items"]
    assert [(one["payment_id"], one["amount"]["amount"]) for one in done] == [
        (second["id"], "20.00"),
        (first["id"], "12.00"),
    ]
    assert {(one["reason"], one["method"]) for one in done} == {("closing the file", "cash")}
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "0.00")
    assert (await desk.payment(second["id"]))["status"] == "refunded"
    assert [event.refunded_so_far.amount for event in await desk.events(PaymentRefunded)] == ["5.00", "25.00", "12.00"]


@pytest.mark.rule("PAY-7.2")
async def test_refunds_are_all_or_none(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    fine, settled, gone = [await desk.paid("10.00"), await desk.paid("20.00", invoice), await desk.paid("5.00")]
    good(await desk.refund(gone["id"], "5.00"), 201)
    wanted = [
        {"payment_id": fine["id"]},
        {"payment_id": settled["id"]},
        {"payment_id": gone["id"]},
        {"payment_id": str(new_id())},
    ]
    refused = problem(await refund_all(desk, *wanted, reason_code="overpayment"), 409, "selection-refused")
    assert list(named(refused).values()) == ["refund-needs-reason", "nothing-to-refund", "payment-unknown"]
    assert (await desk.payment(fine["id"]))["refunded"] == usd("0.00")
    beyond = {"payment_id": fine["id"], "amount": usd("10.01")}
    assert named(problem(await refund_all(desk, beyond), 409, "selection-refused")) == {
        fine["id"]: "refund-exceeds-payment"
    }


async def test_a_refund_above_the_limit_is_not_hidden_among_others(desk: FrontDesk) -> None:
    """ALL-5."""
    await desk.limit_refunds("50.00")
    large = await desk.paid("50.01")
    small = await desk.paid("50.00", patient_id=str(new_id()))
    refused = problem(
        await refund_all(desk, {"payment_id": small["id"]}, {"payment_id": large["id"]}), 409, "selection-refused"
    )
    assert named(refused) == {large["id"]: "refund-needs-approval"}
    good(await refund_all(desk, {"payment_id": small["id"]}), 201)


async def test_a_selection_is_checked_and_limited(desk: FrontDesk) -> None:
    payment = (await desk.paid("10.00"))["id"]
    problem(await cancel_all(desk), 422, "invalid-request")
    problem(await cancel_all(desk, payment, payment), 422, "invalid-request")
    problem(await cancel_all(desk, *(str(new_id()) for _ in range(201))), 422, "invalid-request")
    problem(await cancel_all(desk, payment, reason=" "), 422, "invalid-request")
    problem(await refund_all(desk, {"payment_id": payment}, {"payment_id": payment}), 422, "invalid-request")
    problem(await refund_all(desk, {"payment_id": payment}, reason_code="other"), 422, "invalid-request")
    wrong = {"payment_id": payment, "amount": {"amount": "1.00", "currency": "EUR"}}
    assert named(problem(await refund_all(desk, wrong), 409, "selection-refused")) == {payment: "wrong-currency"}
    async with desk.person("clerk:bo", "payments:read payments:write") as clerk:
        body = {"transaction_ids": [payment], "reason": "x"}
        problem(await clerk.post("/v1/transactions/cancellations", json=body), 403, "insufficient-scope")


async def test_credit_that_others_hold_comes_back_with_a_selection(desk: FrontDesk) -> None:
    """PAY-5: of two payments, shared among three patients."""
    sister, brother = new_id(), new_id()
    first, second = await desk.paid("30.00"), await desk.paid("30.00")
    for taker, amount in ((sister, "40.00"), (brother, "10.00")):
        body = {"to_patient_id": str(taker), "amount": usd(amount), "reason": "family"}
        good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body), 201)
    good(await cancel_all(desk, first["id"], second["id"]), 201)
    assert [await desk.credit(id_) for id_ in (desk.patient_id, sister, brother)] == ["0.00", "0.00", "0.00"]
    for patient in (desk.patient_id, sister, brother):
        assert (await desk.account(patient))[-1]["balance"] == usd("0.00")


@pytest.mark.parametrize("_round", range(4))
async def test_selections_against_each_other_and_against_single_ones_do_not_deadlock(
    desk: FrontDesk, _round: int
) -> None:
    invoices = [await desk.invoice("20.00") for _ in range(4)]
    paid = [(await desk.paid("25.00", invoice, allow_overpayment=True))["id"] for invoice in invoices]
    answers = await asyncio.gather(
        cancel_all(desk, *paid),
        cancel_all(desk, *reversed(paid)),
        refund_all(desk, *({"payment_id": one, "amount": usd("10.00")} for one in paid)),
        *(desk.cancel(one) for one in paid),
        desk.refund(paid[0], "10.00"),
    )
    counted = Counter(answer.status_code for answer in answers)
    assert set(counted) <= {200, 201, 409}, [answer.text for answer in answers]
    for one in paid:
        shown = await desk.payment(one)
        assert shown["status"] in ("cancelled", "partly_refunded")
        assert {done["kind"] for done in shown["transactions"]} in ({"cancellation"}, {"refund"})
