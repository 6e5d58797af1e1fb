"""A refund names the invoice, and its lines, that the money comes from; else what was settled last (`PAY-19`)."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import LineLeft
from contracts.payments import PaymentRefunded
from installments_agreed import planned
from payments_desk import FrontDesk, good, problem, usd

from contracts import Amount

EUROS = {"amount": "20.00", "currency": "EUR"}


async def three_paid(desk: FrontDesk) -> tuple[list[UUID], dict[str, Any]]:
    """Three invoices settled by one payment, and some credit left of it."""
    invoices = [await desk.invoice(total) for total in ("119.00", "100.00", "100.00")]
    return invoices, await desk.paid("330.00", *invoices, allow_overpayment=True)


def taken(refund: dict[str, Any]) -> dict[str, str]:
    return {settlement["invoice_id"]: settlement["change"]["amount"] for settlement in refund["settlements"]}


@pytest.mark.rule("PAY-19.1")
async def test_the_money_comes_from_the_invoice_that_is_named(desk: FrontDesk) -> None:
    """Before the credit, and before what was settled last."""
    (first, *_), payment = await three_paid(desk)
    named = [{"invoice_id": str(first)}]
    refund = good(await desk.refund(payment["id"], "119.00", allocations=named), 201)
    assert taken(refund) == {str(first): "-119.00"}
    assert await desk.credit() == "11.00"


@pytest.mark.rule("PAY-19.1")
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
    told = {
        settlement.invoice_id: [(of.line_id, of.amount.amount) for of in settlement.lines]
        for settlement in event.settlements
    }
    assert told == {first: [(line, "59.50")], second: []}
    assert [settlement.named for settlement in event.settlements] == [True, True]
    good(await desk.cancel_refund(refund["id"]), 201)
    assert await desk.credit() == "11.00"


@pytest.mark.parametrize(
    ("amount", "named", "field", "slug"),
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
    desk: FrontDesk, amount: str, named: dict[str, Any], field: str | None, slug: str
) -> None:
    (first, *_), payment = await three_paid(desk)
    refused = await desk.refund(payment["id"], amount, allocations=[{"invoice_id": str(first)} | named])
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, slug)
    if field is not None:
        assert [error["field"] for error in refused.json()["errors"]] == [field]
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
    assert [(settlement.invoice_id, settlement.change.amount) for settlement in event.settlements] == [
        (first, "-119.00")
    ]
    assert [str(one.line_id) for one in event.settlements[0].lines] == [line]


async def with_lines(desk: FrontDesk, *totals: str) -> tuple[UUID, list[UUID]]:
    """An issued invoice whose event says what can be credited of each of its lines."""
    whole = str(sum(Decimal(one) for one in totals))
    event = desk.issued(whole, plan=new_id())
    (pattern,) = event.lines
    lines = tuple(
        pattern.model_copy(update={"line_id": new_id(), "position": n, "creditable": Amount(**usd(total))})
        for n, total in enumerate(totals, start=1)
    )
    await desk.harness.deliver(event.model_copy(update={"lines": lines}))
    return event.invoice_id, [line.line_id for line in lines]


def left(*lines: tuple[UUID, str]) -> dict[str, Any]:
    return {"lines_left": tuple(LineLeft(line_id=one, left=Amount(**usd(amount))) for one, amount in lines)}


def naming(invoice: UUID, *lines: UUID | tuple[UUID, str], **more: Any) -> dict[str, Any]:
    named = [
        {"line_id": str(line[0]), "amount": usd(line[1])} if isinstance(line, tuple) else {"line_id": str(line)}
        for line in lines
    ]
    return {"invoice_id": str(invoice), "lines": named} | more


def refused_lines(answer: Any) -> tuple[str, dict[str, str]]:
    found = problem(answer, 422, "lines-have-less")
    return found["errors"][0]["field"], {line["line_id"]: line["left"]["amount"] for line in found["lines"]}


@pytest.mark.rule("PAY-19.3")
async def test_a_line_with_nothing_left_is_refused_with_what_is_left_by_line(desk: FrontDesk) -> None:
    """PAY-19: it was credited already, so the credit would have been of other lines."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("63.00", invoice)
    note = desk.credit_note(invoice, "59.50").model_copy(update=left((filling, "63.00"), (brush, "0.00")))
    await desk.harness.deliver(note)
    for named, expected in (
        (naming(invoice, brush), ("allocations[0].lines[0].line_id", {str(brush): "0.00"})),
        (
            naming(invoice, filling, (brush, "5.00")),
            ("allocations[0].lines[1].amount", {str(filling): "63.00", str(brush): "0.00"}),
        ),
    ):
        assert refused_lines(await desk.refund(payment["id"], "10.00", allocations=[named])) == expected
    assert (await desk.payment(payment["id"]))["refunded"] == usd("0.00")
    good(await desk.refund(payment["id"], "10.00", allocations=[naming(invoice, filling)]), 201)


