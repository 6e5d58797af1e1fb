"""One payment: what it settles, what was done with it since; relabelled, moved, or taken back by the bank."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of
from frontdesk.pages.patient import groups_of, head
from frontdesk.pages.payment_form import open_invoices

router = APIRouter()
PATHS = {"labels": "/v1/payments/{}", "move": "/v1/payments/{}/moves", "chargeback": "/v1/payments/{}/chargeback"}


@router.get("/payments/{payment_id}")
async def show(desk: AtDesk, payment_id: Id) -> Response:
    """The payment, with everything that was done with it since."""
    return await _page(desk, payment_id)


@router.post("/payments/{payment_id}/labels")
async def relabel(desk: AtDesk, payment_id: Id, form: Submitted) -> Response:
    """Change its group or its note, on the version that was seen; nothing else of it is edited (`PAY-1`)."""
    body = {"group_id": text_of(form, "group") or None, "note": text_of(form, "note") or None}
    version = text_of(form, "version")
    return await _do(desk, payment_id, form, "labels", body, "Saved.", method="PATCH", version=version)


@router.post("/payments/{payment_id}/move")
async def move(desk: AtDesk, payment_id: Id, form: Submitted) -> Response:
    """Have it settle another invoice, or be credit again (`PAY-13`): the payment and its receipt stay."""
    invoice, _, installment = text_of(form, "from").partition("/")
    target = text_of(form, "to")
    amount = desk.formats.amount(text_of(form, "amount"))
    if text_of(form, "amount") and amount is None:
        return await _page(desk, payment_id, desk.no_amount("amount"), 422)
    body = {
        "from": {"invoice_id": invoice, "installment_id": installment or None},
        "to": {"invoice_id": target} if target else None,
        "amount": amount,
        "reason": text_of(form, "reason"),
    }
    return await _do(desk, payment_id, form, "move", body, "Moved.")


@router.post("/payments/{payment_id}/chargeback")
async def charge_back(desk: AtDesk, payment_id: Id, form: Submitted) -> Response:
    """Record that the bank took it back: it is owed again (`PAY-6`)."""
    body = {"reason": text_of(form, "reason"), "external_reference": text_of(form, "reference") or None}
    return await _do(desk, payment_id, form, "chargeback", body, "The bank took it back.")


async def _do(
    desk: Desk, payment_id: Id, form: Submitted, what: str, body: dict[str, Any], said: str, **how: Any
) -> Response:
    try:
        await desk.services.change("payments", PATHS[what], payment_id, body=body, key=text_of(form, "key"), **how)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, payment_id, desk.told(trouble), 409)
    return desk.go(f"/payments/{payment_id}", Notice(desk.t(said)))


async def _page(desk: Desk, payment_id: Id, notice: Notice | None = None, status: int = 200) -> Response:
    found = await desk.services.read("payments", "/v1/payments/{}", payment_id)
    payment = found.body
    top, invoices, groups = await asyncio.gather(
        head(desk, payment["patient_id"]), attempt(open_invoices(desk, payment["patient_id"])), groups_of(desk)
    )
    usable = [group for group in groups if not group["archived"] or group["id"] == payment["group_id"]]
    shown = {"payment": payment, "version": found.etag, "invoices": invoices, "groups": usable}
    shown |= {"named": {group["id"]: group for group in groups}}
    return desk.page("payment.html", status=status, notice=notice, tab="payments", **(top | shown))
