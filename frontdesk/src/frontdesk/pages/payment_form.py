"""Submit a payment: in full or a part; method, note, group; over one invoice, several, an installment, or none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of
from frontdesk.formats import Money, minor, total
from frontdesk.identifiers import new_key
from frontdesk.pages.patient import groups_of, head

router = APIRouter()
METHODS = ("cash", "bank_card", "bank_transfer", "check", "insurance", "other")
OPEN_MAX = 50
"""Shown of a patient's open invoices: those that are due first."""
SHOWN_FIRST = 8
"""So many of them at once: the rest is a click away, as a browser takes long to lay out fifty."""


@dataclass
class Typed:
    """What stands in the form, as it was typed."""

    key: str
    amount: str = ""
    method: str = "bank_card"
    method_label: str = ""
    note: str = ""
    group: str = ""
    reference: str = ""
    received: str = ""
    payer: str = "patient"
    payer_name: str = ""
    invoices: list[str] = field(default_factory=list)
    installment: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def touched(self) -> list[str]:
        """The invoices that a part of the amount was typed for."""
        return [invoice for invoice, part in self.parts.items() if part]

    @classmethod
    def of(cls, form: FormData) -> Typed:
        """From the form."""
        invoices = texts_of(form, "invoice")
        names = ("method_label", "note", "group", "reference", "received", "payer_name", "amount", "installment")
        return cls(
            key=text_of(form, "key"),
            method=text_of(form, "method", "bank_card"),
            payer=text_of(form, "payer", "patient"),
            invoices=invoices,
            parts={invoice: text_of(form, f"part.{invoice}") for invoice in invoices},
            **{name: text_of(form, name) for name in names},
        )


async def open_invoices(desk: Desk, patient_id: Id) -> list[dict[str, Any]]:
    """The patient's invoices that ask for something, the one that is due first on top. Raises Unreachable."""
    asked = {"patient_id": str(patient_id), "open": "true", "limit": OPEN_MAX}
    return list((await desk.services.get("invoicing", "/v1/invoices", **asked))["items"])


async def _with_chosen(desk: Desk, patient_id: Id, chosen: list[str]) -> list[dict[str, Any]]:
    """The open invoices, before them those chosen that are due after all that are shown. Raises Unreachable."""
    shown = await open_invoices(desk, patient_id)
    known = {one["id"] for one in shown}
    later = [id_ for id_ in chosen if id_ not in known][:OPEN_MAX] if len(shown) >= OPEN_MAX else []
    found = await asyncio.gather(*(_open_one(desk, patient_id, id_) for id_ in later))
    return [*(one for one in found if one), *shown]