async def test_a_line_that_is_not_on_the_invoice_is_named(desk: FrontDesk) -> None:
    """PAY-19, ALL-2: it was answered as one with nothing left. One of another invoice is not on this one either."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    _, (elsewhere, _) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("122.50", invoice)
    for unknown in (new_id(), elsewhere):
        named = [naming(invoice, filling, (unknown, "5.00"), brush)]
        refused = problem(await desk.refund(payment["id"], "10.00", allocations=named), 422, "line-unknown")
        assert [error["field"] for error in refused["errors"]] == ["allocations[0].lines[1].line_id"]
        assert (refused["invoice_id"], refused["line_id"]) == (str(invoice), str(unknown))
        assert str(unknown) in refused["detail"]
    body = {"payment_id": payment["id"], "amount": usd("10.00"), "allocations": named}
    refused = problem(await refund_all(desk, body), 409, "selection-refused")
    assert refused["errors"][0]["field"] == "refunds[0].allocations[0].lines[1].line_id"
    assert (await desk.payment(payment["id"]))["refunded"] == usd("0.00")


async def test_a_debit_note_that_is_on_its_way_is_waited_for(desk: FrontDesk) -> None:
    """PAY-11: it is named like a line, and is unknown until its event has come."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("132.50", invoice, allow_overpayment=True)
    note = desk.debit_note(invoice, "10.00")
    own = note.debit_note_id
    note = note.model_copy(update=left((filling, "63.00"), (brush, "59.50"), (own, "10.00")))
    asked = desk.refund(payment["id"], "10.00", allocations=[naming(invoice, own)])
    with desk.harness.patient(60.0):
        waiting = asyncio.ensure_future(asked)
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done, "answered before the note has come"
        await desk.harness.deliver(note)
        good(await waiting, 201)


