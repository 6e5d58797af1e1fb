"""An installment plan: agreed in one of three ways, rescheduled, each installment paid, printed, moved or cancelled."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of
from frontdesk.formats import Money
from frontdesk.identifiers import new_key
from frontdesk.pages.patient import head

router = APIRouter()
WAYS = ("count", "amount_per_period", "installments")
GIVEN_ROWS = 12
_GIVEN = re.compile(r"installments\[(\d+)\](?:\.(due_date|amount))?.*")
FIRST_DAYS = 30
"""The first installment is due so much later, until another day is typed."""


@dataclass
class Typed:
    """What stands in the form."""

    key: str
    way: str = "count"
    count: str = "6"
    amount_per_period: str = ""
    every: str = "1"
    unit: str = "months"
    first: str = ""
    down_payment: str = ""
    down_payment_date: str = ""
    outstanding: str = ""
    reason: str = ""
    given: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, form: Submitted) -> Typed:
        """From the form."""
        names = "key way count amount_per_period every unit first down_payment down_payment_date outstanding reason"
        pairs = zip(texts_of(form, "given_date"), texts_of(form, "given_amount"), strict=False)
        return cls(given=list(pairs), **{name: text_of(form, name) for name in names.split()})


@router.get("/invoices/{invoice_id}/plan")
async def show(desk: AtDesk, invoice_id: Id) -> Response:
    """The invoice's plan, or the form to agree on one."""
    return await _page(desk, invoice_id)


@router.post("/invoices/{invoice_id}/plan/preview")
async def preview(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """The dates and amounts of what is typed so far."""
    found: Any = None
    notice = None
    try:
        body = _agreement(desk, Typed.of(form))
        body.pop("outstanding", None)
        path = "/v1/invoices/{}/installment-plan/preview"
        found = await desk.services.search("invoicing", path, body, ids=(str(invoice_id),))
    except (Refused, Unreachable) as trouble:
        notice = desk.told(trouble)
    return desk.page("part_plan_preview.html", found=found, notice=notice)


@router.post("/invoices/{invoice_id}/plan")
async def agree(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Agree on a plan, or divide what is left of one anew; of the outstanding that was seen (`PLN-6`)."""
    typed = Typed.of(form)
    if wrong := _no_amounts(desk, typed):
        return await _page(desk, invoice_id, desk.no_amount(*wrong), 422)
    anew = text_of(form, "do") == "reschedule"
    path = "/v1/invoices/{}/installment-plan" + ("/reschedule" if anew else "")
    body = _agreement(desk, typed) | ({"reason": typed.reason} if anew else {})
    return await _change(desk, invoice_id, typed.key, path, str(invoice_id), body, "The plan is agreed.")


@router.post("/invoices/{invoice_id}/plan/cancel")
async def cancel(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """End the plan: the invoice is due as it says itself again."""
    path, typed = "/v1/invoices/{}/installment-plan/cancel", Typed.of(form)
    return await _change(
        desk, invoice_id, typed.key, path, str(invoice_id), {"reason": typed.reason}, "The plan has ended."
    )


@router.post("/invoices/{invoice_id}/plan/installments/{installment_id}/move")
async def move(desk: AtDesk, invoice_id: Id, installment_id: Id, form: Submitted) -> Response:
    """Have one installment due on another day."""
    typed = Typed.of(form)
    body = {"due_date": text_of(form, "due_date"), "reason": typed.reason}
    path = "/v1/installments/{}/move"
    return await _change(desk, invoice_id, typed.key, path, str(installment_id), body, "The installment is moved.")


@router.post("/invoices/{invoice_id}/plan/installments/{installment_id}/cancel")
async def cancel_installment(desk: AtDesk, invoice_id: Id, installment_id: Id, form: Submitted) -> Response:
    """Cancel one installment: what remains of it goes to the last one."""
    typed, path = Typed.of(form), "/v1/installments/{}/cancel"
    body = {"reason": typed.reason}
    return await _change(desk, invoice_id, typed.key, path, str(installment_id), body, "The installment is cancelled.")


async def _change(
    desk: Desk, invoice_id: Id, key: str, path: str, about: str, body: dict[str, Any], done: str
) -> Response:
    try:
        await desk.services.change("invoicing", path, about, body=body, key=key)
    except (Refused, Unreachable) as trouble:
        told = desk.told(trouble)
        fields = {_GIVEN.sub(_given, name): text for name, text in told.fields.items()}
        return await _page(desk, invoice_id, replace(told, fields=fields), 409)
    return desk.go(f"/invoices/{invoice_id}/plan", Notice(desk.t(done)))


def _no_amounts(desk: Desk, typed: Typed) -> list[str]:
    """Where something was typed that is no amount."""
    texts = {"amount_per_period": typed.amount_per_period, "down_payment": typed.down_payment}
    texts |= {f"given_amount[{place}]": text for place, (_, text) in enumerate(typed.given)}
    return [name for name, text in texts.items() if text and desk.typing.amount(text) is None]


def _given(found: re.Match[str]) -> str:
    """The control of one of the given dates and amounts, as they stand one below the other."""
    return f"given_{'date' if found[2] == 'due_date' else 'amount'}[{found[1]}]"


def _agreement(desk: Desk, typed: Typed) -> dict[str, Any]:
    body: dict[str, Any] = {}
    amount = desk.typing.amount
    if typed.way == "count":
        body["count"] = int(typed.count) if typed.count.isdecimal() else None
    elif typed.way == "amount_per_period":
        body["amount_per_period"] = amount(typed.amount_per_period)
    else:
        pairs = [(day or None, amount(text)) for day, text in typed.given if day or text]
        body["installments"] = [{"due_date": day, "amount": money} for day, money in pairs]
    if typed.way != "installments":
        every = int(typed.every) if typed.every.isdecimal() else 1
        body |= {"first_due_date": typed.first or None, "every": every, "unit": typed.unit or "months"}
    if typed.down_payment:
        body["down_payment"] = {"amount": amount(typed.down_payment), "due_date": typed.down_payment_date or None}
    if typed.outstanding:
        seen: Money = {"amount": typed.outstanding, "currency": desk.currency}
        body["outstanding"] = seen
    return body


async def _page(desk: Desk, invoice_id: Id, notice: Notice | None = None, status: int = 200) -> Response:
    invoice, plan = await asyncio.gather(
        desk.services.get("invoicing", "/v1/invoices/{}", invoice_id), attempt(_plan(desk, invoice_id))
    )
    top = await head(desk, invoice["patient_id"])
    first = desk.formats.today() + timedelta(days=FIRST_DAYS)
    typed = Typed(new_key(), first=first.isoformat(), given=[("", "")] * GIVEN_ROWS)
    shown = {"invoice": invoice, "plan": plan, "form": typed, "ways": WAYS}
    return desk.page("plan.html", status=status, notice=notice, tab="plans", **(top | shown))


async def _plan(desk: Desk, invoice_id: Id) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = await desk.services.get("invoicing", "/v1/invoices/{}/installment-plan", invoice_id)
    except Refused as refused:
        if refused.status == 404:  # noqa: PLR2004 - it has none
            return None
        raise
    return found
