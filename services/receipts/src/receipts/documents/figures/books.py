"""Accounts, credit and day sheets, asked of payments with the caller's own token: to be printed, not decided by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from chassis.http.admission import stepping_out
from chassis.money import Money, MoneyError
from chassis.telemetry import client_span, trace_headers
from pydantic import ValidationError

from receipts.documents.figures.answers import CreditAnswer, DaySheetAnswer, StatementPage
from receipts.domain.account import Account
from receipts.domain.day_sheet import DaySheet
from receipts.domain.errors import FiguresNotPermitted, FiguresUnavailable, PeriodTooLong

Read = TypeVar("Read")

MOST_LINES: Final = 1_000
"""Of one statement, which takes some seconds to render by then: a longer period is asked for in parts."""
_PAGE: Final = 200
_FORBIDDEN: Final = 403
_STATEMENT: Final = "/v1/patients/{id}/statement"
_CREDIT: Final = "/v1/patients/{id}/credit"
_DAY_SHEET: Final = "/v1/day-sheets/{day}"


class Books:
    """What payments keeps, over HTTP."""

    def __init__(
        self, base_url: str, *, timeout_seconds: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._host = urlsplit(base_url).hostname or ""
        self._timeout_seconds = timeout_seconds
        self._client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=timeout_seconds)

    async def account(
        self, credentials: Mapping[str, str], patient_id: UUID, from_day: date | None, to_day: date | None
    ) -> Account:
        """A patient's account. Raises FiguresUnavailable, FiguresNotPermitted, PeriodTooLong."""
        path = _STATEMENT.replace("{id}", str(patient_id))
        period = {"from": from_day, "to": to_day}
        asked: dict[str, Any] = {name: day.isoformat() for name, day in period.items() if day} | {"limit": _PAGE}
        pages: list[Account] = []
        async with _within(self._timeout_seconds):
            while len(pages) * _PAGE <= MOST_LINES:
                page, following = await self._get(_page_and_next, _STATEMENT, path, credentials, asked)
                pages.append(page)
                if following is None:
                    return _whole(pages)
                asked["cursor"] = following
        raise PeriodTooLong(MOST_LINES)

    async def credit(self, credentials: Mapping[str, str], patient_id: UUID) -> Money:
        """What a patient has in credit, without what insurers overpaid.

        Raises FiguresUnavailable, FiguresNotPermitted.
        """
        return await self._get(_credit, _CREDIT, _CREDIT.replace("{id}", str(patient_id)), credentials, {})

    async def day_sheet(self, credentials: Mapping[str, str], day: date) -> DaySheet:
        """A clinic's day. Raises FiguresUnavailable, FiguresNotPermitted."""
        path = _DAY_SHEET.replace("{day}", day.isoformat())
        async with _within(self._timeout_seconds):
            return await self._get(_day_sheet, _DAY_SHEET, path, credentials, {})

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def _get(
        self,
        read: Callable[[bytes], Read],
        route: str,
        path: str,
        credentials: Mapping[str, str],
        asked: Mapping[str, Any],
    ) -> Read:
        headers = {**credentials, "Accept": "application/json"} | trace_headers()
        try:
            async with stepping_out():
                with client_span("GET", self._host, route):
                    found = await self._client.get(path, params=asked, headers=headers)
        except httpx.HTTPError as fault:
            raise FiguresUnavailable(f"payments cannot be reached: {type(fault).__name__}") from None
        if found.status_code == _FORBIDDEN:
            raise FiguresNotPermitted
        if found.status_code != httpx.codes.OK:
            raise FiguresUnavailable(f"payments answered {found.status_code}")
        try:
            return read(found.content)
        except (ValidationError, MoneyError):
            raise FiguresUnavailable("payments answered with something that is not understood") from None


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """The whole of several requests in time, or FiguresUnavailable."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise FiguresUnavailable("payments takes too long") from None


def _page_and_next(answer: bytes) -> tuple[Account, str | None]:
    page = StatementPage.model_validate_json(answer)
    return page.account(), page.next


def _credit(answer: bytes) -> Money:
    return CreditAnswer.model_validate_json(answer).balance.money()


def _day_sheet(answer: bytes) -> DaySheet:
    return DaySheetAnswer.model_validate_json(answer).day_sheet()


def _whole(pages: Sequence[Account]) -> Account:
    """An account of its pages, which may have grown at its end while they were read."""
    lines = tuple(line for page in pages for line in page.lines)
    if len(lines) > MOST_LINES:
        raise PeriodTooLong(MOST_LINES)
    first, last = pages[0], pages[-1]
    return replace(first, lines=lines, closing=last.closing, closing_insurers_credit=last.closing_insurers_credit)
