"""A patient's credit: what it consists of, used on invoices, paid out, or handed to another patient (`PAY-3`)."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of
from frontdesk.formats import Money
from frontdesk.pages.patient import head
from frontdesk.pages.patients import search
from frontdesk.pages.payment_form import SHOWN_FIRST, open_invoices
from frontdesk.pages.reversals import METHODS, REASONS

router = APIRouter()
PARTS_MAX = 50
ACCEPTED = 202


@router.get("/patients/{patient_id}/credit")
async def show(desk: AtDesk, patient_id: Id) -> Response:
    """The credit, and what can be done with it."""
    return await _page(desk, patient_id)


@router.post("/patients/{patient_id}/credit/recipients")
async def find_recipients(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """Who the credit may be handed to, as one types."""
    found = await attempt(search(desk, text_of(form, "text")[:200]))
    return desk.page("part_recipients.html", found=found, patient_id=str(patient_id))


@router.post("/patients/{patient_id}/credit/{what}")
async def do(desk: AtDesk, patient_id: Id, what: str, form: Submitted) -> Response:
    """Use it on invoices, pay it out, or hand it to another patient: all of what is asked for, or nothing."""
    text, typed = text_of(form, "text"), text_of(form, "amount")
    amount = desk.typing.amount(typed)
    if amount is None and (typed or what != "use"):
        return await _page(desk, patient_id, desk.no_amount("amount"), 422, text)
    if what == "transfer" and not text_of(form, "recipient"):
        notice = Notice(desk.t("Choose who gets it."), "refused", fields={"text": desk.t("Choose who gets it.")})
        return await _page(desk, patient_id, notice, 422, text)
    asked = _asked(form, what, amount)
    if asked is None:
        return await _page(desk, patient_id, status=404)
    path, body, said = asked
    try:
        done = await desk.services.change("payments", path, patient_id, body=body, key=text_of(form, "key"))
    except (Refused, Unreachable) as trouble:
        return await _page(desk, patient_id, desk.told(trouble), 409, text)
    return desk.go(f"/patients/{patient_id}", _notice(desk, said, done.status, done.body))


def _asked(form: Submitted, what: str, amount: Money | None) -> tuple[str, dict[str, Any], str] | None:
    """Where it is asked for, with what, and what is said once it is done."""
    path = "/v1/patients/{}/credit/"
    reason = {"reason": text_of(form, "reason")}
    if what == "use":
        named = [{"invoice_id": one} for one in texts_of(form, "invoice")]
        return path + "applications", reason | {"amount": amount, "allocations": named}, "Credit applied."
    if what == "pay-out":
        code, method = text_of(form, "reason_code", "overpayment"), text_of(form, "method") or None
        terms = {"amount": amount, "reason_code": code, "method": method}
        return path + "withdrawals", reason | terms, "Credit paid out."
    if what == "transfer":
        return (
            path + "transfers",
            reason | {"to_patient_id": text_of(form, "recipient"), "amount": amount},
            "Credit handed over.",
        )
    return None


def _notice(desk: Desk, said: str, status: int, body: dict[str, Any]) -> Notice:
    if status == ACCEPTED:
        return Notice(desk.t("Above the clinic's limit: a second person has to approve it."))
    if refunds := body.get("refunds"):
        link = "/print?" + "&".join(f"transaction={refund['id']}" for refund in refunds)
        return Notice(desk.t(said), link=link, link_text=desk.t("Print receipt"))
    return Notice(desk.t(said))


async def _page(
    desk: Desk, patient_id: Id, notice: Notice | None = None, status: int = 200, text: str = ""
) -> Response:
    top, parts, invoices, found = await asyncio.gather(
        head(desk, patient_id),
        attempt(desk.services.get("payments", "/v1/patients/{}/credit/parts", patient_id, limit=PARTS_MAX)),
        attempt(open_invoices(desk, patient_id)),
        attempt(search(desk, text[:200])) if text else _nobody(),
    )
    shown: dict[str, Any] = {"parts": parts, "invoices": invoices, "found": found}
    shown |= {"reasons": REASONS, "methods": METHODS, "tab": "payments", "shown_first": SHOWN_FIRST}
    return desk.page("credit.html", status=status, notice=notice, **(top | shown))


async def _nobody() -> dict[str, Any]:
    return {"items": [], "next": None}
