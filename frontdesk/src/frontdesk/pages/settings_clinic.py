"""Settings, Clinic and Documents: who the clinic is, how it bills, how its documents look."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, forget_clinic, text_of
from frontdesk.samples import KINDS, sample_of

router = APIRouter()
WHERE = "/settings/clinic"
LOGO_BYTES_MAX = 500_000
_TEXTS = (
    "name",
    "legal_name",
    "phone",
    "email",
    "tax_number",
    "npi",
    "language",
    "paper",
    "billing_policy",
    "time_zone",
)
_LETTERHEAD = ("name", "legal_name", "phone", "email", "tax_number")
_NULLABLE = {"legal_name", "phone", "email", "tax_number", "npi", "books_closed_until"}
_AMOUNTS = ("credit_limit", "cash_rounding")


@router.get("/settings/clinic")
async def show(desk: AtDesk) -> Response:
    """The clinic's settings."""
    return await _page(desk)


@router.post("/settings/clinic")
async def save(desk: AtDesk, form: Submitted) -> Response:
    """Save them, on the version that was seen; what is not on the form stays as it is."""
    now = await desk.services.read("invoicing", "/v1/clinic")
    body = {name: value for name, value in now.body.items() if name not in ("clinic_id", "version")}
    amounts = {name: desk.typing.amount(text_of(form, name)) for name in _AMOUNTS if text_of(form, name)}
    if wrong := [name for name, amount in amounts.items() if amount is None]:
        return await _page(desk, desk.no_amount(*wrong), 422)
    for name in (*_TEXTS, "books_closed_until"):
        if name in form:
            body[name] = text_of(form, name) or (None if name in _NULLABLE else body[name])
    body |= {name: amount["amount"] if (amount := amounts.get(name)) else None for name in _AMOUNTS if name in form}
    for name in ("due_days", "retention_years", "installment_due_soon_days"):
        if text_of(form, name).isdecimal():
            body[name] = int(text_of(form, name))
    if "with_boxes" in form:
        body |= {name: text_of(form, name) == "yes" for name in ("auto_issue", "receipt_shows_note")}
    if "pattern.invoice" in form:
        body["number_patterns"] = {name: text_of(form, f"pattern.{name}") for name in body["number_patterns"]}
    if "address.city" in form:
        body["address"] = _address(form)
    logo = await _logo(form)
    if logo or text_of(form, "remove_logo"):
        body |= {"logo": logo, "logo_svg": None}
    body["reason"] = text_of(form, "reason")
    return await _save(desk, form, body)


@router.post("/settings/clinic/preview")
async def preview(desk: AtDesk, form: Submitted) -> Response:
    """A sample of a document as it would be with what is typed, the logo too; nothing is saved."""
    letterhead: dict[str, Any] = {name: text_of(form, name) or None for name in _LETTERHEAD if name in form}
    if "address.city" in form:
        letterhead["address"] = _address(form)
    logo = await _logo(form)
    if logo or text_of(form, "remove_logo"):
        letterhead["logo"] = logo
    kind, language = text_of(form, "sample", "receipt"), text_of(form, "language")
    made = await sample_of(desk, kind, language, letterhead=letterhead)
    return await _page(desk, made, 409) if isinstance(made, Notice) else made


async def _save(desk: Desk, form: Submitted, body: dict[str, Any]) -> Response:
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("invoicing", "/v1/clinic", body=body, key=key, method="PUT", version=version)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, desk.told(trouble), 409)
    forget_clinic(desk)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


def _address(form: Submitted) -> dict[str, Any] | None:
    lines = [one.strip() for one in text_of(form, "address.lines").splitlines() if one.strip()]
    names = {name: text_of(form, f"address.{name}") or None for name in ("city", "region", "postal_code", "country")}
    return names | {"lines": lines} if names["city"] else None


async def _logo(form: Submitted) -> str | None:
    given = form.get("logo")
    if not isinstance(given, UploadFile) or not given.size:
        return None
    return base64.b64encode(await given.read(LOGO_BYTES_MAX + 1)).decode()


async def _page(desk: Desk, notice: Notice | None = None, status: int = 200) -> Response:
    found = await desk.services.read("invoicing", "/v1/clinic")
    shown = {"settings": found.body, "version": found.etag, "samples": KINDS, "tab": "clinic"}
    return desk.page("settings_clinic.html", status=status, notice=notice, **shown)
