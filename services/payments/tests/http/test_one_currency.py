"""A clinic has one currency: another one is refused wherever an amount stands in a request (MON-2, PAY-2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from contracts.invoicing import InvoiceIssued
from payments_desk import FrontDesk, good, problem, usd

YEN = {"amount": "5000", "currency": "JPY"}
DINAR = {"amount": "10.000", "currency": "KWD"}


async def pay(desk: FrontDesk, invoice: UUID) -> Any:
    return await desk.pay("100.00", allocations=[{"invoice_id": str(invoice), "amount": YEN}], allow_overpayment=True)


def _transfer(desk: FrontDesk, invoice: UUID, amount: dict[str, str], allocated: dict[str, str]) -> dict[str, Any]:
    part: dict[str, Any] = {"patient_id": str(desk.patient_id), "amount": amount}
    part["allocations"] = [{"invoice_id": str(invoice), "amount": allocated}]
    return {
        "insurer": {"name": "Delta Dental"},
        "amount": usd("50.00"),
        "external_reference": "ERA 7",
        "payments": [part],
        "allow_overpayment": True,
    }


async def remit(desk: FrontDesk, invoice: UUID) -> Any:
    return await desk.client.post("/v1/remittances", json=_transfer(desk, invoice, usd("50.00"), YEN))


async def remit_part(desk: FrontDesk, invoice: UUID) -> Any:
    return await desk.client.post("/v1/remittances", json=_transfer(desk, invoice, DINAR, DINAR))


async def apply(desk: FrontDesk, invoice: UUID, **amount: Any) -> Any:
    allocations = [{"invoice_id": str(invoice), "amount": DINAR}]
    body = {"allocations": allocations, "reason": "as agreed"} | amount
    return await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/applications", json=body)


async def apply_some(desk: FrontDesk, invoice: UUID) -> Any:
    return await apply(desk, invoice, amount=usd("100.00"))


@pytest.mark.rule("MON-2.1")
@pytest.mark.parametrize(
    ("send", "field"),
    [
        (pay, "allocations[0].amount.currency"),
        (remit, "payments[0].allocations[0].amount.currency"),
        (remit_part, "payments[0].amount.currency"),
        (apply, "allocations[0].amount.currency"),
        (apply_some, "allocations[0].amount.currency"),
    ],
)
async def test_a_part_in_another_currency_is_refused_and_named(
    desk: FrontDesk, send: Callable[[FrontDesk, UUID], Awaitable[Any]], field: str
) -> None:
    """MON-2, PAY-2: 5000 JPY are not 50.00 USD."""
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00")
    refused = problem(await send(desk, invoice), 422, "wrong-currency")
    assert [error["field"] for error in refused["errors"]] == [field]
    assert (await desk.outstanding(invoice), await desk.credit()) == ("100.00", "100.00")


async def test_a_currency_stays_where_there_is_a_deposit_whatever_settings_come(desk: FrontDesk) -> None:
    """W15: 5,000 yen never become 50.00 dollars; all else of the settings is followed."""
    await desk.configure(currency="JPY", version=2)
    yen = {"amount": "5000", "currency": "JPY"}
    good(await desk.pay("0", amount=yen), 201)
    await desk.configure(currency="USD", version=3, time_zone="Asia/Tokyo")
    credit = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/credit"))
    assert credit["balance"] == yen
    problem(await desk.pay("50.00"), 422, "wrong-currency")
    good(await desk.pay("0", amount=yen), 201)


async def test_a_currency_changes_where_there_is_nothing_yet(desk: FrontDesk) -> None:
    await desk.configure(currency="JPY", version=2)
    problem(await desk.pay("50.00"), 422, "wrong-currency")
    await desk.configure(currency="USD", version=3)
    good(await desk.pay("50.00"), 201)


@pytest.mark.parametrize("_round", range(4))
async def test_a_deposit_beside_a_change_of_the_currency_is_in_the_clinics(desk: FrontDesk, _round: int) -> None:
    """Either the deposit is refused, or the currency stays."""
    paid, _ = await asyncio.gather(desk.pay("50.00"), desk.configure(currency="JPY", version=2))
    credit = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/credit"))["balance"]
    expected = usd("50.00") if paid.status_code == HTTPStatus.CREATED else {"amount": "0", "currency": "JPY"}
    assert credit == expected


@pytest.mark.rule("MON-2.1")
async def test_money_settles_no_invoice_in_another_currency(desk: FrontDesk) -> None:
    """MON-2: 20.00 USD never pay a bill over 20.00 EUR, issued before invoicing heard of the clinic's dollars."""
    dollars = await desk.invoice("20.00")
    await desk.paid("50.00", dollars, allow_overpayment=True)
    in_euros = desk.issued("20.00").model_dump_json().replace('"USD"', '"EUR"')
    await desk.harness.deliver(InvoiceIssued.model_validate_json(in_euros))
    euros = InvoiceIssued.model_validate_json(in_euros).invoice_id
    payments = good(await desk.client.get("/v1/payments"))["items"]
    refused = problem(await desk.pay("20.00", euros), 422, "wrong-currency")
    assert [error["field"] for error in refused["errors"]] == ["allocations[0].invoice_id"]
    url = f"/v1/patients/{desk.patient_id}/credit/applications"
    named = {"allocations": [{"invoice_id": str(euros)}], "reason": "as agreed"}
    problem(await desk.client.post(url, json=named), 422, "wrong-currency")
    problem(await desk.client.post(url, json={"reason": "as agreed"}), 409, "nothing-to-settle")
    move = {"from": {"invoice_id": str(dollars)}, "to": {"invoice_id": str(euros)}, "reason": "meant for it"}
    moved = problem(await desk.client.post(f"/v1/payments/{payments[0]['id']}/moves", json=move), 422, "wrong-currency")
    assert [error["field"] for error in moved["errors"]] == ["to.invoice_id"]
    assert (await desk.outstanding(euros), await desk.credit()) == ("20.00", "30.00")
