"""One invoice: what it says, what became of it, and what can be done with it."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable, attempt
from frontdesk.clients.services import Answer
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, same_money, text_of
from frontdesk.formats import minor
from frontdesk.pages.patient import head

router = APIRouter()
STEPS_MAX = 100
PAUSES = (0.1, 0.2, 0.4, 0.8)
"""Before the two services that know an invoice are asked again, in seconds: for so long one has not heard the other."""
NOTES = ("courtesy", "price_correction", "write_off", "bad_debt")


@router.get("/invoices/{invoice_id}")
async def show(desk: AtDesk, invoice_id: Id) -> Response:
    """The invoice, with what payments says of its balance, which is what a payment is decided by."""
    return await _page(desk, invoice_id)


@router.post("/invoices/{invoice_id}/issue")
async def issue(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Issue a draft at the totals that were seen (`MON-9`)."""
    body = {"confirmation": text_of(form, "confirmation")}
    return await _change(desk, invoice_id, form, "/v1/invoices/{}/issue", body, "Issued.")


@router.post("/invoices/{invoice_id}/void")
async def void(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Void an issued invoice with nothing paid on it (`INV-8`)."""
    return await _change(desk, invoice_id, form, "/v1/invoices/{}/void", _reason(form), "The invoice is void.")


@router.post("/invoices/{invoice_id}/delete")
async def delete(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Delete a draft."""
    try:
        await desk.services.change(
            "invoicing",
            "/v1/invoices/{}",
            invoice_id,
            key=text_of(form, "key"),
            method="DELETE",
            version=text_of(form, "version"),
        )
    except (Refused, Unreachable) as trouble:
        return await _page(desk, invoice_id, desk.told(trouble), 409)
    return desk.go(f"/patients/{text_of(form, 'patient_id')}/invoices", Notice(desk.t("The draft is deleted.")))


@router.post("/invoices/{invoice_id}/credit")
async def credit(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Credit a part of an invoice, or all that is left of it (`INV-6`)."""
    typed = text_of(form, "amount")
    amount = desk.typing.amount(typed)
    if typed and amount is None:
        return await _page(desk, invoice_id, desk.no_amount("amount"), 422)
    body = _reason(form) | {"kind": text_of(form, "kind", "courtesy"), "amount": amount}
    return await _change(desk, invoice_id, form, "/v1/invoices/{}/credit-notes", body, "Credited.")


@router.post("/invoices/{invoice_id}/debit")
async def debit(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Raise what an invoice asks for: a late fee or a correction (`INV-6`)."""
    amount = desk.typing.amount(text_of(form, "amount"))
    if amount is None:
        return await _page(desk, invoice_id, desk.no_amount("amount"), 422)
    kind, category = text_of(form, "kind", "correction"), text_of(form, "tax_category") or None
    body: dict[str, Any] = {"kind": kind, "amount": amount, "tax_category": category}
    body |= _reason(form)
    return await _change(desk, invoice_id, form, "/v1/invoices/{}/debit-notes", body, "Debited.")


@router.post("/invoices/{invoice_id}/notes/{side}/{note_id}/undo")
async def undo_note(desk: AtDesk, invoice_id: Id, side: str, note_id: Id, form: Submitted) -> Response:
    """Undo a wrong note by one of the other side, of the same amounts (`INV-6`)."""
    path = "/v1/credit-notes/{}/undo" if side == "credit" else "/v1/debit-notes/{}/undo"
    return await _change(desk, invoice_id, form, path, _reason(form), "It is undone.", about=note_id)


@router.post("/invoices/{invoice_id}/apply-credit")
async def apply_credit(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Settle the invoice from the patient's credit (`PAY-3`)."""
    body = {"allocations": [{"invoice_id": str(invoice_id)}], "reason": desk.t("Credit applied at the desk")}
    patient_id = text_of(form, "patient_id")
    try:
        await desk.services.change(
            "payments", "/v1/patients/{}/credit/applications", patient_id, body=body, key=text_of(form, "key")
        )
    except (Refused, Unreachable) as trouble:
        return await _page(desk, invoice_id, desk.told(trouble), 409)
    return desk.go(f"/invoices/{invoice_id}", Notice(desk.t("Credit applied.")))


async def _change(
    desk: Desk, invoice_id: Id, form: Submitted, path: str, body: dict[str, Any], done: str, about: Id | None = None
) -> Response:
    version = text_of(form, "version") or None
    try:
        answer = await desk.services.change(
            "invoicing", path, about or invoice_id, body=body, key=text_of(form, "key"), version=version
        )
    except (Refused, Unreachable) as trouble:
        return await _page(desk, invoice_id, desk.told(trouble), 409)
    requested = desk.t("Above the clinic's limit: a second person has to approve it.")
    asked = answer.status == 202  # noqa: PLR2004 - accepted, and not done yet
    return desk.go(f"/invoices/{invoice_id}", Notice(requested if asked else desk.t(done)))


def _reason(form: Submitted) -> dict[str, str]:
    return {"reason": text_of(form, "reason")}


async def _page(desk: Desk, invoice_id: Id, notice: Notice | None = None, status: int = 200) -> Response:
    (found, balance), story = await asyncio.gather(
        _as_both_know(desk, invoice_id),
        attempt(desk.services.get("invoicing", "/v1/invoices/{}/story", invoice_id, limit=STEPS_MAX)),
    )
    top = await head(desk, found.body["patient_id"])
    shown = {
        "invoice": found.body,
        "version": found.etag,
        "balance_now": balance,
        "story": story,
        "notes": NOTES,
    }
    return desk.page("invoice.html", status=status, notice=notice, tab="invoices", **(top | shown))


async def _as_both_know(desk: Desk, invoice_id: Id) -> tuple[Answer, Any]:
    """The invoice, and what payments says of it, once each has heard of the other's notes.

    For a moment after a note payments would still say that all is owed, and invoicing after a refund. Both are asked
    again for about as long as that takes; then who knows more of them is believed. No figure is made here.
    """
    for pause in (*PAUSES, None):
        found, balance = await asyncio.gather(
            desk.services.read("invoicing", "/v1/invoices/{}", invoice_id), attempt(balance_of(desk, invoice_id))
        )
        if not balance or pause is None or has_heard(balance, found.body):
            break
        await asyncio.sleep(pause)
    return found, balance if not balance or knows_more(balance, found.body) else None


def has_heard(balance: dict[str, Any], invoice: dict[str, Any]) -> bool:
    """Whether payments and invoicing say the same of an invoice's notes, and of whether it is void."""
    same = all(same_money(invoice[note], balance[note]) for note in ("credited", "debited"))
    return same and (invoice["status"] == "void") == (balance["status"] == "void")


def knows_more(balance: dict[str, Any], invoice: dict[str, Any]) -> bool:
    """Whether payments has heard of as many notes as invoicing: they only become more, as one is undone by another."""
    noted = [sum(minor(one[note]) for note in ("credited", "debited")) for one in (balance, invoice)]
    return noted[0] >= noted[1] and (invoice["status"] != "void" or balance["status"] == "void")


async def balance_of(desk: Desk, invoice_id: Id | str) -> dict[str, Any] | None:
    """What payments says of an invoice, which knows first what was paid; None of one that it does not know (yet)."""
    try:
        found: dict[str, Any] = await desk.services.get("payments", "/v1/invoices/{}", invoice_id)
    except Refused as refused:
        if refused.status in (404, 409):
            return None
        raise
    return found