@pytest.mark.rule("PAY-19.3")
async def test_more_than_the_lines_have_left_is_refused(desk: FrontDesk) -> None:
    """PAY-19: of one line, of all that are named together, and again while the first refund is not answered."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("130.00", invoice, allow_overpayment=True)

    async def ask(amount: str, *lines: UUID | tuple[UUID, str]) -> Any:
        return await desk.refund(payment["id"], amount, allocations=[naming(invoice, *lines)])

    assert refused_lines(await ask("63.01", (filling, "63.01")))[0] == "allocations[0].lines[0].amount"
    assert refused_lines(await ask("60.00", brush)) == ("allocations[0].lines", {str(brush): "59.50"})
    first = good(await ask("60.00", brush, filling), 201)
    assert first["adjustments"] == [{"invoice_id": str(invoice), "wanted": usd("60.00"), "credited": None}]
    assert refused_lines(await ask("1.00", brush)) == ("allocations[0].lines[0].line_id", {str(brush): "0.00"})
    refused = await desk.refund(
        payment["id"], "62.50", allocations=[naming(invoice, (filling, "62.50"), brush, amount=usd("62.50"))]
    )
    assert refused_lines(refused) == (
        "allocations[0].lines[1].line_id",
        {str(filling): "62.50", str(brush): "0.00"},
    )
    refund_note = desk.credit_note(invoice, "60.00", refund_id=UUID(first["id"]))
    await desk.harness.deliver(refund_note.model_copy(update=left((filling, "62.50"), (brush, "0.00"))))
    shown = good(await desk.client.get(f"/v1/transactions/{first['id']}"))
    assert shown["adjustments"][0]["credited"] == usd("60.00")
    good(await ask("62.50", filling), 201)


async def test_what_a_line_did_not_get_credited_is_said_in_the_refunds_answer(desk: FrontDesk) -> None:
    """PAY-20: a credit note was on its way when the refund named the line."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("63.00", invoice)
    refund = good(await desk.refund(payment["id"], "59.50", allocations=[naming(invoice, brush)]), 201)
    note = desk.credit_note(invoice, "59.50").model_copy(update=left((filling, "63.00"), (brush, "0.00")))
    await desk.harness.deliver(note)
    await desk.harness.deliver(desk.answer(invoice, refund["id"], "59.50", "0.00"))
    shown = good(await desk.client.get(f"/v1/transactions/{refund['id']}"))
    assert shown["adjustments"] == [
        {"invoice_id": str(invoice), "wanted": usd("59.50"), "credited": usd("0.00")},
    ]
    story = await desk.payment(payment["id"])
    assert story["transactions"][0]["adjustments"] == shown["adjustments"]
    assert await desk.outstanding(invoice) == "59.50"
    good(await desk.refund(payment["id"], "3.50", allocations=[naming(invoice, filling)]), 201)


