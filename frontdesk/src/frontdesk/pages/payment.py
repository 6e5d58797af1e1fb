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

MAILED_MAX = 100
"""Among so many of the patient's newest receipts the one to be mailed again is looked for."""
ON_ITS_WAY = ("planned", "claimed", "retrying")


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
    amount = desk.typing.amount(text_of(form, "amount"))
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


@router.post("/payments/{payment_id}/mail")
async def mail_receipt(desk: AtDesk, payment_id: Id, form: Submitted) -> Response:
    """Mail its receipt: at once where that was not done, as a copy where it was (`NOT-8.3`)."""
    try:
        told = await _mailed(desk, payment_id, text_of(form, "key"))
    except (Refused, Unreachable) as trouble:
        return await _page(desk, payment_id, desk.told(trouble), 409)
    return desk.go(f"/payments/{payment_id}", told)


async def _mailed(desk: Desk, payment_id: Id, key: str) -> Notice:
    payment = await desk.services.get("payments", "/v1/payments/{}", payment_id)
    named = {"patient_id": payment["patient_id"], "notice": "payment_recorded", "limit": MAILED_MAX}
    found = (await desk.services.get("notifications", "/v1/messages", **named))["items"]
    receipts = [message for message in found if message["transaction_id"] == str(payment_id)]
    message = next((each for each in receipts if each["channel"] == "email"), receipts[0] if receipts else None)
    if message is None:
        return Notice(desk.t("It is not printed yet. Try again in a moment."), "trouble")
    if message["state"] not in ON_ITS_WAY:
        body = {"reason": desk.t("Sent again at the desk")}
        await desk.services.change("notifications", "/v1/messages/{}/resend", message["id"], body=body, key=key)
    return Notice(desk.t("The receipt is on its way."))


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
