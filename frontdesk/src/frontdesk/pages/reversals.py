"""The bar over selected transactions: print them, refund or cancel them, all of them or none (`PAY-7`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of, texts_of
from frontdesk.formats import Money, minor
from frontdesk.pages.invoice import balance_of
from frontdesk.pages.patient import head
from frontdesk.signing_in import own_path

router = APIRouter()
SELECTED_MAX = 100
REASONS = ("overpayment", "treatment_changed", "complaint", "goodwill", "billing_error", "other")
METHODS = ("cash", "bank_card", "bank_transfer", "check", "other")
ACCEPTED = 202


@dataclass
class Chosen:
    """One selected transaction: what it is, what it may still give back, and what is wrong with it."""

    transaction: dict[str, Any]
    payment: dict[str, Any] | None
    amount: str = ""
    invoice: str = ""
    wrong: str = ""


@dataclass
class Effect:
    """What will become of an invoice: its outstanding now, and after it."""

    number: str
    now: Money
    change: Money
    after: Money


@dataclass
class Typed:
    """What stands in the form."""

    key: str
    reason: str = ""
    reason_code: str = "goodwill"
    method: str = ""
    amounts: dict[str, str] = field(default_factory=dict)
    invoices: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Submitted, ids: list[str]) -> Typed:
        """From the form."""
        return cls(
            key=text_of(form, "key"),
            reason=text_of(form, "reason"),
            reason_code=text_of(form, "reason_code", "goodwill"),
            method=text_of(form, "method"),
            amounts={id_: text_of(form, f"amount.{id_}") for id_ in ids},
            invoices={id_: text_of(form, f"invoice.{id_}") for id_ in ids},
        )


@router.post("/patients/{patient_id}/print")
async def print_selected(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """The receipts of what is selected, as one PDF (`RCP-5`)."""
    ids = texts_of(form, "transaction")[:SELECTED_MAX]
    if not ids:
        return _nothing(desk, patient_id)
    asked = "&".join(f"transaction={id_}" for id_ in ids)
    return desk.go(f"/print?{asked}")


@router.post("/patients/{patient_id}/refund")
async def refund(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """Ask how much and of which invoice, show what will be; then give the money back."""
    ids = texts_of(form, "transaction")[:SELECTED_MAX]
    if not ids:
        return _nothing(desk, patient_id)
    chosen, typed = await _chosen(desk, ids), Typed.of(form, ids)
    if not text_of(form, "confirmed"):
        for one in chosen:
            one.amount = desk.typing.typed(one.payment["refundable"] if one.payment else None)
        return await _page(desk, patient_id, "refund", chosen, typed)
    for one in chosen:
        given = str(one.transaction["id"])
        one.amount, one.invoice = typed.amounts[given], typed.invoices[given]
    refunds = [_wanted(desk, one) for one in chosen]
    if any(one is None for one in refunds):
        return await _page(desk, patient_id, "refund", chosen, typed, status=422)
    body = {"reason_code": typed.reason_code, "reason": typed.reason or None, "method": typed.method or None}
    return await _do(desk, patient_id, "refund", chosen, typed, body | {"refunds": refunds})


@router.post("/patients/{patient_id}/cancel")
async def cancel(desk: AtDesk, patient_id: Id, form: Submitted) -> Response:
    """Ask why, show what will be; then reverse what was recorded by mistake."""
    ids = texts_of(form, "transaction")[:SELECTED_MAX]
    if not ids:
        return _nothing(desk, patient_id)
    chosen, typed = await _chosen(desk, ids), Typed.of(form, ids)
    if not text_of(form, "confirmed"):
        return await _page(desk, patient_id, "cancel", chosen, typed)
    return await _do(desk, patient_id, "cancel", chosen, typed, {"transaction_ids": ids, "reason": typed.reason})


def _nothing(desk: Desk, patient_id: Id) -> Response:
    return desk.go(own_path(f"/patients/{patient_id}"), Notice(desk.t("Select a transaction first."), "refused"))


def _wanted(desk: Desk, one: Chosen) -> dict[str, Any] | None:
    amount = desk.typing.amount(one.amount)
    if one.payment is None or amount is None:
        one.wrong = desk.t("Only payments are refunded.") if one.payment is None else desk.t("This is no amount.")
        return None
    wanted: dict[str, Any] = {"payment_id": one.payment["id"], "amount": amount}
    return wanted | ({"allocations": [{"invoice_id": one.invoice}]} if one.invoice else {})


async def _do(
    desk: Desk, patient_id: Id, verb: str, chosen: list[Chosen], typed: Typed, body: dict[str, Any]
) -> Response:
    try:
        if len(chosen) == 1:
            done = await _do_one(desk, verb, chosen[0], typed, body)
        else:
            path = f"/v1/transactions/{'refunds' if verb == 'refund' else 'cancellations'}"
            done = await desk.services.change("payments", path, body=body, key=typed.key)
    except (Refused, Unreachable) as trouble:
        if isinstance(trouble, Refused):
            _name(trouble, chosen)
        notice = _at_rows(desk.told(trouble), chosen)
        return await _page(desk, patient_id, verb, chosen, typed, notice=notice, status=409)
    return desk.go(f"/patients/{patient_id}", _said(desk, verb, done.status, done.body))


async def _do_one(desk: Desk, verb: str, one: Chosen, typed: Typed, body: dict[str, Any]) -> Any:
    """One alone goes by its own request, which becomes a request to a second person above the limit (`PAY-15`)."""
    given = one.transaction["id"]
    if verb == "cancel":
        path = "/v1/transactions/{}/cancellation"
        return await desk.services.change("payments", path, given, body={"reason": typed.reason}, key=typed.key)
    (wanted,) = body["refunds"]
    alone = {name: body[name] for name in ("reason_code", "reason", "method")}
    alone |= {name: wanted[name] for name in ("amount", "allocations") if name in wanted}
    return await desk.services.change(
        "payments", "/v1/payments/{}/refunds", wanted["payment_id"], body=alone, key=typed.key
    )


def _said(desk: Desk, verb: str, status: int, body: dict[str, Any]) -> Notice:
    if status == ACCEPTED:
        return Notice(desk.t("Above the clinic's limit: a second person has to approve it."))
    items = body.get("items", [body])
    count = desk.formats.number(len(items))
    if verb == "cancel":
        return Notice(desk.t("{count} cancelled.", count=count))
    link = "/print?" + "&".join(f"transaction={item['id']}" for item in items)
    return Notice(desk.t("{count} refunded.", count=count), link=link, link_text=desk.t("Print receipt"))


def _name(refused: Refused, chosen: list[Chosen]) -> None:
    """Write beside each that failed why it did; one alone failed for what the problem says."""
    by_id = {
        str(error.get("transaction_id") or error.get("payment_id")): str(error["detail"]) for error in refused.errors
    }
    for one in chosen:
        one.wrong = by_id.get(str(one.transaction["id"]), "")
    if len(chosen) == 1 and not chosen[0].wrong:
        chosen[0].wrong = refused.detail


def _at_rows(told: Notice, chosen: list[Chosen]) -> Notice:
    """The notice without what stands at the rows already; of one alone, its amount is the field of its row."""
    said = {one.wrong for one in chosen}
    (first, *others) = (str(one.transaction["id"]) for one in chosen)
    rows = {} if others else {"amount": f"amount.{first}", "amount.amount": f"amount.{first}"}
    fields = {rows.get(name, name): text for name, text in told.fields.items() if text not in said}
    return replace(told, fields=fields)


async def _chosen(desk: Desk, ids: list[str]) -> list[Chosen]:
    return list(await asyncio.gather(*(_one(desk, given) for given in ids)))


async def _one(desk: Desk, given: str) -> Chosen:
    transaction = await desk.services.get("payments", "/v1/transactions/{}", given)
    if transaction["kind"] != "payment":
        return Chosen(transaction, None)
    return Chosen(transaction, await desk.services.get("payments", "/v1/payments/{}", given))


async def _effects(desk: Desk, verb: str, chosen: list[Chosen]) -> list[Effect]:
    """What each invoice will ask for afterwards. A refund leaves it; a cancellation raises it (`PAY-4`, `PAY-5`)."""
    changes: dict[str, Any] = {}
    for one in chosen:
        for part in (one.payment or {}).get("allocations", []):
            raised = minor(part["amount"]) if verb == "cancel" else 0
            changes[part["invoice_id"]] = changes.get(part["invoice_id"], 0) + raised
    balances = await asyncio.gather(*(balance_of(desk, invoice) for invoice in changes))
    effects = []
    for balance, change in zip(balances, changes.values(), strict=True):
        if balance is not None:
            now = balance["outstanding"]
            amounts = (now, *(now | {"amount": str(each)} for each in (change, minor(now) + change)))
            effects.append(Effect(balance["number"], *amounts))
    return effects


async def _page(
    desk: Desk,
    patient_id: Id,
    verb: str,
    chosen: list[Chosen],
    typed: Typed,
    notice: Notice | None = None,
    status: int = 200,
) -> Response:
    top, effects = await asyncio.gather(head(desk, patient_id), _effects(desk, verb, chosen))
    shown = {"verb": verb, "chosen": chosen, "form": typed, "effects": effects, "reasons": REASONS, "methods": METHODS}
    return desk.page("reversal.html", status=status, notice=notice, tab="account", **(top | shown))