async def _open_one(desk: Desk, patient_id: Id, invoice_id: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = await desk.services.get("invoicing", "/v1/invoices/{}", invoice_id)
    except Refused:
        return None
    asks = found["status"] == "issued" and minor(found["outstanding"]) > 0
    return found if asks and found["patient_id"] == str(patient_id) else None


@router.get("/patients/{patient_id}/payments/new")
async def show_form(
    desk: AtDesk, patient_id: Id, invoice: str = "", installment: str = "", amount: str = ""
) -> Response:
    """The form, with what is most likely in it: the whole of what is asked for."""
    typed = Typed(key=new_key(), invoices=[invoice] if invoice else [], installment=installment)
    page = await _page(desk, patient_id, typed)
    wanted = [one for one in page["invoices"] or [] if not typed.invoices or one["id"] in typed.invoices]
    typed.invoices = [one["id"] for one in wanted]
    whole = total([one["outstanding"] for one in wanted], desk.currency)
    typed.amount = desk.typing.typed(amount or (whole if wanted else None))
    return desk.page("payment_form.html", **page)


@router.post("/patients/{patient_id}/payments/new")
async def record(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """Record the payment, or say why not and keep what was typed."""
    typed = Typed.of(form)
    amount = desk.typing.amount(typed.amount)
    if wrong := _wrong(desk, typed):
        return await _again(desk, patient_id, typed, _unclear(wrong))
    assert amount is not None  # noqa: S101 - else it is wrong
    try:
        body = _body(desk, str(patient_id), typed, amount, form)
        made = await desk.services.change("payments", "/v1/payments", body=body, key=typed.key)
    except (Refused, Unreachable) as trouble:
        return await _refused(desk, patient_id, typed, trouble)
    return desk.go(f"/patients/{patient_id}", _done(desk, made.body))


def _done(desk: Desk, payment: dict[str, Any]) -> Notice:
    text = desk.t("{amount} received.", amount=desk.formats.money(payment["amount"]))
    credit = payment["unallocated"]
    kept = desk.t("{amount} of it is credit now.", amount=desk.formats.money(credit)) if minor(credit) > 0 else ""
    receipt = f"/print?transaction={payment['id']}"
    return Notice(text, "done", kept, receipt, desk.t("Print receipt"), payment_id=payment["id"])


def _wrong(desk: Desk, typed: Typed) -> dict[str, str]:
    """What is no amount or no time, by its field: nothing is guessed where money is meant."""
    no_amount = desk.t("Type an amount, such as 120.00.")
    amounts = {"amount": typed.amount} | {f"part.{one}": part for one, part in typed.parts.items() if part}
    wrong = {name: no_amount for name, text in amounts.items() if desk.typing.amount(text) is None}
    try:
        datetime.fromisoformat(typed.received or "2000-01-01")
    except ValueError:
        wrong["received"] = desk.t("This is no day or time.")
    return wrong


def _body(desk: Desk, patient_id: str, typed: Typed, amount: Money, form: FormData) -> dict[str, Any]:
    payer = {"kind": typed.payer, "name": typed.payer_name or None}
    body: dict[str, Any] = {
        "patient_id": patient_id,
        "payer": {"kind": "patient"} if typed.payer == "patient" else payer,
        "amount": amount,
        "method": typed.method,
        "method_label": typed.method_label or None if typed.method == "other" else None,
        "note": typed.note or None,
        "group_id": typed.group or None,
        "external_reference": typed.reference or None,
        "allocations": [_allocation(desk, typed, invoice) for invoice in typed.invoices],
        "allow_overpayment": text_of(form, "surplus") == "credit",
        "confirm_duplicate_reference": text_of(form, "again") == "yes",
    }
    if typed.received:
        local = datetime.fromisoformat(typed.received).replace(tzinfo=ZoneInfo(desk.clinic["time_zone"]))
        body["received_at"] = local.isoformat()
    return body


def _allocation(desk: Desk, typed: Typed, invoice: str) -> dict[str, Any]:
    part = desk.typing.amount(typed.parts.get(invoice, "")) if typed.parts.get(invoice) else None
    named = {"invoice_id": invoice} | ({"amount": part} if part else {})
    # A link to one installment leads here; with several invoices chosen it is the first one's.
    return named | ({"installment_id": typed.installment} if typed.installment and invoice == typed.invoices[0] else {})


async def _refused(desk: Desk, patient_id: Id, typed: Typed, trouble: Refused | Unreachable) -> Response:
    asked = trouble.slug if isinstance(trouble, Refused) else ""
    if asked == "more-than-outstanding":
        return await _again(desk, patient_id, typed, question="surplus")
    if asked == "reference-used":
        return await _again(desk, patient_id, typed, desk.told(trouble), question="again")
    told = desk.told(trouble)
    parts = {f"allocations[{place}].amount": f"part.{one}" for place, one in enumerate(typed.invoices)}
    fields = {
        parts.get(name.removesuffix(".amount"), parts.get(name, name)): text for name, text in told.fields.items()
    }
    return await _again(desk, patient_id, typed, replace(told, fields=fields))


def _unclear(wrong: dict[str, str]) -> Notice:
    return Notice(next(iter(wrong.values())), "refused", fields=wrong)


async def _again(desk: Desk, patient_id: Id, typed: Typed, notice: Notice | None = None, **more: Any) -> Response:
    page = await _page(desk, patient_id, typed)
    return desk.page("payment_form.html", status=422, notice=notice, **(page | more))


async def _page(desk: Desk, patient_id: Id, typed: Typed) -> dict[str, Any]:
    top, invoices, groups = await asyncio.gather(
        head(desk, patient_id), attempt(_with_chosen(desk, patient_id, typed.invoices)), groups_of(desk)
    )
    usable = [group for group in groups if not group["archived"]]
    shown: dict[str, Any] = {"form": typed, "invoices": invoices, "groups": usable, "methods": METHODS}
    return {**shown, "open_max": OPEN_MAX, "shown_first": SHOWN_FIRST, "question": "", "tab": "payments", **top}
