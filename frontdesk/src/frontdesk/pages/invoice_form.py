"""Create or change an invoice: procedures of an appointment or none, extra ones, products, custom items, discounts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Missing, Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of
from frontdesk.identifiers import new_key
from frontdesk.invoice_lines import Draft, draft_of, new_row
from frontdesk.pages.patient import head

router = APIRouter()
PROCEDURES_MAX = 200
PRODUCTS_MAX = 200
CHANGED = 412


@router.get("/patients/{patient_id}/invoices/new")
async def show_form(desk: AtDesk, patient_id: Id) -> Response:
    """The form, with every completed procedure that is not billed yet to tick."""
    draft = Draft(key=new_key(), rows=[])
    page = await _page(desk, patient_id, draft)
    if not page["visits"]:
        draft.rows.append(new_row("extra_procedure"))
    return desk.page("invoice_form.html", **page)


@router.get("/invoice-rows/{kind}")
async def add_row(desk: AtDesk, kind: str) -> Response:
    """One more row for what is typed in."""
    products = await _products(desk) if kind == "product" else []
    return desk.page("part_invoice_row.html", row=new_row(kind), products=products)


@router.post("/patients/{patient_id}/invoices/preview")
async def preview(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """The totals of what is typed so far, as issuing would have them (`MON-9`)."""
    draft = draft_of(form, desk.typing)
    totals: Any = None
    notice = _nothing(desk, draft) if draft.wrong else None
    if draft.lines and not draft.wrong:
        own = {"invoice_id": text_of(form, "invoice_id")} if text_of(form, "invoice_id") else {}
        try:
            if own:
                draft.keep_rest(await desk.services.get("invoicing", "/v1/invoices/{}", own["invoice_id"]))
            totals = await desk.services.search("invoicing", "/v1/invoices/preview", draft.body() | own)
        except (Refused, Unreachable) as trouble:
            told = desk.told(trouble)
            notice = replace(told, rest=list(told.fields.values()))
    return desk.page("part_invoice_totals.html", totals=totals, notice=notice, patient_id=str(patient_id))


@router.post("/patients/{patient_id}/invoices/new")
async def create(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """Save it as a draft, or issue it; then perhaps go on to pay it."""
    draft = draft_of(form, desk.typing)
    what = text_of(form, "do", "issue")
    if draft.wrong or (what != "draft" and not draft.lines):
        return await _again(desk, patient_id, draft, _nothing(desk, draft))
    body = draft.body() | {"patient_id": str(patient_id), "issue": what != "draft"}
    try:
        made = (await desk.services.change("invoicing", "/v1/invoices", body=body, key=draft.key)).body
    except (Refused, Unreachable) as trouble:
        return await _again(desk, patient_id, draft, _told(desk, draft, trouble))
    return _made(desk, made, pay=what == "pay")


def _told(desk: Desk, draft: Draft, trouble: Refused | Unreachable) -> Notice:
    told = desk.told(trouble)
    return replace(told, fields={draft.control_of(name): text for name, text in told.fields.items()})


def _made(desk: Desk, made: dict[str, Any], *, pay: bool) -> Response:
    money = desk.formats.money(made["totals"]["total"])
    if made["status"] == "draft":
        return desk.go(f"/invoices/{made['id']}", Notice(desk.t("Saved as a draft of {amount}.", amount=money)))
    said = Notice(desk.t("Invoice {number} issued: {amount}.", number=made["number"], amount=money))
    if pay:
        return desk.go(f"/patients/{made['patient_id']}/payments/new?invoice={made['id']}", said)
    return desk.go(f"/invoices/{made['id']}", said)


@router.get("/invoices/{invoice_id}/edit")
async def show_draft(desk: AtDesk, invoice_id: Id) -> Response:
    """A draft, to be changed."""
    found = await desk.services.read("invoicing", "/v1/invoices/{}", invoice_id)
    draft = Draft.from_invoice(found.body, desk.typing, key=new_key(), version=found.etag or "")
    page = await _page(desk, found.body["patient_id"], draft)
    return desk.page("invoice_form.html", **(page | {"invoice": found.body}))


@router.post("/invoices/{invoice_id}/edit")
async def change(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Save the draft as it is typed now, on the version that was seen; then perhaps issue it."""
    draft, what = draft_of(form, desk.typing), text_of(form, "do", "draft")
    patient_id = text_of(form, "patient_id")
    if draft.wrong:
        return await _again(desk, patient_id, draft, _nothing(desk, draft), invoice_id)
    try:
        draft.keep_rest(await desk.services.get("invoicing", "/v1/invoices/{}", invoice_id))
        saved = await desk.services.change(
            "invoicing",
            "/v1/invoices/{}",
            invoice_id,
            body=draft.body(),
            key=draft.key,
            method="PUT",
            version=draft.version,
        )
        if what != "draft":
            issued = await desk.services.change(
                "invoicing",
                "/v1/invoices/{}/issue",
                invoice_id,
                body={"confirmation": saved.body["confirmation"]},
                key=f"{draft.key}-issue",
                version=saved.etag,
            )
            return _made(desk, issued.body, pay=what == "pay")
    except (Refused, Unreachable) as trouble:
        if isinstance(trouble, Refused) and trouble.status == CHANGED:
            now = await desk.services.read("invoicing", "/v1/invoices/{}", invoice_id)
            draft.version = now.etag or ""
            told = replace(desk.told(trouble), changed=False)  # it stands above the form, whole
            return await _again(desk, patient_id, draft, told, invoice_id, other=now.body)
        return await _again(desk, patient_id, draft, _told(desk, draft, trouble), invoice_id)
    return _made(desk, saved.body, pay=False)


def _nothing(desk: Desk, draft: Draft) -> Notice:
    wrong = desk.t("An amount or a number is not one: it is marked below.")
    return Notice(wrong if draft.wrong else desk.t("Choose a procedure or add a line first."), "refused")


async def _again(
    desk: Desk, patient_id: Any, draft: Draft, notice: Notice, invoice_id: Any = None, other: Any = None
) -> Response:
    page = await _page(desk, patient_id, draft)
    shown = {"id": str(invoice_id), "number": None, "status": "draft"} if invoice_id else None
    return desk.page("invoice_form.html", status=422, notice=notice, **(page | {"invoice": shown, "other": other}))


async def _page(desk: Desk, patient_id: Any, draft: Draft) -> dict[str, Any]:
    top, procedures, products = await asyncio.gather(
        head(desk, patient_id), attempt(_billable(desk, patient_id)), _products(desk)
    )
    on_draft = {row.procedure_id for row in draft.rows if row.procedure_id}
    left = [procedure for procedure in procedures or [] if procedure["procedure_id"] not in on_draft]
    visits: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(left, key=lambda each: each["date_of_service"], reverse=True):
        visits.setdefault(one["appointment_id"] or "", []).append(one)
    shown: dict[str, Any] = {
        "form": draft,
        "visits": visits,
        "procedures": procedures,
        "products": products,
        "new_row": new_row,
    }
    return {**top, **shown, "invoice": None, "other": None, "tab": "invoices"}


async def _billable(desk: Desk, patient_id: Any) -> list[dict[str, Any]]:
    found = await desk.services.get(
        "invoicing", "/v1/billable-procedures", patient_id=str(patient_id), state="billable", limit=PROCEDURES_MAX
    )
    return list(found["items"])


async def _products(desk: Desk) -> list[dict[str, Any]]:
    found = await attempt(desk.services.get("invoicing", "/v1/products", limit=PRODUCTS_MAX))
    return [] if isinstance(found, Missing) else list(found["items"])
