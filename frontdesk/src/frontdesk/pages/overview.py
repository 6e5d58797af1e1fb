"""The overview: takings by day and method, and what is outstanding by age, as plots with their figures beside them."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from chassis.ages import AGES
from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, attempt
from frontdesk.desk import AtDesk, Desk
from frontdesk.formats import minor
from frontdesk.plots import Column, bars

router = APIRouter()
SPANS = (14, 30, 90)


@router.get("/overview")
async def show(desk: AtDesk, days: int = 30) -> Response:
    """The last weeks."""
    span = days if days in SPANS else 30
    until = desk.formats.today()
    since = until - timedelta(days=span - 1)
    period, ageing, owed = await asyncio.gather(
        attempt(_or_none(desk, "payments", "/v1/day-sheets", from_=since.isoformat(), to=until.isoformat())),
        attempt(_or_none(desk, "invoicing", "/v1/reports/ageing", limit=10)),
        attempt(_or_none(desk, "invoicing", "/v1/outstanding")),
    )
    shown: dict[str, Any] = {
        "period": period,
        "ageing": ageing,
        "owed": owed,
        "span": span,
        "spans": SPANS,
        "ages": AGES,
    }
    shown |= {"takings": _takings(desk, period), "by_age": _by_age(desk, ageing), "since": since, "until": until}
    return desk.page("overview.html", **shown)


def _takings(desk: Desk, period: Any) -> Any:
    if not period:
        return []
    f = desk.formats
    booked = {one["date"]: one["net"] for one in period["days"]}
    since, until = date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
    columns = []
    for place in range((until - since).days + 1):
        day = (since + timedelta(days=place)).isoformat()
        columns.append(Column(day, [(minor(booked.get(day)), f"{f.day(day)}: {f.money(booked.get(day))}")]))
    return bars(columns)


def _by_age(desk: Desk, ageing: Any) -> Any:
    if not ageing:
        return []
    money = desk.formats.money
    columns = [
        Column(age, [(minor(ageing[whose][age]), money(ageing[whose][age])) for whose in ("patients", "insurers")])
        for age in AGES
    ]
    return bars(columns, gap=0.4)


async def _or_none(desk: Desk, service: str, path: str, **asked: Any) -> Any:
    try:
        return await desk.services.get(service, path, **asked)
    except Refused as refused:
        if refused.status == 409:  # noqa: PLR2004 - a clinic without settings has no figures
            return None
        raise
