"""A refund names the invoice, and its lines, that the money comes from; else what was settled last (`PAY-19`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.payments import PaymentRefunded
from front_desk import FrontDesk, good, usd

EUROS = {"amount": "20.00", "currency": "EUR"}


async def three_paid(desk: FrontDesk) -> tuple[list[UUID], dict[str, Any]]:
    """Three invoices settled by one payment, and some credit left of it."""
    invoices = [await desk.invoice(total) for total in ("119.00", "100.00", "100.00")]
    return invoices, await desk.paid("330.00", *invoices, allow_overpayment=True)


def taken(refund: dict[str, Any]) -> dict[str, str]:
    return {one["invoice_id"]: one["change"]["amount"] for one in refund["settlements"]}


async def test_the_money_comes_from_the_invoice_that_is_named(desk: FrontDesk) -> None:
    """Before the credit, and before what was settled last."""
    (first, *_), payment = await three_paid(desk)
    named = [{"invoice_id": str(first)}]
    refund = good(await desk.refund(payment["id"], "119.00", allocations=named), 201)
    assert taken(refund) == {str(first): "-119.00"}
    assert await desk.credit() == "11.00"


async def test_amounts_and_lines_are_told_and_the_rest_goes_by_the_usual_order(desk: FrontDesk) -> None:
    (first, second, _), payment = await three_paid(desk)
    line = new_id()
    named = [
        {"invoice_id": str(first), "amount": usd("59.50"), "lines": [{"line_id": str(line), "amount": usd("59.50")}]},
        {"invoice_id": str(second), "amount": usd("10.00")},
    ]
    refund = good(await desk.refund(payment["id"], "78.50", allocations=named), 201)
    assert taken(refund) == {str(first): "-59.50", str(second): "-10.00"}
    assert await desk.credit() == "2.00"  # 9.00 of the rest
    (event,) = await desk.events(PaymentRefunded)
    told = {one.invoice_id: [(of.line_id, of.amount.amount) for of in one.lines] for one in event.settlements}
    assert told == {first: [(line, "59.50")], second: []}
    good(await desk.cancel_refund(refund["id"]), 201)
    assert await desk.credit() == "11.00"


@pytest.mark.parametrize(
    ("amount", "named", "field", "problem"),
    [
        ("120.00", {"amount": usd("119.01")}, "allocations[0].amount", "less-settled-there"),
        ("120.00", {}, "amount", "less-settled-there"),
        ("20.00", {"amount": usd("20.01")}, None, "allocations-exceed-amount"),
        ("20.00", {"invoice_id": str(UUID(int=7))}, "allocations[0].invoice_id", "less-settled-there"),
        (
            "20.00",
            {"amount": {"amount": "20.00", "currency": "EUR"}},
            "allocations[0].amount.currency",
            "wrong-currency",
        ),
        ("20.00", {"amount": usd("0.00")}, "allocations[0].amount", "amount-not-positive"),
    ],
)
async def test_what_is_not_there_is_refused_and_nothing_goes_back(
    desk: FrontDesk, amount: str, named: dict[str, Any], field: str | None, problem: str
) -> None:
    (first, *_), payment = await three_paid(desk)
    refused = await desk.refund(payment["id"], amount, allocations=[{"invoice_id": str(first)} | named])
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, problem)
    if field is not None:
        assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert (await desk.payment(payment["id"]))["refunded"] == usd("0.00")


async def test_an_invoice_named_twice_is_refused_and_an_overpayment_names_none(desk: FrontDesk) -> None:
    (first, *_), payment = await three_paid(desk)
    twice = [{"invoice_id": str(first), "amount": usd("1.00")}] * 2
    assert (await desk.refund(payment["id"], "2.00", allocations=twice)).status_code == 422
    one = await desk.refund(payment["id"], "2.00", "overpayment", allocations=twice[:1])
    assert one.json()["type"].endswith("refund-needs-reason")


async def test_what_a_second_person_approves_comes_from_what_was_named(desk: FrontDesk) -> None:
    """ALL-5, PAY-19: the request says it, and keeps it."""
    (first, *_), payment = await three_paid(desk)
    await desk.limit_refunds("50.00")
    line = str(new_id())
    named = [{"invoice_id": str(first), "lines": [{"line_id": line}]}]
    request = good(await desk.refund(payment["id"], "119.00", allocations=named), 202)
    assert request["allocations"] == [
        {"invoice_id": str(first), "amount": None, "lines": [{"line_id": line, "amount": None}]}
    ]
    async with desk.person("manager:bo") as manager:
        good(await manager.post(f"/v1/refund-requests/{request['id']}/approval"))
    (event,) = await desk.events(PaymentRefunded)
    assert [(one.invoice_id, one.change.amount) for one in event.settlements] == [(first, "-119.00")]
    assert [str(one.line_id) for one in event.settlements[0].lines] == [line]
