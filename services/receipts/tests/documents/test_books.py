"""What payments can answer, and what is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from receipts.documents.figures.books import MOST_LINES, Books
from receipts.domain.account import Account, AccountLine
from receipts.domain.errors import FiguresNotPermitted, FiguresUnavailable, PeriodTooLong
from receipts_samples import DAY, PATIENT_ID, money

AS_THE_CALLER = {"Authorization": "Bearer t", "Clinic-Id": str(UUID(int=7))}
Answer = Callable[[httpx.Request], httpx.Response]


def books(answer: Answer, timeout_seconds: float = 5.0) -> Books:
    return Books("http://payments.test", timeout_seconds=timeout_seconds, transport=httpx.MockTransport(answer))


def usd(minor: int) -> dict[str, str]:
    return {"amount": Money(minor, "USD").amount, "currency": "USD"}


BALANCES = {"opening_balance": usd(0), "closing_balance": usd(100)}


def line(number: int, on: date = DAY) -> dict[str, Any]:
    """The line of a charge of 1.00 after `number` others."""
    return {
        "id": str(UUID(int=number + 1)),
        "kind": "invoice",
        "number": f"INV-{number}",
        "date": on.isoformat(),
        "recorded_at": "2026-11-24T10:00:00Z",
        "amount": usd(100),
        "change": usd(100),
        "balance": usd(100 * (number + 1)),
        "invoice_id": None,
        "payment_id": None,
        "method": None,
        "method_label": None,
        "group_id": None,
        "reason": None,
        "added_one_day": True,
    }


def paged(lines: list[dict[str, Any]]) -> tuple[Answer, list[httpx.Request]]:
    """Payments with these lines; filters by date, and pages as the API does."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        asked = request.url.params
        first, last = asked.get("from", "0000"), asked.get("to", "9999")
        before = [one for one in lines if one["date"] < first]
        chosen = [one for one in lines if first <= one["date"] <= last]
        start, limit = int(asked.get("cursor", 0)), int(asked["limit"])
        following = str(start + limit) if start + limit < len(chosen) else None
        body = {
            "patient_id": str(PATIENT_ID),
            "from": None,
            "to": "2026-11-24",
            "opening_balance": usd(100 * len(before)),
            "closing_balance": usd(100 * (len(before) + len(chosen))),
            "items": chosen[start : start + limit],
            "next": following,
        }
        return httpx.Response(200, json=body)

    return answer, seen


async def account(answer: Answer, from_day: date | None = None, to_day: date | None = None) -> Account:
    return await books(answer).account(AS_THE_CALLER, PATIENT_ID, from_day, to_day)


async def test_all_pages_are_read_with_the_callers_own_token() -> None:
    answer, seen = paged([line(number) for number in range(450)])
    found = await account(answer, date(2026, 11, 1), DAY)
    assert len(found.lines) == 450
    assert found.adds_up
    assert (found.opening, found.closing) == (money("0"), money("450.00"))
    assert {request.headers["authorization"] for request in seen} == {"Bearer t"}
    assert {request.headers["clinic-id"] for request in seen} == {AS_THE_CALLER["Clinic-Id"]}
    assert {request.url.path for request in seen} == {f"/v1/patients/{PATIENT_ID}/statement"}
    assert [request.url.params["limit"] for request in seen] == ["200", "200", "200"]


async def test_a_period_stands_between_its_balances() -> None:
    answer, _ = paged([line(number, DAY + timedelta(days=number)) for number in range(10)])
    found = await account(answer, DAY + timedelta(days=4), DAY + timedelta(days=6))
    assert (found.opening, found.closing, len(found.lines)) == (money("4.00"), money("7.00"), 3)


async def test_what_insurers_overpaid_is_read_apart() -> None:
    """INS-4."""
    said = {"opening_insurers_credit": usd(0), "closing_insurers_credit": usd(50)}
    lines = [line(0) | {"insurers_credit_change": usd(50), "insurers_credit": usd(50)}]
    found = await account(lambda _: httpx.Response(200, json=BALANCES | said | {"items": lines, "next": None}))
    assert (found.opening_insurers_credit, found.closing_insurers_credit) == (money("0"), money("0.50"))
    assert found.lines[0].insurers_change == money("0.50")
    assert found.adds_up


async def test_a_period_without_entries_has_one_balance() -> None:
    answer, _ = paged([line(number) for number in range(3)])
    found = await account(answer, DAY + timedelta(days=1), None)
    assert (found.opening, found.closing, found.lines) == (money("3.00"), money("3.00"), ())
    untouched, _ = paged([])
    assert (await account(untouched)).closing == Money.zero("USD")


async def test_more_lines_than_a_document_can_have_are_refused_by_name() -> None:
    answer, seen = paged([line(number) for number in range(3 * MOST_LINES)])
    with pytest.raises(PeriodTooLong, match="shorter"):
        await account(answer)
    assert len(seen) == MOST_LINES // 200 + 1


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        away,
        silent,
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(401),
        lambda _: httpx.Response(200, text="<html>"),
        lambda _: httpx.Response(200, json=BALANCES | {"items": [{"id": 1}], "next": None}),
        lambda _: httpx.Response(
            200, json=BALANCES | {"items": [line(0) | {"amount": usd(1) | {"currency": "XXX"}}], "next": None}
        ),
    ],
)
async def test_whatever_payments_cannot_say_now_is_said_without_what_it_said(answer: Answer) -> None:
    """ALL-6: the reason names no figure and no patient."""
    with pytest.raises(FiguresUnavailable) as told:
        await account(answer)
    assert str(PATIENT_ID) not in str(told.value)
    assert told.value.__cause__ is None
    with pytest.raises(FiguresUnavailable):
        await books(answer).day_sheet(AS_THE_CALLER, DAY)


async def test_who_may_not_read_payments_may_not_read_them_here() -> None:
    """ALL-5."""
    with pytest.raises(FiguresNotPermitted, match="payments:read"):
        await account(lambda _: httpx.Response(403))


async def test_all_pages_together_take_no_longer_than_they_may() -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        return httpx.Response(200, json=BALANCES | {"items": [line(0)], "next": "more"})

    one = Books("http://payments.test", timeout_seconds=0.2, transport=httpx.MockTransport(slow))
    with pytest.raises(FiguresUnavailable, match="too long"):
        await one.account(AS_THE_CALLER, PATIENT_ID, None, None)


@given(changes=st.lists(st.integers(-(10**6), 10**6)), opening=st.integers(-(10**6), 10**6), wrong=st.integers(0, 50))
def test_an_account_adds_up_only_if_every_balance_does(changes: list[int], opening: int, wrong: int) -> None:
    """PAY-9."""
    balance, lines = opening, []
    for number, change in enumerate(changes):
        balance += change
        lines.append(
            AccountLine(
                source_id=UUID(int=number),
                payment_id=None,
                kind="payment",
                number=None,
                on=DAY,
                amount=Money(abs(change), "USD"),
                change=Money(change, "USD"),
                balance=Money(balance + (number == wrong), "USD"),
                method=None,
                method_label=None,
            )
        )
    made = Account(opening=Money(opening, "USD"), lines=tuple(lines), closing=Money(balance, "USD"))
    assert made.adds_up == (wrong >= len(changes))
