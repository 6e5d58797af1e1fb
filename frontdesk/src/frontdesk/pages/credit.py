"""A patient's credit: what it consists of, used on invoices, paid out, or handed to another patient (`PAY-3`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of
from frontdesk.formats import Money
from frontdesk.identifiers import new_key
from frontdesk.pages.patient import head
from frontdesk.pages.patients import search
from frontdesk.pages.payment_form import open_invoices
from frontdesk.pages.reversals import METHODS, REASONS

router = APIRouter()
PARTS_MAX = 50
ACCEPTED = 202


@dataclass
class Typed:
    """What stands in the form that was sent; the others on the page are as they come."""

    what: str = ""
    key: str = field(default_factory=new_key)
    amount: str = ""
    reason: str = ""
    reason_code: str = "overpayment"
    method: str = ""
    text: str = ""
    recipient: str = ""
    invoices: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, form: Submitted, what: str) -> Typed:
        """From the form."""
        names = ("key", "amount", "reason", "method", "text", "recipient")
        told = {name: text_of(form, name) for name in names}
        code = text_of(form, "reason_code", "overpayment")
        return cls(what=what, reason_code=code, invoices=texts_of(form, "invoice"), **told)


@router.get("/patients/{patient_id}/credit")
async def show(desk: AtDesk, patient_id: Id) -> Response:
    """The credit, and what can be done with it."""
    return await _page(desk, patient_id, Typed())


@router.post("/patients/{patient_id}/credit/recipients")
async def find_recipients(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """Who the credit may be handed to, as one types."""
    found = await attempt(search(desk, text_of(form, "text")[:200]))
    return desk.page("part_recipients.html", found=found, patient_id=str(patient_id), recipient="")


@router.post("/patients/{patient_id}/credit/{what}")
async def do(desk: AtDesk, patient_id: Id, what: str, form: Submitted) -> Response:
    """Use it on invoices, pay it out, or hand it to another patient: all of what is asked for, or nothing."""
    typed = Typed.of(form, what)
    amount = desk.formats.amount(typed.amount)
    if amount is None and (typed.amount or what != "use"):
        text = desk.t("Type an amount, such as 120.00.")
        return await _page(desk, patient_id, typed, Notice(text, "refused"), 422)
    if what == "transfer" and not typed.recipient:
        return await _page(desk, patient_id, typed, Notice(desk.t("Choose who gets it."), "refused"), 422)
    asked = _asked(typed, amount)
    if asked is None:
        return await _page(desk, patient_id, typed, status=404)
    path, body, said = asked
    try:
        done = await desk.services.change("payments", path, patient_id, body=body, key=typed.key)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, patient_id, typed, desk.told(trouble), 409)
    return desk.go(f"/patients/{patient_id}", _notice(desk, said, done.status, done.body))


def _asked(typed: Typed, amount: Money | None) -> tuple[str, dict[str, Any], str] | None:
    """Where it is asked for, with what, and what is said once it is done."""
    path = "/v1/patients/{}/credit/"
    reason = {"reason": typed.reason}
    if typed.what == "use":
        named = [{"invoice_id": one} for one in typed.invoices]
        return path + "applications", reason | {"amount": amount, "allocations": named}, "Credit applied."
    if typed.what == "pay-out":
        terms = {"amount": amount, "reason_code": typed.reason_code, "method": typed.method or None}
        return path + "withdrawals", reason | terms, "Credit paid out."
    if typed.what == "transfer":
        return path + "transfers", reason | {"to_patient_id": typed.recipient, "amount": amount}, "Credit handed over."
    return None


def _notice(desk: Desk, said: str, status: int, body: dict[str, Any]) -> Notice:
    if status == ACCEPTED:
        return Notice(desk.t("Above the clinic's limit: a second person has to approve it."))
    if refunds := body.get("refunds"):
        link = "/print?" + "&".join(f"transaction={one['id']}" for one in refunds)
        return Notice(desk.t(said), link=link, link_text=desk.t("Print receipt"))
    return Notice(desk.t(said))


async def _page(desk: Desk, patient_id: Id, typed: Typed, notice: Notice | None = None, status: int = 200) -> Response:
    top, parts, invoices, found = await asyncio.gather(
        head(desk, patient_id),
        attempt(desk.services.get("payments", "/v1/patients/{}/credit/parts", patient_id, limit=PARTS_MAX)),
        attempt(open_invoices(desk, patient_id)),
        attempt(search(desk, typed.text[:200])) if typed.text else _nobody(),
    )
    shown: dict[str, Any] = {"form": typed, "parts": parts, "invoices": invoices, "found": found}
    shown |= {"recipient": typed.recipient, "reasons": REASONS, "methods": METHODS, "tab": "payments"}
    return desk.page("credit.html", status=status, notice=notice, **(top | shown))


async def _nobody() -> dict[str, Any]:
    return {"items": [], "next": None}