async def test_lines_of_which_nothing_is_known_are_invoicings_to_decide_on(desk: FrontDesk) -> None:
    """Of an invoice, or after a note, of an older release."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("122.50", invoice)
    await desk.harness.deliver(desk.credit_note(invoice, "1.00"))
    good(await desk.refund(payment["id"], "60.00", allocations=[naming(invoice, brush)]), 201)
    note = desk.credit_note(invoice, "1.00").model_copy(update=left((filling, "61.00"), (brush, "0.00")))
    await desk.harness.deliver(note)
    assert refused_lines(await desk.refund(payment["id"], "1.00", allocations=[naming(invoice, brush)]))


@pytest.mark.parametrize(
    ("line", "field", "slug"),
    [
        ({"amount": EUROS}, "allocations[0].lines[0].amount.currency", "wrong-currency"),
        ({"amount": usd("0.00")}, "allocations[0].lines[0].amount", "amount-not-positive"),
        ({"amount": usd("20.01")}, "allocations[0].lines", "allocations-exceed-amount"),
    ],
)
async def test_what_a_line_says_is_looked_at(desk: FrontDesk, line: dict[str, Any], field: str, slug: str) -> None:
    """MON-2: 20.00 EUR of a line were taken for 20.00 USD."""
    (first, *_), payment = await three_paid(desk)
    named = [{"invoice_id": str(first), "lines": [{"line_id": str(new_id())} | line]}]
    refused = problem(await desk.refund(payment["id"], "20.00", allocations=named), 422, slug)
    assert [error["field"] for error in refused["errors"]] == [field]


async def test_a_request_for_lines_with_nothing_left_is_refused_before_anybody_approves(desk: FrontDesk) -> None:
    invoice, (_, brush) = await with_lines(desk, "63.00", "59.50")
    payment = await desk.paid("122.50", invoice)
    await desk.limit_refunds("5.00")
    assert refused_lines(await desk.refund(payment["id"], "60.00", allocations=[naming(invoice, brush)]))
    request = good(await desk.refund(payment["id"], "59.50", allocations=[naming(invoice, brush)]), 202)
    async with desk.person("manager:bo") as manager:
        good(await manager.post(f"/v1/refund-requests/{request['id']}/approval"))


async def refund_all(desk: FrontDesk, *refunds: dict[str, Any]) -> Any:
    body = {"refunds": list(refunds), "reason_code": "goodwill"}
    return await desk.client.post("/v1/transactions/refunds", json=body)


@pytest.mark.rule("PAY-19.1")
async def test_each_of_a_selection_names_invoices_and_lines(desk: FrontDesk) -> None:
    """PAY-7, PAY-19: by payment, in one request."""
    one, (_, brush) = await with_lines(desk, "63.00", "59.50")
    other = await desk.invoice("40.00")
    first, second = await desk.paid("162.50", one, other), await desk.paid("30.00")
    done = good(
        await refund_all(
            desk,
            {"payment_id": first["id"], "amount": usd("59.50"), "allocations": [naming(one, brush)]},
            {"payment_id": second["id"]},
        ),
        201,
    )["items"]
    assert [taken(refund) for refund in done] == [{str(one): "-59.50"}, {}]
    events = await desk.events(PaymentRefunded)
    assert [[line.line_id for part in event.settlements for line in part.lines] for event in events] == [[brush], []]


async def test_of_a_selection_each_that_names_too_much_is_named(desk: FrontDesk) -> None:
    """PAY-7: what one takes of a line, the next has not; none is refunded."""
    invoice, (filling, brush) = await with_lines(desk, "63.00", "59.50")
    payments = [await desk.paid("40.00", invoice) for _ in range(3)]
    wanted = [{"payment_id": payment["id"], "amount": usd("40.00")} for payment in payments]
    named = [naming(invoice, brush), naming(invoice, brush), naming(new_id())]
    asked = [one | {"allocations": [each]} for one, each in zip(wanted, named, strict=True)]
    refused = problem(await refund_all(desk, *asked), 409, "selection-refused")
    assert [(error["field"], error["type"].rpartition(":")[2]) for error in refused["errors"]] == [
        ("refunds[2].allocations[0].invoice_id", "less-settled-there"),
    ]
    refused = problem(await refund_all(desk, *asked[:2]), 409, "selection-refused")
    (one,) = refused["errors"]
    assert (one["field"], one["transaction_id"]) == ("refunds[1].allocations[0].lines", payments[1]["id"])
    assert one["lines"] == [{"line_id": str(brush), "left": usd("19.50")}]
    assert await desk.events(PaymentRefunded) == []
    asked[1]["allocations"] = [naming(invoice, brush, filling)]
    good(await refund_all(desk, *asked[:2]), 201)


async def test_of_several_installments_of_an_invoice_each_part_is_for_the_lines(desk: FrontDesk) -> None:
    """PLN-2, PAY-19: what a refund takes of an invoice is for the lines, whichever installments had it."""
    invoice, (first, second) = await planned(desk, "100.00", "50.00", "50.00")
    wishes = [
        {"invoice_id": str(invoice), "installment_id": str(id_), "amount": usd("50.00")} for id_ in (first, second)
    ]
    payment = await desk.paid("50.00", allocations=wishes[:1])
    body = {"from": wishes[0], "to": wishes[1], "amount": usd("20.00"), "reason": "x"}
    for one in ("from", "to"):
        body[one] = {name: body[one][name] for name in ("invoice_id", "installment_id")}  # type: ignore[index]
    good(await desk.client.post(f"/v1/payments/{payment['id']}/moves", json=body), 201)
    line = new_id()
    good(await desk.refund(payment["id"], "45.00", allocations=[naming(invoice, line, amount=usd("35.00"))]), 201)
    (event,) = await desk.events(PaymentRefunded)
    parts = [(settlement.change.amount, [of.line_id for of in settlement.lines]) for settlement in event.settlements]
    assert parts == [("-20.00", [line]), ("-15.00", [line]), ("-10.00", [])]
