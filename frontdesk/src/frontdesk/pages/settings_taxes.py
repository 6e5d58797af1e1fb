"""Settings, Taxes: the clinic's categories, each with its rates and the first day of each (`MON-8`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, forget_clinic, text_of

router = APIRouter()
WHERE = "/settings/taxes"
KINDS = ("S", "E", "Z", "O")
"""Categories of EN 16931 that a practice meets: with a rate, exempt, at zero, outside of the tax."""


@router.get("/settings/taxes")
async def show(desk: AtDesk) -> Response:
    """The categories as they are."""
    return await _page(desk)


@router.post("/settings/taxes")
async def save(desk: AtDesk, form: Submitted) -> Response:
    """Add a category, change its rate, or have another rate begin on a day; what is older keeps its rate."""
    rate = desk.typing.amount(text_of(form, "rate") or "0")
    if rate is None:
        return await _page(desk, desk.no_amount("rate"), 422)
    found = await desk.services.read("invoicing", "/v1/clinic")
    body = {name: value for name, value in found.body.items() if name not in ("clinic_id", "version")}
    body["tax_categories"] = _with(body["tax_categories"], form, rate["amount"])
    body["reason"] = text_of(form, "reason")
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("invoicing", "/v1/clinic", body=body, key=key, method="PUT", version=version)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, desk.told(trouble), 409)
    forget_clinic(desk)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


def _with(categories: list[dict[str, Any]], form: Submitted, rate: str) -> list[dict[str, Any]]:
    """The categories with what the form says of one of them; the others stay as they are."""
    code, day = text_of(form, "code"), text_of(form, "valid_from")
    kept = next((category for category in categories if category["code"] == code), None)
    if kept is None:
        new = {"code": code, "category": text_of(form, "category", "S"), "rate": "0" if day else rate}
        rates = [{"valid_from": day, "rate": rate}] if day else []
        return [*categories, new | {"rates": rates, "exemption_reason": text_of(form, "exemption_reason") or None}]
    rates = [one for one in kept.get("rates", []) if one["valid_from"] != day]
    if text_of(form, "do") != "remove" and day:
        rates = sorted([*rates, {"valid_from": day, "rate": rate}], key=lambda one: str(one["valid_from"]))
    changed = kept | {"rates": rates} | ({} if day else {"rate": rate})
    if "exemption_reason" in form:
        changed["exemption_reason"] = text_of(form, "exemption_reason") or None
    return [changed if category is kept else category for category in categories]


def rate_on(category: dict[str, Any], day: date) -> str:
    """The rate that holds on a day, in percent."""
    begun = [one for one in category.get("rates", []) if date.fromisoformat(one["valid_from"]) <= day]
    return str(begun[-1]["rate"] if begun else category["rate"])


async def _page(desk: Desk, notice: Notice | None = None, status: int = 200) -> Response:
    found = await desk.services.read("invoicing", "/v1/clinic")
    shown = {"categories": found.body["tax_categories"], "version": found.etag, "kinds": KINDS}
    return desk.page("settings_taxes.html", status=status, notice=notice, tab="taxes", rate_on=rate_on, **shown)
